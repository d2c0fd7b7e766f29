"""Lays a light field on a picture: in linear light, through the matte, with a shoulder; 8 bits or float alike."""

from __future__ import annotations

import math

import numpy as np

from booth.core.color import decode_table, encode_root_table, encode_table_8bit
from booth.core.compiled import numba
from booth.looks.light.kernels import F

_JIT = {"cache": True, "nogil": True, "fastmath": True, "error_model": "numpy"}
KNEE = F(0.85)  # linear light above which new highlights roll off; what was brighter before stays where it was
PAPER, CLIPPED = F(0.7), F(0.95)  # linear, of the darkest channel: from here white keeps of itself, to all of it
STEPS = 8192  # of the coding table per unit of linear light: finer than 8 bits everywhere
FINE = 2048  # steps of the still's coding tables, straight between them: within 2e-6 of the formula
# Tables for the compiled loops; not read-only, as the type of a table is part of a loop's signature.
DECODE, ENCODE = decode_table(), encode_table_8bit(STEPS)
DECODE_FINE, ENCODE_ROOT = decode_table(FINE), encode_root_table(FINE)


@numba.njit(**_JIT)
def _row(field, y, row):  # pragma: no cover - compiled
    """Write the field (g, g, 6) at grid row `y` (fractional) into row (g, 6)."""
    grid = field.shape[0]
    y = min(max(y, F(0)), F(grid - 1.001))
    top = int(y)
    w = F(y - top)
    for x in range(grid):
        for k in range(6):
            row[x, k] = field[top, x, k] + (field[top + 1, x, k] - field[top, x, k]) * w


@numba.njit(**_JIT)
def _rolled(new, old):  # pragma: no cover - compiled
    """Return the new linear value with its highlights rolled off above the knee, or above the old value."""
    if new > KNEE and new > old:
        knee = min(max(KNEE, old), F(0.998))
        room = 1 - knee
        new = knee + room * (1 - 1 / (1 + (new - knee) / room))
    return min(max(new, F(0)), F(1))


@numba.njit(inline="always", **_JIT)
def _as_white(new, old, white):  # pragma: no cover - compiled
    """Return the new value of a channel of a pixel whose darkest channel was `white`: what is clipped stays white.

    It has no colour or shape left that a light could show; under a tinted or weaker light it would turn to grey paint.
    """
    return new + min((white - PAPER) / (CLIPPED - PAPER), F(1)) * (old - new)


# To the compiler a part of one row of an array is one piece of memory, of which it takes several numbers at a time;
# parts of several rows are not. So the loops get one channel of a row.


@numba.njit(**_JIT)
def _widened(cells, k, columns, wide):  # pragma: no cover - compiled
    """Write number k of a grid row of gain and gloss (g, 6) at every pixel's column (n,) into wide (n,)."""
    for x in range(columns.shape[0]):
        i = np.uint32(columns[x])
        wide[x] = cells[i, k] + (columns[x] - F(i)) * (cells[i + 1, k] - cells[i, k])


@numba.njit(**_JIT)
def _sitter_spans(alpha, spans):  # pragma: no cover - compiled
    """Write the first column of each row with any sitter in it, and the one after its last, into spans (h, 2)."""
    for y in range(alpha.shape[0]):
        x0, x1 = 0, alpha.shape[1]
        while x0 < x1 and alpha[y, x0] == 0:
            x0 += 1
        while x1 > x0 and alpha[y, x1 - 1] == 0:
            x1 -= 1
        spans[y, 0], spans[y, 1] = x0, x1


@numba.njit(**_JIT)
def _read_channel(seen, k, decode, linear):  # pragma: no cover - compiled
    """Write a channel of a row (n, 3) uint8 as linear light (n,)."""
    for x in range(linear.shape[0]):
        linear[x] = decode[seen[x, k]]


@numba.njit(**_JIT)
def _read_shares(alpha, red, green, blue, shares, white):  # noqa: PLR0913 - buffers of a compiled loop
    """Write what share (n,) of the new light each pixel takes, and how much (n,) of it stays white."""
    span = CLIPPED - PAPER
    for x in range(shares.shape[0]):
        shares[x] = alpha[x] * F(1 / 255)
        darkest = min(red[x], min(green[x], blue[x]))
        white[x] = min(max((darkest - PAPER) / span, F(0)), F(1))


@numba.njit(**_JIT)
def _light_channel(linear, shares, white, gains, glosses, down):  # noqa: PLR0913 - buffers of a compiled loop
    """Light a channel of a row (n,) in place. gains and glosses: at the grid's row above and the one below, (n,) each.

    down: how far the row is from the one to the other, 0..1. New highlights roll off above the knee, or above what was
    there before. No branches: those would have to be taken pixel by pixel.
    """
    one, zero, top = F(1), F(0), F(0.998)
    gain_above, gain_below = gains
    gloss_above, gloss_below = glosses
    for x in range(shares.shape[0]):
        gain = gain_above[x] + down * (gain_below[x] - gain_above[x]) - one
        gloss = gloss_above[x] + down * (gloss_below[x] - gloss_above[x])
        was = linear[x]
        new = was + shares[x] * (was * gain + gloss)
        knee = min(max(KNEE, was), top)
        over = max(new - knee, zero)
        new = min(new, knee) + (one - knee) * over / (one - knee + over)
        linear[x] = min(max(new + white[x] * (was - new), zero), one)


