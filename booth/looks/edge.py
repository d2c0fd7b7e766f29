"""The sitter's own colours at the matte's edge, so that no old background lives in the hair.

Owns two estimates of foreground colour: a blurred low-resolution one for the mirror, a multilevel one for the still.
"""

from __future__ import annotations

import cv2
import numpy as np

LIVE_GRID_PX = (160, 90)  # blurred colours need no more
_FLOOR = np.float32(0.004)


def _spread(rgb: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the colours of weighted pixels carried into the unweighted ones, nearest scale first."""
    out: np.ndarray | None = None
    for sigma in (12.0, 4.0, 1.6):
        w = cv2.GaussianBlur(weight, (0, 0), sigma)
        colour = cv2.GaussianBlur(rgb * weight[..., None], (0, 0), sigma) / np.maximum(w, _FLOOR)[..., None]
        trust = np.clip(w / 0.1, 0, 1)[..., None]
        out = colour if out is None else out + trust * (colour - out)
    assert out is not None
    return out


def live_foreground(rgb: np.ndarray, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the sitter's and the room's local colours, each (90, 160, 3) float32 0..1.

    `rgb` (H, W, 3) and `alpha` (H, W) are uint8. In a mixed pixel of alpha a the sitter's own colour is about
    fore + a * (seen - a * fore - (1 - a) * behind).
    """
    low = cv2.resize(rgb, LIVE_GRID_PX, interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)
    a = cv2.resize(alpha, LIVE_GRID_PX, interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)
    return _spread(low, a**4), _spread(low, (1 - a) ** 4)


def still_foreground(rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Return the sitter's own colours everywhere, (H, W, 3) float32 0..1; both inputs float32 0..1 of one size."""
    from pymatting import estimate_foreground_ml  # late: it compiles, and the mirror never needs it

    return np.asarray(estimate_foreground_ml(rgb, alpha), np.float32)
