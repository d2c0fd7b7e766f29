"""Where things are on a backdrop: coordinates in faces from the middle of the picture, the same at every size."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

FACE_FRAC_DEFAULT = 1 / 3  # of the frame's height: a head and shoulders portrait
FACE_FRAC_RANGE = (0.08, 0.9)  # beyond it the tracker has lost the face or sees only a part of it
WORK_FACE_PX = {"mirror": 170.0, "still": 420.0}  # what an out-of-focus scene can hold; finer is below the blur disc
WORK_H_PX = {"mirror": 720, "still": 1440}
SITTER_M, FACE_M = 2.0, 0.18  # 85 mm lens, a face a third of a 36 x 24 mm frame
APERTURE_M = 0.085  # focal length; divided by the f-number it is the width of the pupil


@dataclass(frozen=True, slots=True)
class Plane:
    """A picture of `width_px` x `height_px` and its ruler.

    x grows to image right and y down, from the middle of the picture; one unit is the height of the sitter's face.
    `x_px`, `y_px` are pixels per face (they differ by rounding only); the head's centre is at (`head_x`, `head_y`).
    """

    width_px: int
    height_px: int
    x_px: float
    y_px: float
    head_x: float
    head_y: float

    @classmethod
    def of(cls, size: tuple[int, int], face_centre: tuple[float, float] | None, face_h_frac: float) -> Plane:
        """Build the plane of a picture; without a face its centre is taken a little above the middle."""
        width_px, height_px = size
        if width_px < 1 or height_px < 1:
            raise ValueError(f"a backdrop must be at least 1 x 1 pixel, got {width_px} x {height_px}")
        frac = min(max(face_h_frac, FACE_FRAC_RANGE[0]), FACE_FRAC_RANGE[1])
        face_px = frac * height_px
        cx, cy = face_centre if face_centre is not None else (0.5, 0.45)
        return cls(
            width_px, height_px, face_px, face_px, (cx - 0.5) * width_px / face_px, (cy - 0.5) * height_px / face_px
        )

    def wider(self, margin_px: int) -> Plane:
        """Return the plane with so many pixels more on every side: its middle, ruler and head stay where they are."""
        return replace(self, width_px=self.width_px + 2 * margin_px, height_px=self.height_px + 2 * margin_px)

    def at(self, face_px: float, height_px: int) -> Plane:
        """Return the same extents at `face_px` pixels per face, no higher than `height_px`."""
        k = min(face_px / self.y_px, height_px / self.height_px)
        width, height = max(1, round(self.width_px * k)), max(1, round(self.height_px * k))
        x_px, y_px = self.x_px * width / self.width_px, self.y_px * height / self.height_px
        return Plane(width, height, x_px, y_px, self.head_x, self.head_y)

    def work(self, quality: str) -> Plane:
        """Return the plane on which an out-of-focus scene is painted before it is enlarged."""
        return self.at(WORK_FACE_PX[quality], WORK_H_PX[quality])

    @property
    def face_px(self) -> float:
        """Pixels per face."""
        return math.sqrt(self.x_px * self.y_px)

    @property
    def half(self) -> tuple[float, float]:
        """Half the width and half the height of the picture in faces."""
        return self.width_px / self.x_px / 2, self.height_px / self.y_px / 2

    def axes(self) -> tuple[np.ndarray, np.ndarray]:
        """Return x (1, W) and y (H, 1) of the pixel centres in faces, float32."""
        half_w, half_h = self.half
        x = (np.arange(self.width_px, dtype=np.float32) + 0.5) / np.float32(self.x_px) - np.float32(half_w)
        y = (np.arange(self.height_px, dtype=np.float32) + 0.5) / np.float32(self.y_px) - np.float32(half_h)
        return x[None, :], y[:, None]

    def px(self, x: np.ndarray | float, y: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
        """Return the pixel coordinates (0 is the centre of the first pixel) of a place in faces."""
        half_w, half_h = self.half
        return (np.asarray(x) + half_w) * self.x_px - 0.5, (np.asarray(y) + half_h) * self.y_px - 0.5


def faces_per_metre(distance_m: float) -> float:
    """Return how many faces one metre spans at that distance from the camera."""
    return SITTER_M / (distance_m * FACE_M)


def disc_faces(distance_m: float, f_number: float = 2.0) -> float:
    """Return the diameter, in faces, of the blur disc of a point at that distance behind the sitter.

    A thin lens focused on the sitter: the cone through the pupil, cut at the sitter's distance. Measured on the
    sitter it does not depend on the focal length.
    """
    return APERTURE_M / f_number / FACE_M * (1 - SITTER_M / distance_m)
