"""Someone or no one: all that is judged before a yes. Keeps nothing of what it saw but that one answer."""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.types import Frame
from booth.perception.face_tracker import FaceTracker

LOOK_EVERY_S = 0.2
LOOK_W_PX = 480  # wide enough for a face across a room's width of a fair stand


class PresenceDetector:
    """Looks for a face a few times a second and tells whether there was one; knows nothing else of it."""

    def __init__(self) -> None:
        self._tracker = FaceTracker(video=False, max_faces=1)
        self._looked_s = -1.0
        self._someone = False

    def process(self, frame: Frame) -> bool:
        """Return whether someone was there when last looked for."""
        if frame.t_s - self._looked_s >= LOOK_EVERY_S or frame.t_s < self._looked_s:
            self._looked_s = frame.t_s
            self._someone = bool(self._tracker.find(_narrow(frame.small)))
        return self._someone

    def close(self) -> None:
        """Free the model."""
        self._tracker.close()


def _narrow(rgb: np.ndarray) -> np.ndarray:
    if rgb.shape[1] <= LOOK_W_PX:
        return rgb
    height = round(rgb.shape[0] * LOOK_W_PX / rgb.shape[1])
    return cv2.resize(rgb, (LOOK_W_PX, height), interpolation=cv2.INTER_AREA)
