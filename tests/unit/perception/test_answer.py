"""The tracker's answer read as arrays is the answer the library itself reads, and the library is left as it is."""

from __future__ import annotations

import mediapipe as mp
import numpy as np
import pytest

from booth.capture.source import open_source
from booth.config.params import load_params
from booth.perception.face_tracker import FaceTracker
from booth.perception.inference import faces_in, masks_in
from booth.perception.segmenter import PersonSegmenter


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


@pytest.mark.model
def test_masks_hold_what_the_library_reads():
    rgb = np.random.default_rng(3).integers(0, 256, (256, 256, 3), np.uint8)
    network = PersonSegmenter()
    try:
        segmenter = network._network._segmenter
        (mask,) = masks_in(segmenter, rgb)
        (plain,) = segmenter.segment(mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)).confidence_masks
        np.testing.assert_array_equal(mask, plain.numpy_view())
    finally:
        network.close()


@pytest.mark.model
def test_what_the_library_refuses_is_raised():
    with FaceTracker(video=False) as tracker, pytest.raises((ValueError, RuntimeError)):
        faces_in(tracker._marker, np.zeros((8, 8, 3), np.uint8), 5)  # a time, for a model that judges pictures
