"""The tracker's answer read as arrays is the answer the library itself reads, and the library is left as it is."""

from __future__ import annotations

import mediapipe as mp
import numpy as np
import pytest

from booth.capture.source import open_source
from booth.params import load_params
from booth.perception.answer import faces_in
from booth.perception.face import FaceTracker


@pytest.mark.model
def test_arrays_hold_what_the_library_reads():
    source = open_source("demo", load_params(None).capture)
    for _ in range(300):
        rgb, _t = source.read()
    source.close()
    with FaceTracker(video=False) as tracker:
        ((points, scores, matrix),) = faces_in(tracker._marker, rgb, None)
        plain = tracker._marker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(rgb)))
    np.testing.assert_array_equal(points, np.array([(p.x, p.y, p.z) for p in plain.face_landmarks[0]], np.float32))
    np.testing.assert_array_equal(scores, np.array([c.score for c in plain.face_blendshapes[0]], np.float32))
    np.testing.assert_array_equal(matrix, plain.facial_transformation_matrixes[0])
    assert points.shape == (478, 3)
    assert scores.shape == (52,)
