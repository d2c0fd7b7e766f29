"""The still's pixel loop: the sitter's own colours over the backdrop, light round the edge, grade, all in one pass.

Writes into the picture it reads, so that 24 megapixels need no second copy; the backdrop's plate may be smaller than
the picture. The arithmetic is the mirror's (`compose.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from booth.core.color import REC601_WEIGHTS
from booth.core.compiled import numba, read_only
from booth.looks.composite import EDGE_FLOOR, _falloff, _own_colour, _sample, _toned
from booth.looks.edge_colors import SURE
from booth.looks.row_bands import in_bands

_jit = numba.njit(cache=True, nogil=True, fastmath=True)
_inline = numba.njit(cache=True, nogil=True, fastmath=True, inline="always")
_LUMA = (np.float32(REC601_WEIGHTS[0]), np.float32(REC601_WEIGHTS[1]), np.float32(REC601_WEIGHTS[2]))
_NO_GRAIN = np.zeros((1, 1, 3), np.float32)
_NONE_KEPT = np.zeros((2, 2, 1), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """What a still is composed of besides its own pixels; every map may be smaller than the picture."""

    fore: np.ndarray  # (h, w, 3) float32 0..1: the sitter's own colours
    behind: np.ndarray  # (h, w, 3) float32: the old room's
    plate: np.ndarray  # (h, w, 3) float32: the new backdrop, ungraded
    wrap: np.ndarray  # (h, w, 3) float32: light to add at the sitter's edge
    tint: np.ndarray  # (3,) float32: gains on the sitter's coded colours
    grain: np.ndarray | None = None  # (n, n, 3) float32 noise of unit strength, tiled over the plate
    grain_sigma: tuple[float, float, float] = (0.0, 0.0, 0.0)  # its strength in dark, middle and light parts
    kept: np.ndarray | None = None  # (h, w) float32 0..1: how much of the picture's own pixels stays beside the sitter


@dataclass(frozen=True, slots=True, eq=False)
class Grading:
    """A look's grade as the pixel loop wants it."""

    matrix: np.ndarray  # (3, 3) float32
    table: np.ndarray  # (TABLE_SIZE, 3) float32
    loss: float
    is_plain: bool


def compose_still(rgb: np.ndarray, alpha: np.ndarray, layers: Layers, grading: Grading) -> np.ndarray:
    """Compose an (H, W, 3) float32 0..1 picture with its matte (H, W) float32 in place, and return it."""
    kept = _NONE_KEPT if layers.kept is None else np.ascontiguousarray(layers.kept[..., None])
    maps = tuple(map(read_only, (layers.fore, layers.behind, layers.plate, layers.wrap, kept)))
    tile = read_only(_NO_GRAIN if layers.grain is None else layers.grain)
    grain = (tile, np.array(layers.grain_sigma, np.float32))
    grade = (grading.matrix, grading.table, np.float32(grading.loss), grading.is_plain)
    alpha = read_only(np.ascontiguousarray(alpha, np.float32))
    in_bands(rgb.shape[0], lambda top, end: _rows(top, end, rgb, alpha, maps, layers.tint, grain, grade))
    return rgb


@_inline
def _grain_at(luma, sigma):  # type: ignore[no-untyped-def]
    """The grain's strength at a coded luma: known at .15, .4 and .7, straight between them."""
    low = min(max((luma - np.float32(0.15)) / np.float32(0.25), np.float32(0)), np.float32(1))
    high = min(max((luma - np.float32(0.4)) / np.float32(0.3), np.float32(0)), np.float32(1))
    return sigma[0] + low * (sigma[1] - sigma[0]) + high * (sigma[2] - sigma[1])


