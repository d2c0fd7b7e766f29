"""What a photographer would put right before any look: exposure of a dim face, a cast of the light, black level.

Nothing here asks how light skin is or should be. A face counts as dim only where everything on it is dark that is
bright in good light on everyone: the whites of the eyes, teeth, the gloss of skin. One bright thing is enough to leave
it alone. Where the eyes tell nothing, a gloss far brighter than the skin it lies on speaks for dark skin in good light.
A cast counts only where skin is redder, or yellower, than the skin of anyone under white light. Lifts are bounded.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.color import REC709_LUMA
from booth.looks.light.change import SkinCells, quantile

OWN_WHITE_DIM, OWN_WHITE_GOOD = 0.27, 0.40  # linear: full lift below, none above
EYE_WHITE_DIM, EYE_WHITE_GOOD = 0.12, 0.20  # the same of the whites of the eyes
WHITE_OVER_SKIN = 2.0  # whites this far above skin, or more, are those of dark skin, read too low for the lids' shade
GLOSS_OF_LIGHT_SKIN, GLOSS_OF_DARK_SKIN = 2.8, 4.0  # own white over skin: full lift below, none above
OWN_WHITE_SHARES = (0.98, 0.995)  # the brightest cells between the face's outline: their mean is its own white
OWN_WHITE_AIM = 0.74  # linear: a lift brings the own white no higher
SKIN_AIM = 0.214  # linear, L* 53: nor the median of the skin; the looks take up to 3 of it again
LIFT_MOST_STOPS = 1.8  # beyond it noise shows
RED_MOST, YELLOW_MOST, MAGENTA_LEAST = 1.4, 1.35, 0.15  # log2 of red over green and green over blue of skin
RED_SHARE, YELLOW_SHARE, MAGENTA_SHARE = 1.0, 0.7, 0.5  # of what lies beyond that is taken away
YELLOW_WITH_RED = 0.5  # the warmer a light is the more it takes from blue as well: less yellow is left to skin there
CAST_MOST_STOPS = 1.7
CAST_OFF_SKIN, CAST_SPREAD_FACES = 0.35, 0.1
BLACK_MOST, BLACK_SHARE = 0.005, 0.004  # linear haze taken from a lifted picture; the quantile it is read at
FILL_FROM_STOPS, FILL_SHARE, FILL_MOST_STOPS = 1.3, 0.85, 2.1  # shade deeper than this is filled by that share
LIT_SHARE, SHADE_SHARE = 0.85, 0.15  # quantiles that stand for the lit and the shadow side
LIT_MOST = 0.4  # linear: a side burnt by the sun is not what the other is measured by
FILL_SOFT_CM, FILL_SPREAD_CM, FILL_FADE = 0.8, 1.6, 0.03
SETTLE_S, EVERY_S = 0.6, 0.19
SEEN_STOPS = 0.03  # less is nothing
DARK = 2e-3


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """What a face needs, in stops of linear light."""

    lift_stops: float = 0.0
    cast_stops: np.ndarray | None = None  # (2, 3) of red, green, blue at image left and right; None: no cast
    black: float = 0.0  # linear light to take away before

    @property
    def is_nothing(self) -> bool:
        """True when nobody could see a change."""
        cast = 0.0 if self.cast_stops is None else float(np.abs(self.cast_stops).max())
        return self.lift_stops < SEEN_STOPS and cast < SEEN_STOPS


NOTHING = Correction()


def measure(linear: np.ndarray, skin: SkinCells, eye_white: float | None) -> Correction:
    """Measure a picture on the grid, linear (g, g, 3); `eye_white` is linear, None where the eyes do not show it."""
    flat = linear.reshape(-1, 3)
    light = flat[skin.hull] @ REC709_LUMA
    own_white = float(np.quantile(light, OWN_WHITE_SHARES).mean())
    of_skin = flat[skin.index]
    middle = max(float(np.median(of_skin @ REC709_LUMA)), DARK)
    dim = _ramp(own_white, OWN_WHITE_GOOD, OWN_WHITE_DIM)
    if eye_white is None:
        dim *= _ramp(own_white / middle, GLOSS_OF_DARK_SKIN, GLOSS_OF_LIGHT_SKIN)
    else:
        shaded = min(max(eye_white / middle / WHITE_OVER_SKIN, 1.0), 2.0)
        dim *= _ramp(eye_white * shaded, EYE_WHITE_GOOD, EYE_WHITE_DIM)
    wanted = min(math.log2(SKIN_AIM / middle), math.log2(OWN_WHITE_AIM / max(own_white, DARK)), LIFT_MOST_STOPS)
    lift = dim * max(wanted, 0.0)
    black = min(float(np.quantile(light, BLACK_SHARE)), BLACK_MOST) if lift > SEEN_STOPS else 0.0
    return Correction(lift, _casts(of_skin, skin), black * min(lift, 1.0))


def _casts(of_skin: np.ndarray, skin: SkinCells) -> np.ndarray | None:
    """Return (2, 3) stops that take the cast from the image-left and the image-right half of the face."""
    columns = skin.index % skin.mask.shape[1]
    middle = np.median(columns)
    halves = [of_skin[columns < middle], of_skin[columns >= middle]]
    casts = np.stack([_cast(half) for half in halves])
    return casts if np.abs(casts).max() >= SEEN_STOPS else None


def _cast(of_skin: np.ndarray) -> np.ndarray:
    """Return (3,) stops for red, green and blue that bring skin back to where anyone's skin lies; luminance stays."""
    red, green, blue = np.maximum(np.median(of_skin, 0), DARK)
    too_red = max(math.log2(red / green) - RED_MOST, 0.0)
    too_yellow = max(math.log2(green / blue) - YELLOW_MOST + YELLOW_WITH_RED * min(too_red, 1.0), 0.0)
    too_magenta = max(MAGENTA_LEAST - math.log2(green / blue), 0.0) if too_red > 0 else 0.0
    stops = np.array([-RED_SHARE * too_red, MAGENTA_SHARE * too_magenta, YELLOW_SHARE * too_yellow])
    stops = np.clip(stops, -CAST_MOST_STOPS, CAST_MOST_STOPS)
    colour = np.array([red, green, blue])
    kept = float(REC709_LUMA @ colour) / float(REC709_LUMA @ (colour * np.exp2(stops)))
    return (stops + math.log2(kept)).astype(np.float32)


