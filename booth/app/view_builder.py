"""Holds state of the page between frames: the last picture and guidance, frame rate, faults; builds each View."""

from __future__ import annotations

import logging
import math
from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from booth.app.review import Review
from booth.capture.rate_monitor import RateMonitor
from booth.config.params import Params
from booth.config.privacy_terms import privacy_terms_of
from booth.core.faults import Fault
from booth.core.types import FrameAnalysis, Guidance, Light
from booth.guidance.soft_fill import SoftFill
from booth.looks.light.light_spec import LIGHTS, OF_PLACE
from booth.looks.light_aim import aim_of
from booth.looks.look import Look, load_look, look_names
from booth.session.state_machine import State, limit_s
from booth.session.view import (
    BrandGauge,
    ConsentFacts,
    DressFacts,
    FaultFacts,
    FlashFacts,
    Named,
    OfficeFacts,
    OperatorFacts,
    PracticeFacts,
    SessionFacts,
    ShareFacts,
    Tile,
    View,
)
from booth.ui.hands_free import POINTED
from booth.ui.screens.attract import turned

log = logging.getLogger(__name__)

RATE_FRAMES = 45


@dataclass(frozen=True, slots=True)
class ViewInputs:
    """What the engine adds to a view and `ViewBuilder` does not hold."""

    in_state_s: float
    idle_s: float
    look: Look
    wall: tuple[Tile, ...]
    hold_frac: float | None  # None without a new FrameAnalysis
    review: Review
    retakes_left: int
    measures: bool
    mirror_ms: float
    quality: str = ""  # what the quality controller has come to, for F2
    share: ShareFacts = ShareFacts()
    operator: OperatorFacts = OperatorFacts()
    suits: tuple[str, ...] = ()
    is_pair: bool = False
    office: OfficeFacts = OfficeFacts()
    ruler: tuple[BrandGauge, ...] = ()
    practice: PracticeFacts = PracticeFacts()
    dress: DressFacts = DressFacts()
    flash: FlashFacts = FlashFacts()
    countdown_s: float | None = None
    session_left_s: float = math.inf  # of the whole visit


