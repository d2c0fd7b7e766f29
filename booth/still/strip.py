"""The 2x6 inch strip: three square pictures below each other on white, as photo booths have always given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageOps

from booth.core.types import frozen

PICTURES = 3
SIDE_IN, MARGIN_IN, WIDTH_IN, HEIGHT_IN = 1.85, 0.075, 2.0, 6.0  # the rest below the pictures is for a line of text
DPI = 300


def strip_of(pictures: Sequence[np.ndarray], want_px: tuple[int, int] | None = None) -> np.ndarray:
    """Lay square (N, N, 3) uint8 pictures out as a strip, the last one repeated up to three.

    600x1800 pixels where the pictures hold that many; less, in the same proportions, where they do not. With `want_px`
    the strip stands in the middle of a white page of exactly that size. ValueError for none.
    """
    if not pictures:
        raise ValueError("a strip needs at least one picture")
    scale = min(DPI, min(p.shape[0] for p in pictures) / SIDE_IN)
    side, margin = round(SIDE_IN * scale), round(MARGIN_IN * scale)
    strip = np.full((round(HEIGHT_IN * scale), round(WIDTH_IN * scale), 3), 255, np.uint8)
    chosen = [*pictures, *[pictures[-1]] * PICTURES][:PICTURES]
    for index, picture in enumerate(chosen):
        top = margin + index * (side + margin)
        small = Image.fromarray(picture).resize((side, side), Image.Resampling.LANCZOS)
        strip[top : top + side, margin : margin + side] = np.asarray(small)
    return frozen(strip if want_px is None else _on_page(strip, want_px))


def _on_page(strip: np.ndarray, size_px: tuple[int, int]) -> np.ndarray:
    fitted = ImageOps.contain(Image.fromarray(strip), size_px, Image.Resampling.LANCZOS)
    page = Image.new("RGB", size_px, "white")
    page.paste(fitted, ((size_px[0] - fitted.width) // 2, (size_px[1] - fitted.height) // 2))
    return np.asarray(page).copy()