class Metering:
    """Watches one sitter; slow, so that nothing pumps. `still=True` takes each picture by itself."""

    def __init__(self, *, still: bool) -> None:
        self._still = still
        self.reset()

    def reset(self) -> None:
        """Start afresh: another sitter."""
        self._goal: Correction | None = None
        self._now = NOTHING
        self._t_s, self._looked_s = -math.inf, -math.inf

    def due(self, t_s: float) -> bool:
        """Return True when `look` should be called with this frame."""
        return self._goal is None or self._still or not 0 <= t_s - self._looked_s < EVERY_S

    def look(self, linear: np.ndarray, skin: SkinCells, eye_white: float | None, t_s: float) -> None:
        """Judge this frame."""
        self._looked_s, first = t_s, self._goal is None
        self._goal = measure(linear, skin, eye_white)
        if first or self._still:
            self._now = self._goal

    def correction(self, t_s: float) -> Correction:
        """Return the correction at `t_s`, steadied."""
        if self._goal is None:
            return NOTHING
        dt_s, self._t_s = t_s - self._t_s, t_s
        if self._still or not 0 <= dt_s < 1:
            self._now = self._goal
        else:
            self._now = _between(self._now, self._goal, 1 - math.exp(-dt_s / SETTLE_S))
        return self._now


def _between(a: Correction, b: Correction, share: float) -> Correction:
    casts = [np.zeros((2, 3), np.float32) if c.cast_stops is None else c.cast_stops for c in (a, b)]
    cast = casts[0] + np.float32(share) * (casts[1] - casts[0])
    return Correction(
        a.lift_stops + share * (b.lift_stops - a.lift_stops),
        cast if np.abs(cast).max() >= SEEN_STOPS / 4 else None,
        a.black + share * (b.black - a.black),
    )


