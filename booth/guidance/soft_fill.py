"""The screen as a soft light: how bright and how warm a border round the mirror helps, decided slowly.

What is measured has the border's own light in it already, so the level is moved in small steps toward what is needed
and rests within a band. A border that was given time and changed nothing is taken away for the rest of the session.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from booth.core.types import Light

RATIO_STOPS = (0.7, 1.6)  # cheek to cheek: where a fill begins to help, where all of it is wanted
CRUSHED_FRAC = (0.03, 0.12)
DIM_LEVEL = (0.05, 0.015)  # mean linear light of the frame
WANTED, ENOUGH = 0.25, 0.05  # need above which the border brightens, below which it fades; between them it rests
RISE_PER_S, FALL_PER_S, LEAVE_PER_S = 0.3, 0.05, 0.8  # of the full level
SMOOTH_S = 0.6  # of the need
PROOF_S, PROOF = 6.0, 0.1  # by then the need must have fallen by this much, or the border goes
MAX_STEP_S = 0.2  # a gap in time moves nothing faster than this
# A screen is about 6500 K, most rooms are lit at 3000 to 4500: log2 red over blue of a start in between.
WARM_START_STOPS, WARM_MOST_STOPS = 0.35, 1.2
WARM_SETTLE_S = 2.0
CAST_SHARE = 0.5  # a camera's automatic takes about half of a room's cast away
GREEN_SHARE = 0.42  # green of a warm white falls this much of blue's stops, along Planck's law


@dataclass(frozen=True, slots=True)
class FillLevel:
    """The border now: `level` 0..1 of the screen's white, linear, and the white's warmth (log2 red over blue)."""

    level: float = 0.0
    warm_stops: float = WARM_START_STOPS

    @property
    def rgb(self) -> tuple[int, int, int]:
        """The border's colour at full level, sRGB 0..255."""
        green, blue = 2 ** (-GREEN_SHARE * self.warm_stops), 2**-self.warm_stops
        return 255, round(255 * green ** (1 / 2.2)), round(255 * blue ** (1 / 2.2))


def _ramp(value: float | None, none: float, full: float) -> float:
    return 0.0 if value is None else min(1.0, max(0.0, (value - none) / (full - none)))


def need_of(light: Light) -> float:
    """Return 0..1: how much this light lacks a fill; nothing here depends on how dark the skin is."""
    ratio = None if light.ratio_stops is None else abs(light.ratio_stops)
    parts = (
        _ramp(ratio, *RATIO_STOPS),
        _ramp(light.crushed_frac, *CRUSHED_FRAC),
        _ramp(light.frame_level, *DIM_LEVEL),
    )
    return max(parts)


@dataclass(frozen=True, slots=True)
class SoftFill:
    """The fill of one session; `step` returns the next. Time is an argument."""

    fill: FillLevel = FillLevel()
    need: float = 0.0
    t_s: float | None = None
    since_s: float | None = None  # when it began to shine
    need_then: float = 0.0
    is_useless: bool = False  # given time, it changed nothing

    def step(self, light: Light | None, t_s: float) -> SoftFill:
        """Go on to `t_s`; `light` is what the sitter's face shows, None where no border belongs."""
        passed_s = 0.0 if self.t_s is None else min(MAX_STEP_S, max(0.0, t_s - self.t_s))
        if light is None or self.is_useless:
            return replace(self, fill=_moved(self.fill, -LEAVE_PER_S * passed_s), t_s=t_s, since_s=None)
        first = self.t_s is None
        need = need_of(light) if first else self.need + _share(passed_s, SMOOTH_S) * (need_of(light) - self.need)
        speed = RISE_PER_S if need > WANTED else -FALL_PER_S if need < ENOUGH else 0.0
        fill = _warmed(_moved(self.fill, speed * passed_s), light, passed_s)
        return self._proven(replace(self, fill=fill, need=need, t_s=t_s), t_s)

    def _proven(self, after: SoftFill, t_s: float) -> SoftFill:
        """Note when the border begins to shine, and whether it has helped by the time it should have."""
        if after.fill.level <= 0:
            return replace(after, since_s=None)
        if after.since_s is None:
            return replace(after, since_s=t_s, need_then=after.need)
        if not math.isfinite(after.since_s) or t_s - after.since_s < PROOF_S:
            return after
        helped = after.need_then - after.need >= PROOF
        return replace(after, since_s=math.inf, is_useless=not helped)


def _share(passed_s: float, settle_s: float) -> float:
    return 1 - math.exp(-passed_s / settle_s)


def _moved(fill: FillLevel, by: float) -> FillLevel:
    return replace(fill, level=min(1.0, max(0.0, fill.level + by)))


def _warmed(fill: FillLevel, light: Light, passed_s: float) -> FillLevel:
    """Bring the white nearer to the room's: by its cast, and by the shadow side, which the border lights most."""
    goal = WARM_START_STOPS + CAST_SHARE * (light.cast_stops or 0.0)
    if light.mixed_stops is not None and light.ratio_stops:
        goal += math.copysign(1.0, light.ratio_stops) * light.mixed_stops * fill.level  # a shadow too cool wants warmth
    goal = min(WARM_MOST_STOPS, max(0.0, goal))
    return replace(fill, warm_stops=fill.warm_stops + _share(passed_s, WARM_SETTLE_S) * (goal - fill.warm_stops))
