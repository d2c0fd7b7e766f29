"""Random numbers tied to places: the same seed and the same place give the same number at any size of picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

from booth.looks.backdrop.plane import Plane

_SPREAD = 0.2766  # standard deviation of cubic B-spline noise over uniform -1..1 knots: 0.5774 * 0.4791
_MIN_PX = 8  # a picture is not made smaller than this
_BAND_ROWS = 256  # of noise worked out at a time
_EASY_CELL_PX = 12.0  # coarser noise than this is made small and enlarged


def hash01(i: np.ndarray, j: np.ndarray, key: int) -> np.ndarray:
    """Return float32 0..1 for integer cells (broadcast together) and a key; the avalanche is the PCG-RXS-M-XS one."""
    with np.errstate(over="ignore"):
        word = np.asarray(i).astype(np.int64).astype(np.uint32) * np.uint32(0x9E3779B1)
        word = word ^ (np.asarray(j).astype(np.int64).astype(np.uint32) * np.uint32(0x85EBCA77) + np.uint32(0x165667B1))
        word = word + np.uint32((key * 0xC2B2AE3D) & 0xFFFFFFFF)
        for _ in range(2):
            word = word * np.uint32(747796405) + np.uint32(2891336453)
            word = ((word >> ((word >> np.uint32(28)) + np.uint32(4))) ^ word) * np.uint32(277803737)
            word = (word >> np.uint32(22)) ^ word
    return (word >> np.uint32(8)).astype(np.float32) * np.float32(1 / (1 << 24))


def key_of(seed: int, *parts: int) -> int:
    """Return one key for a seed and what it is used for."""
    key = seed & 0xFFFFFFFF
    for part in parts:
        key = (key * 0x01000193 ^ (part + 0x9E37)) & 0xFFFFFFFF
    return key


def _spline_rows(at: np.ndarray) -> tuple[csr_matrix, int]:
    """Return the (n, knots) cubic B-spline weights of positions `at` in cells, and the index of the first knot."""
    base = np.floor(at).astype(np.int64)
    t = (at - base).astype(np.float32)
    first = int(base.min()) - 1
    taps = np.stack([(1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3], 1) / np.float32(6)
    columns = (base - first - 1)[:, None] + np.arange(4)
    shape = (len(at), int(base.max()) + 3 - first)
    from scipy.sparse import csr_matrix  # late: it is long to load, and not every backdrop wants it

    return csr_matrix((taps.ravel(), columns.ravel(), np.arange(len(at) + 1) * 4), shape), first


def noise(plane: Plane, cell: float | tuple[float, float], key: int) -> np.ndarray:
    """Return (H, W) float32 smooth noise of mean 0 and standard deviation about 1, with knots `cell` faces apart.

    `cell` may be (x, y) for stretched noise. Cells finer than two pixels fade away, as an area mean would make them.
    """
    cell_x, cell_y = cell if isinstance(cell, tuple) else (cell, cell)
    coarse = min(cell_x, cell_y) * plane.face_px / _EASY_CELL_PX
    if coarse > 2 and min(plane.width_px, plane.height_px) > 2 * _MIN_PX:
        least = _MIN_PX / min(plane.width_px, plane.height_px)
        small = noise(plane.at(plane.face_px * max(1 / coarse, least), plane.height_px), cell, key)
        return cv2.resize(small, (plane.width_px, plane.height_px), interpolation=cv2.INTER_CUBIC)
    fade = float(np.clip(min(cell_x, cell_y) * plane.face_px - 1, 0, 1))
    if fade == 0:
        return np.zeros((plane.height_px, plane.width_px), np.float32)
    return np.concatenate([band for _, band in _bands(plane, (cell_x, cell_y), key, fade)])


def noise_bands(plane: Plane, cell: float, key: int) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield `noise` in bands of rows, (rows, (n, W) float32): fine noise is never whole in memory."""
    if cell * plane.face_px / _EASY_CELL_PX > 2 or cell * plane.face_px <= 1:
        yield slice(0, plane.height_px), noise(plane, cell, key)
        return
    yield from _bands(plane, (cell, cell), key, min(cell * plane.face_px - 1, 1.0))


def _bands(plane: Plane, cell: tuple[float, float], key: int, fade: float) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield rows and their noise; of the knots only those of a band are worked out, from their places as always."""
    x, y = plane.axes()
    across, i0 = _spline_rows(x[0].astype(np.float64) / cell[0])
    down, j0 = _spline_rows(y[:, 0].astype(np.float64) / cell[1])
    i = np.arange(across.shape[1])[None, :] + i0
    for top in range(0, plane.height_px, _BAND_ROWS):
        rows = slice(top, min(top + _BAND_ROWS, plane.height_px))
        part = down[rows]
        first, end = int(part.indices.min()), int(part.indices.max()) + 1
        j = np.arange(first, end)[:, None] + j0
        knots = (hash01(i, j, key) * 2 - 1) * np.float32(fade / _SPREAD)
        yield rows, part[:, first:end] @ np.ascontiguousarray((across @ knots.T).T)


def fbm(plane: Plane, cell: float, key: int, octaves: int = 4, gain: float = 0.5) -> np.ndarray:
    """Return (H, W) float32 of several octaves of noise from `cell` faces downwards; standard deviation about 1."""
    total = np.zeros((plane.height_px, plane.width_px), np.float32)
    power = 0.0
    for octave in range(octaves):
        weight = gain**octave
        total += np.float32(weight) * noise(plane, cell / 2.03**octave, key_of(key, octave))
        power += weight**2
    return total / np.float32(power**0.5)


def scatter(plane: Plane, cell: float, key: int, margin: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x, y (n,) in faces of one jittered point a cell, over the picture and `margin` faces round it.

    The third array is the (n, 2) int64 cell indices: the identity of each point, to be hashed for its other properties.
    """
    half_w, half_h = plane.half
    i = np.arange(int(np.floor((-half_w - margin) / cell)), int(np.ceil((half_w + margin) / cell)) + 1)
    j = np.arange(int(np.floor((-half_h - margin) / cell)), int(np.ceil((half_h + margin) / cell)) + 1)
    ii, jj = (a.ravel() for a in np.meshgrid(i, j))
    x = (ii + hash01(ii, jj, key_of(key, 71))) * cell
    y = (jj + hash01(ii, jj, key_of(key, 72))) * cell
    return x.astype(np.float32), y.astype(np.float32), np.stack([ii, jj], 1)
