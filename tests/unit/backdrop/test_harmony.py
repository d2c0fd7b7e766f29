"""Grain as the camera's, light for the edge, and gains that stay within their cap and ask nothing of a face."""

from __future__ import annotations

import numpy as np
import pytest

from booth.looks.backdrop.grain import Grain, match_grain, measure_grain
from booth.looks.backdrop.harmony import edge_light, harmonise


def noisy(level: float, sigma: float, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    grey = level + sigma * rng.standard_normal((360, 640, 1)).astype(np.float32)
    return (np.clip(np.repeat(grey, 3, 2), 0, 1) * 255 + 0.5).astype(np.uint8)


@pytest.mark.parametrize("sigma", [0.01, 0.02, 0.04])
def test_noise_is_measured_as_it_is(sigma: float) -> None:
    grain = measure_grain(noisy(0.4, sigma))
    assert grain.sigma[1] == pytest.approx(sigma, rel=0.2)
    assert grain.size_px == pytest.approx(1, abs=0.3)


def test_edges_of_the_room_are_not_taken_for_noise() -> None:
    picture = noisy(0.4, 0.01)
    picture[:, ::40] = 20
    picture[::50] = 200
    assert measure_grain(picture).sigma[1] < 0.025


def test_only_the_room_is_measured_where_a_matte_is_given() -> None:
    picture = noisy(0.4, 0.01)
    picture[:, :320] = noisy(0.4, 0.06)[:, :320]
    alpha = np.zeros((360, 640), np.uint8)
    alpha[:, :330] = 255
    assert measure_grain(picture, alpha).sigma[1] == pytest.approx(0.01, rel=0.3)


def test_matched_grain_measures_as_the_cameras() -> None:
    wanted = Grain((0.02, 0.02, 0.02), 1.0)
    ground = np.full((360, 640, 3), 0.4, np.float32)
    grained = match_grain(ground, wanted, seed=5)
    assert grained.mean() == pytest.approx(0.4, abs=1e-3)
    found = measure_grain((grained * 255 + 0.5).astype(np.uint8))
    assert found.sigma[1] == pytest.approx(0.02, rel=0.25)
    assert np.array_equal(grained, match_grain(ground, wanted, seed=5))
    assert not np.array_equal(grained, match_grain(ground, wanted, seed=6))


def test_coarse_grain_is_coarse() -> None:
    ground = np.full((360, 640, 3), 0.4, np.float32)
    fine, coarse = (match_grain(ground, Grain((0.02,) * 3, s), seed=5)[..., 1] - 0.4 for s in (1.0, 2.5))

    def neighbours(grain: np.ndarray) -> float:
        return float(np.corrcoef(grain[:, 1:].ravel(), grain[:, :-1].ravel())[0, 1])

    assert neighbours(fine) < 0.1 < 0.3 < neighbours(coarse)


def test_a_black_frame_has_no_noise_to_measure() -> None:
    assert measure_grain(np.zeros((90, 160, 3), np.uint8)).sigma == (0, 0, 0)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_edge_light_is_the_backdrops_colour_nearby(dtype: type) -> None:
    backdrop = np.zeros((720, 1280, 3), np.float32)
    backdrop[:, 640:] = (1.0, 0.5, 0.0)
    backdrop = (backdrop * 255).astype(np.uint8) if dtype == np.uint8 else backdrop
    light = edge_light(backdrop)
    assert light.shape == (90, 160, 3) and light.dtype == np.float32
    assert light[45, 150] == pytest.approx([1, 0.5, 0], abs=0.02)
    assert light[45, 10].max() < 0.02
    assert 0.1 < light[45, 80, 0] < 0.95


SITTERS = [np.full((90, 160, 3), level, np.float32) for level in (0.08, 0.3, 0.6)]


@pytest.mark.parametrize("mean", [(1, 1, 1), (0, 0, 0), (0.9, 0.1, 0.05), (0.02, 0.05, 0.4), (0.5, 0.5, 0.5)])
def test_gains_stay_within_their_caps(mean: tuple[float, float, float]) -> None:
    alpha = np.ones((90, 160), np.float32)
    for sitter in SITTERS:
        gain = harmonise(sitter, alpha, np.array(mean, np.float32), cap_stops=0.25, cap_wb=0.06)
        level = 2 ** np.clip(np.log2(gain.mean()), -0.25, 0.25)
        assert gain.min() / 0.94 * 1.0 >= 2**-0.27 and gain.max() <= 2**0.25 * 1.06 + 1e-6
        assert np.abs(gain / level - 1).max() < 0.13


def test_every_face_gets_the_same_gain_from_the_same_scene() -> None:
    alpha = np.ones((90, 160), np.float32)
    scene = np.array([0.7, 0.6, 0.5], np.float32)
    gains = [harmonise(sitter, alpha, scene) for sitter in SITTERS]
    assert all(np.array_equal(gains[0], gain) for gain in gains)


def test_warm_scenes_warm_and_light_scenes_lift() -> None:
    alpha = np.ones((90, 160), np.float32)
    warm = harmonise(SITTERS[1], alpha, np.array([0.8, 0.5, 0.2], np.float32))
    assert warm[0] > warm[1] > warm[2]
    light = harmonise(SITTERS[1], alpha, np.ones(3, np.float32)).mean()
    dark = harmonise(SITTERS[1], alpha, np.full(3, 0.05, np.float32)).mean()
    assert dark < 1 < light


def test_a_bright_shirt_does_not_clip() -> None:
    sitter = SITTERS[1].copy()
    sitter[60:] = 0.97
    alpha = np.ones((90, 160), np.float32)
    gain = harmonise(sitter, alpha, np.ones(3, np.float32))
    assert gain.max() * ((0.97 + 0.055) / 1.055) ** 2.4 <= 1.0
