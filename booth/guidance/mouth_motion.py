"""Whether the mouth is moving: lip movement over the last third of a second. An open mouth is not talk; change is.

What counts as movement is relative to this sitter: landmarks of a small, bearded or badly lit mouth tremble at rest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from booth.guidance.face_measures import Measures

SPAN_S = 0.3  # a syllable lasts about .2 s
ENOUGH_S = 0.15  # less history than this says nothing
QUIET_S = 6.0  # of movement in which the sitter's own rest is looked for
QUIET_QUANTILE = 0.2  # of that movement; talk pauses between words, a held smile trembles all the time
QUIET_MOST = 0.009  # in T, root mean square; held smiles of six clips tremble by .003 to .008, talk starts at .010
OVER_QUIET = 2.2  # times the own rest
HELD_S = 1.2  # pauses within speech are shorter
EVERY_S = 0.1  # between two samples of movement
WIDTH_WEIGHT = 0.25  # of the mouth's width, which varies with pose too


@dataclass(frozen=True, slots=True)
class MouthMotion:
    """The last lip shapes, (t_s, outer height in T, inner gap in T, width in IED), and movements, (t_s, in T)."""

    shapes: tuple[tuple[float, float, float, float], ...] = ()
    moves: tuple[tuple[float, float], ...] = ()
    still_since_s: float | None = None  # when the lips last stopped moving; None while they move or nothing is known

    def step(self, t_s: float, m: Measures, least: float) -> MouthMotion:
        """Return the history with this face added and what is older than the spans dropped; `least` as in `limit`."""
        recent = tuple(s for s in self.shapes if t_s - s[0] <= SPAN_S + 1e-6)
        now = replace(self, shapes=(*recent, (t_s, m.lip_height, m.lip_gap, m.mouth_width)))
        motion = now.motion
        if motion is None:
            return now
        if not self.moves or t_s - self.moves[-1][0] >= EVERY_S:
            now = replace(now, moves=(*(v for v in self.moves if t_s - v[0] <= QUIET_S), (t_s, motion)))
        if motion > now.limit(least):
            return replace(now, still_since_s=None)
        return now if self.still_since_s is not None else replace(now, still_since_s=t_s)

    @property
    def is_held(self) -> bool:
        """True where the lips have kept their shape so long that it is an expression, not a pause between words."""
        since_s = self.still_since_s
        return since_s is not None and self.shapes[-1][0] - since_s >= HELD_S

    @property
    def motion(self) -> float | None:
        """Root mean square of the lips' deviation from their mean, in T; None before there is enough history."""
        if len(self.shapes) < 3 or self.shapes[-1][0] - self.shapes[0][0] < ENOUGH_S:
            return None
        n = len(self.shapes)
        total = 0.0
        for axis, weight in ((1, 1.0), (2, 1.0), (3, WIDTH_WEIGHT)):
            values = [s[axis] for s in self.shapes]
            mean = sum(values) / n
            total += weight * sum((v - mean) ** 2 for v in values) / n
        return math.sqrt(total)

    def limit(self, least: float) -> float:
        """Return the movement beyond which this sitter talks, in T: `least`, or more where their rest trembles."""
        if not self.moves:
            return least
        quiet = sorted(v for _, v in self.moves)[round(QUIET_QUANTILE * (len(self.moves) - 1))]
        return max(least, OVER_QUIET * min(quiet, QUIET_MOST))
