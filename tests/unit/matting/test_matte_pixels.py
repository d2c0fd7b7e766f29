"""The matte's pixel loops against the plain arithmetic that they stand for."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from booth.perception.live_views import View
from booth.perception.matte_crop import CropWindow
from booth.perception.matte_pixels import guided_coefficients


def _by_blurs(rgb: np.ndarray, matte: np.ndarray, radius_px: int, eps: float) -> np.ndarray:
    """The colour guided filter's coefficients as He et al. (2010) write them, with the library's box means."""
    box = (2 * radius_px + 1, 2 * radius_px + 1)
    mean = cv2.blur(rgb, box)
    products = (rgb[..., :, None] * rgb[..., None, :]).reshape(*matte.shape, 9)
    second = np.dstack([cv2.blur(products[..., k : k + 3], box) for k in (0, 3, 6)]).reshape(*matte.shape, 3, 3)
    covariance = second - mean[..., :, None] * mean[..., None, :] + eps * np.eye(3)
    p = cv2.blur(matte, box)
    cross = cv2.blur(rgb * matte[..., None], box) - mean * p[..., None]
    a = np.linalg.solve(covariance, cross[..., None])[..., 0]
    return cv2.blur(np.dstack([a, p - (a * mean).sum(-1)]), box)


@pytest.mark.parametrize(("shape", "radius_px"), [((40, 60), 2), ((31, 17), 5), ((9, 70), 8)])
def test_the_guided_filter_is_he_s(shape: tuple[int, int], radius_px: int) -> None:
    rng = np.random.default_rng(3)
    rgb = cv2.GaussianBlur(rng.random((*shape, 3)).astype(np.float32), (0, 0), 1.0)
    matte = (rgb[..., 0] > 0.5).astype(np.float32)
    wanted = _by_blurs(rgb.astype(np.float64), matte.astype(np.float64), radius_px, 3e-4)
    np.testing.assert_allclose(guided_coefficients(rgb, matte, radius_px, 3e-4), wanted, atol=2e-2, rtol=2e-2)


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
