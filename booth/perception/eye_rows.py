"""The compiled part of reading an eye: levels of rows and stretches of skin in the strip of both eyes.

All values are stops of the strip; what they mean is told in `booth.perception.lids`. No fast arithmetic: a reading must
be the same to the last bit wherever it is taken.
"""

from __future__ import annotations

import numpy as np

from booth.core.compiled import numba

RIM_STOPS = 1.6  # creases, lashes and shadows under the brow differ less from the skin beside them
TELLING_STOPS = 0.8  # iris or white must differ this much from the lids' skin to tell rows apart
IRIS_SHARE, WHITE_SHARE = 0.12, 0.6  # of a row's sorted values: beside the catchlight; the white beside the iris
JOIN_PX = 4  # a gap this small is a catchlight or a lash
LEAST_STOPS = np.float32(1e-3)

_JIT = {"cache": True, "nogil": True, "error_model": "numpy"}


@numba.njit(**_JIT)
def _kth(values, n, k):  # type: ignore[no-untyped-def]
    """Return the k-th smallest of the first `n` values; changes their order."""
    low, high = 0, n - 1
    while low < high:
        pivot = values[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if k <= j:
            high = j
        elif k >= i:
            low = i
        else:
            break
    return values[k]


@numba.njit(**_JIT)
def _median(values, start, stop, buffer):  # type: ignore[no-untyped-def]
    """Return the upper median of values[start:stop]; 0 of none."""
    n = stop - start
    if n <= 0:
        return np.float32(0)
    for i in range(n):
        buffer[i] = values[start + i]
    return _kth(buffer, n, n // 2)


@numba.njit(**_JIT)
def _bare(values, start, stop, buffer):  # type: ignore[no-untyped-def]
    """Return the level of a stretch of skin; of its brighter half where the rim of spectacles darkens the other."""
    middle = max(stop - start, 0) // 2
    near = _median(values, start, start + middle, buffer)
    far = _median(values, start + middle, stop, buffer)
    if middle and abs(near - far) > RIM_STOPS:
        return max(near, far)
    return _median(values, start, stop, buffer)


@numba.njit(**_JIT)
def _row_levels(stops, columns, share, buffer, out):  # type: ignore[no-untyped-def]
    """Write each row's level at a share of its sorted values between two columns into out (rows,)."""
    first, n = columns[0], columns[1] - columns[0]
    at = int(share * (n - 1))
    for y in range(stops.shape[0]):
        for i in range(n):
            buffer[i] = stops[y, first + i]
        out[y] = _kth(buffer, n, at)


@numba.njit(**_JIT)
def _block(stops, box, buffer):  # type: ignore[no-untyped-def]
    """Return the upper median of stops[box[0]:box[1], box[2]:box[3]], a block that is not empty."""
    n = 0
    for y in range(box[0], box[1]):
        for x in range(box[2], box[3]):
            buffer[n] = stops[y, x]
            n += 1
    return _kth(buffer, n, n // 2)


@numba.njit(**_JIT)
def _longest(on, out):  # type: ignore[no-untyped-def]
    """Write first and past-last row of the longest run of `on`, small gaps joined, into out; zeros where none is."""
    out[0] = out[1] = 0.0
    most, begin, last, n = 0, -1, -1, 0
    for i in range(on.shape[0]):
        if not on[i]:
            continue
        if begin < 0 or i - last > JOIN_PX:
            begin, n = i, 0
        n += 1
        last = i
        if n > most:
            most, out[0], out[1] = n, begin, i + 1


@numba.njit(**_JIT)
def read_rows(stops, columns, skin, rows, blocks, out):  # type: ignore[no-untyped-def]
    """Read one eye of the strip `stops` (h, w) float32 into out (5,) float64.

    columns  (3, 2) first and past-last column of the iris and of the white on both sides of it
    skin     (2, 2) first and past-last row of the skin above and below the lids
    rows     (2,) first and past-last row in which the eye is looked for
    blocks   (2, 4) rows and columns of the skin just below the eye and of the cheek; empty ones say 0
    out      first and past-last row, from rows[0], of what is not skin; stops the iris is darker, the white brighter
             than the lids, and the skin below the eye darker than the cheek
    """
    buffer = np.empty(stops.size, np.float32)
    level = np.empty(stops.shape[0], np.float32)
    top, n = rows[0], rows[1] - rows[0]
    on = np.zeros(n, np.bool_)
    _row_levels(stops, columns[0], IRIS_SHARE, buffer, level)
    lids = min(_bare(level, skin[0, 0], skin[0, 1], buffer), _bare(level, skin[1, 0], skin[1, 1], buffer))
    for i in range(n):
        buffer[i] = level[top + i]
    second = _kth(buffer, n, 1)
    dark = lids - (min(buffer[0], second) + second) / np.float32(2)
    if dark > TELLING_STOPS:
        for i in range(n):
            on[i] = (lids - level[top + i]) / max(dark, LEAST_STOPS) > 0.5
    most_white = np.float32(0)
    for side in range(1, 3):
        _row_levels(stops, columns[side], WHITE_SHARE, buffer, level)
        lids = max(_bare(level, skin[0, 0], skin[0, 1], buffer), _bare(level, skin[1, 0], skin[1, 1], buffer))
        white = level[top]
        for i in range(1, n):
            white = max(white, level[top + i])
        white -= lids
        most_white = max(most_white, white)
        if white > TELLING_STOPS:
            for i in range(n):
                on[i] = on[i] or (level[top + i] - lids) / max(white, LEAST_STOPS) > 0.5
    _longest(on, out)
    out[2], out[3], out[4] = dark, most_white, 0.0
    heights, widths = blocks[:, 1] - blocks[:, 0], blocks[:, 3] - blocks[:, 2]
    if min(heights.min(), widths.min()) > 0:
        out[4] = _block(stops, blocks[1], buffer) - _block(stops, blocks[0], buffer)
