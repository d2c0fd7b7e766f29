"""The white border round the mirror that lights the sitter; under all that stands on the page."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from booth.draw.scene import Rect
from booth.draw.theme import Colour

SIDE_FRAC = 0.12  # of the mirror's width, each side
EDGE_UNITS = 4.0  # above and below
SOFT_UNITS = 2.5  # over which it fades into the picture
SEEN = 1 / 255


@lru_cache(maxsize=2)
def _mask(w: int, h: int, side: int, edge: int, soft: int) -> np.ndarray:
    """Return (h, w, 3) uint8: 255 in the border, 0 in the picture."""
    x = np.minimum(np.arange(w), np.arange(w)[::-1])[None, :]
    y = np.minimum(np.arange(h), np.arange(h)[::-1])[:, None]
    inside = np.minimum(np.clip((x - side) / soft, 0, 1), np.clip((y - edge) / soft, 0, 1))
    return np.repeat(np.round(255 * (1 - inside * inside * (3 - 2 * inside))).astype(np.uint8)[..., None], 3, 2)


def draw_glow(canvas: np.ndarray, mirror: Rect, level: float, colour: Colour, unit_px: float) -> None:
    """Lay the border over the mirror's edges on `canvas` (H, W, 3) uint8; `level` 0..1 is linear light."""
    if level < SEEN:
        return
    side, edge, soft = round(SIDE_FRAC * mirror.w), round(EDGE_UNITS * unit_px), max(1, round(SOFT_UNITS * unit_px))
    mask = _mask(mirror.w, mirror.h, side, edge, soft)
    part = canvas[mirror.y : mirror.bottom, mirror.x : mirror.right]
    share = min(1.0, level) ** (1 / 2.2)
    wide, high = side + soft, edge + soft
    rows, columns = slice(high, mirror.h - high), slice(0, mirror.w)
    for strip in (
        np.s_[:high, columns],
        np.s_[mirror.h - high :, columns],
        np.s_[rows, :wide],
        np.s_[rows, mirror.w - wide :],
    ):
        shine = cv2.convertScaleAbs(mask[strip], alpha=share)
        keep = cv2.bitwise_not(shine)
        tint = cv2.multiply(shine, (*colour, 0), scale=1 / 255)
        part[strip] = cv2.add(cv2.multiply(part[strip], keep, scale=1 / 255), tint)
