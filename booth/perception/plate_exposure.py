"""How much brighter each place of a room is than its plate has it: exposure, daylight, a cast shadow.

Seen where the room is certain, and carried on from there under the sitter. A local mean of the ratio would stand still
beyond the last certain place and leave a shadow's slope behind; a local line goes on with it for as far as it is told.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

WIDE_FRACS, NEAR_FRAC = (0.4, 0.1), 0.03  # of the width: reach of the local means, and of the line
ENOUGH = 0.15  # share of certain room in reach from which a nearer value replaces a farther one
LINE_RIDGE = 0.1  # of the squared reach, added to the places' scatter: a line through one place is level
LINE_MOST = 0.25  # of the local mean: what a line may add to it or take from it
GAIN_RANGE = (0.25, 4.0)  # two stops either way
DARKEST = 1e-4  # coded 0..1, added to both: nothing is told of black


def local_gain(seen: np.ndarray, known: np.ndarray, sure: np.ndarray) -> np.ndarray:
    """Return (h, w, 3) float32, smooth: what the plate has to be multiplied by.

    `seen` and `known` (h, w, 3) float32 0..1 are the picture and its plate, `sure` (h, w) float32 the certain room.
    """
    far = max(seen.shape)
    gain = np.ones(seen.shape, np.float32)
    for frac in WIDE_FRACS:
        share = _share(sure, frac * far)[..., None]
        above, below = (_blurred(p * sure[..., None], frac * far) for p in (seen, known))
        gain += share * ((above + np.float32(DARKEST)) / (below + np.float32(DARKEST)) - gain)
    reach = NEAR_FRAC * far
    near = np.dstack([_line(seen[..., c], known[..., c], sure, reach) for c in range(3)])
    gain += _share(sure, reach)[..., None] * (near - gain)
    return np.clip(gain, *GAIN_RANGE).astype(np.float32)


def _line(seen: np.ndarray, known: np.ndarray, sure: np.ndarray, reach: float) -> np.ndarray:
    """Return (h, w): the ratio's weighted least-squares plane round each place, at that place; one channel, (h, w)."""
    rows, columns = (axis.astype(np.float32) for axis in np.mgrid[: sure.shape[0], : sure.shape[1]])
    weight = known * known * sure + np.float32(DARKEST**2)
    total = _blurred(weight, reach)

    def mean(values: np.ndarray) -> np.ndarray:
        """The local mean by weight."""
        return _blurred(weight * values, reach) / total

    ratio = known * seen * sure + np.float32(DARKEST**2)
    level = _blurred(ratio, reach) / total
    mid_x, mid_y = mean(columns), mean(rows)
    ridge = np.float32(LINE_RIDGE * reach * reach)
    xx, yy, xy = _scatter(mean, columns, rows, (mid_x, mid_y))
    xx, yy = xx + ridge, yy + ridge
    with_x, with_y = (_blurred(ratio * p, reach) / total - m * level for p, m in ((columns, mid_x), (rows, mid_y)))
    inverse = 1 / np.maximum(xx * yy - xy * xy, np.float32(1e-6))
    slope_x, slope_y = (yy * with_x - xy * with_y) * inverse, (xx * with_y - xy * with_x) * inverse
    further = slope_x * (columns - mid_x) + slope_y * (rows - mid_y)
    out: np.ndarray = level + np.clip(further, -LINE_MOST * level, LINE_MOST * level)
    return out


def _scatter(
    mean: Callable[[np.ndarray], np.ndarray],
    columns: np.ndarray,
    rows: np.ndarray,
    middle: tuple[np.ndarray, np.ndarray],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the places' variances across and down and their covariance, each (h, w)."""
    mid_x, mid_y = middle
    across, down = mean(columns * columns) - mid_x * mid_x, mean(rows * rows) - mid_y * mid_y
    return across, down, mean(columns * rows) - mid_x * mid_y


def _share(sure: np.ndarray, reach: float) -> np.ndarray:
    share: np.ndarray = np.clip(_blurred(sure, reach) / np.float32(ENOUGH), 0, 1)
    return share


def _blurred(values: np.ndarray, reach: float) -> np.ndarray:
    return cv2.GaussianBlur(values.astype(np.float32), (0, 0), reach)
