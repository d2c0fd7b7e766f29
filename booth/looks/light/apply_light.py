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


@numba.njit(inline="always", **_JIT)
def _lit(old, share, gain, gloss):  # pragma: no cover - compiled
    """Return linear light under a gain, less one, and a gloss, let in by `share`."""
    return old + share * (old * gain + gloss)


@numba.njit(inline="always", **_JIT)
def _span(rgb, alpha, at, light, tables, out):  # noqa: PLR0913 - buffers of a compiled loop
    """Light the pixels x0..x1 of one row, along which gain and gloss run straight.

    at: the row, x0 and x1. light (2, 6): gain and gloss at x0, and what each pixel adds to them.
    """
    decode, encode = tables
    y, x0, x1 = at
    g0, g1, g2, s0, s1, s2 = light[0, 0], light[0, 1], light[0, 2], light[0, 3], light[0, 4], light[0, 5]
    d0, d1, d2, e0, e1, e2 = light[1, 0], light[1, 1], light[1, 2], light[1, 3], light[1, 4], light[1, 5]
    half, top, zero, unit = F(0.5), F(STEPS), F(0), F(1 / 255)
    for x in range(x0, x1):
        a = alpha[y, x]
        if a > 0:
            share = a * unit
            o0, o1, o2 = decode[rgb[y, x, 0]], decode[rgb[y, x, 1]], decode[rgb[y, x, 2]]
            n0, n1, n2 = _lit(o0, share, g0, s0), _lit(o1, share, g1, s1), _lit(o2, share, g2, s2)
            if max(n0, max(n1, n2)) > KNEE:
                n0, n1, n2 = _rolled(n0, o0), _rolled(n1, o1), _rolled(n2, o2)
            white = min(o0, min(o1, o2))
            if white > PAPER:
                n0, n1, n2 = _as_white(n0, o0, white), _as_white(n1, o1, white), _as_white(n2, o2, white)
            out[y, x, 0] = encode[np.int32(max(n0, zero) * top + half)]
            out[y, x, 1] = encode[np.int32(max(n1, zero) * top + half)]
            out[y, x, 2] = encode[np.int32(max(n2, zero) * top + half)]
        g0, g1, g2, s0, s1, s2 = g0 + d0, g1 + d1, g2 + d2, s0 + e0, s1 + e1, s2 + e2


@numba.njit(inline="always", **_JIT)
def _straight(row, i, before, step, light):  # pragma: no cover - compiled
    """Write gain less one and gloss, `before` cells right of column i, and what a pixel adds, into light (2, 6)."""
    for k in range(6):
        change = row[i + 1, k] - row[i, k]
        light[0, k] = row[i, k] + change * before - F(1 if k < 3 else 0)
        light[1, k] = change * step


@numba.njit(**_JIT)
def lay_bytes(rgb, alpha, field, place, decode, encode, out):  # noqa: PLR0913 - buffers of a compiled loop
    """Light rgb (H, W, 3) uint8 through alpha (H, W) uint8 into `out`, which holds the same picture already.

    place: grid column and row of pixel 0, and the step a pixel makes. Between two columns of the grid the light runs
    straight, so it is worked out once for each and counted on from pixel to pixel.
    """
    height, width = alpha.shape
    grid, step = field.shape[0], place[2]
    row, light = np.empty((grid, 6), np.float32), np.empty((2, 6), np.float32)
    starts = np.empty(grid, np.int64)  # the first pixel at or right of each column
    for i in range(grid):
        starts[i] = min(max(int(math.ceil((F(i) - place[0]) / step)), 0), width)
    tables = (decode, encode)
    for y in range(height):
        x0, x1 = 0, width
        while x0 < x1 and alpha[y, x0] == 0:
            x0 += 1
        while x1 > x0 and alpha[y, x1 - 1] == 0:
            x1 -= 1
        if x0 == x1:
            continue
        _row(field, F(place[1] + y * step), row)
        _straight(row, 0, F(0), F(0), light)
        _span(rgb, alpha, (y, x0, min(x1, starts[0])), light, tables, out)
        for i in range(grid - 1):
            a, b = max(starts[i], x0), min(starts[i + 1], x1)
            if a < b:
                _straight(row, i, F(place[0] + a * step - i), step, light)
                _span(rgb, alpha, (y, a, b), light, tables, out)
        _straight(row, grid - 2, F(1), F(0), light)
        _span(rgb, alpha, (y, max(x0, starts[grid - 1]), x1), light, tables, out)


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