@numba.njit(**_JIT)
def _write_row(red, green, blue, alpha, encode, out):  # noqa: PLR0913 - buffers of a compiled loop
    """Write a row's linear light as 8 bits (n, 3) where there is any sitter."""
    half, top = F(0.5), F(STEPS)
    for x in range(alpha.shape[0]):
        if alpha[x] > 0:
            out[x, 0] = encode[np.uint32(np.int32(red[x] * top + half))]
            out[x, 1] = encode[np.uint32(np.int32(green[x] * top + half))]
            out[x, 2] = encode[np.uint32(np.int32(blue[x] * top + half))]


@numba.njit(**_JIT)
def _light_row(seen, alpha, buffers, at, tables, out):  # noqa: PLR0913 - buffers of a compiled loop
    """Light the pixels x0..x1 of a row (w, 3). at: x0, x1 and how far the row is below the grid's row above it."""
    decode, encode = tables
    linear, shares, white, above, below = buffers
    x0, x1, down = at
    for k in range(3):
        _read_channel(seen[x0:x1], k, decode, linear[k, x0:x1])
    red, green, blue = linear[0, x0:x1], linear[1, x0:x1], linear[2, x0:x1]
    _read_shares(alpha[x0:x1], red, green, blue, shares[x0:x1], white[x0:x1])
    for k in range(3):
        gains, glosses = (above[k, x0:x1], below[k, x0:x1]), (above[k + 3, x0:x1], below[k + 3, x0:x1])
        _light_channel(linear[k, x0:x1], shares[x0:x1], white[x0:x1], gains, glosses, down)
    _write_row(red, green, blue, alpha[x0:x1], encode, out[x0:x1])


@numba.njit(**_JIT)
def lay_bytes(rgb, alpha, field, place, decode, encode, out):  # noqa: PLR0913 - buffers of a compiled loop
    """Light rgb (H, W, 3) uint8 through alpha (H, W) uint8 into `out`, which holds the same picture already.

    place: grid column and row of pixel 0, and the step a pixel makes. A row of the grid is carried to the pixels'
    columns once for all rows of pixels that lie beside it.
    """
    height, width = alpha.shape
    last, step = F(field.shape[0] - 1.001), place[2]
    spans = np.empty((height, 2), np.int64)
    _sitter_spans(alpha, spans)
    left, right = spans[:, 0].min(), spans[:, 1].max()
    columns, at = np.empty(width, np.float32), -2
    for x in range(width):
        columns[x] = min(max(place[0] + F(x) * step, F(0)), last)
    above, below = np.empty((6, width), np.float32), np.empty((6, width), np.float32)
    linear, shares, white = np.empty((3, width), np.float32), np.empty(width, np.float32), np.empty(width, np.float32)
    for y in range(height):
        if spans[y, 0] == spans[y, 1]:
            continue
        row = min(max(place[1] + F(y) * step, F(0)), last)
        if int(row) != at:
            is_next, at = int(row) == at + 1, int(row)
            if is_next:
                above, below = below, above
            for k in range(6):
                if not is_next:
                    _widened(field[at], k, columns[left:right], above[k, left:right])
                _widened(field[at + 1], k, columns[left:right], below[k, left:right])
        buffers = linear, shares, white, above, below
        _light_row(rgb[y], alpha[y], buffers, (spans[y, 0], spans[y, 1], row - F(at)), (decode, encode), out[y])


@numba.njit(inline="always", **_JIT)
def _between(table, at):  # pragma: no cover - compiled
    """Look 0..1 up in a table of FINE steps, straight between its entries."""
    place = min(max(at, F(0)), F(1)) * F(FINE)
    i = min(int(place), FINE - 1)
    return table[i] + (place - F(i)) * (table[i + 1] - table[i])


@numba.njit(**_JIT)
def lay_floats(rgb, alpha, field, place, tables, out):  # noqa: PLR0913 - buffers of a compiled loop
    """Light rgb (H, W, 3) float32 sRGB-coded 0..1 through alpha (H, W) float32 into out.

    tables: DECODE_FINE and ENCODE_ROOT.
    """
    decode, encode = tables
    height, width = alpha.shape
    grid = field.shape[0]
    row = np.empty((grid, 6), np.float32)
    last = F(grid - 1.001)
    for y in range(height):
        _row(field, F(place[1] + y * place[2]), row)
        for x in range(width):
            share = alpha[y, x]
            if share <= 0:
                out[y, x, 0], out[y, x, 1], out[y, x, 2] = rgb[y, x, 0], rgb[y, x, 1], rgb[y, x, 2]
                continue
            fx = min(max(F(place[0] + x * place[2]), F(0)), last)
            ix = int(fx)
            wx = F(fx - ix)
            white = _between(decode, min(rgb[y, x, 0], min(rgb[y, x, 1], rgb[y, x, 2])))
            for k in range(3):
                gain = row[ix, k] + (row[ix + 1, k] - row[ix, k]) * wx
                gloss = row[ix, k + 3] + (row[ix + 1, k + 3] - row[ix, k + 3]) * wx
                old = _between(decode, rgb[y, x, k])
                new = _rolled(old + share * (old * (gain - 1) + gloss), old)
                if white > PAPER:
                    new = _as_white(new, old, white)
                out[y, x, k] = _between(encode, F(math.sqrt(new)))


@numba.njit(**_JIT)
def blend_stops(field, level, exposure):  # pragma: no cover - compiled
    """Scale a field (g, g, 6) in place: exposure first, then `level` 0..1 of the way from no light, in stops."""
    for y in range(field.shape[0]):
        for x in range(field.shape[1]):
            for k in range(3):
                gain = max(field[y, x, k] * exposure, F(1e-3))
                field[y, x, k] = gain if level >= 1 else math.exp(level * math.log(gain))
                field[y, x, k + 3] *= exposure * level
