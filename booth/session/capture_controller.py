"""Coach, shutter and frame ring of a session, stepped together, one FrameAnalysis at a time.

The booth's loop and the replay drive the same controller; it reads no clock and draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from booth.config.params import Params
from booth.config.params.guidance import GuidanceParams
from booth.core.types import FrameAnalysis, Guidance, Shot
from booth.guidance.coach import Coach
from booth.guidance.group_coach import GroupCoach
from booth.guidance.rule_context import PoseTarget
from booth.guidance.shutter import HoldBroken, HoldStarted, NoneGood, Shutter, Taken
from booth.looks.look import Look
from booth.looks.pose_library import find_pose
from booth.session.burst import MAX_FRAMES, burst_of
from booth.session.frame_ring import FrameRing
from booth.session.pose_gate import PoseGate
from booth.session.state_machine import Event


@dataclass(frozen=True, slots=True, eq=False)
class CaptureStep:
    """What one FrameAnalysis led to."""

    guidance: Guidance
    events: tuple[Event, ...] = ()
    shot: Shot | None = None


def target_of(look: Look, params: GuidanceParams) -> PoseTarget:
    """Return the pose and expression a look asks for; the profile's expression where the look leaves it open."""
    wanted = look.target
    expression = params.expression if wanted.expression == "any" else wanted.expression
    return PoseTarget(yaw_deg=wanted.yaw_deg, pitch_deg=wanted.pitch_deg, expression=expression)


@dataclass(frozen=True, slots=True)
class Party:
    """How many people are wanted in one picture, and how many may be."""

    least: int = 1
    most: int = 1


def party_of(params: Params, *, is_together: bool, is_office: bool) -> Party:
    """Return who may be in one picture: as the profile says, or as guests who come together ask; an office has one."""
    if is_office:
        return Party()
    most = max(params.guidance.people, params.kiosk.together if is_together else 1)
    return Party(2 if is_together and most > 1 else 1, most)


Gate = Callable[[FrameAnalysis, Guidance, Look], Guidance]
"""A further condition on a frame: returns the guidance itself, or one that is not ready and says why."""


class CaptureController:
    """Coaches one sitter after the other and takes their pictures; `gate` may forbid frames the coach would take."""

    def __init__(self, params: GuidanceParams, look: Look, gate: Gate | None = None) -> None:
        self._params, self._look, self._gate = params, look, gate
        self._party = Party()
        self._pose_asked: str | None = None  # by the guest; None: what the look or the profile says
        self._pose_gate: PoseGate | None = None
        self._ring = FrameRing()
        self.fresh()

    def fresh(self, look: Look | None = None) -> None:
        """Begin with a new sitter; all frames are dropped."""
        self._look = look or self._look
        target = target_of(self._look, self._params)
        self._coach: Coach | GroupCoach = (
            Coach.fresh(self._params, target)
            if self._party.most == 1
            else GroupCoach.fresh(msgspec.structs.replace(self._params, people=self._party.most), target,
                                  self._party.least)
        )  # fmt: skip
        self._shutter = Shutter(self._params.times)
        name = self.pose
        self._pose_gate = PoseGate(find_pose(name)) if name and self._party.most == 1 else None
        self._ring.clear()

    @property
    def pose(self) -> str:
        """Name of the pose that is asked for: the guest's, else the look's, else the profile's; empty for none."""
        if self._pose_asked is not None:
            return self._pose_asked
        return self._look.pose or self._params.pose

    def ask_pose(self, name: str | None) -> None:
        """Take the guest's own choice of a pose, empty for none; None forgets it. Fault `pose.unknown`."""
        if name:
            find_pose(name)
        self._pose_asked = name
        self.fresh()

    @property
    def wants_body(self) -> bool:
        """True while the pose guide has use for readings of the body."""
        return self._pose_gate is not None and self._pose_gate.wants_body

    def invite(self, party: Party) -> None:
        """Begin anew with so many people in one picture."""
        self._party, self._pose_asked = party, None
        self.fresh()

    def again(self) -> None:
        """Take another picture of the same sitter: what was learned of them stays, the frames go."""
        self._coach = self._coach.again()
        self._shutter = self._shutter.rearmed()
        self._ring.clear()

    @property
    def holding(self) -> bool:
        """True between the hold and the picture."""
        return self._shutter.holding

    def hold_frac(self, t_s: float) -> float:
        """How much of the hold has passed, 0..1."""
        if self._shutter.hold_s is None:
            return 0.0
        return min(1.0, max(0.0, (t_s - self._shutter.hold_s) / self._params.times.after_s))

    def press(self, t_s: float) -> None:
        """Take it by hand now."""
        self._shutter = self._shutter.press(t_s)

    def watch(self, analysis: FrameAnalysis) -> Guidance:
        """Judge a FrameAnalysis without keeping it: before the consent, and while a portrait is looked at."""
        self._coach, guidance = self._coach.step(analysis)
        return guidance if self._gate is None else self._gate(analysis, guidance, self._look)

    def step(self, analysis: FrameAnalysis) -> CaptureStep:
        """Judge a FrameAnalysis, keep it in the ring, and return what the shutter decides."""
        guidance = self.watch(analysis)
        if self._pose_gate is not None:
            guidance = self._pose_gate(analysis, guidance)
        self._shutter, happened = self._shutter.step(guidance)
        score = guidance.score if not guidance.blocks else None
        self._ring.add(analysis, score, self._shutter.keeps, self._shutter.treasures)
        return self._capture_step(guidance, happened)

    def finish(self, guidance: Guidance) -> CaptureStep:
        """The source has ended after `guidance`: an open window gives what it has."""
        self._shutter, happened = self._shutter.finish()
        return self._capture_step(guidance, happened)

    def _capture_step(self, guidance: Guidance, happened: tuple[object, ...]) -> CaptureStep:
        events: list[Event] = []
        shot = None
        for event in happened:
            if isinstance(event, HoldStarted):
                events.append(Event.HOLD_BEGUN)
            elif isinstance(event, HoldBroken):
                events.append(Event.HOLD_LOST)
            elif isinstance(event, NoneGood):
                events.append(Event.NO_SHOT)
            elif isinstance(event, Taken):
                shot = self._shot(event)
                events.append(Event.NO_SHOT if shot is None else Event.SHOT)
        return CaptureStep(guidance, tuple(events), shot)

    def _shot(self, taken: Taken) -> Shot | None:
        choice = taken.choice
        numbers = (choice.seq, *choice.alternatives)
        analyses = self._ring.pick(numbers)
        if not analyses:
            self.again()
            return None
        bursts = tuple(burst_of(s, self._ring.neighbours(s.frame.seq, MAX_FRAMES)) for s in analyses)
        doubt_of = dict(zip(numbers, choice.doubts, strict=False))
        why_of = dict(zip(numbers, (choice.reasons, *choice.other_reasons), strict=False))
        return Shot(
            analysis=analyses[0],
            score=choice.score,
            look=self._look.name,
            reasons=choice.reasons,
            alternatives=analyses[1:],
            doubts=tuple(doubt_of.get(analysis.frame.seq, "") for analysis in analyses),
            other_reasons=tuple(why_of.get(analysis.frame.seq, ()) for analysis in analyses[1:]),
            by=taken.by,
            bursts=bursts,
        )
