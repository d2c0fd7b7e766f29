"""The operator's logo on the first and the last page."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from booth.faults import Fault
from booth.overlays.theme import Colour

_MOST_PX = 1200  # of the longer side: more is never shown


def load_logo(file: str, ground: Colour) -> np.ndarray | None:
    """Return the logo laid on the page's colour as (h, w, 3) uint8, or None where no file is named.

    Fault `brand.logo` for a file that is missing or no picture.
    """
    if not file:
        return None
    path = Path(file).expanduser()
    try:
        with Image.open(path) as opened:
            opened.thumbnail((_MOST_PX, _MOST_PX))
            rgba = np.asarray(opened.convert("RGBA"), np.float32)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise Fault("brand.logo", f"The logo {path} is not a picture.", "Set screen.logo to a PNG or JPEG.") from error
    alpha = rgba[..., 3:] / 255
    return np.ascontiguousarray(cv2.convertScaleAbs(rgba[..., :3] * alpha + np.array(ground, np.float32) * (1 - alpha)))
