"""Which rings of a face hold no skin, and the light on the whites of its eyes."""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.color import REC709_LUMA, SRGB8_TO_LINEAR
from booth.core.landmarks import BROWS, EYES, LIPS
from booth.core.types import Face
from booth.looks.light.catchlight import EYE_PARTS

NOT_SKIN = tuple(list(ring) for ring in (*EYES, LIPS, *BROWS))  # lists: each is an index of points
BEYOND_IRIS = 1.15  # radii of the iris that are left out
MIN_OPEN = 0.8  # area between the lids below which an eye is as good as shut, in irises
FEWEST_PX = 12
WHITE_SHARE = 0.9  # the quantile that stands for the whites: lids and lashes shade the rest


def eye_white(rgb: np.ndarray, face: Face) -> float | None:
    """Return the linear light of the whites of the eyes in an (H, W, 3) uint8 picture; None where they hardly show."""
    seen = np.concatenate([_white_of(rgb, face, *eye) for eye in EYE_PARTS])
    return float(np.quantile(seen, WHITE_SHARE)) if len(seen) >= FEWEST_PX else None


def _white_of(rgb: np.ndarray, face: Face, centre: int, ring: tuple[int, ...], outline: tuple[int, ...]) -> np.ndarray:
    """Return (n,) linear light between the lids and outside the iris of one eye."""
    height, width = rgb.shape[:2]
    points = face.points_px(width, height)
    lids = points[list(outline)]
    radius = BEYOND_IRIS * float(np.linalg.norm(points[list(ring)] - points[centre], axis=1).mean())
    if cv2.contourArea(lids) < MIN_OPEN * np.pi * radius**2:
        return np.empty(0, np.float32)
    x0, y0 = (max(0, int(v)) for v in lids.min(0))
    x1, y1 = (int(v) + 2 for v in lids.max(0))
    part = rgb[y0:y1, x0:x1]
    if part.size == 0:
        return np.empty(0, np.float32)
    inside = np.zeros(part.shape[:2], np.uint8)
    cv2.fillPoly(inside, [np.round((lids - (x0, y0)) * 16).astype(np.int32)], 1, shift=4)
    y, x = np.ogrid[: part.shape[0], : part.shape[1]]
    middle = points[centre] - (x0, y0)
    inside[(x - middle[0]) ** 2 + (y - middle[1]) ** 2 <= radius**2] = 0
    return SRGB8_TO_LINEAR[part[inside > 0]] @ REC709_LUMA
