"""What one analysis leads to: presence, guidance, a shot. Nothing but presence is measured before consent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booth.app.practice import PRACTICE_STATES
from booth.core.clock import stopwatch_ms
from booth.core.types import FrameAnalysis, Guidance, Shot
from booth.session.capture_controller import CaptureStep
from booth.session.state_machine import Event, State

if TYPE_CHECKING:
    from booth.app.engine import Engine

SELF_TIMER_S = 3.0  # of the guest who wants just the camera
AS_YOU_ARE = "as-you-are"
GUIDED = frozenset({State.COACH, State.HOLD, State.DRESS})  # where the body is looked at, if a pose is asked for
MEASURES = frozenset({State.TRY, State.COACH, State.CALIBRATE, State.HOLD, *PRACTICE_STATES})


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One analysis and what it led to."""

    analysis: FrameAnalysis
    guidance: Guidance | None  # None where nothing was measured
    state: State  # the page once the analysis was judged
    shot: Shot | None = None
    took_ms: tuple[tuple[str, float], ...] = ()  # coach, look, screen


class AnalysisHandler:
    """Part of the engine, on its thread: passes each analysis to the part that the open page needs."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def process(self, analysis: FrameAnalysis) -> Step:
        """Take in the newest analysis and return what it led to."""
        engine = self._engine
        now_s, start_s = engine.clock.now_s(), engine.clock.now_s()
        if analysis.is_between:
            engine.shown.record(analysis, engine.shown.guidance, now_s)
            return Step(analysis, None, engine.state)
        if engine.state is State.FAULT and engine.upkeep.fault_state.may_recover(now_s):
            engine.dispatch(Event.RECOVERED)
        if analysis.is_occupied or not engine.visit.measures:
            engine.visit.last_face_s = now_s
        due = engine.operator_page.process(analysis, now_s) if engine.state is State.OPERATOR else None
        if due is not None:
            look = engine.mirror.preview.look
            engine.review.begin(Shot(due, 0.0, look.name, ()), look, engine.mirror.preview)
        guidance, shot, state = self._judge(analysis)
        self._read_body(guidance)
        engine.shown.record(analysis, guidance, now_s)
        return Step(analysis, guidance, state, shot, (("coach", stopwatch_ms(start_s)),))

    def _read_body(self, guidance: Guidance | None) -> None:
        """Have the body's points read only while a pose guide has use for them, and the frame rate leaves room."""
        engine = self._engine
        is_of_use = engine.setup.keeps_body or engine.portrait.capture_controller.wants_body
        wants = guidance is not None and engine.state in GUIDED and is_of_use
        engine.upkeep.quality.guide_pose(is_on=wants)
        engine.feed.reads_body = wants and engine.upkeep.quality.quality.reads_body

    def _judge(self, analysis: FrameAnalysis) -> tuple[Guidance | None, Shot | None, State]:
        """Before consent only presence is measured; during a session the coach gets every analysis."""
        engine = self._engine
        controller = engine.portrait.capture_controller
        if engine.visit.session is None or engine.state not in MEASURES:
            watches = engine.setup.judges_always and engine.visit.session is not None
            return (controller.watch(analysis) if watches else None), None, engine.state
        if not engine.visit.measures:
            return None, self._camera_only(analysis), engine.state
        if engine.state in (State.TRY, State.CALIBRATE) or engine.state in PRACTICE_STATES:
            engine.mirror.flash_calibration.process(analysis)
            guidance = controller.watch(analysis)
            if engine.state is State.PRACTICE and engine.mirror.practice.process(analysis, guidance):
                engine.dispatch(Event.BACK)
            return guidance, None, engine.state
        return self._take_over(controller.step(analysis))

    def _take_over(self, taken: CaptureStep) -> tuple[Guidance, Shot | None, State]:
        engine = self._engine
        engine.portrait.exposure.record(taken.guidance)
        for event in taken.events:
            engine.dispatch(event)
        state = engine.state
        if taken.shot is not None:
            self._take(taken.shot)
        return taken.guidance, taken.shot, state

    def _take(self, shot: Shot) -> None:
        engine = self._engine
        assert engine.visit.session is not None
        exposure = engine.feed.expose()  # first: the guest still stands as they were judged
        engine.visit.session.keep(shot)
        engine.shown.apology = None
        mirror = engine.mirror
        engine.review.begin(shot, mirror.preview.look, mirror.preview, mirror.try_on.included, exposure)

    def _camera_only(self, analysis: FrameAnalysis) -> Shot | None:
        """Just the camera: nothing is measured, and the picture is taken a while after the press."""
        engine = self._engine
        pressed_s = engine.visit.pressed_s
        if pressed_s is None or engine.clock.now_s() - pressed_s < SELF_TIMER_S:
            return None
        engine.visit.pressed_s = None
        engine.dispatch(Event.SHOT)
        shot = Shot(analysis, 0.0, AS_YOU_ARE, ("reason.by_hand",))
        self._take(shot)
        return shot

    def finish_source(self, last: Step | None) -> Step | None:
        """The source has ended, or somebody else stands there next: an open hold gives what it has."""
        engine = self._engine
        if last is None or last.guidance is None or engine.state not in (State.COACH, State.HOLD):
            return None
        guidance, shot, state = self._take_over(engine.portrait.capture_controller.finish(last.guidance))
        return Step(last.analysis, guidance, state, shot) if shot is not None else None
