"""Whether the light on a photographed face is too poor for a portrait: dim on all that should shine, or half black.

A live frame is corrected and coached; a photograph that is only judged gets neither, so its bar is the stricter one.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from booth.core.color import SRGB8_TO_LINEAR
from booth.core.landmarks import CHEEKBONES, FACE_OVAL, NOSE_BASE
from booth.core.types import Face
from booth.looks.light.change import SkinCells
from booth.looks.light.correction import measure
from booth.looks.light.face_parts import eye_white
from booth.perception.aligned_face import AlignedFace, cut_chip

DIM_STOPS = 1.0  # a face that a correction would lift by this has too little light
HALF_BLACK_STOPS = 3.5  # one side under the other; hard studio side light reads up to 3
BLACK = 0.045  # linear, L* 25: the darker side's median
FEWEST_CELLS = 80


def is_poorly_lit(rgb: np.ndarray, face: Face) -> bool:
    """Judge the light on the face of an (H, W, 3) uint8 photograph; False where too little of it shows."""
    chip = cut_chip(rgb, face)
    cells = _cells(chip)
    if len(cells.index) < FEWEST_CELLS:
        return False
    if measure(SRGB8_TO_LINEAR[chip.rgb], cells, eye_white(rgb, face)).lift_stops >= DIM_STOPS:
        return True
    rows, columns = np.divmod(cells.index, cells.mask.shape[1])
    above = rows < chip.points[NOSE_BASE][1]  # of the beard
    columns, index = columns[above], cells.index[above]
    if len(index) < FEWEST_CELLS:
        return False
    left, right = np.quantile(columns, (0.3, 0.7))
    light = chip.luminance.ravel()[index]
    sides = sorted(float(np.median(light[part])) for part in (columns <= left, columns >= right))
    return sides[0] < BLACK and math.log2(sides[1] / max(sides[0], 1e-3)) > HALF_BLACK_STOPS


def _cells(chip: AlignedFace) -> SkinCells:
    oval = np.zeros(chip.skin.shape, np.uint8)
    cv2.fillConvexPoly(oval, cv2.convexHull(np.round(chip.points[list(FACE_OVAL)]).astype(np.int32)), 1)
    hull = np.flatnonzero((oval > 0) & chip.inside)
    width = float(np.linalg.norm(chip.points[CHEEKBONES[1]] - chip.points[CHEEKBONES[0]]))
    return SkinCells(chip.skin, np.flatnonzero(chip.skin), hull, width)
