"""From the light that a lamp would throw to the light that this picture can bear.

The fitted head knows normals to about 13 degrees: good for where light comes from, not for the edge of a shadow. So
below full strength a named light is a large source: its field is smooth at the scale of a face, lifts the lit side
instead of lowering the other, and keeps the colour of skin in its shadows. The strength is then stepped down until
the change that the field makes stays within limits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.color import REC709_LUMA
from booth.looks.light.change import Foretold, Limits, SkinCells, foretell, quantile

SOFT_CM = 1.0  # blur of the field of a large source
CRISP_FROM = 0.75  # strength above which the lamp's own sharper shadow comes back, all of it at 1
LIFT_STOPS = 0.16  # of the lit side at full strength
LIT_SHARE = 0.8  # the lit side is this quantile of the change on skin, as the measure of the change has it
MIDDLE_LIFT_STOPS = 0.2  # of the median of the skin at full strength, at least: no look darkens a face
HIGHLIGHT_MOST, HIGHLIGHT_CM = 0.82, 0.8  # linear: a highlight, blurred by so much, is not lifted beyond this
SHADE_TINT = 0.18  # of skin's own colour that a stop of shade takes on: light that skin has thrown on skin
RED_ALREADY = (0.75, 1.15)  # log2 of red over green of skin: all of that up to the first, nothing from the second
SHADE_MOST_STOPS = 2.0
SHADE_REACH_FACES = 0.12  # past the face's outline it fades over about this: cloth and hair take no colour from skin
TINT_MOST_STOPS = 1.2
GLOSS_SHARE = 0.5  # of the lamp's gloss at low strength: a large source has no sharp highlight
GLOSS_NONE, GLOSS_FULL = 0.35, 0.8  # of the skin's median light: hair, beard and rims of glasses are darker, no gloss
CLIPPED = 0.95  # linear
CLIPPED_COSTS, LIFT_COSTS, HARD_COSTS = 0.4, 0.4, 0.5  # shares of the strength
HELD = 0.9  # less of the strength asked for than this is told to the guest
STEPS_DOWN, STEP_LEAST = 5, 0.9  # tries to find a strength that holds, each at most this share of the last; then none
HOLDS = 1.03  # of a limit: the next step would not be seen
ALLOWED_SETTLE_S = 0.5
CHECK_EVERY_S = 0.25
LEAST = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """The picture on the grid, with all that decides what it can bear."""

    linear: np.ndarray  # (g, g, 3) float32, before anything was done
    stops: np.ndarray  # (1 or g, g, 3) float32: what the correction adds, fill of the shadow side included
    fill: np.ndarray | None  # (g, g) float32 stops: that fill alone; None: none
    black: float  # linear light that the correction takes away first
    skin: SkinCells
    skin_rgb: np.ndarray  # (3,) linear colour of the skin
    cells_per_cm: float
    bears: float  # 0..1: share of a look's strength that a picture lit, clipped and noisy like this can bear


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done to the light of one picture, for its record. Stops of linear light."""

    asked: float = 0.0  # strength 0..1 of the look's light
    applied: float = 0.0
    lift_stops: float = 0.0
    cast_stops: tuple[float, float] = (0.0, 0.0)  # red and blue against green, the mean over the face
    fill_stops: float = 0.0  # of the shadow side, its deepest tenth

    @property
    def is_held(self) -> bool:
        """True when the light is visibly weaker than asked for."""
        return self.applied < HELD * self.asked


def applied_of(patch: Patch, asked: float, applied: float, lift_stops: float) -> Applied:
    """Tell what was done to a picture."""
    stops = np.broadcast_to(patch.stops, patch.linear.shape)[patch.skin.mask]
    red, green, blue = (float(v) for v in stops.mean(0))
    fill = 0.0 if patch.fill is None else quantile(patch.fill.ravel()[patch.skin.index], 0.9)
    return Applied(asked, applied, lift_stops, (red - green, blue - green), fill)


