"""The pixel loop: sitter over plate, at both sizes alike."""

from __future__ import annotations

import numpy as np
import pytest

from booth.looks.composite import compose_mirror, grade_8bit, grade_float
from booth.looks.composite_still import Grading, Layers, compose_still
from booth.looks.grade import Grade, colour_matrix, tone_table

H, W = 72, 128
PLAIN = Grade()


def _maps(fore: float = 0.7, behind: float = 0.2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    shape = (9, 16, 3)
    return tuple(np.full(shape, v, np.float32) for v in (fore, behind, 0.0))  # type: ignore[return-value]


def _mirror(
    alpha: np.ndarray, rgb: np.ndarray, plate: np.ndarray, grade: Grade = PLAIN, *, is_hot: bool = False
) -> np.ndarray:
    out = plate.copy()
    hot = np.full((9, 16), is_hot)
    matrix, table, loss = colour_matrix(grade), tone_table(grade), np.float32(grade.vignette)
    pictures, tint = (rgb, alpha, plate), np.ones(3, np.float32)
    compose_mirror(pictures, _maps(), hot, tint, matrix, table, loss, grade.is_plain, (0, 0, W, H), out)
    return out


@pytest.fixture
def pictures() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    return rng.integers(0, 256, (H, W, 3), np.uint8), rng.integers(0, 256, (H, W, 3), np.uint8)


def test_an_opaque_sitter_under_a_plain_grade_is_untouched_to_the_bit(pictures: tuple[np.ndarray, np.ndarray]) -> None:
    rgb, plate = pictures
    assert np.array_equal(_mirror(np.full((H, W), 255, np.uint8), rgb, plate), rgb)


def test_where_nobody_is_the_plate_is_untouched_to_the_bit(pictures: tuple[np.ndarray, np.ndarray]) -> None:
    rgb, plate = pictures
    assert np.array_equal(_mirror(np.zeros((H, W), np.uint8), rgb, plate), plate)


def test_a_mixed_pixel_loses_the_old_room() -> None:
    """Hair of .7 half over a room of .2 reads .45; on a white wall it must become .85, not a grey of .725."""
    alpha = np.full((H, W), 128, np.uint8)
    seen = np.full((H, W, 3), round(255 * 0.451), np.uint8)
    white = np.full((H, W, 3), 255, np.uint8)
    assert _mirror(alpha, seen, white).mean() / 255 == pytest.approx(0.85, abs=0.01)


def test_a_run_of_sitter_is_graded_as_its_single_pixels_are(pictures: tuple[np.ndarray, np.ndarray]) -> None:
    """Where no light is near, whole runs are graded at once; a map of no light has every pixel take the other way."""
    rgb, plate = pictures
    alpha = np.random.default_rng(5).choice(np.array([0, 90, 255, 255, 255], np.uint8), (H, W))
    grade = Grade(contrast=0.1, vignette=0.2, warmth=0.05)
    runs, singles = (_mirror(alpha, rgb, plate, grade, is_hot=is_hot).astype(int) for is_hot in (False, True))
    assert np.abs(runs - singles).max() <= 1
    assert (runs != singles).mean() < 0.001


@pytest.mark.parametrize("grade", [Grade(contrast=0.1, vignette=0.2), Grade(saturation=0.0), Grade(warmth=0.05)])
def test_mirror_and_still_grade_alike(pictures: tuple[np.ndarray, np.ndarray], grade: Grade) -> None:
    rgb, plate = pictures
    opaque = np.full((H, W), 255, np.uint8)
    mirror = _mirror(opaque, rgb, plate, grade).astype(int)
    still = np.empty((H, W, 3), np.float32)
    grade_float(
        rgb.astype(np.float32) / 255, colour_matrix(grade), tone_table(grade), np.float32(grade.vignette), still
    )
    eight = np.empty_like(rgb)
    grade_8bit(rgb, colour_matrix(grade), tone_table(grade), np.float32(grade.vignette), eight)
    assert np.abs(mirror - still * 255).max() <= 1.0
    assert np.abs(eight - still * 255).max() <= 0.51


def test_light_from_the_backdrop_reaches_only_the_edge() -> None:
    own, plate = np.full((H, W, 3), 0.3, np.float32), np.full((H, W, 3), 0.9, np.float32)
    wrap = np.zeros((9, 16, 3), np.float32)
    wrap[:, :2] = 0.4
    layers = Layers(fore=own, behind=own, plate=plate, wrap=wrap, tint=np.ones(3, np.float32))
    plain = Grading(colour_matrix(Grade()), tone_table(Grade()), 0.0, True)
    out = compose_still(own.copy(), np.ones((H, W), np.float32), layers, plain)
    assert out[:, 0].min() > 0.5
    assert np.allclose(out[:, W // 2 :], 0.3)
