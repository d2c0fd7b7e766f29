"""Bringing sitter and backdrop into one light: the colour that wraps the edge, and small gains on the sitter."""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.color import luminance
from booth.looks.backdrop.tone import to_linear

EDGE_LIGHT_PX = (160, 90)
_SPREAD_FRAC = 0.06  # of the map's height: the light of a place reaches its neighbourhood
_MID_LIGHT = 0.2  # linear light of a backdrop that asks for no change: a mid-grey paper
_STOPS_PER_STOP = 0.07  # a scene a stop lighter lifts the sitter by this; flare and fill do as much in a real studio
_CAST_SHARE = 0.12  # share of the backdrop's own cast that its light throws on the sitter
_TOP = 0.98  # sitter's brightest percent may reach this and no more


def edge_light(backdrop: np.ndarray) -> np.ndarray:
    """Return (90, 160, 3) float32 0..1 sRGB-coded: the backdrop's blurred colour, for light that wraps round the edge.

    Takes any size, uint8 or float 0..1. Blurred as light, so that a lamp reaches further than its shade.
    """
    small = cv2.resize(backdrop, EDGE_LIGHT_PX, interpolation=cv2.INTER_AREA)
    coded = small.astype(np.float32) / 255 if small.dtype == np.uint8 else small.astype(np.float32)
    light = cv2.GaussianBlur(coded * coded, (0, 0), _SPREAD_FRAC * EDGE_LIGHT_PX[1])
    return cv2.sqrt(light)


def harmonise(
    sitter_rgb: np.ndarray,
    alpha: np.ndarray,
    backdrop_mean: np.ndarray,
    cap_stops: float = 0.25,
    cap_wb: float = 0.06,
) -> np.ndarray:
    """Return (3,) float32 gains on the sitter's linear light that set them in the scene.

    The gains follow from the backdrop's mean colour (3,), sRGB-coded 0..1, alone: exposure by at most `cap_stops`, each
    channel by at most `cap_wb` around it. The sitter (H, W, 3) coded 0..1 with `alpha` (H, W) 0..1 is looked at only to
    keep highlights from clipping; nobody is drawn toward some brightness or colour of face.
    """
    light = to_linear(np.asarray(backdrop_mean, np.float32)) + np.float32(1e-4)
    level = float(luminance(light))
    stops = float(np.clip(_STOPS_PER_STOP * np.log2(level / _MID_LIGHT), -cap_stops, cap_stops))
    cast = np.clip((light + 0.05) / (level + 0.05), 0.25, 4) ** _CAST_SHARE
    cast = np.clip(cast / float(luminance(cast)), 1 - cap_wb, 1 + cap_wb)
    gain = cast * 2**stops
    inside = sitter_rgb[alpha > 0.9]
    if stops > 0 and len(inside) >= 50:
        bright = np.quantile(to_linear(inside), 0.99, axis=0)
        gain = gain * np.clip(_TOP / np.max(np.maximum(bright, 1e-3) * gain), 2**-stops, 1)
    gains: np.ndarray = gain.astype(np.float32)
    return gains
