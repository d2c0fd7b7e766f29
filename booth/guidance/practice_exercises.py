"""The guided practice: one exercise after the other, each held for a moment. Pure: readings and time in, a step out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from booth.core.types import Reading

STEPS = ("lens", "turn", "chin", "shoulders", "smile", "light")
HOLD_S = 1.5  # done right this long
GOOD_S = 1.2  # the praise is to be read
GIVE_UP_S = 18.0  # six of these and the praise between are less than two minutes
SHOWN_S = {"shoulders": 7.0, "light": 8.0}  # nothing measures these: they are shown for a while
GAZE_DEG, TURN_DEG, BACK_DEG = 7.5, 10.0, 6.0
CHIN_DEG = (-9.0, -0.5)  # against the sitter's own level
SMILE = 0.35

Readings = Mapping[str, Reading]


@dataclass(frozen=True, slots=True)
class PracticeExercises:
    """Where somebody is in the practice."""

    at: int = 0
    since_s: float | None = None  # of this exercise
    right_since_s: float | None = None  # done right since
    good_since_s: float | None = None  # finished; the praise stands
    has_turned: bool = False

    @property
    def step_name(self) -> str:
        """The exercise now, the last one once all are done."""
        return STEPS[min(self.at, len(STEPS) - 1)]

    @property
    def is_over(self) -> bool:
        """True when every exercise has been done or shown."""
        return self.at >= len(STEPS)

    def step(self, readings: Readings, t_s: float) -> PracticeExercises:
        """Go on by one frame at time `t_s`."""
        if self.is_over:
            return self
        if self.since_s is None:
            return replace(self, since_s=t_s)
        if self.good_since_s is not None:
            return PracticeExercises(self.at + 1, t_s) if t_s - self.good_since_s >= GOOD_S else self
        turned = self.has_turned or abs(_value(readings, "pose.yaw_deg") or 0.0) >= TURN_DEG
        now = replace(self, has_turned=turned and self.step_name == "turn")
        since = (self.right_since_s if self.right_since_s is not None else t_s) if now._is_right(readings) else None
        now = replace(now, right_since_s=since)
        if now.held_frac(t_s) >= 1:
            return replace(now, good_since_s=t_s)
        return PracticeExercises(self.at + 1, t_s) if t_s - self.since_s >= GIVE_UP_S else now

    def held_frac(self, t_s: float) -> float:
        """How much of the exercise has been held, 0..1."""
        if self.good_since_s is not None:
            return 1.0
        shown_s = SHOWN_S.get(self.step_name)
        begun = self.since_s if shown_s else self.right_since_s
        return 0.0 if begun is None else min(1.0, max(0.0, t_s - begun) / (shown_s or HOLD_S))

    def _is_right(self, readings: Readings) -> bool:
        yaw, pitch = _value(readings, "pose.yaw_deg"), _value(readings, "pose.pitch_deg")
        if self.step_name == "lens":
            x, y = _value(readings, "gaze.x_deg"), _value(readings, "gaze.y_deg")
            return x is not None and y is not None and max(abs(x), abs(y)) <= GAZE_DEG
        if self.step_name == "turn":
            return self.has_turned and yaw is not None and abs(yaw) <= BACK_DEG
        if self.step_name == "chin":
            return pitch is not None and CHIN_DEG[0] <= pitch <= CHIN_DEG[1]
        if self.step_name == "smile":
            return (_value(readings, "expression.smile") or 0.0) >= SMILE
        return False


def _value(readings: Readings, key: str) -> float | None:
    found = readings.get(key)
    return None if found is None else found.value
