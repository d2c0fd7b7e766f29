"""Draws the page of each turn: the mirror's picture, the look grid, and all else that the view holds."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from booth.app.analysis_handler import SELF_TIMER_S
from booth.app.operator.camera_rows import camera_rows
from booth.app.operator.operator_page import Live
from booth.app.view_builder import ViewInputs
from booth.core.clock import stopwatch_ms
from booth.core.types import FrameAnalysis
from booth.looks.pose_library import POSE_KIND, pose_words, poses
from booth.looks.tryon.outfit import NONE
from booth.session.runtime_facts import counters
from booth.session.state_machine import State
from booth.session.view import DressFacts, OfficeFacts, OperatorFacts

if TYPE_CHECKING:
    from booth.app.engine import Engine

log = logging.getLogger(__name__)


class PageDrawer:
    """Reads the engine and draws on its screen; changes nothing but what is shown."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._has_shown = False

    def draw(self, analysis: FrameAnalysis | None) -> tuple[tuple[str, float], ...]:
        """Draw the page; returns what mirror and page took."""
        engine = self._engine
        if not engine.screen.is_drawn:
            return ()
        if analysis is not None and engine.state in engine.shown.MIRRORED:
            engine.shown.picture = self._mirror_picture(analysis)
        if analysis is not None and engine.state is State.TRY:
            grid, advisor = engine.mirror.look_grid, engine.mirror.advisor
            ranking = advisor.process(analysis) if grid.wants_ranking and not analysis.is_between else None
            if ranking is not None:
                grid.rank(ranking, engine.mirror.preview.look.name)
            grid.show(analysis, engine.mirror.try_on.dress)
        start_s = now_s = engine.clock.now_s()
        engine.screen.draw(engine.shown.view(engine.state, now_s, self._view_inputs(analysis, now_s)))
        engine.shown.drawn(engine.clock.now_s())
        if analysis is not None and not self._has_shown:
            self._has_shown = True
            log.info("first picture")
        return (("look", engine.mirror.preview.took_ms), ("screen", stopwatch_ms(start_s)))

    def _mirror_picture(self, analysis: FrameAnalysis) -> np.ndarray | None:
        """What the mirror shows: nobody's picture when nobody is there, the plain camera where nothing is measured."""
        engine = self._engine
        if analysis.someone is False:
            return None
        if analysis.matte is None:
            return analysis.frame.small
        mirror = engine.mirror
        shown = mirror.preview.show(analysis)
        return mirror.practice.picture(engine.state, analysis, mirror.try_on.dress(analysis, shown))

    def _view_inputs(self, analysis: FrameAnalysis | None, now_s: float) -> ViewInputs:
        """Return what the page needs for this frame."""
        engine = self._engine
        mirror, portrait, visit = engine.mirror, engine.portrait, engine.visit
        reception = portrait.reception
        return ViewInputs(
            in_state_s=now_s - visit.entered_s,
            idle_s=engine.idle_s(now_s),
            session_left_s=visit.session_left_s(now_s, engine.params.kiosk.session_limit_s),
            countdown_s=None
            if visit.pressed_s is None or visit.measures
            else max(0.0, visit.pressed_s + SELF_TIMER_S - now_s),
            look=mirror.preview.look,
            wall=mirror.look_grid.tiles,
            suits=mirror.advisor.words(mirror.preview.look.name),
            is_pair=mirror.look_grid.is_pair,
            hold_frac=portrait.capture_controller.hold_frac(analysis.frame.t_s) if analysis else None,
            review=engine.review,
            retakes_left=visit.retakes_left,
            measures=visit.measures,
            mirror_ms=mirror.preview.took_ms,
            quality=engine.upkeep.quality.quality.name,
            share=engine.strip.facts(portrait.flow.facts()),
            office=reception.facts if reception and engine.state is State.PEOPLE else OfficeFacts(),
            ruler=reception.ruler if reception and engine.state in (State.COACH, State.HOLD) else (),
            practice=mirror.practice.facts,
            dress=self._dress_facts(),
            flash=mirror.flash_calibration.facts(now_s),
            operator=self._operator_facts(now_s),
        )

    def _dress_facts(self) -> DressFacts:
        """What may be tried on, and where the profile offers poses and one guest sits, those."""
        engine = self._engine
        facts, controller = engine.mirror.try_on.facts, engine.portrait.capture_controller
        if engine.state is not State.DRESS or not engine.params.kiosk.poses or engine.shown.people > 1:
            return facts
        row = (POSE_KIND, (NONE, *poses()), controller.pose or NONE)
        return replace(
            facts, choices=(*facts.choices, row), pose_says=pose_words(controller.pose, self._engine.shown.analysis)
        )

    def _operator_facts(self, now_s: float) -> OperatorFacts:
        engine = self._engine
        if engine.state is not State.OPERATOR:
            return OperatorFacts()
        folder = engine.portrait.folder.folder
        camera = camera_rows(engine.feed.source, engine.feed.rate, engine.params)
        counts = counters(engine.params, camera, folder, engine.n_sessions, engine.n_kept)
        portrait = engine.review.facts
        return engine.operator_page.facts(
            now_s, Live(counts, portrait.after if portrait else None, engine.review.is_busy)
        )
