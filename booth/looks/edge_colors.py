"""The sitter's own colours at the matte's edge, so that no old background lives in the hair.

Owns two estimates of foreground colour: a blurred low-resolution one for the mirror, a multilevel one for the still.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.area_mean import reduced
from booth.core.compiled import numba, read_only
from booth.perception.foreground import estimate_foreground

LIVE_GRID_PX = (160, 90)  # blurred colours need no more
STILL_GRID_PX = 1280  # the multilevel estimate's longest side: .3 s; hair colours vary no faster
SURE = np.float32(0.995)  # alpha from which a pixel is all sitter
SPREAD_PX = (25, 9, 3)  # boxes, twice each, on the grid: far, near, at hand
_FLOOR = np.float32(0.004)


def _spread(rgb: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the colours of weighted pixels carried into the unweighted ones, nearest scale first."""
    weighted = cv2.merge([*cv2.split(rgb * weight[..., None]), weight])
    far, mid, near = (cv2.blur(cv2.blur(weighted, (side, side)), (side, side)) for side in SPREAD_PX)
    out = np.empty(rgb.shape, np.float32)
    _settled(far, mid, near, out)
    return cv2.blur(out, (3, 3))  # no cell of the grid shows in thin hair


def _reduced(picture: np.ndarray) -> np.ndarray:
    """Return a uint8 picture as float32 0..1 on the grid."""
    return reduced(picture, LIVE_GRID_PX).astype(np.float32) / np.float32(255)


@numba.njit(cache=True, nogil=True, fastmath=True)
def _settled(far, mid, near, out):  # type: ignore[no-untyped-def]
    """Write the weighted mean colour, of the nearest scale that holds enough of it; inputs (h, w, 4), weight last."""
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            for c in range(3):
                colour = far[y, x, c] / max(far[y, x, 3], _FLOOR)
                for level in (mid, near):
                    weight = level[y, x, 3]
                    share = min(weight * np.float32(10), np.float32(1))
                    colour += share * (level[y, x, c] / max(weight, _FLOOR) - colour)
                out[y, x, c] = colour


def live_foreground(rgb: np.ndarray, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the sitter's and the room's local colours, each (90, 160, 3) float32 0..1.

    `rgb` (H, W, 3) and `alpha` (H, W) are uint8. In a mixed pixel of alpha a the sitter's own colour is about
    fore + a * (seen - a * fore - (1 - a) * behind).
    """
    low, a = _reduced(rgb), _reduced(alpha)
    return _spread(low, a**4), _spread(low, (1 - a) ** 4)


def still_colours(rgb: np.ndarray, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the sitter's and the old room's own colours, each (h, w, 3) float32 0..1, at most `STILL_GRID_PX` long.

    `rgb` (H, W, 3) and `alpha` (H, W) are float32 0..1.
    """
    height, width = alpha.shape
    scale = min(1.0, STILL_GRID_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    low, a = (m if scale == 1.0 else cv2.resize(m, size, interpolation=cv2.INTER_AREA) for m in (rgb, alpha))
    low, a = np.ascontiguousarray(low, np.float32), np.ascontiguousarray(a, np.float32)
    return estimate_foreground(low, a)


def still_foreground(rgb: np.ndarray, alpha: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return the sitter's own colours everywhere, (H, W, 3) float32 0..1, in `out` if given, which may be `rgb`.

    `rgb` (H, W, 3) and `alpha` (H, W) are float32 0..1. Estimated on at most `STILL_GRID_PX`; a larger picture's mixed
    pixels take the estimate and keep of their own detail what the mixture leaves unexplained.
    """
    fore, behind = still_colours(rgb, alpha)
    out = np.empty(rgb.shape, np.float32) if out is None else out
    _own_colours(read_only(np.ascontiguousarray(rgb)), read_only(np.ascontiguousarray(alpha)), fore, behind, out)
    return out


@numba.njit(cache=True, nogil=True, fastmath=True)
def _own_colours(rgb, alpha, fore, behind, out):  # type: ignore[no-untyped-def]
    """Write the sitter's own colours: the picture itself where all is sitter, the estimate where mixed."""
    height, width = alpha.shape
    h, w = fore.shape[0], fore.shape[1]
    sy, sx = np.float32(h) / height, np.float32(w) / width
    half, one, zero = np.float32(0.5), np.float32(1), np.float32(0)
    for y in range(height):
        ly = min(max((y + half) * sy - half, zero), np.float32(h - 1))
        iy = min(int(ly), max(h - 2, 0))
        jy, fy = min(iy + 1, h - 1), ly - np.float32(iy)
        for x in range(width):
            a = alpha[y, x]
            if a >= SURE:
                for c in range(3):
                    out[y, x, c] = rgb[y, x, c]
                continue
            lx = min(max((x + half) * sx - half, zero), np.float32(w - 1))
            ix = min(int(lx), max(w - 2, 0))
            jx, fx = min(ix + 1, w - 1), lx - np.float32(ix)
            for c in range(3):
                above = fore[iy, ix, c] + fx * (fore[iy, jx, c] - fore[iy, ix, c])
                below = fore[jy, ix, c] + fx * (fore[jy, jx, c] - fore[jy, ix, c])
                own = above + fy * (below - above)
                above = behind[iy, ix, c] + fx * (behind[iy, jx, c] - behind[iy, ix, c])
                below = behind[jy, ix, c] + fx * (behind[jy, jx, c] - behind[jy, ix, c])
                room = above + fy * (below - above)
                own += a * (rgb[y, x, c] - a * own - (one - a) * room)
                out[y, x, c] = min(max(own, zero), one)
