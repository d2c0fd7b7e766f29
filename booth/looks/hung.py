"""A still's backdrop as it hangs: by the sitter's face, or as the piece of it that the mirror showed."""

from __future__ import annotations

import cv2
import numpy as np

from booth.looks.backdrop.backdrop_spec import Backdrop
from booth.looks.backdrop.paint import paint
from booth.looks.canvas import ByFrame, Canvas
from booth.looks.parallax import margin_px, shift_of

PLATE_SEED = 11
STILL_PLATE_PX = 6_000_000  # a larger still's backdrop is enlarged from this: it is out of focus anyway


def at_most(size: tuple[int, int], pixels: int) -> tuple[int, int]:
    """Return a size of the same shape with at most so many pixels."""
    scale = min(1.0, (pixels / (size[0] * size[1])) ** 0.5)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def hung_picture(backdrop: Backdrop, size: tuple[int, int], canvas: Canvas) -> np.ndarray:
    """Paint a still's backdrop at `size`: by the sitter's face, or as the piece of it that the mirror showed."""
    if isinstance(canvas.hung, ByFrame):
        frame = at_most(_as_fine(canvas.hung), STILL_PLATE_PX)
        margin = margin_px(backdrop, frame[1])
        whole = paint(backdrop, frame, seed=PLATE_SEED, quality="still", margin_px=margin)
        to_frame = _between_sizes(frame, canvas.hung.frame_px) @ _moved_by(backdrop, canvas, margin, frame[1])
        to_plate = _between_sizes(canvas.size, size)
        move = to_plate @ np.array([*canvas.hung.matrix, 0, 0, 1]).reshape(3, 3) @ to_frame
        # a cut that reaches past the frame goes on as its mirror image: the mirror never showed what is there
        return cv2.warpAffine(whole, move[:2], size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    if canvas.hung is None:
        margin = margin_px(backdrop, size[1])
        whole = paint(backdrop, size, seed=PLATE_SEED, quality="still", margin_px=margin)
        if margin == 0:
            return whole
        return cv2.warpAffine(whole, _moved_by(backdrop, canvas, margin, size[1])[:2], size, flags=cv2.INTER_LINEAR)
    by = canvas.hung
    return paint(backdrop, size, seed=PLATE_SEED, face_centre=by.centre, face_h_frac=by.face_h_frac, quality="still")


def _moved_by(backdrop: Backdrop, canvas: Canvas, margin: int, height_px: int) -> np.ndarray:
    """Return (3, 3) from pixel centres of a picture painted with a margin to those of the frame, drift included."""
    x, y = (margin - round(height_px * v) for v in shift_of(backdrop, canvas))
    return np.array([[1, 0, -x], [0, 1, -y], [0, 0, 1]], np.float64)


def _as_fine(hung: ByFrame) -> tuple[int, int]:
    """The size of a whole frame that is as fine as its cut: a portrait may have more pixels than the camera."""
    scale = max(1.0, float(np.hypot(hung.matrix[0], hung.matrix[3])))
    return round(hung.frame_px[0] * scale), round(hung.frame_px[1] * scale)


def _between_sizes(size: tuple[int, int], other: tuple[int, int]) -> np.ndarray:
    """Return (3, 3) from pixel centres of a picture to those of the same picture at another size."""
    x, y = other[0] / size[0], other[1] / size[1]
    return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]])
