"""The pose guide: says one thing about the body at a time until it stands as a pose asks, or lets it be.

Pure: readings of the body and the time go in. It asks for `PATIENCE_S` in all, then only the face decides; what cannot
be measured of somebody is not asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from msgspec import Meta, Struct

from booth.guidance.body_measures import BodyMeasures

PATIENCE_S = 5.0  # of asking, in all
BLIND_S = 1.5  # without any reading of the body it is let be
RIGHT_S = 0.5  # right for so long, by the body's own readings
RIGHT_READINGS = 3  # and in so many of them: one may be off
GOOD_SAID_S = 1.0
SLACK_DEG, SLACK = 3.0, 0.04  # a band is this much wider once the value is in it
FAR_DEG, FAR = 20.0, 0.3  # so far off counts as not begun, for the outline that fills

Range = tuple[float, float]
Point = tuple[Annotated[float, Meta(ge=-6, le=6)], Annotated[float, Meta(ge=-6, le=6)]]


class Pose(Struct, frozen=True, forbid_unknown_fields=True):
    """One pose, as `assets/poses/*.toml` has it. Each band is the least and the most of a reading of the body."""

    name: str
    turn_deg: Range | None = None  # of the shoulders; > 0: chest toward the sitter's own left
    turned_deg: Range | None = None  # the same, to either side
    near_drop_deg: Range | None = None  # the shoulder nearer to the lens hangs lower by
    lean: Range | None = None  # growth of the head in the frame since the guide began, as a share
    arms_folded: bool = False
    outline: tuple[
        Point, ...
    ] = ()  # of neck and shoulders, in face heights from the face's middle, as the frame has it


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing a pose asks: how far off the body is, 0 within, and what would help."""

    off: float  # 0.. of what counts as not begun
    say: str


@dataclass(frozen=True, slots=True)
class PoseAdvice:
    """What the guide makes of a frame: a words key or None, 0..1 how near the body is, whether it still asks."""

    say: str | None
    fill: float
    asks: bool


@dataclass(frozen=True, slots=True)
class PoseGuide:
    """The guide's memory of one sitter."""

    pose: Pose
    began_s: float | None = None
    last_s: float | None = None
    asked_s: float = 0.0
    start: BodyMeasures | None = None  # the first reading
    last: BodyMeasures | None = None
    right: tuple[float, ...] = ()  # times of the readings in a row that were right
    done_s: float | None = None
    is_over: bool = False

    def step(self, body: BodyMeasures | None, t_s: float, *, may_ask: bool = True) -> tuple[PoseGuide, PoseAdvice]:
        """Take note of one frame; `body` is the newest reading, `may_ask` False while something else is said first."""
        if self.is_over:
            return self, PoseAdvice(None, 1.0, asks=False)
        guide = self._read(body)
        guide = replace(guide, began_s=t_s if guide.began_s is None else guide.began_s, last_s=t_s)
        passed_s = 0.0 if self.last_s is None else max(0.0, t_s - self.last_s)
        if guide.done_s is not None:
            return replace(guide, is_over=t_s - guide.done_s >= GOOD_SAID_S), PoseAdvice("body.good", 1.0, asks=False)
        axes = guide._axes(guide.last)
        if guide._has_stood():
            return replace(guide, done_s=t_s), PoseAdvice("body.good", 1.0, asks=False)
        if guide._gives_up(axes, t_s):
            return replace(guide, is_over=True), PoseAdvice(None, 0.0, asks=False)
        if may_ask and axes:
            guide = replace(guide, asked_s=guide.asked_s + passed_s)
        first = next((axis for axis in axes if axis.off > 0), None)
        fill = 1.0 - min(1.0, max((axis.off for axis in axes), default=1.0))
        return guide, PoseAdvice(first.say if first is not None else None, fill, asks=bool(axes))

    def _read(self, body: BodyMeasures | None) -> PoseGuide:
        """Take in a reading that is new."""
        if body is None or (self.last is not None and body.t_s <= self.last.t_s):
            return self
        start = self.start or (body if body.turn_deg is not None else None)
        guide = replace(self, start=start, last=body)
        axes = guide._axes(body)
        is_right = bool(axes) and all(axis.off == 0 for axis in axes)
        return replace(guide, right=(*self.right, body.t_s)[-RIGHT_READINGS:] if is_right else ())

    def _has_stood(self) -> bool:
        right = self.right
        return len(right) >= RIGHT_READINGS and right[-1] - right[0] >= RIGHT_S - 1e-6

    def _gives_up(self, axes: tuple[Axis, ...], t_s: float) -> bool:
        assert self.began_s is not None
        is_blind = not axes and t_s - self.began_s >= BLIND_S
        return is_blind or self.asked_s >= PATIENCE_S - 1e-6

    def _axes(self, body: BodyMeasures | None) -> tuple[Axis, ...]:
        """Return what the pose asks and this reading can tell, in the order in which it is said."""
        if body is None:
            return ()
        pose, slack = self.pose, 1.0 if self.right else 0.0
        found = [
            _turn(body.turn_deg, pose.turn_deg, slack),
            _turned(body.turn_deg, pose.turned_deg, slack),
            _near_drop(body.near_drop_deg, pose.near_drop_deg, slack),
            self._lean(body, slack),
            _arms(body.arms_folded) if pose.arms_folded else None,
        ]
        return tuple(axis for axis in found if axis is not None)

    def _lean(self, body: BodyMeasures, slack: float) -> Axis | None:
        """Judge a lean by the head, which grows as it comes nearer; a step forward cannot be told from it."""
        band, first = self.pose.lean, None if self.start is None else self.start.head_size
        if band is None or body.head_size is None or not first:
            return None
        grown = body.head_size / first - 1.0
        off = max(0.0, band[0] - slack * SLACK - grown)
        return Axis(off / FAR, "body.lean_in")


def _turn(value: float | None, band: Range | None, slack: float) -> Axis | None:
    if value is None or band is None:
        return None
    low, high = band[0] - slack * SLACK_DEG, band[1] + slack * SLACK_DEG
    off = max(low - value, value - high, 0.0)
    if band[0] < 0 < band[1]:
        return Axis(off / FAR_DEG, "body.turn_front")
    return Axis(off / FAR_DEG, "body.turn_left" if value < low else "body.turn_right")


def _turned(value: float | None, band: Range | None, slack: float) -> Axis | None:
    """Judge a turn to either side: the shorter way is asked for."""
    if value is None or band is None:
        return None
    off = max(band[0] - slack * SLACK_DEG - abs(value), abs(value) - band[1] - slack * SLACK_DEG, 0.0)
    toward_left = (value >= 0) == (abs(value) < band[0])
    return Axis(off / FAR_DEG, "body.turn_left" if toward_left else "body.turn_right")


def _near_drop(value: float | None, band: Range | None, slack: float) -> Axis | None:
    if value is None or band is None:
        return None
    off = max(band[0] - slack * SLACK_DEG / 2 - value, 0.0)
    return Axis(off / (FAR_DEG / 3), "body.near_down")


def _arms(folded: float | None) -> Axis | None:
    return None if folded is None else Axis(1.0 - folded, "body.arms")
