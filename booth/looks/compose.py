"""The pixel loop of a look: sitter over backdrop, light round the edge, grade. One arithmetic at both sizes.

The mirror's 8-bit loop and the still's float loop share every formula; only storage differs. Compiled once, cached on
disk; releases the interpreter lock, so drawing overlaps with perceiving.
"""

from __future__ import annotations

import numba
import numpy as np

from booth.looks.grade import TABLE_SIZE

TOP = np.float32(TABLE_SIZE - 1)
EDGE_FLOOR = np.float32(0.004)  # below one 8-bit step of light there is nothing to add

_jit = numba.njit(cache=True, nogil=True, fastmath=True)
_inline = numba.njit(cache=True, nogil=True, fastmath=True, inline="always")


@_inline
def _sample(low, y, x, channel):  # type: ignore[no-untyped-def]
    """Bilinear look-up in a low-resolution map at (y, x) in its own pixels; edges repeat."""
    h, w = low.shape[0], low.shape[1]
    y = min(max(y, np.float32(0)), np.float32(h - 1.001))
    x = min(max(x, np.float32(0)), np.float32(w - 1.001))
    iy, ix = int(y), int(x)
    fy, fx = y - np.float32(iy), x - np.float32(ix)
    above = low[iy, ix, channel] + fx * (low[iy, ix + 1, channel] - low[iy, ix, channel])
    below = low[iy + 1, ix, channel] + fx * (low[iy + 1, ix + 1, channel] - low[iy + 1, ix, channel])
    return above + fy * (below - above)


@_inline
def _own_colour(seen, alpha, fore, behind):  # type: ignore[no-untyped-def]
    """The sitter's own colour in a mixed pixel: the local estimate, corrected by what the mixture leaves over."""
    residue = seen - alpha * fore - (1 - alpha) * behind
    return min(max(fore + alpha * residue, np.float32(0)), np.float32(1))


@_inline
def _toned(value, table, channel):  # type: ignore[no-untyped-def]
    """One tone curve, linearly between its entries; value 0..1."""
    at = min(max(value, np.float32(0)), np.float32(1)) * TOP
    i = min(int(at), TABLE_SIZE - 2)
    return table[i, channel] + (at - np.float32(i)) * (table[i + 1, channel] - table[i, channel])


@_inline
def _falloff(y, x, h, w, loss):  # type: ignore[no-untyped-def]
    """The vignette at a pixel: none in the middle, `loss` in the far corner."""
    dy, dx = (2 * y - h) / h, (2 * x - w) / w
    r2 = np.float32(0.5) * (dy * dy + dx * dx)
    return np.float32(1) - loss * r2 * r2


@_inline
def _nearest(value, table, channel):  # type: ignore[no-untyped-def]
    """One tone curve at its nearest entry, 8-bit: a quarter of a level off at most, and no second read."""
    at = min(max(value, np.float32(0)), np.float32(1)) * TOP + np.float32(0.5)
    return table[int(at), channel]


@_inline
def _level(value):  # type: ignore[no-untyped-def]
    """Round 0..1 to 0..255."""
    return np.uint8(min(max(value, np.float32(0)), np.float32(1)) * np.float32(255) + np.float32(0.5))


