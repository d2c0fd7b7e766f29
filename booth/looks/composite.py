"""The pixel loop of a look: sitter over backdrop, light round the edge, grade. One arithmetic at both sizes.

The mirror's 8-bit loop and the still's float loop share every formula; only storage differs. Compiled once, cached on
disk; releases the interpreter lock, so drawing overlaps with perceiving.
"""

from __future__ import annotations

import numpy as np

from booth.core.compiled import numba
from booth.looks.grade import TABLE_SIZE

TOP = np.float32(TABLE_SIZE - 1)
EDGE_FLOOR = np.float32(0.004)  # below one 8-bit step of light there is nothing to add

_jit = numba.njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
_inline = numba.njit(cache=True, nogil=True, fastmath=True, error_model="numpy", inline="always")


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
def _level(value):  # type: ignore[no-untyped-def]
    """Round 0..1 to 0..255."""
    return np.uint8(min(max(value, np.float32(0)), np.float32(1)) * np.float32(255) + np.float32(0.5))


@_inline
def _between_rows(maps, y, out):  # type: ignore[no-untyped-def]
    """Write the three maps (h, w, 3) at row y, in their own pixels, beside each other into `out` (w, 9)."""
    fore, behind, wrap = maps
    y = min(max(y, np.float32(0)), np.float32(fore.shape[0] - 1.001))
    top = int(y)
    share = y - np.float32(top)
    for x in range(out.shape[0]):
        for c in range(3):
            out[x, c] = fore[top, x, c] + share * (fore[top + 1, x, c] - fore[top, x, c])
            out[x, c + 3] = behind[top, x, c] + share * (behind[top + 1, x, c] - behind[top, x, c])
            out[x, c + 6] = wrap[top, x, c] + share * (wrap[top + 1, x, c] - wrap[top, x, c])


@_inline
def _along(row, i, share, k):  # type: ignore[no-untyped-def]
    """One number of a row of the maps, between its columns i and i + 1."""
    return row[i, k] + share * (row[i + 1, k] - row[i, k])


@_inline
def _blended(own8, a, tint, plate8, fore, behind):  # type: ignore[no-untyped-def]
    """One channel of a mixed pixel: the sitter's own colour over the backdrop, 0..1. Numbers only: views are slow."""
    unit = np.float32(1 / 255)
    own = _own_colour(np.float32(own8) * unit, a, fore, behind)
    return a * tint * own + (np.float32(1) - a) * unit * np.float32(plate8)


@_jit
def _wide(row, columns, out):  # type: ignore[no-untyped-def]
    """Square distances from the middle of each column, as the vignette wants them; the first of `out` is `columns`."""
    for x in range(out.shape[0]):
        d = (np.float32(2 * (columns + x)) - np.float32(row)) / np.float32(row)
        out[x] = np.float32(0.5) * d * d


@_jit
def _all_sitter(seen, across, graded, rooms, out):  # type: ignore[no-untyped-def]
    """Grade a run of pixels (n, 3) that are all sitter and have no light round an edge into `out` (n, 3).

    across (n,): their part of the vignette, graded: scale (3,) and matrix of the coding to entries of the table, the
    table's levels, loss and the row's part of the vignette. rooms: (4, >= n) of which the last is the vignette.
    Two loops, so that the compiler takes the first one several pixels at a time.
    """
    scale, k, levels, loss, down = graded
    half, one, zero = np.float32(0.5), np.float32(1), np.float32(0)
    first, second, third, dims = rooms
    for i in range(seen.shape[0]):
        r, g, b = seen[i, 0] * scale[0], seen[i, 1] * scale[1], seen[i, 2] * scale[2]
        first[i] = np.int32(min(max(k[0, 0] * r + k[0, 1] * g + k[0, 2] * b + half, zero), TOP))
        second[i] = np.int32(min(max(k[1, 0] * r + k[1, 1] * g + k[1, 2] * b + half, zero), TOP))
        third[i] = np.int32(min(max(k[2, 0] * r + k[2, 1] * g + k[2, 2] * b + half, zero), TOP))
        r2 = down + across[i]
        dims[i] = one - loss * r2 * r2
    for i in range(seen.shape[0]):
        dim = dims[i]
        out[i, 0] = np.uint8(np.int32(dim * levels[np.uint32(first[i]), 0] + half))
        out[i, 1] = np.uint8(np.int32(dim * levels[np.uint32(second[i]), 1] + half))
        out[i, 2] = np.uint8(np.int32(dim * levels[np.uint32(third[i]), 2] + half))


