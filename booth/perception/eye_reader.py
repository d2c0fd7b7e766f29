"""The operator's own eye classifier: a small ONNX network that says whether one eye is open. The booth ships none.

It is asked only where the lid model doubts, and believed only where it is sure of both eyes in two crops each. Made for
OCEC (MIT licence): input (1, 3, height, width) RGB 0..1, output one probability that the eye is open.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from booth.core.faults import Fault
from booth.core.landmarks import LEFT_EYE_CORNERS, RIGHT_EYE_CORNERS
from booth.core.types import Face

INPUT_HEIGHT_PX, INPUT_WIDTH_PX = 24, 40  # of the classifier
CROPS = ((0.05, 0.45), (0.10, 0.5))  # how much wider than the eye's corners on each side; height over width
SURE = 0.9  # of the classifier, in every crop of both eyes


class EyeReader:
    """Asks the classifier. Fault `eyes.model` for a file that is missing or no such network."""

    def __init__(self, file: str) -> None:
        path = Path(file).expanduser()
        hint = "Set guidance.eye_model to an ONNX network that takes 24 by 40 pixels of one eye, or leave it empty."
        if not path.is_file():
            raise Fault("eyes.model", f"There is no eye model {path}.", hint)
        try:
            self._net = cv2.dnn.readNetFromONNX(str(path))
            told = self._ask(np.zeros((INPUT_HEIGHT_PX, INPUT_WIDTH_PX, 3), np.uint8))
        except (cv2.error, ValueError) as error:
            raise Fault("eyes.model", f"{path.name} is not an eye model.", hint) from error
        if not 0.0 <= told <= 1.0:
            raise Fault("eyes.model", f"{path.name} is not an eye model.", hint)

    def is_sure_open(self, rgb: np.ndarray, face: Face) -> bool:
        """Tell whether both eyes of a face in an (H, W, 3) uint8 picture are surely open."""
        points = face.points_px(rgb.shape[1], rgb.shape[0]).astype(np.float64)
        eyes = (points[list(corners)] for corners in (RIGHT_EYE_CORNERS, LEFT_EYE_CORNERS))
        crops = (_crop(rgb, eye, wider, aspect) for eye in eyes for wider, aspect in CROPS)
        return all(self._ask(crop) > SURE for crop in crops)

    def _ask(self, crop: np.ndarray) -> float:
        self._net.setInput(cv2.dnn.blobFromImage(crop, 1 / 255))
        answer = np.asarray(self._net.forward()).ravel()
        if len(answer) != 1:
            raise ValueError("one probability was expected")
        return float(answer[0])


def _crop(rgb: np.ndarray, corners: np.ndarray, wider: float, aspect: float) -> np.ndarray:
    """Cut one eye out, level, at the classifier's size; `corners` (2, 2) are its own in the picture, left one first."""
    across = corners[1] - corners[0]
    wide_px = max(float(np.hypot(*across)), 1e-3) * (1 + 2 * wider)
    along = across / max(float(np.hypot(*across)), 1e-3)
    scale = np.array([wide_px / INPUT_WIDTH_PX, wide_px * aspect / INPUT_HEIGHT_PX])
    turn = np.column_stack([along * scale[0], np.array([-along[1], along[0]]) * scale[1]])
    middle = np.array([INPUT_WIDTH_PX - 1, INPUT_HEIGHT_PX - 1]) / 2
    matrix = np.column_stack([turn, corners.mean(0) - turn @ middle])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (INPUT_WIDTH_PX, INPUT_HEIGHT_PX)
    return cv2.warpAffine(rgb, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
