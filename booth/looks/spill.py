"""The old wall's colour on the sitter's rim: light that a coloured wall throws on hair and shoulders, and lens fringes.

Only its chroma is taken away, along the way from the sitter's own colour farther in to the wall's; a grey wall has none
and costs nothing. Brightness stays: a lit rim may be meant.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.color import REC601_LUMA
from booth.core.compiled import numba, read_only

GRID_PX = 640  # longest side of the map of spill
DEPTH_FACES = 0.035  # how far in from the outline it is looked for, in face heights
INNER_FACES = 0.03  # the sitter's own colour is taken from farther in than this
SPREAD_FACES = (0.6, 0.15, 0.05)  # how far colours are carried, nearest last
ENOUGH = 0.15  # share of sure pixels in reach from which a nearer colour replaces a farther one
COLOURED = (0.08, 0.2)  # chroma between wall and sitter, coded 0..1: below the first nothing is done
USUAL = 0.08  # share of that way which is the sitter's own variety

_jit = numba.njit(cache=True, nogil=True, fastmath=True)


def spill_map(rgb: np.ndarray, alpha: np.ndarray, face_px: float) -> np.ndarray | None:
    """Return what to take from each place, (h, w, 3) float32, at most `GRID_PX` long; None where there is no spill.

    `rgb` (H, W, 3) and `alpha` (H, W) float32 0..1; `face_px` the face's height in pixels.
    """
    height, width = alpha.shape
    scale = min(1.0, GRID_PX / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    low, matte = (cv2.resize(m, size, interpolation=cv2.INTER_AREA) for m in (rgb, alpha))
    face_cells = face_px * scale
    wall = _carried(low, (matte < 0.02).astype(np.float32), face_cells)
    inner = max(1, round(INNER_FACES * face_cells))
    sure = cv2.erode((matte > 0.98).astype(np.uint8), np.ones((2 * inner + 1, 2 * inner + 1), np.uint8), borderValue=1)
    own = _carried(low, sure.astype(np.float32), face_cells)
    way = _chroma(wall) - _chroma(own)
    length = np.sqrt((way * way).sum(-1))
    gate = np.clip((length - COLOURED[0]) / np.float32(COLOURED[1] - COLOURED[0]), 0, 1) * _rim(matte, face_cells)
    if not (gate > 0).any():
        return None
    along = ((_chroma(low) - _chroma(own)) * way).sum(-1) / np.maximum(length * length, np.float32(1e-4))
    share = gate * np.clip(along - np.float32(USUAL), 0, 1)
    return np.ascontiguousarray(share[..., None] * way, np.float32)


def take_spill(rgb: np.ndarray, spill: np.ndarray) -> None:
    """Take a map of spill from an (H, W, 3) float32 picture 0..1, in place."""
    _take(rgb, read_only(spill))


def _chroma(rgb: np.ndarray) -> np.ndarray:
    return rgb - (rgb @ REC601_LUMA.astype(np.float32))[..., None]


def _rim(matte: np.ndarray, face_cells: float) -> np.ndarray:
    """Return (h, w) float32: 1 on the outline and in what is mixed, falling to 0 at `DEPTH_FACES` farther in."""
    deep = cv2.distanceTransform((matte > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    rim = np.clip(1.5 - deep / np.float32(max(1.0, DEPTH_FACES * face_cells)), 0, 1)
    return rim * (matte > 0.02)


def _carried(low: np.ndarray, weight: np.ndarray, face_cells: float) -> np.ndarray:
    """Return the mean colour of weighted places, carried everywhere, nearest first."""
    out = np.full(low.shape, 0.5, np.float32)
    for reach in SPREAD_FACES:
        side = 2 * max(1, round(reach * face_cells)) + 1
        share = cv2.blur(weight, (side, side))
        near = cv2.blur(low * weight[..., None], (side, side)) / np.maximum(share, np.float32(1e-5))[..., None]
        out += np.clip(share / np.float32(ENOUGH), 0, 1)[..., None] * (near - out)
    return out


@_jit
def _take(rgb, spill):  # type: ignore[no-untyped-def]
    height, width = rgb.shape[0], rgb.shape[1]
    h, w = spill.shape[0], spill.shape[1]
    sy, sx = np.float32(h) / height, np.float32(w) / width
    half, one, zero = np.float32(0.5), np.float32(1), np.float32(0)
    for y in range(height):
        ly = min(max((np.float32(y) + half) * sy - half, zero), np.float32(h - 1.001))
        iy = int(ly)
        fy = ly - np.float32(iy)
        for x in range(width):
            lx = min(max((np.float32(x) + half) * sx - half, zero), np.float32(w - 1.001))
            ix = int(lx)
            fx = lx - np.float32(ix)
            for c in range(3):
                above = spill[iy, ix, c] + fx * (spill[iy, ix + 1, c] - spill[iy, ix, c])
                below = spill[iy + 1, ix, c] + fx * (spill[iy + 1, ix + 1, c] - spill[iy + 1, ix, c])
                rgb[y, x, c] = min(max(rgb[y, x, c] - (above + fy * (below - above)), zero), one)
