"""The picture on its way through a look, at any size. Stages read a Canvas and return the next one."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.types import Face


@dataclass(frozen=True, slots=True)
class ByFace:
    """A painted backdrop hung by the sitter: a head's centre in 0..1 and a face's share of the picture's height."""

    centre: tuple[float, float]
    face_h_frac: float


@dataclass(frozen=True, slots=True)
class ByFrame:
    """A painted backdrop as the mirror hung it in the whole frame, of which the picture is a cut."""

    frame_px: tuple[int, int]
    matrix: tuple[float, ...]  # six: 2 x 3, from the frame's pixel centres to the picture's


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """A picture with what is known of it.

    `rgb` is sRGB-coded: uint8 in the mirror, float32 0..1 in the still. `alpha` has the picture's height and width and
    the same kind of numbers (uint8 0..255, or float32 0..1); None keeps the whole picture as it is. `parsing` holds
    0 background, 1 hair, 2 body skin, 3 face skin, 4 clothes, 5 other at any size, or None. `hung` says how a
    painted backdrop hangs in a picture that is a cut of another; None hangs it as the mirror does. `company` are the
    faces of the others who are in the picture with the sitter: each is lit by themselves.
    """

    rgb: np.ndarray  # (H, W, 3)
    alpha: np.ndarray | None  # (H, W)
    face: Face | None
    seq: int = 0
    parsing: np.ndarray | None = None
    hung: ByFace | ByFrame | None = None
    company: tuple[Face, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.rgb.shape[1], self.rgb.shape[0]

    @property
    def is_still(self) -> bool:
        """True for a float picture at full quality, False for the mirror's 8 bits."""
        return self.rgb.dtype != np.uint8

    @property
    def face_h_px(self) -> float:
        """Height of the landmarks' box in pixels, the unit of all lengths; a third of the picture without a face."""
        if self.face is None:
            return self.rgb.shape[0] / 3
        return (self.face.box.y1 - self.face.box.y0) * self.rgb.shape[0]


def as_8bit(array: np.ndarray) -> np.ndarray:
    """Return an array of 0..1 as uint8; uint8 is returned as it is."""
    return array if array.dtype == np.uint8 else cv2.convertScaleAbs(array, alpha=255)
