"""Puts a whole outfit on a picture: clothes first, then what is pinned on them, then what is on the nose."""

from __future__ import annotations

import numpy as np

from booth.core.types import Face
from booth.looks.tryon.clothes import recolour
from booth.looks.tryon.lapel_pin import draw_pin
from booth.looks.tryon.outfit import NONE, Outfit
from booth.looks.tryon.spectacles import FRAMES, draw


def apply_outfit(
    rgb: np.ndarray, face: Face, outfit: Outfit, cloth: np.ndarray | None, alpha: np.ndarray | None = None
) -> np.ndarray:
    """Return an (H, W, 3) uint8 picture with the outfit on; the picture itself where nothing is.

    `cloth` (H, W) float32 0..1 is where clothes are, None where that is not known yet; `alpha` (H, W) the matte.
    """
    if cloth is not None and (lab := outfit.cloth_lab) is not None:
        rgb = recolour(rgb, cloth, lab)
    if outfit.pin != NONE:
        rgb = draw_pin(rgb, alpha, face, outfit.brand, outfit.name if outfit.pin == "badge" else None)
    return rgb if outfit.spectacles == NONE else draw(rgb, face, FRAMES[outfit.spectacles])
