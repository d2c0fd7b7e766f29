"""Landmarks, blendshapes and head pose of every face in a picture. Owns the face landmarker; keeps no pixels."""

from __future__ import annotations

import math

import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from booth.core.assets import asset
from booth.core.types import Box, Face, Pose
from booth.perception.inference import faces_in

MODEL = ("models", "face_landmarker.task")
MAX_FACES = 3  # the sitter, and enough others to notice company


def pose_of(matrix: np.ndarray) -> Pose:
    """Head angles in degrees from a (4, 4) canonical-face-to-camera matrix (signs as in `Pose`)."""
    turn = matrix[:3, :3] / np.linalg.norm(matrix[:3, :3], axis=0)
    ahead = turn[:, 2]
    return Pose(
        yaw_deg=math.degrees(math.atan2(ahead[0], ahead[2])),
        pitch_deg=math.degrees(math.atan2(ahead[1], math.hypot(ahead[0], ahead[2]))),
        roll_deg=math.degrees(math.atan2(turn[1, 0], turn[0, 0])),
    )


def _face(points: np.ndarray, blend: np.ndarray, matrix: np.ndarray) -> Face:
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    return Face(
        landmarks=points,
        blend=blend,
        matrix=matrix,
        pose=pose_of(matrix),
        box=Box(float(low[0]), float(low[1]), float(high[0]), float(high[1])),
    )


class FaceTracker:
    """Finds faces; one instance a source, closed with `close()` or by `with`.

    With `video=True` it tracks from frame to frame and wants times that grow; otherwise every picture stands alone.
    """

    def __init__(self, *, video: bool, max_faces: int = MAX_FACES) -> None:
        mode = vision.RunningMode.VIDEO if video else vision.RunningMode.IMAGE
        self._video = video
        self._last_ms = -1
        self._marker = vision.FaceLandmarker.create_from_options(
            vision.FaceLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=str(asset(*MODEL))),
                running_mode=mode,
                num_faces=max_faces,
                output_face_blendshapes=True,
                output_facial_transformation_matrixes=True,
            )
        )

    def find(self, rgb: np.ndarray, t_s: float = 0.0) -> tuple[Face, ...]:
        """Return the faces in an (H, W, 3) uint8 picture, in the tracker's order. `t_s` only counts for video."""
        if self._video:
            self._last_ms = max(self._last_ms + 1, round(t_s * 1e3))
        return tuple(_face(*arrays) for arrays in faces_in(self._marker, rgb, self._last_ms if self._video else None))

    def close(self) -> None:
        """Free the model; must happen before the interpreter shuts down."""
        self._marker.close()

    def __enter__(self) -> FaceTracker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