@_inline
def _between_rows(plate, at, out):  # type: ignore[no-untyped-def]
    """Write the plate's row at a fractional height into `out` (w + 1, 3), its last column twice."""
    at = min(max(at, np.float32(0)), np.float32(plate.shape[0] - 1))
    above = int(at)
    below = min(above + 1, plate.shape[0] - 1)
    share = at - np.float32(above)
    for x in range(plate.shape[1]):
        for c in range(3):
            out[x, c] = plate[above, x, c] + share * (plate[below, x, c] - plate[above, x, c])
    out[plate.shape[1]] = out[plate.shape[1] - 1]


@_inline
def _with_grain(colour, noise, sigma):  # type: ignore[no-untyped-def]
    """Lay a pixel of noise on the backdrop's colour, in place."""
    luma = _LUMA[0] * colour[0] + _LUMA[1] * colour[1] + _LUMA[2] * colour[2]
    strength = _grain_at(luma, sigma)
    for c in range(3):
        colour[c] = min(max(colour[c] + strength * noise[c], np.float32(0)), np.float32(1))


@_jit
def _rows(top, end, rgb, alpha, maps, tint, grain, grade):  # type: ignore[no-untyped-def]  # noqa: PLR0913, C901
    """Compose the rows from `top` to before `end`."""
    fore, behind, plate, wrap, kept = maps
    tile, sigma = grain
    matrix, table, loss, plain = grade
    height, width = np.float32(alpha.shape[0]), np.float32(alpha.shape[1])
    half, one, zero = np.float32(0.5), np.float32(1), np.float32(0)
    fy, fx = np.float32(fore.shape[0]) / height, np.float32(fore.shape[1]) / width
    py, px = np.float32(plate.shape[0]) / height, np.float32(plate.shape[1]) / width
    wy, wx = np.float32(wrap.shape[0]) / height, np.float32(wrap.shape[1]) / width
    ky, kx = np.float32(kept.shape[0]) / height, np.float32(kept.shape[1]) / width
    last, n = np.float32(plate.shape[1] - 1), tile.shape[0]
    row = np.empty((plate.shape[1] + 1, 3), np.float32)
    ground, v = np.empty(3, np.float32), np.empty(3, np.float32)
    for y in range(top, end):
        at_y = np.float32(y) + half
        lf, lw = at_y * fy - half, at_y * wy - half
        _between_rows(plate, at_y * py - half, row)
        for x in range(alpha.shape[1]):
            at_x = np.float32(x) + half
            a = alpha[y, x]
            if a < SURE:
                at = min(max(at_x * px - half, zero), last)
                left = int(at)
                share = at - np.float32(left)
                for c in range(3):
                    ground[c] = row[left, c] + share * (row[left + 1, c] - row[left, c])
                if n > 1:
                    _with_grain(ground, tile[y % n, x % n], sigma)
            if a <= 0:
                v[0], v[1], v[2] = ground[0], ground[1], ground[2]
            else:
                light = _sample(wrap, lw, at_x * wx - half, 1)
                for c in range(3):
                    v[c] = tint[c] * rgb[y, x, c]
                    if a < SURE:
                        at = at_x * fx - half
                        own = _own_colour(rgb[y, x, c], a, _sample(fore, lf, at, c), _sample(behind, lf, at, c))
                        v[c] = a * tint[c] * own + (one - a) * ground[c]
                    if light > EDGE_FLOOR:
                        v[c] += a * _sample(wrap, lw, at_x * wx - half, c) * (one - v[c])
            if a < SURE and kept.shape[0] > 2:
                share = _sample(kept, at_y * ky - half, at_x * kx - half, 0)
                for c in range(3):
                    v[c] += share * (tint[c] * rgb[y, x, c] - v[c])
            if plain:
                rgb[y, x, 0], rgb[y, x, 1], rgb[y, x, 2] = v[0], v[1], v[2]
                continue
            dim = _falloff(np.float32(y), np.float32(x), height, width, loss)
            for c in range(3):
                mixed = matrix[c, 0] * v[0] + matrix[c, 1] * v[1] + matrix[c, 2] * v[2]
                rgb[y, x, c] = dim * _toned(mixed, table, c)
