"""The tracker's answer read as arrays is the answer the library itself would have read."""

from __future__ import annotations

import numpy as np
import pytest
from mediapipe.tasks.python.vision import face_landmarker

from booth.capture.source import open_source
from booth.params import load_params
from booth.perception.answer import as_arrays
from booth.perception.face import FaceTracker


@pytest.mark.model
def test_arrays_hold_what_the_library_reads(monkeypatch):
    read = []

    def both(cls, answer):
        first = answer.face_landmarks[0]
        spots = [first.landmarks[j] for j in range(first.landmarks_count)]
        shapes = answer.face_blendshapes[0]
        scores = [shapes.categories[j].score for j in range(shapes.categories_count)]
        read.append(([(p.x, p.y, p.z) for p in spots], scores))
        return as_arrays(cls, answer)

    monkeypatch.setattr(face_landmarker.FaceLandmarkerResult, "from_ctypes", classmethod(both))
    source = open_source("demo", load_params(None).capture)
    for _ in range(300):
        rgb, _t = source.read()
    with FaceTracker(video=False) as tracker:
        (face,) = tracker.find(rgb)
    source.close()
    np.testing.assert_array_equal(face.landmarks, np.array(read[0][0], np.float32))
    np.testing.assert_array_equal(face.blend, np.array(read[0][1], np.float32))
    assert face.landmarks.shape == (478, 3)
    assert face.blend.shape == (52,)
