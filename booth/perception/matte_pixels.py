"""The matte's pixel loops: colour guided filter at low resolution, applied edge by edge at full resolution.

Compiled once and cached on disk; releases the interpreter lock. Knows no model and no face.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.compiled import numba

_jit = numba.njit(cache=True, nogil=True, fastmath=True)
_inline = numba.njit(cache=True, nogil=True, fastmath=True, inline="always")


@_jit
def _solve(mean, second, cross, blue, eps, out):  # type: ignore[no-untyped-def]
    """Write (h, w, 4) coefficients: alpha = out[:3] . rgb + out[3], from box means (He et al. 2010)."""
    h, w = out.shape[0], out.shape[1]
    for y in range(h):
        for x in range(w):
            r, g, b, p = mean[y, x, 0], mean[y, x, 1], mean[y, x, 2], mean[y, x, 3]
            c0, c1, c2 = cross[y, x, 0] - r * p, cross[y, x, 1] - g * p, cross[y, x, 2] - b * p
            rr, rg, rb = second[y, x, 0] - r * r + eps, second[y, x, 1] - r * g, second[y, x, 2] - r * b
            gg, gb, bb = second[y, x, 3] - g * g + eps, cross[y, x, 3] - g * b, blue[y, x] - b * b + eps
            i0, i1, i2 = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
            det = rr * i0 + rg * i1 + rb * i2
            inverse = np.float32(1) / max(det, np.float32(1e-12))
            i4, i5, i8 = rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg
            a0 = (i0 * c0 + i1 * c1 + i2 * c2) * inverse
            a1 = (i1 * c0 + i4 * c1 + i5 * c2) * inverse
            a2 = (i2 * c0 + i5 * c1 + i8 * c2) * inverse
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = a0, a1, a2
            out[y, x, 3] = p - a0 * r - a1 * g - a2 * b


def guided_coefficients(rgb: np.ndarray, matte: np.ndarray, radius_px: int, eps: float) -> np.ndarray:
    """Return (h, w, 4) float32: locally, matte = c[:3] . rgb + c[3]; rgb (h, w, 3) and matte (h, w) float32 0..1."""
    box = (2 * radius_px + 1, 2 * radius_px + 1)
    r, g, b = cv2.split(rgb)
    mean = cv2.blur(cv2.merge([r, g, b, matte]), box)
    blue = cv2.blur(b * b, box)
    second = cv2.blur(cv2.merge([r * r, r * g, r * b, g * g]), box)
    cross = cv2.blur(cv2.merge([r * matte, g * matte, b * matte, g * b]), box)
    out = np.empty((*matte.shape, 4), np.float32)
    _solve(mean, second, cross, blue, np.float32(eps), out)
    return cv2.blur(out, box)


@_inline
def _row_between(low, y, x, c, fy):  # type: ignore[no-untyped-def]
    return low[y, x, c] + fy * (low[y + 1, x, c] - low[y, x, c])


@_inline
def _steady(value, was, table, gain):  # type: ignore[no-untyped-def]
    """The final matte of a pixel: stepped, and near what it was a frame ago."""
    now = np.int32(table[int(min(max(value, np.float32(0)), np.float32(1)) * np.float32(1023))])
    return np.uint8(was + gain[abs(now - was)] * np.float32(now - was) + np.float32(0.5))


@_jit
def apply_coefficients(rgb, low, certain, tables, before, out):  # type: ignore[no-untyped-def]
    """Write the full-size matte of one crop into `out` (H, W) uint8.

    rgb (H, W, 3) uint8; low (h, w, 4) float32 guided coefficients; certain (h, w) uint8, 0 or 2 where a cell and its
    neighbours are all background or all sitter, else 1; tables: (1024,) uint8 from alpha 0..1 to its final value, and
    (256,) float32, the share of a change from `before` (H, W) uint8, the frame before, that is taken at once.
    """
    height, width = out.shape
    h, w = certain.shape
    sy, sx = np.float32(h) / height, np.float32(w) / width
    half, unit = np.float32(0.5), np.float32(1 / 255)
    table, gain = tables
    starts = np.empty(w + 1, np.int64)  # the first pixel right of each grid column
    for i in range(w + 1):
        starts[i] = min(max(int(np.ceil((i + half) / sx - half)), 0), width)
    starts[0], starts[w - 1] = 0, width
    for y in range(height):
        ly = min(max((y + half) * sy - half, np.float32(0)), np.float32(h - 1.001))
        iy = int(ly)
        for ix in range(w - 1):
            x0, x1 = starts[ix], starts[ix + 1]
            kind = certain[iy, ix]
            if kind != 1:
                out[y, x0:x1] = 255 if kind == 2 else 0
                continue
            fx = (x0 + half) * sx - half - ix
            fy = ly - np.float32(iy)
            r0, r1 = _row_between(low, iy, ix, 0, fy) * unit, _row_between(low, iy, ix + 1, 0, fy) * unit
            g0, g1 = _row_between(low, iy, ix, 1, fy) * unit, _row_between(low, iy, ix + 1, 1, fy) * unit
            b0, b1 = _row_between(low, iy, ix, 2, fy) * unit, _row_between(low, iy, ix + 1, 2, fy) * unit
            c0, c1 = _row_between(low, iy, ix, 3, fy), _row_between(low, iy, ix + 1, 3, fy)
            for x in range(x0, x1):
                value = (r0 + fx * (r1 - r0)) * rgb[y, x, 0] + (g0 + fx * (g1 - g0)) * rgb[y, x, 1]
                value += (b0 + fx * (b1 - b0)) * rgb[y, x, 2] + c0 + fx * (c1 - c0)
                out[y, x] = _steady(value, np.int32(before[y, x]), table, gain)
                fx += sx


@_jit
def update_mean(mean, seen, noise, motion_gain, calm_gain, out):  # type: ignore[no-untyped-def]
    """Write the running mean (h, w) float32 with a new map let in: gently where it agrees, at once where it does not.

    A change beyond `noise` is taken by the share `calm_gain` and `motion_gain` of what it is beyond it, 1 at most.
    """
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            change = seen[y, x] - mean[y, x]
            share = max((abs(change) - noise) * motion_gain, np.float32(0)) + calm_gain
            out[y, x] = mean[y, x] + min(share, np.float32(1)) * change


def certain_cells(matte: np.ndarray, low: float, high: float, reach_px: int) -> np.ndarray:
    """Return (h, w) uint8: 0 where all within `reach_px` is below `low`, 2 where all is above `high`, else 1."""
    box = cv2.getStructuringElement(cv2.MORPH_RECT, (2 * reach_px + 1, 2 * reach_px + 1))
    most, least = cv2.dilate(matte, box), cv2.erode(matte, box)
    return np.where(most < low, 0, np.where(least > high, 2, 1)).astype(np.uint8)


def blur_where_uncertain(rgb: np.ndarray, certain: np.ndarray, out: np.ndarray) -> None:
    """Write the 3 x 3 means of `rgb` (H, W, 3) uint8 into `out`, of the same shape, round the cells not certain.

    `certain` (h, w) uint8 is as `certain_cells` has it: one rectangle with all that `apply_coefficients` reads is
    written, and `out` is left as it is elsewhere.
    """
    (height, width), (h, w) = rgb.shape[:2], certain.shape
    left, top, columns, rows = cv2.boundingRect((certain == 1).astype(np.uint8))
    x0, x1 = _pixels(left, left + columns, width / w, width)
    y0, y1 = _pixels(top, top + rows, height / h, height)
    part = slice(max(y0 - 1, 0), y1 + 1), slice(max(x0 - 1, 0), x1 + 1)  # a mean reads a pixel more on each side
    cv2.blur(rgb[part], (3, 3), dst=out[part])


def _pixels(first: int, end: int, px_per_cell: float, most: int) -> tuple[int, int]:
    """Return which pixels along one axis read the cells from `first` to before `end`; a pixel reads two cells."""
    start = 0 if first == 0 else int((first + 0.5) * px_per_cell) - 1
    stop = int((end + 0.5) * px_per_cell) + 1
    return start, most if (end + 1) * px_per_cell >= most - 1 else min(stop, most)


@_jit
def apply_still(rgb, low, certain, step, out):  # type: ignore[no-untyped-def]
    """Write the full-size matte of a still into `out` (H, W) float32 0..1; as `apply_coefficients`, without memory.

    step is the low and the high end of the smooth step that a guided value goes through.
    """
    height, width = out.shape
    h, w = certain.shape
    sy, sx = np.float32(h) / height, np.float32(w) / width
    half, unit = np.float32(0.5), np.float32(1 / 255)
    span = np.float32(1) / (step[1] - step[0])
    for y in range(height):
        ly = min(max((y + half) * sy - half, np.float32(0)), np.float32(h - 1.001))
        iy = int(ly)
        fy = ly - np.float32(iy)
        for x in range(width):
            lx = min(max((x + half) * sx - half, np.float32(0)), np.float32(w - 1.001))
            ix = int(lx)
            kind = certain[iy, ix]
            if kind != 1:
                out[y, x] = np.float32(1) if kind == 2 else np.float32(0)
                continue
            fx = lx - np.float32(ix)
            value = np.float32(0)
            for c in range(4):
                at = _row_between(low, iy, ix, c, fy)
                at += fx * (_row_between(low, iy, ix + 1, c, fy) - at)
                value += at * rgb[y, x, c] * unit if c < 3 else at
            t = min(max((value - step[0]) * span, np.float32(0)), np.float32(1))
            out[y, x] = t * t * (3 - 2 * t)
