"""The sitter's own open eyes: the level between blinks over the last seconds, whatever its height.

How wide open eyes are differs between people by a factor of three, and so does the blink score; within one person the
lids rest at one level and leave it for a tenth of a second. Who has been seen to blink has shown which level is open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from booth.guidance.face_measures import Measures

KEEP_S = 4.0  # of lids; people blink every two to six seconds
EVERY_S = 0.03  # between two samples: a fast camera must not fill the memory
ENOUGH_S = 0.3  # of samples before there is a level; it is corrected with every frame
LEVEL_QUANTILE = 0.7  # of the lid gaps kept: blinks, and looks at the floor, are the lower end
BLINK_QUANTILE = 0.3  # of the blink scores
WIDE_FADES_PER_S = 0.02  # eyes once seen wide are remembered: drooping is no level
BLINK_TO = 0.6  # of the level: a gap that fell below it and came back was a blink
BACK_TO = 0.8
BLINK_LONGEST_S = 0.7  # longer, and the eyes were shut or looked down, not blinking
PROOF_LEAST_S = 0.1  # of surely open eyes before their gap vouches for frames like it
LEVEL_LEAST_GAP = 0.03  # in T: shut lids read up to .03, so a level below is no open eye, blinks or not
LEVEL_MOST_BLINK = 0.5  # likewise: eyes held shut read .5 and more
FRONTAL_DEG = 16.0  # turned further, lid gaps read smaller


@dataclass(frozen=True, slots=True)
class Sample:
    """One moment of the lids: the narrower eye's gap in T, the larger blink score, whether surely open."""

    t_s: float
    gap: float
    blink: float
    is_sure: bool


@dataclass(frozen=True, slots=True)
class OwnLids:
    """What is known of this sitter's lids. `gap` in T and `blink` 0..1 are their level, None before it is known."""

    samples: tuple[Sample, ...] = ()
    gap: float | None = None
    blink: float | None = None
    has_blinked: bool = False
    fell_s: float | None = None  # when the gap last fell below the level, until it is back

    def step(self, t_s: float, m: Measures, *, is_sure: bool) -> OwnLids:
        """Return the lids after one more face; a turned or nodding one teaches nothing."""
        if abs(m.yaw_deg) > FRONTAL_DEG or abs(m.pitch_deg) > FRONTAL_DEG:
            return self
        if self.samples and t_s - self.samples[-1].t_s < EVERY_S:
            return self
        kept = tuple(s for s in self.samples if t_s - s.t_s <= KEEP_S)
        seen = replace(self, samples=(*kept, Sample(t_s, m.lid_gap, m.blink, is_sure)))
        return seen._with_level(t_s)._with_blink(t_s, m.lid_gap)

    def _with_level(self, t_s: float) -> OwnLids:
        if t_s - self.samples[0].t_s < ENOUGH_S:
            return self
        gaps, blinks = sorted(s.gap for s in self.samples), sorted(s.blink for s in self.samples)
        last = len(self.samples) - 1
        gap, blink = gaps[round(LEVEL_QUANTILE * last)], blinks[round(BLINK_QUANTILE * last)]
        faded = (self.gap or 0.0) * (1.0 - WIDE_FADES_PER_S * (t_s - self.samples[-2].t_s))
        return replace(self, gap=max(gap, faded), blink=blink)

    def _with_blink(self, t_s: float, gap: float) -> OwnLids:
        """Note a fall of the lids and, once they are back in time, that they have blinked."""
        if self.gap is None or not self.is_plausible:
            return replace(self, fell_s=None)
        if self.fell_s is None:
            return replace(self, fell_s=t_s) if gap < BLINK_TO * self.gap else self
        if gap < BACK_TO * self.gap:
            return self
        return replace(self, fell_s=None, has_blinked=self.has_blinked or t_s - self.fell_s <= BLINK_LONGEST_S)

    @property
    def is_plausible(self) -> bool:
        """True where the level can be that of open eyes at all."""
        return self.gap is not None and self.gap > LEVEL_LEAST_GAP and (self.blink or 0.0) < LEVEL_MOST_BLINK

    @property
    def proven_gap(self) -> float | None:
        """The median gap of the moments that were surely open, in T; None where there were too few."""
        sure = sorted(s.gap for s in self.samples if s.is_sure)
        return sure[len(sure) // 2] if EVERY_S * len(sure) >= PROOF_LEAST_S else None

    def share(self, gap: float) -> float | None:
        """Return a lid gap over the sitter's own; None before that is known."""
        return None if self.gap is None else gap / max(self.gap, 1e-6)
