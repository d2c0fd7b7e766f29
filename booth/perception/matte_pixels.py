"""The matte's pixel loops: colour guided filter at low resolution, applied edge by edge at full resolution.

Compiled once and cached on disk; releases the interpreter lock. Knows no model and no face.
"""

from __future__ import annotations

import cv2
import numba
import numpy as np

_jit = numba.njit(cache=True, nogil=True, fastmath=True)


@_jit
def _solve(mean, second, cross, eps, out):  # type: ignore[no-untyped-def]
    """Write (h, w, 4) coefficients: alpha = out[:3] . rgb + out[3], from box means (He et al. 2010)."""
    h, w = out.shape[0], out.shape[1]
    for y in range(h):
        for x in range(w):
            r, g, b, p = mean[y, x, 0], mean[y, x, 1], mean[y, x, 2], mean[y, x, 3]
            c0, c1, c2 = cross[y, x, 0] - r * p, cross[y, x, 1] - g * p, cross[y, x, 2] - b * p
            rr, rg, rb = second[y, x, 0] - r * r + eps, second[y, x, 1] - r * g, second[y, x, 2] - r * b
            gg, gb, bb = second[y, x, 3] - g * g + eps, cross[y, x, 3] - g * b, mean[y, x, 4] - b * b + eps
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
    mean = cv2.blur(cv2.merge([r, g, b, matte, b * b]), box)
    second = cv2.blur(cv2.merge([r * r, r * g, r * b, g * g]), box)
    cross = cv2.blur(cv2.merge([r * matte, g * matte, b * matte, g * b]), box)
    out = np.empty((*matte.shape, 4), np.float32)
    _solve(mean, second, cross, np.float32(eps), out)
    return cv2.blur(out, box)


@_jit
def apply_coefficients(rgb, low, coarse, table, gain, before, out):  # type: ignore[no-untyped-def]
    """Write the full-size matte of one crop into `out` (H, W) uint8.

    rgb (H, W, 3) uint8; low (h, w, 4) float32 guided coefficients; coarse (h, w) uint8, 0 or 2 where a cell and its
    neighbours are all background or all sitter, else 1; table (1024,) uint8 from alpha 0..1 to its final value;
    gain (256,) float32 the share of a change from `before` (H, W) uint8, the frame before, that is taken at once.
    """
    height, width = out.shape
    h, w = coarse.shape
    sy, sx = np.float32(h) / height, np.float32(w) / width
    half, unit = np.float32(0.5), np.float32(1 / 255)
    for y in range(height):
        ly = min(max((y + half) * sy - half, np.float32(0)), np.float32(h - 1.001))
        iy = int(ly)
        fy = ly - np.float32(iy)
        for x in range(width):
            lx = min(max((x + half) * sx - half, np.float32(0)), np.float32(w - 1.001))
            ix = int(lx)
            kind = coarse[iy, ix]
            if kind != 1:
                out[y, x] = 255 if kind == 2 else 0
                continue
            fx = lx - np.float32(ix)
            w00, w01 = (1 - fy) * (1 - fx), (1 - fy) * fx
            w10, w11 = fy * (1 - fx), fy * fx
            value = np.float32(0)
            for c in range(3):
                at = (
                    w00 * low[iy, ix, c]
                    + w01 * low[iy, ix + 1, c]
                    + w10 * low[iy + 1, ix, c]
                    + w11 * low[iy + 1, ix + 1, c]
                )
                value += at * rgb[y, x, c] * unit
            value += (
                w00 * low[iy, ix, 3]
                + w01 * low[iy, ix + 1, 3]
                + w10 * low[iy + 1, ix, 3]
                + w11 * low[iy + 1, ix + 1, 3]
            )
            now = np.int32(table[int(min(max(value, np.float32(0)), np.float32(1)) * np.float32(1023))])
            was = np.int32(before[y, x])
            out[y, x] = np.uint8(was + gain[abs(now - was)] * np.float32(now - was) + half)


def certain_cells(matte: np.ndarray, low: float, high: float, reach_px: int) -> np.ndarray:
    """Return (h, w) uint8: 0 where all within `reach_px` is below `low`, 2 where all is above `high`, else 1."""
    box = cv2.getStructuringElement(cv2.MORPH_RECT, (2 * reach_px + 1, 2 * reach_px + 1))
    most, least = cv2.dilate(matte, box), cv2.erode(matte, box)
    return np.where(most < low, 0, np.where(least > high, 2, 1)).astype(np.uint8)