@_jit
def _mirror_row(y, pictures, maps, hot_row, span, graded, rooms, out):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Compose one row. span: its first column, its end, and rows and columns of the maps a pixel.

    graded: tint, scale and matrix of the coding to entries of the table, the table's levels, loss, whether there is no
    grade, the row's and the columns' parts of the vignette. rooms: those of `_all_sitter` and a row (w, 9).
    """
    rgb, alpha, plate = pictures
    x0, end, sy, sx = span
    tint, scale, k, levels, loss, plain, down, across = graded
    of_run, row = rooms
    unit, half, one, zero = np.float32(1 / 255), np.float32(0.5), np.float32(1), np.float32(0)
    last, is_read, x = np.float32(row.shape[0] - 1.001), False, x0  # the maps' row is read where a pixel asks for it
    while x < end:
        a8 = alpha[y, x]
        if a8 == 0:
            x += 1
            continue
        at = (np.float32(x) + half) * sx
        is_hot = hot_row[np.int32(at)]
        if a8 == 255 and not is_hot and not plain:
            start = x
            while x < end and alpha[y, x] == 255 and not hot_row[np.int32((np.float32(x) + half) * sx)]:
                x += 1
            run = (scale, k, levels, loss, down)
            _all_sitter(rgb[y, start:x], across[start - x0 : x - x0], run, of_run, out[y, start:x])
            continue
        if not is_read:
            _between_rows(maps, (np.float32(y) + half) * sy - half, row)
            is_read = True
        lx = min(max(at - half, zero), last)
        i = int(lx)
        share, a = lx - np.float32(i), np.float32(a8) * unit
        r, g, b = rgb[y, x, 0] * scale[0], rgb[y, x, 1] * scale[1], rgb[y, x, 2] * scale[2]
        if a8 < 255:
            fr, fg, fb = _along(row, i, share, 0), _along(row, i, share, 1), _along(row, i, share, 2)
            br, bg, bb = _along(row, i, share, 3), _along(row, i, share, 4), _along(row, i, share, 5)
            r = _blended(rgb[y, x, 0], a, tint[0], plate[y, x, 0], fr, br)
            g = _blended(rgb[y, x, 1], a, tint[1], plate[y, x, 1], fg, bg)
            b = _blended(rgb[y, x, 2], a, tint[2], plate[y, x, 2], fb, bb)
        if is_hot:
            r += a * _along(row, i, share, 6) * (one - r)
            g += a * _along(row, i, share, 7) * (one - g)
            b += a * _along(row, i, share, 8) * (one - b)
        if plain:
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = _level(r), _level(g), _level(b)
        else:
            r2 = down + across[x - x0]
            dim = one - loss * r2 * r2
            for c in range(3):
                entry = np.int32(min(max(k[c, 0] * r + k[c, 1] * g + k[c, 2] * b + half, zero), TOP))
                out[y, x, c] = np.uint8(np.int32(dim * levels[np.uint32(entry), c] + half))
        x += 1


@_jit
def compose_mirror(pictures, maps, hot, tint, matrix, table, loss, plain, box, out):  # noqa: PLR0913
    """Write the finished sitter into `out`, which holds the graded plate already; only inside `box` (x, y, w, h).

    pictures: rgb (H, W, 3), alpha (H, W), plate (H, W, 3), all uint8. maps: the sitter's and the old
    room's colours and the light to add at the edge, each (h, w, 3) float32 0..1. hot (h, w) bool: where that light is
    anything at all. tint (3,) float32: gains on the sitter's coded colours. matrix (3, 3), table (1024, 3) float32.
    """
    h, w = pictures[1].shape
    cells = maps[0]
    unit, half, one, zero = np.float32(1 / 255), np.float32(0.5), np.float32(1), np.float32(0)
    sy, sx = np.float32(cells.shape[0]) / np.float32(h), np.float32(cells.shape[1]) / np.float32(w)
    x0, y0, box_w, box_h = box
    # Worked out once for all pixels: most are all sitter, and for those there is a matrix and a table to read.
    k, scale = matrix * TOP, tint * unit
    levels = np.minimum(np.maximum(table, zero), one) * np.float32(255)
    across, down = np.empty(box_w, np.float32), np.empty(box_h, np.float32)
    _wide(w, x0, across)
    _wide(h, y0, down)
    of_run = (np.empty(box_w, np.int32), np.empty(box_w, np.int32), np.empty(box_w, np.int32), np.empty_like(across))
    rooms = (of_run, np.empty((cells.shape[1], 9), np.float32))
    for y in range(y0, y0 + box_h):
        graded = (tint, scale, k, levels, loss, plain, down[y - y0], across)
        hot_row = hot[int((np.float32(y) + half) * sy)]
        _mirror_row(y, pictures, maps, hot_row, (x0, x0 + box_w, sy, sx), graded, rooms, out)


@_inline
def _blend_run(own, kept, out):  # type: ignore[no-untyped-def]
    """Lay a run of pixels (n, 3) over `out` (n, 3) by its shares (n,), all uint8."""
    unit, half = np.float32(1 / 255), np.float32(0.5)
    for x in range(kept.shape[0]):
        share = kept[x] * unit
        for c in range(3):
            below = np.float32(out[x, c])
            out[x, c] = np.uint8(np.int32(below + share * (np.float32(own[x, c]) - below) + half))


@_jit
def keep_own(lit, alpha, kept, grade, box, out):  # type: ignore[no-untyped-def]
    """Lay the picture's own graded pixels over a finished mirror picture where they stay, inside `box` (x, y, w, h).

    lit (H, W, 3), alpha (H, W) and kept (H, W) are uint8: the picture in its light, the matte, how much stays. grade:
    matrix (3, 3), table (1024, 3), the vignette's loss and whether there is no grade at all.
    """
    matrix, table, loss, plain = grade
    h, w = alpha.shape
    x0, y0, box_w, box_h = box
    k, scale = matrix * TOP, np.full(3, 1 / 255, np.float32)
    levels = np.minimum(np.maximum(table, np.float32(0)), np.float32(1)) * np.float32(255)
    across, down = np.empty(box_w, np.float32), np.empty(box_h, np.float32)
    _wide(w, x0, across)
    _wide(h, y0, down)
    of_run = (np.empty(box_w, np.int32), np.empty(box_w, np.int32), np.empty(box_w, np.int32), np.empty_like(across))
    own = np.empty((box_w, 3), np.uint8)
    for y in range(y0, y0 + box_h):
        x, end = x0, x0 + box_w
        while x < end:
            if kept[y, x] == 0 or alpha[y, x] == 255:
                x += 1
                continue
            start = x
            while x < end and kept[y, x] > 0 and alpha[y, x] < 255:
                x += 1
            if plain:
                _blend_run(lit[y, start:x], kept[y, start:x], out[y, start:x])
                continue
            graded = (scale, k, levels, loss, down[y - y0])
            _all_sitter(lit[y, start:x], across[start - x0 : x - x0], graded, of_run, own[: x - start])
            _blend_run(own[: x - start], kept[y, start:x], out[y, start:x])


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
