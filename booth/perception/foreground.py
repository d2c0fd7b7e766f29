"""Foreground and background colours of a picture from its matte, level by level from one pixel up to full size.

The method is Germer et al. 2020, "Fast Multi-Level Foreground Estimation"; the loop follows the implementation in
PyMatting (MIT, see NOTICE), whose package compiles dozens of solvers on import that the booth never calls, and whose
resizing runs on a thread pool that two threads must not enter at once.
"""

from __future__ import annotations

import math

import numpy as np

from booth.core.compiled import numba, read_only

REGULARIZATION = np.float32(1e-5)  # of the paper; higher gives smoother colours
GRADIENT_WEIGHT = np.float32(1.0)  # of the paper: how much a step of the matte couples neighbours
SMALL_PX = 32  # levels no larger than this are cheap and are iterated more often
N_SMALL, N_BIG = 10, 2  # iterations on small and on large levels
SURE_FORE, SURE_BACK = np.float32(0.9), np.float32(0.1)  # alpha above and below which a pixel starts the mean colours

_jit = numba.njit(cache=True, nogil=True)


@_jit
def _nearest(source, out):  # type: ignore[no-untyped-def]
    """Write `source` (h, w, c) resized to the size of `out` by nearest pixels."""
    h_from, w_from = source.shape[0], source.shape[1]
    h_to, w_to = out.shape[0], out.shape[1]
    for y in range(h_to):
        y_from = min(h_from - 1, y * h_from // h_to)
        for x in range(w_to):
            x_from = min(w_from - 1, x * w_from // w_to)
            for c in range(out.shape[2]):
                out[y, x, c] = source[y_from, x_from, c]


@_jit
def mean_colours(rgb, alpha, fore, behind):  # type: ignore[no-untyped-def]
    """Write the mean colours of what is surely sitter and surely room into `fore` and `behind` (1, 1, 3)."""
    n_fore, n_back = 0, 0
    fore[:], behind[:] = 0, 0
    for y in range(alpha.shape[0]):
        for x in range(alpha.shape[1]):
            if alpha[y, x] > SURE_FORE:
                n_fore += 1
                for c in range(3):
                    fore[0, 0, c] += rgb[y, x, c]
            elif alpha[y, x] < SURE_BACK:
                n_back += 1
                for c in range(3):
                    behind[0, 0, c] += rgb[y, x, c]
    fore /= n_fore + 1e-5
    behind /= n_back + 1e-5


@_jit
def settle_level(rgb, alpha, fore, behind, n_iterations):  # type: ignore[no-untyped-def]
    """Improve `fore` and `behind` (h, w, 3) in place at one level by rounds of Gauss-Seidel.

    rgb (h, w, 3) and alpha (h, w, 1) are this level's picture and matte. Each pixel's pair solves a two by two system:
    the mixture must come to what is seen, and neighbours agree, more so across a step of the matte.
    """
    h, w = alpha.shape[0], alpha.shape[1]
    seen_fore, seen_back = np.empty(3, np.float32), np.empty(3, np.float32)
    for _ in range(n_iterations):
        for y in range(h):
            for x in range(w):
                a0 = alpha[y, x, 0]
                a1 = 1.0 - a0
                a00, a01, a11 = a0 * a0, a0 * a1, a1 * a1
                for c in range(3):
                    seen_fore[c], seen_back[c] = a0 * rgb[y, x, c], a1 * rgb[y, x, c]
                for d in range(4):
                    nx = max(0, min(w - 1, x - 1 if d == 0 else x + 1 if d == 1 else x))
                    ny = max(0, min(h - 1, y - 1 if d == 2 else y + 1 if d == 3 else y))
                    pull = REGULARIZATION + GRADIENT_WEIGHT * abs(a0 - alpha[ny, nx, 0])
                    a00 += pull
                    a11 += pull
                    for c in range(3):
                        seen_fore[c] += pull * fore[ny, nx, c]
                        seen_back[c] += pull * behind[ny, nx, c]
                inverse = 1.0 / (a00 * a11 - a01 * a01)
                for c in range(3):
                    own = inverse * (a11 * seen_fore[c] - a01 * seen_back[c])
                    room = inverse * (a00 * seen_back[c] - a01 * seen_fore[c])
                    fore[y, x, c] = max(0.0, min(1.0, own))
                    behind[y, x, c] = max(0.0, min(1.0, room))


def _resized(source: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return (height, width, c) float32; `source` itself where it has that size, as a copy would cost a picture."""
    if source.shape[:2] == (height, width):
        return source
    out = np.empty((height, width, source.shape[2]), np.float32)
    _nearest(read_only(source), out)
    return out


def estimate_foreground(rgb: np.ndarray, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the foreground's and the background's colours, (h, w, 3) float32 0..1 each.

    `rgb` (h, w, 3) and `alpha` (h, w) are C-ordered float32 0..1.
    """
    height, width = alpha.shape
    fore, behind = np.empty((1, 1, 3), np.float32), np.empty((1, 1, 3), np.float32)
    mean_colours(read_only(rgb), read_only(alpha), fore, behind)
    n_levels = math.ceil(math.log2(max(width, height, 2)))
    for level in range(n_levels + 1):
        w, h = round(width ** (level / n_levels)), round(height ** (level / n_levels))
        picture, matte = _resized(rgb, h, w), _resized(alpha[..., None], h, w)
        fore, behind = _resized(fore, h, w), _resized(behind, h, w)
        n_rounds = N_SMALL if max(w, h) <= SMALL_PX else N_BIG
        settle_level(read_only(picture), read_only(matte), fore, behind, n_rounds)
    return fore, behind
