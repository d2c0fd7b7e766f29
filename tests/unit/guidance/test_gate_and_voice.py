"""Hysteresis and the one sentence at a time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from booth.config.params.guidance import Band, Times
from booth.guidance.advice_scheduler import HOLD, PRAISE, PRAISING, AdviceCandidate, AdviceScheduler
from booth.guidance.gate import Gate

BAND = Band(7, 10, pass_s=0.3, fault_s=0.3)
TURN, LENS = AdviceCandidate(3, "yaw", "pose.turn_left"), AdviceCandidate(6, "gaze", "gaze.lens")
SMILE, STILL = (
    AdviceCandidate(9, "smile", "expression.smile", blocks=False),
    AdviceCandidate(99, "hold", HOLD, blocks=False),
)


def gated(values: list[float | None], fps: float = 30.0, band: Band = BAND) -> list[bool | None]:
    gate, log = Gate(), []
    for i, value in enumerate(values):
        gate = gate.step(value, i / fps, band)
        log.append(gate.ok)
    return log


def test_the_first_value_decides_at_once():
    assert gated([5.0]) == [True]
    assert gated([8.0]) == [False]


def test_between_the_limits_nothing_changes():
    assert set(gated([5.0] + [9.0] * 60)) == {True}
    assert set(gated([12.0] + [9.0] * 60)) == {False}


def test_a_moment_beyond_the_limit_is_forgiven_a_longer_one_is_not():
    assert all(gated([5.0] * 10 + [15.0] * 8 + [5.0] * 10))
    assert gated([5.0] * 10 + [15.0] * 12)[-1] is False


def test_more_is_better_where_enter_lies_above_leave():
    band = Band(0.25, 0.22)
    assert gated([0.30], band=band) == [True]
    assert gated([0.24], band=band) == [False]


def test_what_cannot_be_measured_is_not_judged():
    assert gated([5.0, None, None]) == [True, None, None]


def spoken(
    seconds: float, reasons_at: Callable[[float], tuple[AdviceCandidate, ...]], praise_from_s: float = 0.3
) -> list[tuple[float, str | None]]:
    """Play reasons told by time at 20 frames a second; return every new sentence with its time."""
    voice, log, clear_since_s = AdviceScheduler(), [], None
    for n in range(round(seconds * 20)):
        t_s = n / 20
        reasons = reasons_at(t_s)
        blocked = any(wish.blocks for wish in reasons)
        clear_since_s = None if blocked else clear_since_s if clear_since_s is not None else t_s
        is_ready = clear_since_s is not None and t_s - clear_since_s >= praise_from_s - 1e-6
        voice = voice.step(reasons, STILL if is_ready else None, t_s, Times())
        key = voice.now.key if voice.now else None
        assert not (blocked and key in PRAISING)
        if not log or log[-1][1] != key:
            log.append((t_s, key))
    return log


def test_the_first_reason_is_spoken_once_it_has_lasted():
    assert spoken(1.0, lambda t: (TURN, LENS, SMILE)) == [(0.0, None), (0.3, "pose.turn_left")]


def test_when_the_first_reason_goes_the_next_is_said_within_a_second():
    log = spoken(4.0, lambda t: (TURN, LENS) if t < 2 else (LENS,))
    assert [key for _, key in log] == [None, "pose.turn_left", "gaze.lens"]
    assert 2.0 < log[-1][0] < 3.0


def test_a_more_urgent_reason_takes_over_within_a_second_a_less_urgent_one_does_not():
    log = spoken(4.0, lambda t: (LENS,) if t < 2 else (TURN, LENS))
    assert [key for _, key in log] == [None, "gaze.lens", "pose.turn_left"]
    assert log[-1][0] < 3.0
    assert [key for _, key in spoken(4.0, lambda t: (LENS,) if t < 2 else (LENS, SMILE))] == [None, "gaze.lens"]


def test_a_sentence_stays_long_enough_to_be_read_though_its_fault_has_gone():
    log = spoken(3.0, lambda t: (LENS,) if t < 0.4 else ())
    assert log[1] == (0.3, "gaze.lens")
    assert log[2][0] == pytest.approx(1.1, abs=0.051)


def test_a_reason_that_flickers_does_not_make_the_sentence_flicker():
    log = spoken(6.0, lambda t: (TURN, LENS) if (round(t * 20) + 1) % 3 else (LENS,))
    assert [key for _, key in log] == [None, "pose.turn_left"]


def test_praise_follows_what_cleared_and_then_the_hold():
    log = spoken(4.0, lambda t: (LENS,) if t < 1.6 else ())
    assert [key for _, key in log] == [None, "gaze.lens", PRAISE, HOLD]


def test_what_would_only_be_nicer_is_said_after_the_praise():
    log = spoken(4.0, lambda t: (LENS, SMILE) if t < 1.6 else (SMILE,))
    assert [key for _, key in log] == [None, "gaze.lens", PRAISE, "expression.smile"]


def test_praise_ends_in_the_very_frame_that_would_not_be_taken():
    log = spoken(4.0, lambda t: (LENS,) if t >= 1.0 else ())
    assert log[-1] == (1.0, "gaze.lens")


def test_after_a_blink_the_praise_goes_on_at_once():
    log = spoken(3.0, lambda t: (LENS,) if 0.99 < t < 1.16 else ())
    assert [key for _, key in log] == [None, HOLD, "gaze.lens", HOLD]
    assert log[-1][0] < 1.3


def test_how_long_a_topic_was_asked_for_is_known_and_forgotten_for_another_picture():
    voice = AdviceScheduler()
    for n in range(100):
        voice = voice.step((TURN, SMILE), None, n / 20, Times())
    assert voice.is_spent("yaw", Times())
    assert not voice.is_spent("smile", Times())
    assert not voice.forgiven().is_spent("yaw", Times())


def test_with_nobody_there_praise_ends():
    voice = AdviceScheduler()
    for n in range(10):
        voice = voice.step((), STILL, n / 20, Times())
    assert voice.now == STILL
    assert voice.silenced(0.5).now is None
