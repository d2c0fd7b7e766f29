"""Whether a photograph lies on its side or upside down, told from the face in it.

The tracker finds faces at any angle, but what it says of their roll cannot be relied on: on an upside-down face it fits
an upright mesh, smaller and with the skin below the eyes where the brows should be. So all four ways up are compared.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.types import Face
from booth.perception.face_tracker import FaceTracker
from booth.perception.lid_model import COLUMNS, ROWS, lid_evidence
from booth.perception.lids import cut_strip

LOOKED_AT_PX = 640  # longer side; a face takes the tracker no more
SIDEWAYS_DEG = 45.0  # of roll: another quarter turn is nearer to upright
BROW_ROWS = 3  # of the eye patch, from its top: where brows are darker than the skin below the eye
BROW_PER_HEIGHT = 0.1  # one stop of brow says as much as a face taller by a tenth of the picture's longer side
AS_IT_IS = 0.02  # the way up that the picture has is given so much: nearly all pictures are upright


def quarter_turns(rgb: np.ndarray, tracker: FaceTracker) -> int | None:
    """Return how many counter-clockwise quarter turns (`np.rot90`) make an (H, W, 3) picture upright, 0 to 3.

    The largest face counts; None where no face is found any way up. `tracker` must be one for single pictures.
    """
    scale = min(1.0, LOOKED_AT_PX / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
    scores: dict[int, float] = {}
    for turns in range(4):
        way_up = np.ascontiguousarray(np.rot90(small, turns))
        face = max(tracker.find(way_up), key=lambda face: face.box.area, default=None)
        if face is not None and abs(face.pose.roll_deg) < SIDEWAYS_DEG:
            scores[turns] = _upright_score(way_up, face) + (AS_IT_IS if turns == 0 else 0.0)
    return max(scores, key=lambda turns: scores[turns]) if scores else None


def _upright_score(rgb: np.ndarray, face: Face) -> float:
    """Return the face's height over the picture's longer side, and how much darker than skin its brows are."""
    light = lid_evidence(face, cut_strip(rgb, face))[: ROWS * COLUMNS].reshape(ROWS, COLUMNS)
    height = (face.box.y1 - face.box.y0) * rgb.shape[0] / max(rgb.shape[:2])
    return height - BROW_PER_HEIGHT * float(light[:BROW_ROWS].mean())
