"""The camera's rate, in seconds of frames."""

from __future__ import annotations

import numpy as np

from booth.capture.rate_monitor import RateMonitor
from booth.core.types import Frame, frozen

BLANK = frozen(np.zeros((4, 4, 3), np.uint8))


def watched(*parts: tuple[float, float], wanted: float | None = 30.0, every: int = 1) -> tuple[RateMonitor, int]:
    """Frames at such a rate for so many seconds, one after the other; only each `every`-th reaches the watcher."""
    pace, alarms, seq, t_s = RateMonitor(wanted), 0, 0, 0.0
    for rate, lasts_s in parts:
        for _ in range(round(rate * lasts_s)):
            seq, t_s = seq + 1, t_s + 1 / rate
            if seq % every == 0:
                alarms += pace.record(Frame(seq, t_s, BLANK, BLANK))
    return pace, alarms


def test_a_camera_that_waits_for_light_is_told_to_the_operator_once():
    pace, alarms = watched((30, 5), (14, 8))
    assert alarms == 1
    assert pace.advice("en") == "Add light: the camera has slowed to 14 frames a second"


def test_frames_nobody_had_time_for_are_not_the_cameras_fault():
    pace, alarms = watched((30, 6), every=3)
    assert alarms == 0
    assert pace.advice("en") is None


def test_light_added_ends_the_advice():
    pace, _ = watched((14, 8), (30, 8))
    assert pace.advice("de") is None


def test_a_rate_that_wavers_round_the_limit_does_not_flap():
    _, alarms = watched((22, 6), (24, 6), (22, 6), (24, 6))
    assert alarms == 1


def test_a_file_or_the_demonstration_has_no_light_to_wait_for():
    pace, alarms = watched((10, 8), wanted=None)
    assert alarms == 0
    assert pace.advice("en") is None


def test_a_pause_starts_the_count_anew():
    pace, _ = watched((30, 5))
    pace.record(Frame(10_000, 60.0, BLANK, BLANK))
    assert pace.fps is None
