"""A coloured wall's light on the rim loses its colour, a grey wall changes nothing, the middle stays."""

from __future__ import annotations

import cv2
import numpy as np

from booth.looks.spill import spill_map, take_spill

SIDE, FACE_PX = 300, 200.0
HAIR, BLUE = np.array((0.2, 0.15, 0.1), np.float32), np.array((0.1, 0.6, 0.9), np.float32)


def a_head(wall: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A head whose rim has caught a third of the wall's colour, and its matte."""
    alpha = np.zeros((SIDE, SIDE), np.float32)
    cv2.circle(alpha, (150, 150), 90, 1, -1)
    rim = alpha - cv2.erode(alpha, np.ones((7, 7)))
    own = HAIR + 0.33 * rim[..., None] * (wall - HAIR)
    return (alpha[..., None] * own + (1 - alpha[..., None]) * wall).astype(np.float32), alpha


def chroma(rgb: np.ndarray) -> float:
    return float(np.ptp(rgb - HAIR))


def test_the_walls_blue_goes_from_the_rim() -> None:
    rgb, alpha = a_head(BLUE)
    before = rgb.copy()
    spill = spill_map(rgb, alpha, FACE_PX)
    assert spill is not None
    take_spill(rgb, spill)
    assert chroma(rgb[150, 62]) < 0.5 * chroma(before[150, 62])
    assert abs(rgb[150, 62].mean() - before[150, 62].mean()) < 0.06
    assert np.abs(rgb - before)[100:200, 100:200].max() < 1e-3  # the middle


def test_a_grey_wall_is_none_of_it() -> None:
    rgb, alpha = a_head(np.full(3, 0.8, np.float32))
    rgb[...] = rgb.mean(-1, keepdims=True)
    assert spill_map(rgb, alpha, FACE_PX) is None


def test_nobody_and_everybody_are_no_trouble() -> None:
    rgb = np.full((40, 40, 3), 0.5, np.float32)
    for level in (0.0, 1.0):
        assert spill_map(rgb, np.full((40, 40), level, np.float32), 20.0) is None
