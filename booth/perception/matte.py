"""The live matte: how much of each pixel of one frame is the sitter, within a few milliseconds.

A crop round the tracked face goes through the person segmenter; a running mean follows the sitter's movement; a colour
guided filter carries the outline to the picture's own edges. Every matte is made for, and laid on, its own frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.params.matte import MatteParams
from booth.perception.matte_pixels import apply_coefficients, certain_cells, guided_coefficients
from booth.perception.segmenter import SIDE_PX, PersonSegmenter
from booth.types import Face, Frame, Matte, frozen

GRID_PX = 180  # the guided filter's side
GUIDE_RADIUS_PX = 6
GUIDE_EPS = 1e-3
STEP_LOW, STEP_HIGH = 0.12, 0.88
BODY_FACES = 4.4  # crop width in face widths: shoulders with arms are about 4 (shoulder breadth 49 cm, face 14 cm)


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle of the small picture in whole pixels, always inside it."""

    x0: int
    y0: int
    x1: int
    y1: int


def smooth_step_table(low: float, high: float) -> np.ndarray:
    """Return (1024,) uint8: the smooth step from `low` to `high` for alpha 0..1."""
    t = np.clip((np.linspace(0, 1, 1024) - low) / (high - low), 0, 1)
    return np.round(t * t * (3 - 2 * t) * 255).astype(np.uint8)


def crop_round(face: Face, width_px: int, height_px: int) -> Crop:
    """Return the square of full height round the face, widened where shoulders need it, pushed inside the picture."""
    face_w = (face.box.x1 - face.box.x0) * width_px
    side = int(min(width_px, max(height_px, BODY_FACES * face_w)))
    centre = (face.box.x0 + face.box.x1) / 2 * width_px
    x0 = int(np.clip(centre - side / 2, 0, width_px - side))
    return Crop(x0, 0, x0 + side, height_px)


class LiveMatte:
    """Makes the matte of every frame of one source; owned by one thread."""

    def __init__(self, params: MatteParams) -> None:
        self._params = params
        self._segmenter = PersonSegmenter()
        self._table = smooth_step_table(STEP_LOW, STEP_HIGH)
        self.forget()

    def forget(self) -> None:
        """Drop all memory of the sitter."""
        self._mean: np.ndarray | None = None
        self._crop: Crop | None = None

    def close(self) -> None:
        """Free the model; must happen before the interpreter shuts down."""
        self._segmenter.close()

    def see(self, frame: Frame, face: Face | None, others: tuple[Face, ...] = ()) -> Matte:
        """Return the matte of `frame`, the size of `frame.small`; without a face, of whoever is in it."""
        rgb = frame.small
        height, width = rgb.shape[:2]
        crop = crop_round(face, width, height) if face is not None else Crop(0, 0, width, height)
        cut = rgb[crop.y0 : crop.y1, crop.x0 : crop.x1]
        seen = self._segmenter(cv2.resize(cut, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA))
        mean = self._steadied(seen, crop)
        alpha = np.zeros((height, width), np.uint8)
        self._refine(cut, mean, alpha[crop.y0 : crop.y1, crop.x0 : crop.x1])
        return Matte(frozen(alpha), frame.seq)

    def _steadied(self, seen: np.ndarray, crop: Crop) -> np.ndarray:
        if self._mean is None or crop != self._crop:
            self._mean, self._crop = seen, crop
            return seen
        change = seen - self._mean
        self._mean = self._mean + change * np.clip(0.35 + 2 * np.abs(change), 0, 1)
        return self._mean

    def _refine(self, cut: np.ndarray, mean: np.ndarray, out: np.ndarray) -> None:
        low = cv2.resize(mean, (GRID_PX, GRID_PX), interpolation=cv2.INTER_LINEAR)
        guide = cv2.resize(cut, (GRID_PX, GRID_PX), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        coefficients = guided_coefficients(guide, low, GUIDE_RADIUS_PX, GUIDE_EPS)
        certain = certain_cells(low, 0.02, 0.98, GUIDE_RADIUS_PX)
        apply_coefficients(cut, coefficients, certain, self._table, out)
