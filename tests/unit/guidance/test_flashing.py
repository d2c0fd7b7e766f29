"""Flashes on film: gentle as shown, and told apart whatever the camera's delay."""

from __future__ import annotations

import numpy as np
import pytest

from booth.core.faults import Fault
from booth.guidance.flash_schedule import LENGTH_S, PATTERNS, check_still, level_table, levels, sort_frames

GAINS = np.array([[0.02, 0.09, 0.05], [0.09, 0.02, 0.05], [0.05, 0.06, 0.08], [0.06, 0.05, 0.02]])


def film(delay_s: float, fps: float = 30.0, noise: float = 0.004, gains: np.ndarray = GAINS):
    rng = np.random.default_rng(2)
    since_s = np.arange(0, LENGTH_S, 1 / fps) + rng.uniform(-0.005, 0.005, round(LENGTH_S * fps + 0.49))
    light = 0.2 + level_table(since_s - delay_s) @ gains
    return since_s, light + rng.normal(0, noise, light.shape)


def test_the_screen_never_flashes_more_than_three_times_a_second_and_never_jumps():
    shown = level_table(np.arange(0, LENGTH_S, 1 / 60))
    assert np.abs(np.diff(shown, axis=0)).max() < 0.2
    rises = np.flatnonzero((shown.max(1)[1:] > 0.5) & (shown.max(1)[:-1] <= 0.5)) / 60
    assert len(rises) == len(PATTERNS)
    assert np.diff(rises).min() > 1 / 3
    assert levels(-1.0) == levels(LENGTH_S) == (0, 0, 0, 0)
    assert ((shown > 0).sum(1) <= 1).all()


@pytest.mark.parametrize("delay_s", [0.0, 0.05, 0.18, 0.33, 0.55])
@pytest.mark.parametrize("fps", [15, 30, 60])
def test_every_frame_is_told_by_what_it_shows_whatever_the_delay(delay_s, fps):
    since_s, light = film(delay_s, fps)
    found = sort_frames(since_s, light)
    assert found.delay_s == pytest.approx(delay_s, abs=0.025)
    shown = level_table(since_s - delay_s)
    for number, frames in enumerate(found.lit):
        assert len(frames) >= 3
        assert (shown[list(frames), number] > 0.95).all()
    assert (shown[list(found.room)] < 0.05).all()


def test_flashes_that_do_not_show_are_refused():
    for since_s, light in (film(0.1, gains=0 * GAINS), film(0.1, gains=0.002 * GAINS)):
        with pytest.raises(Fault) as fault:
            sort_frames(since_s, light)
        assert fault.value.code == "flash.unseen"


def test_one_side_of_the_screen_turned_off_is_noticed():
    gains = GAINS.copy()
    gains[1] = 0
    with pytest.raises(Fault) as fault:
        sort_frames(*film(0.1, gains=gains))
    assert fault.value.code == "flash.unseen"


def test_a_camera_too_slow_for_the_flashes_is_refused():
    with pytest.raises(Fault) as fault:
        sort_frames(*film(0.1, fps=6))
    assert fault.value.code in ("flash.few", "flash.unseen")


def marks(shift: float = 0.0, bend: float = 0.0, n: int = 20) -> np.ndarray:
    base = np.random.default_rng(1).uniform(0, 100, (15, 2))
    rows = np.repeat(base[None], n, 0)
    rows[n // 2 :] += shift
    rows[n // 2 :, :5] += bend
    return rows


def test_a_head_that_moves_is_refused_and_one_that_breathes_is_not():
    still = np.zeros((20, 2))
    check_still(marks(shift=3.0), still + 1.0, 60.0)
    turned = still.copy()
    turned[15:, 0] = 9.0
    for bad in ((marks(shift=60.0), still), (marks(bend=20.0), still), (marks(), turned)):
        with pytest.raises(Fault, match="moved"):
            check_still(*bad, 60.0)
