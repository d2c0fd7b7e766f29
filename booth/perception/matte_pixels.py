"""The matte's pixel loops: colour guided filter at low resolution, applied edge by edge at full resolution.

Compiled once and cached on disk; releases the interpreter lock. Knows no model and no face.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.compiled import numba, read_only

_jit = numba.njit(cache=True, nogil=True, fastmath=True)
_inline = numba.njit(cache=True, nogil=True, fastmath=True, inline="always")


N_PRODUCTS = 13  # what the filter averages: red, green, blue, matte, and their products in twos


@_inline
def _reflected(at, n):  # type: ignore[no-untyped-def]
    """The place that stands for one beyond an end, the end itself not twice; as often as a short picture asks."""
    while n > 1 and (at < 0 or at >= n):
        at = -at if at < 0 else 2 * (n - 1) - at
    return at if n > 1 else 0


@_inline
def _products(rgb, matte, y, radius, line):  # type: ignore[no-untyped-def]
    """Write one row's products into `line` (13, w + 2 radius), reflected beyond its ends."""
    w = matte.shape[1]
    for x in range(w):
        r, g, b, p = rgb[y, x, 0], rgb[y, x, 1], rgb[y, x, 2], matte[y, x]
        k = x + radius
        line[0, k], line[1, k], line[2, k], line[3, k] = r, g, b, p
        line[4, k], line[5, k], line[6, k] = r * p, g * p, b * p
        line[7, k], line[8, k], line[9, k] = r * r, r * g, r * b
        line[10, k], line[11, k], line[12, k] = g * g, g * b, b * b
    for k in range(radius):
        left, right = radius + _reflected(k - radius, w), radius + _reflected(w + k, w)
        for c in range(N_PRODUCTS):
            line[c, k], line[c, radius + w + k] = line[c, left], line[c, right]


@_inline
def _solve_row(sums, share, eps, row):  # type: ignore[no-untyped-def]
    """Write a row's coefficients (4, w) from the sums round its places (He et al. 2010)."""
    for x in range(row.shape[1]):
        r, g, b, p = sums[0, x] * share, sums[1, x] * share, sums[2, x] * share, sums[3, x] * share
        c0, c1, c2 = sums[4, x] * share - r * p, sums[5, x] * share - g * p, sums[6, x] * share - b * p
        rr, rg, rb = sums[7, x] * share - r * r + eps, sums[8, x] * share - r * g, sums[9, x] * share - r * b
        gg, gb, bb = sums[10, x] * share - g * g + eps, sums[11, x] * share - g * b, sums[12, x] * share - b * b + eps
        i0, i1, i2 = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
        i4, i5, i8 = rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg
        inverse = np.float32(1) / max(rr * i0 + rg * i1 + rb * i2, np.float32(1e-12))
        a0, a1 = (i0 * c0 + i1 * c1 + i2 * c2) * inverse, (i1 * c0 + i4 * c1 + i5 * c2) * inverse
        a2 = (i2 * c0 + i5 * c1 + i8 * c2) * inverse
        row[0, x], row[1, x], row[2, x], row[3, x] = a0, a1, a2, p - a0 * r - a1 * g - a2 * b


@_inline
def _slide(line, oldest, across, sums):  # type: ignore[no-untyped-def]
    """Let a row into the running sums and the oldest out; `oldest` (13, w) is the new row's afterwards."""
    w = across.shape[0]
    for c in range(N_PRODUCTS):
        for x in range(w):
            across[x] = line[c, x]
        for t in range(1, line.shape[1] - w + 1):
            for x in range(w):
                across[x] += line[c, x + t]
        for x in range(w):
            sums[c, x] += across[x] - oldest[c, x]
            oldest[c, x] = across[x]


@_jit
def _coefficients(rgb, matte, radius, eps, out):  # type: ignore[no-untyped-def]
    """Write (h, w, 4) coefficients, alpha = out[:3] . rgb + out[3], in one pass with running sums of rows."""
    h, w = matte.shape
    n = 2 * radius + 1
    line, ring = np.empty((N_PRODUCTS, w + 2 * radius), np.float32), np.zeros((n, N_PRODUCTS, w), np.float32)
    sums, across, row = np.zeros((N_PRODUCTS, w), np.float32), np.empty(w, np.float32), np.empty((4, w), np.float32)
    for k in range(-radius, h + radius):
        _products(rgb, matte, _reflected(k, h), radius, line)
        _slide(line, ring[(k + radius) % n], across, sums)
        if k >= radius:
            _solve_row(sums, np.float32(1) / np.float32(n * n), eps, row)
            for c in range(4):
                for x in range(w):
                    out[k - radius, x, c] = row[c, x]


def guided_coefficients(rgb: np.ndarray, matte: np.ndarray, radius_px: int, eps: float) -> np.ndarray:
    """Return (h, w, 4) float32: locally, matte = c[:3] . rgb + c[3]; rgb (h, w, 3) and matte (h, w) float32 0..1."""
    out = np.empty((*matte.shape, 4), np.float32)
    _coefficients(read_only(rgb), read_only(matte), radius_px, np.float32(eps), out)
    return cv2.blur(out, (2 * radius_px + 1, 2 * radius_px + 1))


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
    """Write the matte of one crop into `out` (H, W) uint8, of the picture's size.

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
