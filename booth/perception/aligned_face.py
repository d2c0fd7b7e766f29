"""The face chip: the sitter's face turned upright and brought to one small size, where all pixel measures are taken.

One size for everyone keeps the measures comparable and their cost the same at any resolution.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from booth.core.color import REC709_LUMA, SRGB8_TO_LINEAR
from booth.core.landmarks import BROWS, EYES, FACE_OVAL, LEFT_EYE_CORNERS, LIPS_COARSE, NOSE_BASE, RIGHT_EYE_CORNERS
from booth.core.types import Face

IED_PX = 40.0
WIDTH_PX, HEIGHT_PX = 136, 152
EYES_AT = (68.0, 60.0)  # where the middle between the eyes comes to lie


@dataclass(frozen=True, eq=False)
class AlignedFace:
    """An upright face: `rgb` (152, 136, 3) uint8, `points` (478, 2) in its pixels, `inside` where the frame reaches."""

    rgb: np.ndarray
    points: np.ndarray
    inside: np.ndarray  # (152, 136) bool

    @cached_property
    def luminance(self) -> np.ndarray:
        """Linear light 0..1, (152, 136) float32."""
        return cv2.transform(cv2.LUT(self.rgb, SRGB8_TO_LINEAR), REC709_LUMA[None])

    @cached_property
    def skin(self) -> np.ndarray:
        """Face without eyes, brows, lips and nostrils, (152, 136) bool."""
        mask = np.zeros(self.rgb.shape[:2], np.uint8)
        cv2.fillConvexPoly(mask, _hull(self.points[list(FACE_OVAL)]), 1)
        mask = cv2.erode(mask, np.ones((5, 5), np.uint8))
        holes = np.zeros_like(mask)
        for part in (*EYES, LIPS_COARSE, *BROWS):
            cv2.fillConvexPoly(holes, _hull(self.points[list(part)]), 1)
        holes = cv2.dilate(holes, np.ones((7, 7), np.uint8))
        cv2.circle(holes, tuple(int(v) for v in self.points[NOSE_BASE]), 6, 1, -1)
        return (mask > 0) & (holes == 0) & self.inside

    def disc(self, centre: np.ndarray, radius_px: float) -> np.ndarray:
        """Return a bool mask of the pixels within `radius_px` of a point, inside the frame."""
        y, x = np.ogrid[:HEIGHT_PX, :WIDTH_PX]
        return ((x - centre[0]) ** 2 + (y - centre[1]) ** 2 <= radius_px**2) & self.inside


def _hull(points: np.ndarray) -> np.ndarray:
    return cv2.convexHull(np.round(points).astype(np.int32))


def cut_chip(rgb: np.ndarray, face: Face) -> AlignedFace:
    """Cut the chip of a face out of the (H, W, 3) uint8 picture it was found in."""
    height_px, width_px = rgb.shape[:2]
    points = face.points_px(width_px, height_px)
    right, left = points[list(RIGHT_EYE_CORNERS)].mean(0), points[list(LEFT_EYE_CORNERS)].mean(0)
    across = left - right
    scale = IED_PX / max(float(np.hypot(*across)), 1e-6)
    source, origin, shrink = brought_near(rgb, (right + left) / 2, 2.6 * IED_PX / scale, 1.2 * scale)
    cos, sin = (across / max(float(np.hypot(*across)), 1e-6)) * scale
    turn = np.array([[cos, sin], [-sin, cos]], np.float64)
    shift = np.array(EYES_AT) - turn @ ((right + left) / 2)
    placed = points @ turn.T + shift
    matrix = np.column_stack([turn / shrink, turn @ origin + shift]).astype(np.float64)
    chip = cv2.warpAffine(
        source, matrix, (WIDTH_PX, HEIGHT_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return AlignedFace(chip, placed.astype(np.float32), _inside(turn, shift, width_px, height_px))


def brought_near(
    rgb: np.ndarray, middle: np.ndarray, reach_px: float, scale: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the square round `middle`, shrunk by area to `scale` or a little above, its origin and its scale."""
    height_px, width_px = rgb.shape[:2]
    x0, y0 = (max(0, int(v - reach_px)) for v in middle)
    x1, y1 = min(width_px, int(middle[0] + reach_px) + 1), min(height_px, int(middle[1] + reach_px) + 1)
    if x1 - x0 < 2 or y1 - y0 < 2:
        return rgb, np.zeros(2), 1.0
    part = rgb[y0:y1, x0:x1]
    whole = int(1 / max(scale, 1e-3))  # a whole factor: OpenCV averages those several times faster
    origin = np.array([x0, y0], np.float64)
    if whole < 2:
        return part, origin, 1.0
    skip = max(1, whole // 2)  # two by two samples an output pixel are enough for an average
    part = part[::skip, ::skip]
    each = whole // skip
    size = (part.shape[1] // each, part.shape[0] // each)
    if min(size) < 2:
        return np.ascontiguousarray(part), origin, 1.0 / skip
    part = part[: size[1] * each, : size[0] * each]
    part = part if skip == 1 else np.ascontiguousarray(part)
    return cv2.resize(part, size, interpolation=cv2.INTER_AREA), origin, 1.0 / (skip * each)


def _inside(turn: np.ndarray, shift: np.ndarray, width_px: int, height_px: int) -> np.ndarray:
    back = np.linalg.inv(turn)
    corners = np.array([[0, 0], [WIDTH_PX, 0], [WIDTH_PX, HEIGHT_PX], [0, HEIGHT_PX]], np.float64)
    at = (corners - shift) @ back.T
    if (at >= 0).all() and (at <= [width_px - 1, height_px - 1]).all():
        return np.ones((HEIGHT_PX, WIDTH_PX), bool)
    frame = np.array([[0, 0], [width_px, 0], [width_px, height_px], [0, height_px]], np.float64) @ turn.T + shift
    mask = np.zeros((HEIGHT_PX, WIDTH_PX), np.uint8)
    cv2.fillConvexPoly(mask, np.round(frame).astype(np.int32), 1)
    return mask > 0
