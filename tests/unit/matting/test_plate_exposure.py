"""Light that changes across a room is told beside the sitter and goes on behind them."""

from __future__ import annotations

import numpy as np

from booth.perception.plate_exposure import local_gain

SIZE = (90, 160)  # height, width of the small pictures that exposure is told on
SITTER = np.s_[20:, 60:100]


def a_room(seed: int = 1) -> np.ndarray:
    """A cluttered place, (90, 160, 3) float32 0..1."""
    return np.random.default_rng(seed).uniform(0.2, 0.8, (*SIZE, 3)).astype(np.float32)


def sure() -> np.ndarray:
    """Where the room is certain: everywhere but at the sitter."""
    where = np.ones(SIZE, np.float32)
    where[SITTER] = 0
    return where


def light(slope_a_cell: float) -> np.ndarray:
    """Light that grows to the right, 1 in the middle."""
    return (1 + slope_a_cell * (np.arange(SIZE[1], dtype=np.float32) - 80))[None, :, None] * np.ones((*SIZE, 1))


def test_one_exposure_is_told_everywhere() -> None:
    gain = local_gain(0.8 * a_room(), a_room(), sure())
    assert np.abs(gain - 0.8).max() < 0.01


def test_light_that_falls_off_goes_on_for_some_way_under_the_sitter() -> None:
    truth = light(0.006)
    gain = local_gain(truth * a_room(), a_room(), sure())
    beside = np.s_[40:80, 60:66]
    assert np.abs(gain - truth)[beside].mean() < 0.018  # a mean that stands still is off by .037
    assert np.abs(gain - truth)[SITTER].max() < 0.1


def test_no_line_runs_away_where_nothing_is_certain() -> None:
    where = sure()
    where[:, 30:] = 0
    gain = local_gain(light(0.005) * a_room(), a_room(), where)  # .6 to .75 where it is certain
    assert gain.min() > 0.5 and gain.max() < 1.0


def test_black_tells_nothing() -> None:
    black = np.zeros((*SIZE, 3), np.float32)
    assert np.isfinite(local_gain(black, black, sure())).all()
    assert np.isfinite(local_gain(black, black, np.zeros(SIZE, np.float32))).all()
