"""Whether the mouth is moving: lip movement over the last half second. An open mouth is not talk; change is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from booth.guidance.face_measures import Measures

SPAN_S = 0.5  # a syllable lasts about .2 s: two fit
ENOUGH_S = 0.15  # less history than this says nothing


@dataclass(frozen=True, slots=True)
class MouthMotion:
    """The last half second of lip shapes: (t_s, outer height in T, inner gap in T, width in IED)."""

    shapes: tuple[tuple[float, float, float, float], ...] = ()

    def step(self, t_s: float, m: Measures) -> MouthMotion:
        """Return the history with this face added and what is older than the span dropped."""
        recent = tuple(s for s in self.shapes if t_s - s[0] <= SPAN_S)
        return MouthMotion((*recent, (t_s, m.lip_height, m.lip_gap, m.mouth_width)))

    @property
    def motion(self) -> float | None:
        """Root mean square of the lips' deviation from their mean, in T; None before there is enough history."""
        if len(self.shapes) < 3 or self.shapes[-1][0] - self.shapes[0][0] < ENOUGH_S:
            return None
        n = len(self.shapes)
        total = 0.0
        for axis, weight in ((1, 1.0), (2, 1.0), (3, 0.25)):  # width varies with pose too
            values = [s[axis] for s in self.shapes]
            mean = sum(values) / n
            total += weight * sum((v - mean) ** 2 for v in values) / n
        return math.sqrt(total)
