"""The matte's pixel loops against the plain arithmetic that they stand for."""

from __future__ import annotations

import cv2
import numpy as np

from booth.perception.live_views import View
from booth.perception.matte_crop import CropWindow
from booth.perception.matte_pixels import blur_where_uncertain


def test_means_are_right_wherever_a_cell_is_uncertain() -> None:
    rng = np.random.default_rng(3)
    rgb = rng.integers(0, 256, (90, 160, 3)).astype(np.uint8)
    whole = cv2.blur(rgb, (3, 3))
    for rows, columns in ((slice(0, 3), slice(0, 4)), (slice(5, 9), slice(6, 11)), (slice(12, 15), slice(20, 26))):
        certain = np.zeros((15, 26), np.uint8)
        certain[rows, columns] = 1
        out = np.zeros_like(rgb)
        blur_where_uncertain(rgb, certain, out)
        cell_of_row = np.clip(((np.arange(90) + 0.5) * 15 / 90 - 0.5).astype(int), 0, 13)
        cell_of_column = np.clip(((np.arange(160) + 0.5) * 26 / 160 - 0.5).astype(int), 0, 24)
        read = certain[np.ix_(cell_of_row, cell_of_column)] == 1
        assert read.any()
        np.testing.assert_array_equal(out[read], whole[read])


def test_a_fresh_map_is_taken_gently_where_it_agrees_and_at_once_where_not() -> None:
    before = np.full((256, 256), 0.5, np.float32)
    seen = before.copy()
    seen[:128] += 0.02
    seen[128:] = 1.0
    view = View(CropWindow(0, 0, 256, 256), before, 3.0)
    view.take(seen)
    assert view.mean is not None and view.debt == 0.0
    np.testing.assert_allclose(view.mean[:128], 0.504, atol=1e-5)
    np.testing.assert_allclose(view.mean[128:], 1.0, atol=1e-5)
