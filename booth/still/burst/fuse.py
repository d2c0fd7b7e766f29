"""Every place of a finer grid is the mean of the frames that may speak there, each read with a bicubic."""

from __future__ import annotations

import numpy as np

from booth.core.compiled import numba

PAD_PX = 2  # border that a bicubic reads beyond a frame
BICUBIC = np.float32(-0.6)  # Keys' parameter: a little sharper than his -.5
MIN_SAY = np.float32(0.02)


@numba.njit(cache=True, nogil=True, fastmath=True, inline="always")
def _moved(flow, u, v, x0, y0, weights):  # type: ignore[no-untyped-def]  # noqa: PLR0913 - compiled into its caller
    """Return where the place (u, v) lies in a frame, by its flow (h, w, 2) between four cells."""
    c00, c10, c01, c11 = weights
    x = c00 * flow[y0, x0, 0] + c10 * flow[y0, x0 + 1, 0] + c01 * flow[y0 + 1, x0, 0] + c11 * flow[y0 + 1, x0 + 1, 0]
    y = c00 * flow[y0, x0, 1] + c10 * flow[y0, x0 + 1, 1] + c01 * flow[y0 + 1, x0, 1] + c11 * flow[y0 + 1, x0 + 1, 1]
    return u + x, v + y


@numba.njit(cache=True, nogil=True, fastmath=True, inline="always")
def _taps(t, taps):  # type: ignore[no-untyped-def]
    """Write the four weights of bicubic interpolation at `t`, 0..1 between the two middle samples."""
    one, a = np.float32(1), BICUBIC
    s = one - t
    taps[0], taps[3] = a * t * s * s, a * s * t * t
    taps[1] = ((a + 2) * t - (a + 3)) * t * t + one
    taps[2] = one - taps[0] - taps[1] - taps[3]


@numba.njit(cache=True, nogil=True, fastmath=True)
def fuse(lumas, flow, say, total, weight):  # type: ignore[no-untyped-def]
    """Add say x value to `total` and say to `weight`, (2, H, W) float32: of the even and of the odd frames.

    `lumas` (n, h + 4, w + 4) float32 have a border of `PAD_PX`, `flow` is (n, h, w, 2), `say` (n, h, w) float32.
    """
    n, h, w = say.shape
    height, width = total.shape[1], total.shape[2]
    one, half, zero = np.float32(1), np.float32(0.5), np.float32(0)
    px_y, px_x = np.float32(h / height), np.float32(w / width)
    row_of, column_of = np.empty(4, np.float32), np.empty(4, np.float32)
    for row in range(height):
        v = min(max((row + half) * px_y - half, zero), np.float32(h - 1.001))
        y0, yn = int(v), int(v + half)
        fy = v - np.float32(y0)
        for column in range(width):
            u = min(max((column + half) * px_x - half, zero), np.float32(w - 1.001))
            x0, xn = int(u), int(u + half)
            fx = u - np.float32(x0)
            c00, c10, c01, c11 = (one - fx) * (one - fy), fx * (one - fy), (one - fx) * fy, fx * fy
            for k in range(n):
                r = say[k, yn, xn]
                if r <= MIN_SAY:
                    continue
                f = flow[k]
                qx, qy = _moved(f, u, v, x0, y0, (c00, c10, c01, c11))
                qx = min(max(qx, np.float32(-0.99)), np.float32(w - 0.01)) + np.float32(PAD_PX)
                qy = min(max(qy, np.float32(-0.99)), np.float32(h - 0.01)) + np.float32(PAD_PX)
                ix, iy = int(qx), int(qy)
                _taps(qx - np.float32(ix), column_of)
                _taps(qy - np.float32(iy), row_of)
                value = zero
                for j in range(4):
                    line = lumas[k, iy - 1 + j]
                    value += row_of[j] * (
                        column_of[0] * line[ix - 1]
                        + column_of[1] * line[ix]
                        + column_of[2] * line[ix + 1]
                        + column_of[3] * line[ix + 2]
                    )
                total[k & 1, row, column] += r * value
                weight[k & 1, row, column] += r


def warm() -> None:
    """Compile or load the kernel on a picture of nobody."""
    say, lumas = np.ones((2, 8, 8), np.float32), np.zeros((2, 12, 12), np.float32)
    fuse(lumas, np.zeros((2, 8, 8, 2), np.float32), say, *np.zeros((2, 2, 12, 12), np.float32))
