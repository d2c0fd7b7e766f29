"""Whose eyes are open and whose lips talk is told against the sitter themself: stories in seconds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from booth.guidance.eyelids import DOUBTED_OPEN, SURELY_OPEN
from tests.unit.guidance.sitters import SEEN, Sitter, blinking, play, run, smiling

DOUBT = (SURELY_OPEN + DOUBTED_OPEN) / 2


def eyes(gap: float, blink: float, sure: float) -> Sitter:
    return smiling(Sitter(lid_gap=gap, blink=blink, cover=replace(SEEN, lids_open=sure)))


def shut(sitter: Sitter) -> Sitter:
    return replace(sitter, lid_gap=0.3 * sitter.lid_gap, blink=0.7, cover=replace(SEEN, lids_open=0.0))


@pytest.mark.parametrize("sure", [0.0, DOUBT])
def test_who_has_been_seen_to_blink_is_open_between_blinks_however_narrow(sure: float) -> None:
    narrow = eyes(0.042, 0.4, sure)
    played = play((narrow, 1.5), (shut(narrow), 0.15), (narrow, 3.0))
    assert played.taken
    assert all(taken.choice.t_s > 1.6 for taken in played.taken)


def test_half_shut_from_the_first_frame_and_never_blinking_stays_in_doubt() -> None:
    played = play((eyes(0.05, 0.3, DOUBT), 6.0))
    assert all("eyes" in guidance.rejects for guidance in played.log)
    assert played.log[-1].readings["eyes.open"].ok is False


def test_eyes_that_were_sure_a_moment_ago_vouch_for_doubted_frames_as_wide() -> None:
    sitters = [eyes(0.05, 0.3, 0.9), eyes(0.05, 0.3, DOUBT)] * 60
    played = run(sitters)
    assert not any("eyes" in guidance.rejects for guidance in played.log[30:])


def test_eyes_kept_shut_never_become_the_sitters_open() -> None:
    flutter = [Sitter(lid_gap=0.012 if i % 40 < 4 else 0.025, blink=0.6, cover=replace(SEEN, lids_open=0.0))
               for i in range(300)]  # fmt: skip
    assert all("eyes" in guidance.rejects for guidance in run(flutter).log)


def test_looking_down_for_two_seconds_is_no_blink() -> None:
    narrow = eyes(0.042, 0.4, 0.0)
    played = play((narrow, 1.5), (shut(narrow), 2.0), (narrow, 2.0))
    assert not played.taken


def test_a_blink_is_still_a_blink_for_who_has_narrow_eyes() -> None:
    narrow = eyes(0.05, 0.4, 0.9)
    played = play((narrow, 1.0), (shut(narrow), 0.15), (narrow, 1.0))
    at = [g.t_s for g in played.log if "eyes" in g.rejects]
    assert at
    assert min(at) > 0.99
    assert max(at) < 1.2


def test_the_reading_and_the_reject_never_disagree_for_long() -> None:
    sitters = [s for gap in (0.078, 0.06, 0.05, 0.04, 0.02) for s in [replace(smiling(), lid_gap=gap)] * 45]
    for guidance in run([*sitters, *[blinking()] * 45, *[smiling()] * 45]).log:
        if guidance.readings["eyes.open"].ok is False:
            continue
        assert "eyes" not in guidance.rejects or guidance.readings["eyes.open"].value < 0.7


def test_a_held_smile_with_shaded_teeth_or_a_beard_is_not_talk() -> None:
    shaded = smiling(Sitter(lip_gap=0.12, lip_height=0.25, cover=replace(SEEN, mouth_dark_stops=3.5)))
    bearded = Sitter(lip_gap=0.08, lip_height=0.22, corner_lift=-0.15)  # no smile score, but lifted corners
    assert not any("talking" in guidance.rejects for guidance in play((shaded, 3.0)).log)
    assert not any("talking" in guidance.rejects for guidance in play((bearded, 4.0)).log if guidance.t_s > 1.5)


def test_lips_that_part_before_a_word_are_talk_and_lips_kept_apart_are_not() -> None:
    parted = Sitter(lip_gap=0.07, lip_height=0.2)
    log = play((parted, 3.0)).log
    assert all("talking" in guidance.rejects for guidance in log if guidance.t_s < 1.0)
    assert not any("talking" in guidance.rejects for guidance in log if guidance.t_s > 1.6)


def test_lips_that_tremble_all_the_time_are_at_rest_and_the_same_face_talking_is_not() -> None:
    rest = [smiling(Sitter(lip_gap=0.06 + (0.018 if i % 4 < 2 else 0.0))) for i in range(150)]
    talk = [smiling(Sitter(lip_gap=0.1 if i // 4 % 2 else 0.01)) for i in range(60)]
    log = run([*rest, *talk]).log
    assert not any("talking" in guidance.rejects for guidance in log[30:150])
    assert all("talking" in guidance.rejects for guidance in log[165:])


def test_talk_is_over_a_third_of_a_second_after_the_last_syllable() -> None:
    talk = [Sitter(lip_gap=0.05 if i // 4 % 2 else 0.005) for i in range(60)]
    log = run([*talk, *[Sitter()] * 60]).log
    assert not any("talking" in guidance.rejects for guidance in log[60 + 12 :])