class Shaper:
    """Shapes fields for one sitter; steady in time. `still=True` takes each picture by itself."""

    def __init__(self, *, still: bool) -> None:
        self._still = still
        self.reset()

    def reset(self) -> None:
        """Start afresh: another sitter."""
        self._allowed: float | None = None
        self._goal, self._t_s, self._checked_s = 1.0, 0.0, -math.inf

    def shaped(
        self, packed: np.ndarray, patch: Patch, strength: float, limits: Limits, t_s: float
    ) -> tuple[np.ndarray, float]:
        """Return the field (g, g, 6) to lay, and the strength that was applied of the one asked for."""
        strength *= patch.bears
        layers = _layers(packed, patch)
        if self._still or not 0 <= t_s - self._checked_s < CHECK_EVERY_S:
            self._goal, self._checked_s = _bearable(layers, patch, strength, limits), t_s
        allowed = self._settled(t_s)
        applied = min(strength, allowed)
        return _laid(layers, patch, applied), applied

    def _settled(self, t_s: float) -> float:
        dt_s, self._t_s = t_s - self._t_s, t_s
        if self._allowed is None or self._still or not 0 <= dt_s < 1:
            self._allowed = self._goal
        else:
            self._allowed += (1 - math.exp(-dt_s / ALLOWED_SETTLE_S)) * (self._goal - self._allowed)
        return self._allowed


@dataclass(frozen=True, slots=True, eq=False)
class _Layers:
    """A lamp's field taken apart, all (g, g, 3) float32 but the last; gains in stops."""

    soft: np.ndarray
    crisp: np.ndarray
    gloss: np.ndarray
    by_skin: np.ndarray  # (g, g): 1 on the face, fading to 0 off it


def bearing(linear: np.ndarray, skin: SkinCells, lift_stops: float, fill: np.ndarray | None) -> float:
    """Return how much of a look's strength a picture can bear, 0..1: less the more clipped, noisy and one-sided it is.

    A lift by a stop shows twice the noise; a side that had to be filled was under hard light; what is clipped has no
    shape left to light.
    """
    clipped = float((linear.reshape(-1, 3)[skin.index].max(1) > CLIPPED).mean())
    hard = 0.0 if fill is None else quantile(fill.ravel()[skin.index], 0.9)
    bears = 1 - CLIPPED_COSTS * _ramp(clipped, 0.03, 0.3) - LIFT_COSTS * _ramp(lift_stops, 0.2, 1.8)
    return max(bears - HARD_COSTS * _ramp(hard, 0.0, 1.2), 0.0)


def _layers(packed: np.ndarray, patch: Patch) -> _Layers:
    crisp = np.log2(np.maximum(packed[..., :3], np.float32(LEAST)))
    if patch.fill is not None:
        crisp -= patch.fill[..., None]  # the light already there is more even once its shadow side is filled
    soft = cv2.GaussianBlur(crisp, (0, 0), SOFT_CM * patch.cells_per_cm)
    light = patch.linear @ REC709_LUMA
    middle = max(quantile(light.ravel()[patch.skin.index], 0.5), LEAST)
    bright = np.clip((light / middle - GLOSS_NONE) / (GLOSS_FULL - GLOSS_NONE), 0, 1)
    return _Layers(soft, crisp, packed[..., 3:] * bright[..., None], _by_skin(patch.skin))


def corrected(patch: Patch) -> np.ndarray:
    """Return the field (g, g, 6) of the correction alone."""
    out = np.empty((*patch.linear.shape[:2], 6), np.float32)
    out[..., :3] = np.exp2(patch.stops)
    np.multiply(out[..., :3], np.float32(-patch.black), out=out[..., 3:])
    return out


