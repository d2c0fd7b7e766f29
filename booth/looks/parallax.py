"""A place follows the head a little, slowly, as what is far away does in a mirror. Mirror and still agree where it is.

Lengths are shares of the frame's height; a shift is where the backdrop moves, x to image right and y down.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from booth.core.compiled import read_only
from booth.looks.backdrop.backdrop_spec import Backdrop, PlaceBackdrop
from booth.looks.canvas import ByFrame, Canvas

SHARE = 0.07  # of how far the head is off the middle
MOST = 0.02  # a place is painted wider by this much on every side
SETTLE_S = 0.6
GAP_S = 1.0  # after a longer gap it is at once where it belongs
HEAD_MIDDLE = (0.5, 0.45)  # of the frame: where a head that moves nothing is


def margin_px(backdrop: Backdrop, height_px: int, vignette: float = 0.0) -> int:
    """Return by how much a backdrop is painted wider on every side; a vignette belongs to the frame and forbids it."""
    if not isinstance(backdrop, PlaceBackdrop) or backdrop.parallax <= 0 or vignette > 0:
        return 0
    return math.ceil(MOST * height_px)


def shift_of(backdrop: Backdrop, canvas: Canvas) -> tuple[float, float]:
    """Return where the backdrop of a picture moves for its face; nowhere for a photograph that no mirror showed."""
    if not isinstance(backdrop, PlaceBackdrop) or canvas.face is None:
        return 0.0, 0.0
    width, height = canvas.size
    box = canvas.face.box
    x, y = (box.x0 + box.x1) / 2 * width, (box.y0 + box.y1) / 2 * height
    if isinstance(canvas.hung, ByFrame):
        back = cv2.invertAffineTransform(np.array(canvas.hung.matrix, np.float64).reshape(2, 3))
        x, y = (float(v) for v in back @ (x, y, 1))
        width, height = canvas.hung.frame_px
    elif canvas.hung is not None:
        return 0.0, 0.0
    off = (x / width - HEAD_MIDDLE[0]) * width / height, y / height - HEAD_MIDDLE[1]
    right, down = (min(max(backdrop.parallax * SHARE * v, -MOST), MOST) for v in off)
    return right, down


class Drift:
    """The shift over time: slow, so that a plate is moved by a pixel now and then."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Start afresh with the next head."""
        self._now: tuple[float, float] | None = None
        self._t_s = -math.inf

    def at(self, goal: tuple[float, float], t_s: float) -> tuple[float, float]:
        """Return the shift at `t_s` seconds on its way to `goal`."""
        dt_s, self._t_s = t_s - self._t_s, t_s
        if self._now is None or not 0 <= dt_s < GAP_S:
            self._now = goal
        else:
            share = 1 - math.exp(-dt_s / SETTLE_S)
            (x, y), (gx, gy) = self._now, goal
            self._now = x + share * (gx - x), y + share * (gy - y)
        return self._now


class ShiftedPlate:
    """The piece of a wider plate that a frame shows; copied only when it has moved by a pixel."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Release the pieces."""
        self._of: tuple[np.ndarray, int, int] | None = None
        self._pieces: tuple[np.ndarray, np.ndarray] | None = None

    def pieces(
        self, plate: tuple[np.ndarray, np.ndarray], margin: int, shift: tuple[float, float], height_px: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the piece of both (H + 2m, W + 2m, 3) pictures of a plate at a shift, contiguous and read-only."""
        left = margin - min(max(round(shift[0] * height_px), -margin), margin)
        top = margin - min(max(round(shift[1] * height_px), -margin), margin)
        if self._pieces is None or self._of is None or self._of[0] is not plate[0] or self._of[1:] != (left, top):
            height, width = plate[0].shape[0] - 2 * margin, plate[0].shape[1] - 2 * margin
            window = np.s_[top : top + height, left : left + width]
            first, second = (read_only(np.ascontiguousarray(picture[window])) for picture in plate)
            self._of, self._pieces = (plate[0], left, top), (first, second)
        return self._pieces
