"""The least any such booth must do with a frame: both models on the whole picture. Only the bench uses it."""

from __future__ import annotations

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from booth.core.assets import asset
from booth.core.types import Face
from booth.perception.face_tracker import FaceTracker

TRIANGLES: np.ndarray = np.array(
    [(e.start, e.end) for e in vision.FaceLandmarksConnections.FACE_LANDMARKS_TESSELATION], np.int32
).reshape(-1, 3, 2)[:, :, 0]
"""(n, 3) int32 corner indices of the face mesh: the connections come three to a triangle."""


class Floor:
    """Landmarks and person mask of whole frames, one after the other, nothing else."""

    def __init__(self) -> None:
        self._tracker = FaceTracker(video=True, max_faces=1)
        self._segmenter = vision.ImageSegmenter.create_from_options(
            vision.ImageSegmenterOptions(
                base_options=BaseOptions(model_asset_path=str(asset("models", "selfie_segmenter.tflite"))),
                running_mode=vision.RunningMode.VIDEO,
                output_confidence_masks=True,
            )
        )
        self._last_ms = -1

    def faces(self, rgb: np.ndarray, t_s: float) -> tuple[Face, ...]:
        """Return the faces in an (H, W, 3) uint8 picture."""
        return self._tracker.find(rgb, t_s)

    def person(self, rgb: np.ndarray, t_s: float) -> np.ndarray:
        """Return the person mask, (H, W) float32 0..1."""
        self._last_ms = max(self._last_ms + 1, round(t_s * 1e3))
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
        masks = self._segmenter.segment_for_video(image, self._last_ms).confidence_masks
        return np.squeeze(masks[0].numpy_view())

    def close(self) -> None:
        """Free both models."""
        self._tracker.close()
        self._segmenter.close()