def _laid(layers: _Layers, patch: Patch, strength: float) -> np.ndarray:
    """Return gain and gloss (g, g, 6) at a strength, the correction included."""
    crisp = _ramp(strength, CRISP_FROM, 1.0)
    stops = layers.soft if crisp == 0 else layers.soft + np.float32(crisp) * (layers.crisp - layers.soft)
    stops = stops * np.float32(strength)
    change = (stops @ REC709_LUMA).ravel()[patch.skin.index]
    lit = quantile(change, LIT_SHARE)
    of_bright = float(change[_bright(patch)].mean())
    up = max(LIFT_STOPS * strength - lit, MIDDLE_LIFT_STOPS * strength - quantile(change, 0.5), -of_bright)
    stops += np.float32(up)
    shade = np.clip(lit + up - stops @ REC709_LUMA, 0, SHADE_MOST_STOPS)
    stops += (shade * layers.by_skin)[..., None] * _tint(patch.skin_rgb)
    stops = np.minimum(stops, _headroom(patch)[..., None])
    out = np.empty((*stops.shape[:2], 6), np.float32)
    np.exp2(stops + patch.stops, out=out[..., :3])
    gloss = np.float32(strength * (GLOSS_SHARE + (1 - GLOSS_SHARE) * crisp))
    out[..., 3:] = gloss * layers.gloss - np.float32(patch.black) * out[..., :3]
    return out


def _by_skin(skin: SkinCells) -> np.ndarray:
    """Return (g, g) float32: 1 on the face, fading to 0 off it."""
    near = cv2.GaussianBlur(skin.mask.astype(np.float32), (0, 0), SHADE_REACH_FACES * skin.face_cells)
    return np.clip(near * 2, 0, 1)


def _bright(patch: Patch) -> np.ndarray:
    """Return (n,) bool: the skin cells that are lit now; a lamp from the other side may not darken them."""
    light = (patch.linear @ REC709_LUMA).ravel()[patch.skin.index]
    return light >= quantile(light, LIT_SHARE)


def _headroom(patch: Patch) -> np.ndarray:
    """Return (g, g) stops by which each place may be lifted before its highlights are lost; never below nothing."""
    light = cv2.GaussianBlur(patch.linear.max(2), (0, 0), HIGHLIGHT_CM * patch.cells_per_cm)
    room = np.log2(np.float32(HIGHLIGHT_MOST) / np.maximum(light, np.float32(LEAST))) - patch.stops.max(2)
    return np.maximum(room, 0)


def _tint(skin_rgb: np.ndarray) -> np.ndarray:
    """Return the stops (3,) that a stop of shade takes on of skin's own colour: what one more bounce does.

    Its luminance stays: it is no second shade. Skin that is red already takes on less, at last nothing.
    """
    red, green, _ = np.maximum(skin_rgb, LEAST)
    share = SHADE_TINT * (1 - _ramp(math.log2(red / green), *RED_ALREADY))
    light = max(float(skin_rgb @ REC709_LUMA), LEAST)
    off_grey = np.clip(np.log2(np.maximum(skin_rgb, LEAST) / light), -TINT_MOST_STOPS, TINT_MOST_STOPS)
    tinted = float(REC709_LUMA @ (skin_rgb * np.exp2(share * off_grey)))
    return (share * off_grey - math.log2(max(tinted, LEAST) / light)).astype(np.float32)


def _bearable(layers: _Layers, patch: Patch, strength: float, limits: Limits) -> float:
    """Return the greatest strength, not above the one asked for, at which the change holds the limits; 0 for none."""
    tried = strength
    for _ in range(STEPS_DOWN):
        over = _over(foretell(patch.linear, _laid(layers, patch, tried), patch.skin), limits)
        if over <= HOLDS:
            return tried
        tried *= min(1 / over, STEP_LEAST)
    return 0.0


def _over(told: Foretold, limits: Limits) -> float:
    return max(told.contrast_stops / limits.contrast_stops, told.edge_stops / limits.edge_stops)


def _ramp(x: float, none: float, full: float) -> float:
    return min(max((x - none) / (full - none), 0.0), 1.0)
