"""The face landmarker's answer as arrays, read straight from its memory.

The library makes 478 Python objects of every face, half a millisecond of the interpreter's time that no other thread
can use meanwhile. What it reads is the same; `as_arrays` takes the place of its reading.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from mediapipe.tasks.python.vision import face_landmarker


def _fields(rows: Any, count: int, offset: int, width: int) -> np.ndarray:
    """Copy `width` float32 from every one of `count` C structs, beginning `offset` bytes into each."""
    size = ctypes.sizeof(rows._type_)
    raw = np.ctypeslib.as_array(ctypes.cast(rows, ctypes.POINTER(ctypes.c_uint8)), (count, size))
    return np.ascontiguousarray(raw[:, offset : offset + 4 * width]).view(np.float32)


def as_arrays(cls: type, answer: Any) -> Any:
    """Return the result with (478, 3) landmarks, (52,) scores and (4, 4) matrix of each face as float32 arrays."""
    landmarks, scores = [], []
    for i in range(answer.face_landmarks_count):
        points = answer.face_landmarks[i]
        landmarks.append(_fields(points.landmarks, points.landmarks_count, type(points.landmarks[0]).x.offset, 3))
    for i in range(answer.face_blendshapes_count):
        shapes = answer.face_blendshapes[i]
        offset = type(shapes.categories[0]).score.offset
        scores.append(_fields(shapes.categories, shapes.categories_count, offset, 1)[:, 0])
    matrices = [
        answer.facial_transformation_matrixes[i].to_numpy() for i in range(answer.facial_transformation_matrixes_count)
    ]
    return cls(landmarks, scores, matrices)


def install() -> None:
    """Let the library read its answers this way, in this process."""
    face_landmarker.FaceLandmarkerResult.from_ctypes = classmethod(as_arrays)
