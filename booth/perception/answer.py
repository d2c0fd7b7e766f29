"""The face landmarker's answer as arrays, read straight from its memory.

The library makes 478 Python objects of every face, half a millisecond of the interpreter's time that no other thread
can use meanwhile. This asks the same question of the same model and reads the same numbers.
"""

from __future__ import annotations

import ctypes
from typing import Any

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import vision
from mediapipe.tasks.python.vision.face_landmarker import FaceLandmarkerResultC

FaceArrays = tuple[np.ndarray, np.ndarray, np.ndarray]
"""(478, 3) landmarks, (52,) scores and (4, 4) matrix of one face, float32, copied."""


def faces_in(marker: vision.FaceLandmarker, rgb: np.ndarray, at_ms: int | None) -> tuple[FaceArrays, ...]:
    """Return what the model finds in an (H, W, 3) uint8 picture; `at_ms` grows in video mode, None judges a picture.

    Raises what the library raises when its graph has failed.
    """
    image = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))
    answer = FaceLandmarkerResultC()
    library, place = marker._lib, ctypes.byref(answer)  # the pinned version's own way in
    if at_ms is None:
        library.MpFaceLandmarkerDetectImage(marker._handle, image._image_ptr, None, place)
    else:
        library.MpFaceLandmarkerDetectForVideo(marker._handle, image._image_ptr, None, at_ms, place)
    try:
        return tuple(_face(answer, i) for i in range(answer.face_landmarks_count))
    finally:
        library.MpFaceLandmarkerCloseResult(place)


def _face(answer: Any, i: int) -> FaceArrays:
    points, shapes = answer.face_landmarks[i], answer.face_blendshapes[i]
    scores = _fields(shapes.categories, shapes.categories_count, "score", 1)[:, 0]
    matrix = np.array(answer.facial_transformation_matrixes[i].to_numpy(), np.float32)
    return _fields(points.landmarks, points.landmarks_count, "x", 3), np.ascontiguousarray(scores), matrix


def _fields(rows: Any, count: int, first: str, width: int) -> np.ndarray:
    """Copy (count, width) float32 from C structs: `width` neighbours from the field named `first` on."""
    offset, size = getattr(rows._type_, first).offset, ctypes.sizeof(rows._type_)
    raw = np.ctypeslib.as_array(ctypes.cast(rows, ctypes.POINTER(ctypes.c_uint8)), (count, size))
    return np.ascontiguousarray(raw[:, offset : offset + 4 * width]).view(np.float32)
