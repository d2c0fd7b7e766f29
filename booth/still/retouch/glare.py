"""Small reflections on glasses: beside the eyes they are softened, across an eye they stay and the record says so."""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.landmarks import LEFT_EYE, RIGHT_EYE
from booth.still.retouch.heal import Healed, heal
from booth.still.retouch.regions import FaceMap

WORN = 0.02  # share of the lenses' box that must be frames for glasses to be worn
BLOWN = 0.93  # of full scale in all three colours
ABOVE = 22.0  # L* that a reflection is above what it lies on
SMALL_FACES = 0.03  # the largest that is skin when it is gone
MIN_FACES = 0.004
LENS_FACES = 0.07  # from the eyes to the rim of the lenses
EYE_FACES = 0.018  # nothing is healed so near to an eye's opening


def find_glare(rgb: np.ndarray, at: FaceMap) -> tuple[list[Healed], int]:
    """Return what takes each recoverable reflection off the lenses of a face's copy, and how many must stay."""
    if not wears_glasses(at):
        return [], 0
    size = rgb.shape[1], rgb.shape[0]
    unit = at.face_h * size[0] / at.size[0]
    lenses, eyes = (cv2.resize(m, size) > 0.5 for m in (_lenses(at), _eyes(at)))
    blown = ((rgb.min(2) > BLOWN) & lenses).astype(np.uint8)
    light = cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab)[..., 0]
    frames = cv2.resize(at.frames, size) > 0.5
    count, labels, stats, _ = cv2.connectedComponentsWithStats(blown, connectivity=8)
    healed, left = [], 0
    for index in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[index])
        if max(w, h) < MIN_FACES * unit:
            continue
        box = slice(y, y + h), slice(x, x + w)
        core = labels[box] == index
        if eyes[box][core].any() or max(w, h) > SMALL_FACES * unit:
            left += area > 3 * (MIN_FACES * unit) ** 2 and not _is_catchlight(eyes[box], core, unit)
            continue
        if not frames[box][core].any() and _stands_out(light, core, (x, y), unit):
            one = heal(rgb, core, (x, y), float(min(w, h)) * 0.6 + 0.004 * unit)
            healed += [one] if one is not None else []
    return healed, int(left)


def wears_glasses(at: FaceMap) -> bool:
    """Whether the parsing saw something worn across the eyes."""
    box = _lenses(at) > 0.5
    return bool(box.any() and at.frames[box].mean() > WORN)


def _lenses(at: FaceMap) -> np.ndarray:
    """Both lenses and a little more: around the eyes and some way down the cheeks."""
    return _around([*RIGHT_EYE, *LEFT_EYE], LENS_FACES, at)


def _eyes(at: FaceMap) -> np.ndarray:
    return np.maximum(*(_around(list(ring), EYE_FACES, at) for ring in (RIGHT_EYE, LEFT_EYE)))


def _around(ring: list[int], reach_faces: float, at: FaceMap) -> np.ndarray:
    """The outline of some landmarks, grown, on the reduced copy."""
    mask = np.zeros(at.face.shape, np.float32)
    outline = [np.round(cv2.convexHull(at.points[ring])).astype(np.int32)]
    cv2.fillPoly(mask, outline, 1.0)
    cv2.polylines(mask, outline, True, 1.0, max(round(2 * reach_faces * at.face_h), 1))
    return mask


def _is_catchlight(eyes: np.ndarray, core: np.ndarray, unit: float) -> bool:
    """A small light all inside of an eye is what makes it alive."""
    return bool(eyes[core].all()) and float(core.sum()) < (0.02 * unit) ** 2


def _stands_out(light: np.ndarray, core: np.ndarray, at: tuple[int, int], unit: float) -> bool:
    reach = round(0.02 * unit) + 2
    (x, y), (h, w) = at, core.shape
    top, left = max(y - reach, 0), max(x - reach, 0)
    part = light[top : y + h + reach, left : x + w + reach]
    own = np.zeros(part.shape, np.uint8)
    own[y - top : y - top + h, x - left : x - left + w] = core
    beside = cv2.dilate(own, np.ones((2 * round(0.008 * unit) + 1,) * 2, np.uint8)) == 0
    return bool(beside.any() and float(part[own > 0].mean() - np.percentile(part[beside], 75)) > ABOVE)
