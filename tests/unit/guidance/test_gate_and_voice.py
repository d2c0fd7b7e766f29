"""Hysteresis and the one sentence at a time."""

from __future__ import annotations

from booth.config.params.guidance import Band, Times
from booth.guidance.advice_scheduler import PRAISE, AdviceCandidate, AdviceScheduler
from booth.guidance.gate import Gate

BAND = Band(7, 10, pass_s=0.3, fault_s=0.3)
TURN, LENS, SMILE = (
    AdviceCandidate(3, "yaw", "pose.turn_left"),
    AdviceCandidate(6, "gaze", "gaze.lens"),
    AdviceCandidate(9, "smile", "expression.smile"),
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
    script: list[tuple[float, tuple[AdviceCandidate, ...], frozenset[str]]], times: Times | None = None
) -> list[str | None]:
    voice, log = AdviceScheduler(), []
    for t_s, wishes, cleared in script:
        voice = voice.step(wishes, cleared, t_s, times or Times())
        log.append(voice.now.key if voice.now else None)
    return log


def test_the_most_urgent_wish_is_spoken():
    assert spoken([(0.0, (SMILE, TURN, LENS), frozenset())]) == ["pose.turn_left"]


def test_a_sentence_stays_its_time_though_its_fault_has_gone():
    log = spoken([(0.0, (LENS,), frozenset()), (0.2, (), frozenset({"gaze"})), (1.4, (), frozenset({"gaze"}))])
    assert set(log) == {"gaze.lens"}


def test_something_more_urgent_may_cut_in_something_less_may_not():
    assert spoken([(0.0, (LENS,), frozenset()), (0.2, (LENS, TURN), frozenset())])[-1] == "pose.turn_left"
    assert spoken([(0.0, (LENS,), frozenset()), (0.2, (LENS, SMILE), frozenset())])[-1] == "gaze.lens"


def test_praise_follows_what_cleared():
    log = spoken([(0.0, (LENS,), frozenset()), (1.6, (), frozenset({"gaze"}))])
    assert log[-1] == PRAISE


def test_after_two_tries_the_next_thing_is_said_and_the_first_counts_as_asked_in_vain():
    voice, said = AdviceScheduler(), []
    for i in range(600):
        voice = voice.step((TURN, SMILE), frozenset(), i / 10, Times())
        if voice.now and (not said or said[-1] != voice.now.key):
            said.append(voice.now.key)
    assert said.count("pose.turn_left") == 2
    assert "expression.smile" in said
    assert "yaw" in voice.in_vain(Times())


def test_a_topic_that_cleared_may_be_asked_for_afresh():
    voice = AdviceScheduler(tries={"yaw": 2})
    assert voice.step((), frozenset({"yaw"}), 1.0, Times()).in_vain(Times()) == frozenset()
