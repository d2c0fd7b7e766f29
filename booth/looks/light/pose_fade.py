"""How much light a face can take: all of it when it looks this way, none in profile or half out; never in steps."""

from __future__ import annotations

import math

from booth.core.types import Face

YAW_FULL_DEG, YAW_NONE_DEG = 46.0, 62.0
INSIDE_NONE, INSIDE_FULL = 0.55, 0.85  # share of landmarks within the picture
RISE_S, FALL_S = 0.18, 0.14  # time constants of coming and going


def _ramp(x: float, none: float, full: float) -> float:
    x = min(max((x - none) / (full - none), 0.0), 1.0)
    return x * x * (3 - 2 * x)


def room_for_light(face: Face | None) -> float:
    """Return 0..1: what a still of this face would get."""
    if face is None:
        return 0.0
    points = face.landmarks[:, :2]
    inside = float(((points >= 0) & (points <= 1)).all(1).mean())
    turned = _ramp(abs(face.pose.yaw_deg), YAW_NONE_DEG, YAW_FULL_DEG)
    return turned * _ramp(inside, INSIDE_NONE, INSIDE_FULL)


class PoseFade:
    """The level over time, 0..1; holds only the last value and when it was."""

    def __init__(self, *, still: bool) -> None:
        self._still = still
        self.reset()

    def reset(self) -> None:
        """Start from darkness."""
        self._level, self._t_s = 0.0, -math.inf

    def level(self, face: Face | None, t_s: float) -> float:
        """Return the level at `t_s` for this frame's face."""
        goal = room_for_light(face)
        if self._still:
            return goal
        dt_s = min(max(t_s - self._t_s, 0.0), 0.05) if math.isfinite(self._t_s) else 0.0  # no pop after a gap in time
        self._t_s = t_s
        settle_s = RISE_S if goal > self._level else FALL_S
        self._level += (1 - math.exp(-dt_s / settle_s)) * (goal - self._level)
        if abs(goal - self._level) < 0.004:
            self._level = goal
        return self._level


__all__ = ["PoseFade", "room_for_light"]