def gain_stops(correction: Correction, skin: SkinCells) -> np.ndarray:
    """Return the correction's gain in stops on the grid, (1 or g, g, 3) float32.

    A cast runs straight across the face; hair and clothes, whose own colour nobody knows, get less of it.
    """
    side = skin.mask.shape[1]
    if correction.cast_stops is None:
        return np.full((1, side, 3), correction.lift_stops, np.float32)
    columns = skin.index % side
    left, right = np.quantile(columns, (0.25, 0.75))
    across = np.clip((np.arange(side) - left) / max(right - left, 1.0), 0, 1).astype(np.float32)[:, None]
    cast = correction.cast_stops[0] + across * (correction.cast_stops[1] - correction.cast_stops[0])
    near = cv2.GaussianBlur(skin.mask.astype(np.float32), (0, 0), CAST_SPREAD_FACES * skin.face_cells)
    share = CAST_OFF_SKIN + (1 - CAST_OFF_SKIN) * np.clip(near / 0.5, 0, 1)
    out: np.ndarray = share[..., None] * cast[None] + np.float32(correction.lift_stops)
    return out


def fill_stops(under: np.ndarray, light: np.ndarray, skin: SkinCells, cells_per_cm: float) -> np.ndarray | None:
    """Return the stops (g, g) float32 that fill the shadow side of a face under hard light; None where it is even.

    under  (g, g) the light that the fitted lamps leave on the head: a beard is dark in the picture, not in it
    light  (g, g) linear light of the picture
    """
    lit = quantile(under.ravel()[skin.index], LIT_SHARE)
    by_lamps = math.log2(lit / max(quantile(under.ravel()[skin.index], SHADE_SHARE), DARK))
    seen = cv2.GaussianBlur(light, (0, 0), FILL_SOFT_CM * cells_per_cm)
    bright = min(quantile(seen.ravel()[skin.index], LIT_SHARE), LIT_MOST)
    across = _side_stops(seen, bright, skin)
    if max(by_lamps, float(across.max())) < FILL_FROM_STOPS:
        return None
    told = np.maximum(np.log2(lit / np.maximum(under, np.float32(DARK))), across[None])
    by_picture = np.log2(bright / np.maximum(seen, np.float32(DARK)))
    lacks = np.minimum(told, by_picture) - np.float32(FILL_FROM_STOPS)
    wanted = np.clip(np.float32(FILL_SHARE) * lacks, 0, FILL_MOST_STOPS)
    on_skin = skin.mask.astype(np.float32)
    blurred = cv2.GaussianBlur(np.dstack([wanted * on_skin, on_skin]), (0, 0), FILL_SPREAD_CM * cells_per_cm)
    out: np.ndarray = blurred[..., 0] / (blurred[..., 1] + np.float32(FILL_FADE))
    return out


def side_gap_stops(light: np.ndarray, skin: SkinCells, cells_per_cm: float) -> float:
    """Return by how many stops the darker side of the face lies below the lit one, in linear `light` (g, g)."""
    seen = cv2.GaussianBlur(light, (0, 0), FILL_SOFT_CM * cells_per_cm)
    bright = min(quantile(seen.ravel()[skin.index], LIT_SHARE), LIT_MOST)
    return float(_side_stops(seen, bright, skin).max())


def _side_stops(seen: np.ndarray, bright: float, skin: SkinCells) -> np.ndarray:
    """Return (g,) by how many stops each column's side of the face lies below the lit level, from the sides' medians.

    A face has the same skin on both sides, so what one lacks of the other is light; where both are as dark it is 0.
    """
    columns = skin.index % skin.mask.shape[1]
    left, right = np.quantile(columns, (0.3, 0.7))
    sides = [quantile(seen.ravel()[skin.index[part]], 0.5) for part in (columns <= left, columns >= right)]
    level = min(max(sides), bright)
    lacks = [max(math.log2(level / max(side, DARK)), 0.0) for side in sides]
    steps = np.clip((np.arange(skin.mask.shape[1]) - left) / max(right - left, 1.0), 0, 1)
    out: np.ndarray = (lacks[0] + steps * (lacks[1] - lacks[0])).astype(np.float32)
    return out


def _ramp(x: float, none: float, full: float) -> float:
    x = min(max((x - none) / (full - none), 0.0), 1.0)
    return x * x * (3 - 2 * x)
