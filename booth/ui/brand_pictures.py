"""The operator's pictures on the first page: the logo, and what stands behind the words."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from booth.capture.photo.reader import FORMATS, MAX_FILE_BYTES
from booth.core.bounded_read import read_bounded
from booth.core.faults import Fault
from booth.draw.theme import READABLE, Palette, contrast

_MAX_PX = 1200  # of a logo's longer side: more is never shown
_MAX_GROUND_PX = 2560
_STRENGTHS = (0.6, 0.5, 0.4, 0.3, 0.2, 0.1)  # of a background over the page's colour, from the strongest

_BRIGHTEST = 99.0  # percentile of the background's contrast that has to be readable: single pixels may glint
_SAMPLE = 64


def load_logo(file: str, palette: Palette) -> np.ndarray | None:
    """Return the logo laid on the page's colour as (h, w, 3) uint8, or None where no file is named.

    Fault `brand.logo` for a file that is missing or no picture.
    """
    if not file:
        return None
    try:
        rgba = np.asarray(_opened(file, _MAX_PX).convert("RGBA"), np.float32)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise Fault("brand.logo", f"The logo {file} is not a picture.", "Set it to a PNG or JPEG.") from error
    return _laid(rgba[..., :3], palette, rgba[..., 3:] / 255)


def load_background(file: str, palette: Palette) -> np.ndarray | None:
    """Return the picture behind the first page as (h, w, 3) uint8, as strong as the words over it stay readable.

    None where no file is named; Fault `brand.background` for one that is missing or no picture.
    """
    if not file:
        return None
    try:
        rgb = np.asarray(_opened(file, _MAX_GROUND_PX).convert("RGB"), np.float32)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        says = f"The background {file} is not a picture."
        raise Fault("brand.background", says, "Set it to a PNG or JPEG.") from error
    return _laid(rgb, palette, np.float32(_strength(rgb, palette)))


def _opened(file: str, most_px: int) -> Image.Image:
    content = read_bounded(Path(file).expanduser(), MAX_FILE_BYTES)
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        opened.thumbnail((most_px, most_px))
        opened.load()
        return opened.copy()


def _laid(rgb: np.ndarray, palette: Palette, share: np.ndarray | np.float32) -> np.ndarray:
    ground = np.array(palette.ink, np.float32)
    return np.ascontiguousarray(cv2.convertScaleAbs(np.asarray(rgb * share + ground * (1 - share), np.float32)))


def _strength(rgb: np.ndarray, palette: Palette) -> float:
    """How much of the background may show under text of the palette's quieter colour."""
    small = cv2.resize(rgb, (_SAMPLE, _SAMPLE), interpolation=cv2.INTER_AREA)
    for strength in _STRENGTHS:
        laid = _laid(small, palette, np.float32(strength)).reshape(-1, 3)
        ratios = [contrast(palette.muted, (int(r), int(g), int(b))) for r, g, b in laid[::4]]
        if np.percentile(ratios, 100 - _BRIGHTEST) >= READABLE:
            return strength
    return 0.0
