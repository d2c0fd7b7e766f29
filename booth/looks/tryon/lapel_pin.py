"""A lapel pin, or a badge with a name, on the chest at the sitter's own left."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from booth.core.assets import asset
from booth.core.landmarks import CHIN, FOREHEAD_TOP
from booth.core.types import Face

ASIDE, BELOW = 0.62, 0.78  # of the face's height, from the chin toward image right and down
EDGE, NEAREST = 0.06, 0.35  # of the face's height: kept free below it, and the least it is below the chin
PIN_FACES, BADGE_FACES = 0.075, (0.62, 0.2)
MAX_SIGNS = 26


def draw_pin(rgb: np.ndarray, alpha: np.ndarray | None, face: Face, colour: str, name: str | None) -> np.ndarray:
    """Return (H, W, 3) uint8 with a pin of the colour, or a badge where there is a name; only on the sitter."""
    height, width = rgb.shape[:2]
    points = face.points_px(width, height)
    high = float(np.hypot(*(points[CHIN] - points[FOREHEAD_TOP])))
    x, y = points[CHIN] + (ASIDE * high, BELOW * high)
    plate = _badge(name, colour, round(high)) if name else _round(colour, round(high))
    h, w = plate.shape[:2]
    x0, y0 = round(x - w / 2), min(round(y - h / 2), height - h - round(EDGE * high))
    if y0 < points[CHIN][1] + NEAREST * high:
        return rgb  # the picture ends too soon below the chin
    if x0 < 0 or y0 < 0 or x0 + w > width or y0 + h > height:
        return rgb
    part = np.s_[y0 : y0 + h, x0 : x0 + w]
    share = plate[..., 3:].astype(np.float32) / 255
    if alpha is not None:
        share = share * (alpha[part][..., None].astype(np.float32) / (255 if alpha.dtype == np.uint8 else 1))
    out = rgb.copy()
    out[part] = np.clip(rgb[part] * (1 - share) + plate[..., :3] * share + 0.5, 0, 255).astype(np.uint8)
    return out


@lru_cache(maxsize=8)
def _round(colour: str, high: int) -> np.ndarray:
    side = max(5, round(PIN_FACES * high))
    plate = Image.new("RGBA", (4 * side, 4 * side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(plate)
    pen.ellipse((0, 0, 4 * side - 1, 4 * side - 1), fill=(232, 222, 200, 255))
    pen.ellipse((side * 0.4, side * 0.4, side * 3.6, side * 3.6), fill=colour)
    pen.ellipse((side * 1.0, side * 0.8, side * 2.0, side * 1.6), fill=(255, 255, 255, 90))
    return np.asarray(plate.resize((side, side), Image.Resampling.LANCZOS))


@lru_cache(maxsize=8)
def _badge(name: str, colour: str, high: int) -> np.ndarray:
    width, height = (max(8, round(share * high)) for share in BADGE_FACES)
    plate = Image.new("RGBA", (2 * width, 2 * height), (0, 0, 0, 0))
    pen = ImageDraw.Draw(plate)
    pen.rounded_rectangle((0, 0, 2 * width - 1, 2 * height - 1), height * 0.3, fill=(250, 249, 246, 255))
    pen.rectangle((0, 2 * height * 0.82, 2 * width - 1, 2 * height - 1), fill=colour)
    shown = name[:MAX_SIGNS]
    size = round(height * 0.9)
    while size > 6 and pen.textlength(shown, _font(size, shown)) > 1.8 * width:
        size -= 1
    pen.text((width, height * 0.82), shown, fill=(28, 28, 30), font=_font(size, shown), anchor="mm")
    return np.asarray(plate.resize((width, height), Image.Resampling.LANCZOS))


def _font(size: int, text: str) -> ImageFont.FreeTypeFont:
    family = next((name for first, name in _SCRIPTS if any(sign >= first for sign in text)), "NotoSans")
    return ImageFont.truetype(str(asset("fonts", f"{family}-SemiBold.ttf")), size)


_SCRIPTS = (("\u3040", "NotoSansJP"), ("\u0900", "NotoSansDevanagari"), ("\u0600", "NotoSansArabic"))