class ViewBuilder:
    """State of the page between frames. Holds the mirror picture of a guest only until `reset`."""

    MIRRORED = frozenset({State.ATTRACT, State.COACH, State.HOLD, State.DRESS, State.PRACTICE})

    def __init__(self, params: Params, *, stands_in: bool, camera_fps: float | None = None) -> None:
        """`camera_fps` is the rate a live camera was opened with."""
        self._params = params
        self.prints_later = False  # the printer was out when the consent page was opened
        self.is_named = False  # an office run: consent says that the name is kept
        self._pace = RateMonitor(camera_fps)
        self._banner = "notice.demo" if stands_in else None
        self.people = 1  # how many may be in the picture of this visit
        self.notes: tuple[str, ...] = ()  # codes of faults that the booth goes on with
        self.offer(tuple(load_look(name) for name in look_names()))
        self._lights = tuple(Named(n, n) for n in LIGHTS)
        self._of_place = Named(OF_PLACE, OF_PLACE)
        self._drawn_s: deque[float] = deque(maxlen=RATE_FRAMES)
        self._glass_s: deque[float] = deque(maxlen=RATE_FRAMES)
        self.reset()

    def offer(self, looks: tuple[Look, ...]) -> None:
        """Let guests choose from these looks."""
        self._looks = tuple(Named(look.name, look.title) for look in looks)

    def reset(self) -> None:
        """Release everything of a guest."""
        self.picture: np.ndarray | None = None
        self._fill = SoftFill()
        self.analysis: FrameAnalysis | None = None
        self.guidance: Guidance | None = None
        self.fault: Fault | None = None
        self.apology: str | None = None  # words key: what just went wrong, shown while the guest is coached again
        self.outcome = "nothing"
        self._hold_frac = 0.0
        self.begin_anew()

    def begin_anew(self) -> None:
        """Go back to the operator's language and to their settings for seeing and reaching."""
        self.locale: str = self._params.screen.locale
        self._screen = self._params.screen

    def turn(self, mode: str) -> None:
        """Turn one of `attract.MODES` on for this guest, or off again."""
        self._screen = turned(self._screen, mode)

    def record(self, analysis: FrameAnalysis, guidance: Guidance | None, now_s: float) -> None:
        """Remember the newest FrameAnalysis and what the coach made of it."""
        self.analysis, self.guidance = analysis, guidance
        self._glass_s.append(now_s - analysis.frame.t_s)
        if self._pace.record(analysis.frame):
            log.warning("the camera has slowed to %.0f frames a second: it waits for light", self._pace.fps)

    def drawn(self, now_s: float) -> None:
        """Count a drawn page."""
        self._drawn_s.append(now_s)

    @property
    def fps(self) -> float | None:
        """Pages drawn a second, lately."""
        if len(self._drawn_s) < 2:
            return None
        return (len(self._drawn_s) - 1) / max(1e-6, self._drawn_s[-1] - self._drawn_s[0])

    def view(self, state: State, now_s: float, inputs: ViewInputs) -> View:
        """Build the View of this frame."""
        if inputs.hold_frac is not None:
            self._hold_frac = inputs.hold_frac
        self._fill = self._fill.step(self._light_to_help(state), now_s)
        seen_ms = dict(self.analysis.took_ms) if self.analysis is not None else {}
        return View(
            state=state,
            params=self._screen,
            picture=self.picture if state in self.MIRRORED else None,
            analysis=self.analysis if state in self.MIRRORED | POINTED else None,
            guidance=self.guidance,
            look=Named(inputs.look.name, inputs.look.title),
            light=Named(inputs.look.light.name, inputs.look.light.name),
            looks=self._looks,
            lights=((self._of_place,) if inputs.look.has_place else ()) + self._lights,
            wall=inputs.wall if state is State.TRY else (),
            is_pair=inputs.is_pair,
            locale=self.locale,
            may_come_together=self._params.kiosk.together > 1,
            now_s=now_s,
            in_state_s=inputs.in_state_s,
            left_s=max(0.0, min(limit_s(state, self._params) - inputs.idle_s, inputs.session_left_s)),
            idle_s=inputs.idle_s,
            countdown_s=inputs.countdown_s,
            hold_frac=self._hold_frac if state is State.HOLD else 0.0,
            session=SessionFacts(inputs.review.thumbs, inputs.review.chosen, inputs.retakes_left, inputs.measures),
            portrait=inputs.review.facts,
            consent=self.consent,
            share=inputs.share,
            outcome=self.outcome,  # type: ignore[arg-type]
            fault=self._fault() if state is State.FAULT else None,
            operator=replace(inputs.operator, advice=self._pace.advice(self.locale)),
            suits=inputs.suits if state is State.TRY else (),
            office=inputs.office,
            ruler=inputs.ruler,
            practice=inputs.practice,
            dress=inputs.dress,
            notice=self.apology if self.apology and state in (State.COACH, State.SHARE) else self._standing_notice,
            banner=self._banner,
            fill=self._fill.fill,
            flash=inputs.flash,
            aim=aim_of(inputs.look, self.analysis.sitter if self.analysis is not None else None)
            if inputs.measures
            else None,
            eye_line=self._params.guidance.eye_line,
            took_ms={**seen_ms, "look": inputs.mirror_ms},
            fps=self.fps,
            quality=inputs.quality,
        )

    def _light_to_help(self, state: State) -> Light | None:
        """The light a border could help: while a sitter is coached, where the profile allows it."""
        if self._params.screen.fill == "off" or state not in (State.COACH, State.HOLD) or self.analysis is None:
            return None
        return self.analysis.light if self.analysis.sitter is not None else None

    @property
    def consent(self) -> ConsentFacts:
        """Facts of the profile that the consent page shows."""
        review, deliver = self._params.review, self._params.deliver
        terms = replace(
            privacy_terms_of(deliver, review),
            bystanders=self._params.screen.bystanders,
            remembers_room=self._params.matte.remember_room,
            is_named=self.is_named,
            together=self.people > 1,
            prints_later=self.prints_later,
        )
        return ConsentFacts(terms, deliver.folder)

    @property
    def _standing_notice(self) -> str | None:
        return "notice.slow" if "camera.slow" in self.notes else None

    def _fault(self) -> FaultFacts | None:
        fault = self.fault
        return None if fault is None else FaultFacts(fault.code, fault.message, fault.hint)
