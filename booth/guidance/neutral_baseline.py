"""The sitter's own zero: what level, looking at the lens and relaxed mean on this very face.

Learned while the sitter is roughly frontal and still; until then, and beyond what people differ by, the population
holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from booth.guidance.face_measures import Measures

KEEP = 90  # samples, three seconds at 30 fps
ENOUGH = 8
EVERY = 4  # samples between two lessons
PRIOR = 15.0  # samples' worth of trust in the population

# Reach of learning: neutral people spread over +-7.6 deg of pitch, gaze zeros over 5 deg; further off is not a zero.
PITCH_REACH_DEG, GAZE_REACH_DEG = 6.0, 4.0
RESTING_SMILE_MOST = 0.3  # a smile kept from the start must not become the zero it is measured from

BLINK_MOST = 0.5  # shut eyes look nowhere; narrow ones that are wide open read .43 at most
HIGHEST_RESTING_CORNERS = -0.165  # of 23 neutral faces


@dataclass(frozen=True, slots=True)
class NeutralBaseline:
    """Own zeros in the units of `Measures`; the lids have their own, see `own_lids`."""

    pitch_deg: float = 0.0
    gaze_x_deg: float = 0.5
    gaze_y_deg: float = 9.5  # the iris sits above the line of the lids' corners in people who look at the lens
    brow_down: float = 0.15
    brow_up: float = 0.05
    smile: float = 0.05
    corner_lift: float = -0.205
    cheek_lid: float = 0.335
    press: float = 0.05
    samples: tuple[tuple[float, ...], ...] = ()
    seen: int = 0  # faces learned from

    def step(self, m: Measures, *, mouth_still: bool) -> NeutralBaseline:
        """Return the zero after one more face; a turned or talking one teaches nothing."""
        if not (mouth_still and _at_rest(m)):
            return self
        zero = replace(self, samples=(*self.samples, _sample(m))[-KEEP:], seen=self.seen + 1)
        if len(zero.samples) < ENOUGH or zero.seen % EVERY:
            return zero
        return replace(_learned(zero.samples), seen=zero.seen)


POPULATION = NeutralBaseline()


def _at_rest(m: Measures) -> bool:
    gazing = abs(m.gaze_x_deg - POPULATION.gaze_x_deg) < 9 and abs(m.gaze_y_deg - POPULATION.gaze_y_deg) < 9
    return gazing and abs(m.yaw_deg) < 12 and abs(m.pitch_deg) < 14 and m.blink < BLINK_MOST


def _sample(m: Measures) -> tuple[float, ...]:
    levels = (m.pitch_deg, m.gaze_x_deg, m.gaze_y_deg, m.brow_down, m.brow_up)
    return (*levels, m.smile, m.corner_lift, m.cheek_lid, m.press)


_PERCENT = (50, 50, 50, 25, 25, 10, 10, 80, 25)


def _learned(samples: tuple[tuple[float, ...], ...]) -> NeutralBaseline:
    columns = np.sort(np.array(samples), axis=0)
    picks = [columns[round((len(samples) - 1) * p / 100), i] for i, p in enumerate(_PERCENT)]
    pitch, gaze_x, gaze_y, brow_down, brow_up, smile, lift, cheek, press = (float(v) for v in picks)
    trust = len(samples) / (len(samples) + PRIOR)
    return NeutralBaseline(
        pitch_deg=trust * float(np.clip(pitch, -PITCH_REACH_DEG, PITCH_REACH_DEG)),
        gaze_x_deg=_toward(POPULATION.gaze_x_deg, gaze_x, trust),
        gaze_y_deg=_toward(POPULATION.gaze_y_deg, gaze_y, trust),
        brow_down=brow_down,
        brow_up=brow_up,
        smile=min(smile, RESTING_SMILE_MOST),
        corner_lift=min(lift, HIGHEST_RESTING_CORNERS),
        cheek_lid=max(cheek, 0.31),
        press=press,
        samples=samples,
    )


def _toward(population: float, own: float, trust: float) -> float:
    return population + trust * float(np.clip(own - population, -GAZE_REACH_DEG, GAZE_REACH_DEG))
