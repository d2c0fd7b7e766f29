"""The optional hand model: whether a thumb is held up. The booth ships none; the operator brings the file."""

from __future__ import annotations

from pathlib import Path

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import vision
from mediapipe.tasks.python.core.base_options import BaseOptions

from booth.core.faults import Fault
from booth.core.types import Frame
from booth.guidance.thumb_hold import is_thumb_up

EVERY = 4  # frames; a thumb is held up for most of a second


class HandReader:
    """Looks for a thumb held up in every few frames. Fault `hand.model` for a file that is missing or no hand model."""

    def __init__(self, file: str) -> None:
        path = Path(file).expanduser()
        hint = "Set screen.hand_model to MediaPipe's hand_landmarker.task, or leave it empty."
        if not path.is_file():
            raise Fault("hand.model", f"There is no hand model {path}.", hint)
        options = vision.HandLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(path)), running_mode=vision.RunningMode.VIDEO, num_hands=2
        )
        try:
            self._reader = vision.HandLandmarker.create_from_options(options)
        except (RuntimeError, ValueError) as error:
            raise Fault("hand.model", f"{path.name} is not a hand model.", hint) from error

    def process(self, frame: Frame) -> bool | None:
        """True for a thumb up in this frame, None where this frame was not looked at."""
        if frame.seq % EVERY:
            return None
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(frame.small))
        found = self._reader.detect_for_video(image, round(frame.t_s * 1000))
        aspect = frame.small.shape[1] / frame.small.shape[0]
        hands = (np.array([(p.x, p.y) for p in hand]) for hand in found.hand_landmarks)
        return any(is_thumb_up(hand, aspect) for hand in hands)

    def close(self) -> None:
        """Free the model."""
        self._reader.close()
