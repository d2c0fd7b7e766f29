"""What the library's models answer, asked on the caller's own thread and read straight from memory.

The library hands every call to a thread of its own and waits for it, and makes 478 Python objects of every face: some
changes of thread and half a millisecond of the interpreter a frame that nobody else can use meanwhile. This asks the
same question of the same model and reads the same numbers. A model has one owner, who asks one thing at a time.

The models are closed by hand, always. Left to the garbage collector they would close themselves from inside it, and
wait there for a thread that may already be gone: a hang, seen when a failing test left one open.
"""

from __future__ import annotations

import ctypes
from typing import Any

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import vision
from mediapipe.tasks.python.core.mediapipe_c_utils import handle_status
from mediapipe.tasks.python.vision.face_landmarker import FaceLandmarkerResultC
from mediapipe.tasks.python.vision.image_segmenter import ImageSegmenterResult, ImageSegmenterResultC


def _left_to_its_owner(_self: object) -> None:
    """Do nothing when collected."""


for _model in (vision.FaceLandmarker, vision.ImageSegmenter):
    _model.__del__ = _left_to_its_owner

FaceArrays = tuple[np.ndarray, np.ndarray, np.ndarray]
"""(478, 3) landmarks, (52,) scores and (4, 4) matrix of one face, float32, copied."""


def faces_in(marker: vision.FaceLandmarker, rgb: np.ndarray, at_ms: int | None) -> tuple[FaceArrays, ...]:
    """Return what the model finds in an (H, W, 3) uint8 picture; `at_ms` grows in video mode, None judges a picture.

    Raises what the library raises when its graph has failed.
    """
    image, answer = _image(rgb), FaceLandmarkerResultC()
    place = ctypes.byref(answer)
    if at_ms is None:
        _ask(marker, "MpFaceLandmarkerDetectImage", image._image_ptr, None, place)
    else:
        _ask(marker, "MpFaceLandmarkerDetectForVideo", image._image_ptr, None, at_ms, place)
    try:
        return tuple(_face(answer, i) for i in range(answer.face_landmarks_count))
    finally:
        _library(marker).MpFaceLandmarkerCloseResult(place)


def masks_in(segmenter: vision.ImageSegmenter, rgb: np.ndarray) -> list[np.ndarray]:
    """Return one (H, W) float32 0..1 map a class of an (H, W, 3) uint8 picture, copied.

    Raises what the library raises when its graph has failed.
    """
    image, answer = _image(rgb), ImageSegmenterResultC()
    place = ctypes.byref(answer)
    _ask(segmenter, "MpImageSegmenterSegmentImage", image._image_ptr, None, place)
    try:
        found = ImageSegmenterResult.from_ctypes(answer).confidence_masks or []
        return [np.array(mask.numpy_view(), np.float32) for mask in found]
    finally:
        _library(segmenter).MpImageSegmenterCloseResult(place)


def _image(rgb: np.ndarray) -> mp.Image:
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))


def _library(task: Any) -> Any:
    """The C library under the wrapper, its signatures set when the model was made: the pinned version's own way in."""
    return task._lib._lib


def _ask(task: Any, name: str, *question: Any) -> None:
    library, message = _library(task), ctypes.c_char_p()
    status = getattr(library, name)(task._handle, *question, ctypes.byref(message))
    try:
        handle_status(status, message)
    finally:
        if message.value is not None:
            library.MpErrorFree(message)


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
