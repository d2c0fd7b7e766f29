"""What makes portraits one set, measured on the finished picture itself."""

from __future__ import annotations

import math

import cv2
import numpy as np

from booth.core.color import REC709_WEIGHTS, power_law_to_linear
from booth.core.landmarks import CHEEK_PATCHES, LEFT_EYE_CORNERS, RIGHT_EYE_CORNERS
from booth.core.types import Face
from booth.still.develop_still import FIND_PX, Finished, StillModels

CORNER_ROWS, CORNER_COLUMNS = (0.02, 0.2), 0.15  # where the backdrop is looked at: the upper corners
CLIPPED_FROM = 254
EMPTY_ALPHA = 6


def measure_portrait(finished: Finished, alpha: np.ndarray | None, lab: StillModels) -> dict[str, float]:
    """Measure a finished portrait: `eye_line_frac head_height_frac roll_deg light_ratio_stops clipped_frac` and the
    backdrop's `backdrop_l backdrop_a backdrop_b`; what cannot be measured is left out.

    The face is looked for again, so that a wrong cut shows. `alpha` (h, w) uint8 is the matte of the cut.
    """
    rgb = finished.rgb
    scale = min(1.0, FIND_PX / max(rgb.shape[:2]))
    small = rgb if scale == 1 else cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = lab.find_faces(small)
    measures = _of_face(max(found, key=lambda f: f.box.area), small) if found else {}
    return measures | _of_backdrop(rgb, alpha)


def _of_face(face: Face, rgb: np.ndarray) -> dict[str, float]:
    points = face.points_px(rgb.shape[1], rgb.shape[0])
    left, right = points[list(RIGHT_EYE_CORNERS)].mean(0), points[list(LEFT_EYE_CORNERS)].mean(0)
    line_deg = math.degrees(math.atan2(left[1] - right[1], right[0] - left[0]))
    skin = np.zeros(rgb.shape[:2], np.uint8)
    cv2.fillConvexPoly(skin, cv2.convexHull(np.round(points).astype(np.int32)), 1)
    clipped = (rgb[skin > 0].max(1) >= CLIPPED_FROM).mean()
    dark, bright = (_light_on(rgb, points[list(cheek)]) for cheek in CHEEK_PATCHES)
    return {
        "eye_line_frac": round(float((left[1] + right[1]) / 2 / rgb.shape[0]), 5),
        "head_height_frac": round(face.box.y1 - face.box.y0, 5),
        "roll_deg": round((face.pose.roll_deg + line_deg) / 2, 3),
        "light_ratio_stops": round(math.log2(max(bright, 1e-4) / max(dark, 1e-4)), 3),
        "clipped_frac": round(float(clipped), 5),
    }


def _light_on(rgb: np.ndarray, cheek: np.ndarray) -> float:
    mask = np.zeros(rgb.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(cheek).astype(np.int32)), 1)
    codes = rgb[mask > 0].astype(np.float64) / 255
    return float(power_law_to_linear(np.median(codes, axis=0)) @ REC709_WEIGHTS)


def _of_backdrop(rgb: np.ndarray, alpha: np.ndarray | None) -> dict[str, float]:
    height, width = rgb.shape[:2]
    rows = slice(int(CORNER_ROWS[0] * height), max(int(CORNER_ROWS[1] * height), 2))
    edge = max(int(CORNER_COLUMNS * width), 2)
    pixels = []
    for columns in (slice(2, edge), slice(width - edge, width - 2)):
        corner = rgb[rows, columns]
        clear = np.ones(corner.shape[:2], bool) if alpha is None else alpha[rows, columns] < EMPTY_ALPHA
        pixels.append(corner[clear])
    seen = np.concatenate(pixels)
    if len(seen) < 50:
        return {}
    mean = seen.astype(np.float32).mean(0) / 255
    tone = cv2.cvtColor(mean.reshape(1, 1, 3), cv2.COLOR_RGB2Lab)[0, 0]
    return dict(zip(("backdrop_l", "backdrop_a", "backdrop_b"), (round(float(v), 3) for v in tone), strict=True))
