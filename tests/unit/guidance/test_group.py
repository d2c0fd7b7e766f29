"""Two to four people in one picture: judged each by themselves, spoken to by place, taken when nobody is shut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec
import pytest

from booth.config.params.guidance import GuidanceParams
from booth.config.words import locales, say_to
from booth.core.types import Focus, FrameAnalysis, GroupMember, Guidance
from booth.guidance.group_coach import GroupCoach
from booth.guidance.shutter import Shutter, Taken
from tests.unit.guidance.sitters import SEEN, Sitter, a_face, an_analysis, blinking, smiling

FPS = 30.0
PAIR = GuidanceParams(people=2)
LEFT, RIGHT = smiling(Sitter(x=0.36, height=0.34)), smiling(Sitter(x=0.64, height=0.34))
"""As the frame has them: the one at image left stands on the right in the mirror."""


def seen(people: Sequence[Sitter], seq: int, others: Sequence[Sitter] = (), size: int | None = None) -> FrameAnalysis:
    group = tuple(
        GroupMember(i, a_face(one), one.light, Focus(one.sharp, 0.1), one.cover) for i, one in enumerate(people)
    )
    first = an_analysis(people[0], seq, seq / FPS)
    faces = (*(one.face for one in group), *(a_face(one) for one in others))
    return replace(first, faces=faces, group=group, group_size=len(group) if size is None else size)


def run(frames: Iterator[FrameAnalysis], params: GuidanceParams = PAIR, least: int = 1) -> tuple[list, list[Taken]]:
    coach, shutter = GroupCoach.fresh(params, least=least), Shutter(params.times)
    log: list[Guidance] = []
    taken = []
    for analysis in frames:
        coach, guidance = coach.step(analysis)
        shutter, happened = shutter.step(guidance)
        taken += [event for event in happened if isinstance(event, Taken)]
        if taken and shutter.resting:
            shutter = shutter.rearmed()
        log.append(guidance)
    return log, taken


def hold(people: Sequence[Sitter], seconds: float, start: int = 0) -> Iterator[FrameAnalysis]:
    return (seen(people, start + i) for i in range(round(seconds * FPS)))


def test_a_smiling_pair_is_taken_within_three_seconds():
    _, taken = run(hold((LEFT, RIGHT), 4.0))
    assert taken
    assert taken[0].t_s < 3.0
    assert taken[0].choice.doubts in ((), ("",), ("", ""), ("", "", ""))


def test_no_frame_is_taken_in_which_one_of_three_blinks():
    three = [smiling(Sitter(x=x, height=0.3)) for x in (0.25, 0.5, 0.75)]

    def frames() -> Iterator[FrameAnalysis]:
        for i in range(round(8 * FPS)):
            people = [blinking(one) if i % 60 in range(20 * k, 20 * k + 6) else one for k, one in enumerate(three)]
            yield seen(people, i)

    log, taken = run(frames(), msgspec.structs.replace(PAIR, people=3))
    assert taken
    for event in taken:
        assert "eyes" not in log[event.choice.seq].rejects
        assert event.choice.seq % 20 >= 6


def test_the_worst_off_decides_what_a_frame_is_worth():
    both, _ = run(hold((LEFT, RIGHT), 1.5))
    one, _ = run(hold((LEFT, Sitter(x=0.64, height=0.34, yaw_deg=6)), 1.5))
    assert one[-1].score is not None and both[-1].score is not None
    assert one[-1].score < both[-1].score


@pytest.mark.parametrize(("turned", "place"), [(0, "place.right"), (1, "place.left")])
def test_who_is_turned_away_is_spoken_to_by_the_place_they_see_themselves_at(turned: int, place: str):
    people = [LEFT, RIGHT]
    people[turned] = replace(people[turned], yaw_deg=14.0, gaze_deg=(0.0, 0.0))
    log, taken = run(hold(people, 2.0))
    assert not taken
    assert log[-1].advice == "pose.turn_right"
    assert (log[-1].member, log[-1].place) == (turned, place)


def test_what_is_said_to_everybody_names_nobody():
    away = [replace(one, gaze_deg=(14.0, 0.0)) for one in (LEFT, RIGHT)]
    log, _ = run(hold(away, 2.0))
    assert log[-1].advice == "gaze.lens"
    assert (log[-1].member, log[-1].place) == (None, "")


def test_each_is_judged_by_their_own_zero():
    """One holds the chin 6 degrees low by nature, the other 6 high: both are level, and nobody is corrected."""
    people = (replace(LEFT, pitch_deg=-6.0), replace(RIGHT, pitch_deg=6.0))
    log, taken = run(hold(people, 6.0))
    assert taken
    assert not {g.advice for g in log[60:]} & {"pose.chin_up", "pose.chin_down"}


def test_who_came_with_someone_waits_for_them_and_is_told():
    log, taken = run(hold((LEFT,), 5.0), least=2)
    assert not taken
    assert log[-1].advice == "presence.together"
    assert "company" in log[-1].rejects


def test_a_member_lost_for_a_moment_is_waited_for():
    def frames() -> Iterator[FrameAnalysis]:
        for i in range(round(6 * FPS)):
            lost = i % 45 in range(20, 32)
            yield seen((LEFT,) if lost else (LEFT, RIGHT), i, size=2)

    log, taken = run(frames())
    assert taken
    assert all("company" not in log[event.choice.seq].rejects for event in taken)


def test_a_stranger_as_large_as_they_keeps_the_shutter_and_a_small_one_does_not():
    stranger = Sitter(x=0.9, height=0.3)
    log, taken = run(seen((LEFT, RIGHT), i, (stranger,)) for i in range(120))
    assert not taken
    assert log[-1].advice == "presence.uninvited"
    assert log[-1].is_barred
    _, taken = run(seen((LEFT, RIGHT), i, (replace(stranger, height=0.12),)) for i in range(120))
    assert taken


def test_who_is_just_joining_is_waited_for_without_a_word():
    def frames() -> Iterator[FrameAnalysis]:
        for i in range(round(3 * FPS)):
            yield seen((LEFT, RIGHT), i) if i >= 20 else seen((LEFT,), i, (RIGHT,), 1)

    log, taken = run(frames(), least=2)
    assert all("company" in g.rejects and g.is_barred for g in log[:20])
    assert not {g.advice for g in log} & {"presence.together", "presence.uninvited"}
    assert taken


@pytest.mark.long
def test_after_twenty_seconds_the_frame_least_wrong_for_the_worst_off_is_taken():
    def frames() -> Iterator[FrameAnalysis]:
        for i in range(round(22 * FPS)):
            yaw = 16.0 if i % 90 < 45 else 24.0
            yield seen((LEFT, replace(RIGHT, yaw_deg=yaw)), i)

    _, taken = run(frames())
    assert taken
    assert taken[0].by in ("timeout", "willing")
    assert taken[0].choice.seq % 90 < 45


def test_the_sentence_with_its_place_is_there_in_every_language():
    for locale in locales():
        said = say_to("pose.chin_down", "place.left", locale)
        assert say_to("pose.chin_down", "", locale) in said
        assert len(said) > len(say_to("pose.chin_down", "", locale))


def test_an_eye_shut_in_the_log_is_seen_in_the_reading():
    log, _ = run(hold((LEFT, replace(blinking(RIGHT), cover=replace(SEEN, lids_open=0.01))), 1.0))
    assert log[-1].readings["eyes.open"].ok is False
    assert log[-1].readings["presence.faces"].value == 2