@_jit
def compose_mirror(pictures, maps, hot, tint, matrix, table, loss, plain, box, out):  # noqa: PLR0913
    """Write the finished sitter into `out`, which holds the graded plate already; only inside `box` (x, y, w, h).

    pictures: rgb (H, W, 3), alpha (H, W), plate (H, W, 3), all uint8. maps: the sitter's and the old
    room's colours and the light to add at the edge, each (h, w, 3) float32 0..1. hot (h, w) bool: where that light is
    anything at all. tint (3,) float32: gains on the sitter's coded colours. matrix (3, 3), table (1024, 3) float32.
    """
    rgb, alpha, plate = pictures
    fore, behind, wrap = maps
    h, w = alpha.shape
    unit, half, one = np.float32(1 / 255), np.float32(0.5), np.float32(1)
    sy, sx = np.float32(fore.shape[0]) / np.float32(h), np.float32(fore.shape[1]) / np.float32(w)
    x0, y0, box_w, box_h = box
    for y in range(y0, y0 + box_h):
        ly = (np.float32(y) + half) * sy - half
        hot_row = hot[int((np.float32(y) + half) * sy)]
        for x in range(x0, x0 + box_w):
            a8 = alpha[y, x]
            if a8 == 0:
                continue
            r, g, b = rgb[y, x, 0] * unit, rgb[y, x, 1] * unit, rgb[y, x, 2] * unit
            at = (np.float32(x) + half) * sx
            lx = at - half
            a = np.float32(a8) * unit
            if a8 < 255:
                rest = (one - a) * unit
                r = _own_colour(r, a, _sample(fore, ly, lx, 0), _sample(behind, ly, lx, 0))
                g = _own_colour(g, a, _sample(fore, ly, lx, 1), _sample(behind, ly, lx, 1))
                b = _own_colour(b, a, _sample(fore, ly, lx, 2), _sample(behind, ly, lx, 2))
                r = a * tint[0] * r + rest * plate[y, x, 0]
                g = a * tint[1] * g + rest * plate[y, x, 1]
                b = a * tint[2] * b + rest * plate[y, x, 2]
            else:
                r, g, b = tint[0] * r, tint[1] * g, tint[2] * b
            if hot_row[int(at)]:
                r += a * _sample(wrap, ly, lx, 0) * (one - r)
                g += a * _sample(wrap, ly, lx, 1) * (one - g)
                b += a * _sample(wrap, ly, lx, 2) * (one - b)
            if not plain:
                dim = _falloff(np.float32(y), np.float32(x), np.float32(h), np.float32(w), loss)
                m0 = matrix[0, 0] * r + matrix[0, 1] * g + matrix[0, 2] * b
                m1 = matrix[1, 0] * r + matrix[1, 1] * g + matrix[1, 2] * b
                m2 = matrix[2, 0] * r + matrix[2, 1] * g + matrix[2, 2] * b
                r, g, b = dim * _nearest(m0, table, 0), dim * _nearest(m1, table, 1), dim * _nearest(m2, table, 2)
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = _level(r), _level(g), _level(b)


@_jit
def compose_still(own, alpha, plate, wrap, tint, out):  # type: ignore[no-untyped-def]
    """Lay the sitter's own colours over the plate with light round the edge; all (H, W, 3) float32 0..1, ungraded."""
    h, w = alpha.shape
    sy, sx = np.float32(wrap.shape[0]) / h, np.float32(wrap.shape[1]) / w
    half = np.float32(0.5)
    for y in range(h):
        ly = (y + half) * sy - half
        for x in range(w):
            a = alpha[y, x]
            if a <= 0:
                for c in range(3):
                    out[y, x, c] = plate[y, x, c]
                continue
            lx = (x + half) * sx - half
            light = _sample(wrap, ly, lx, 1)
            for c in range(3):
                value = a * tint[c] * own[y, x, c] + (1 - a) * plate[y, x, c]
                if light > EDGE_FLOOR:
                    value += a * _sample(wrap, ly, lx, c) * (1 - value)
                out[y, x, c] = value


@_jit
def grade_float(rgb, matrix, table, loss, out):  # type: ignore[no-untyped-def]
    """Grade an (H, W, 3) float32 0..1 picture into `out`, which may be the picture itself."""
    h, w = rgb.shape[0], rgb.shape[1]
    for y in range(h):
        for x in range(w):
            dim = _falloff(np.float32(y), np.float32(x), np.float32(h), np.float32(w), loss)
            r, g, b = rgb[y, x, 0], rgb[y, x, 1], rgb[y, x, 2]
            for c in range(3):
                mixed = matrix[c, 0] * r + matrix[c, 1] * g + matrix[c, 2] * b
                out[y, x, c] = dim * _toned(mixed, table, c)


@_jit
def grade_8bit(rgb, matrix, table, loss, out):  # type: ignore[no-untyped-def]
    """Grade an (H, W, 3) uint8 picture into `out`, which may be the picture itself."""
    h, w = rgb.shape[0], rgb.shape[1]
    unit = np.float32(1 / 255)
    for y in range(h):
        for x in range(w):
            dim = _falloff(np.float32(y), np.float32(x), np.float32(h), np.float32(w), loss)
            r, g, b = rgb[y, x, 0] * unit, rgb[y, x, 1] * unit, rgb[y, x, 2] * unit
            for c in range(3):
                mixed = matrix[c, 0] * r + matrix[c, 1] * g + matrix[c, 2] * b
                out[y, x, c] = np.uint8(dim * _toned(mixed, table, c) * 255 + np.float32(0.5))
