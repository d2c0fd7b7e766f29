"""Which landmarks outline what of a face (MediaPipe's numbering), and the light on the whites of its eyes."""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.color import REC709_LUMA, SRGB8_TO_LINEAR
from booth.core.types import Face
from booth.looks.light.catchlight import EYES

# fmt: off
OVAL = [10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
        150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109]
BROWS = ([70, 63, 105, 66, 107, 55, 65, 52, 53, 46], [336, 296, 334, 293, 300, 276, 283, 282, 295, 285])
LIPS = [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185]
# fmt: on
NOT_SKIN = (*(list(outline) for _, _, outline in EYES), LIPS, *BROWS)
CHEEKBONES = (234, 454)  # a face's width lies between them
BEYOND_IRIS = 1.15  # radii of the iris that are left out
MIN_OPEN = 0.8  # area between the lids below which an eye is as good as shut, in irises
FEWEST_PX = 12
WHITE_SHARE = 0.9  # the quantile that stands for the whites: lids and lashes shade the rest


def eye_white(rgb: np.ndarray, face: Face) -> float | None:
    """Return the linear light of the whites of the eyes in an (H, W, 3) uint8 picture; None where they hardly show."""
    seen = np.concatenate([_white_of(rgb, face, *eye) for eye in EYES])
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
