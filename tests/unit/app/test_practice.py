"""The practice, told in seconds: done right it goes on, done wrong it goes on too, and it never takes two minutes."""

from __future__ import annotations

import numpy as np

from booth.app.practice import halves
from booth.core.types import Reading
from booth.guidance.practice_exercises import GIVE_UP_S, GOOD_S, HOLD_S, PracticeExercises

FPS = 10


def readings(**values: float) -> dict[str, Reading]:
    names = {"yaw": "pose.yaw_deg", "pitch": "pose.pitch_deg", "x": "gaze.x_deg", "y": "gaze.y_deg",
             "smile": "expression.smile"}  # fmt: skip
    plain = {"yaw": 0.0, "pitch": 3.0, "x": 20.0, "y": 0.0, "smile": 0.0} | values
    return {names[key]: Reading(value, True) for key, value in plain.items()}


def lived(practice: PracticeExercises, for_s: float, from_s: float, **values: float) -> PracticeExercises:
    for n in range(round(for_s * FPS)):
        practice = practice.step(readings(**values), from_s + n / FPS)
    return practice


def test_looking_at_the_lens_is_praised_and_the_next_exercise_comes() -> None:
    practice = lived(PracticeExercises(), HOLD_S + 0.3, 0.0, x=2.0)
    assert practice.good_since_s is not None
    assert lived(practice, GOOD_S + 0.2, 2.0, x=2.0).step_name == "turn"


def test_a_glance_aside_begins_the_hold_anew() -> None:
    practice = lived(PracticeExercises(), HOLD_S - 0.3, 0.0, x=2.0)
    practice = lived(practice, 0.3, HOLD_S - 0.3, x=25.0)
    assert practice.held_frac(HOLD_S) == 0.0


def test_the_turn_counts_only_with_the_way_back() -> None:
    turn = PracticeExercises(at=1)
    assert lived(turn, 4.0, 0.0, yaw=0.0).held_frac(4.0) == 0.0
    there = lived(turn, 1.0, 0.0, yaw=-20.0)
    assert there.held_frac(1.0) == 0.0
    assert lived(there, HOLD_S + 0.3, 1.0, yaw=2.0).good_since_s is not None


def test_nobody_is_kept_longer_than_two_minutes() -> None:
    practice = lived(PracticeExercises(), 120.0, 0.0)
    assert practice.is_over
    assert GIVE_UP_S * 4 + 20 < 120


def test_before_stands_on_the_left_of_the_glass() -> None:
    both = halves(np.zeros((2, 4, 3), np.uint8), np.full((2, 4, 3), 255, np.uint8))
    assert both[:, ::-1][0, 0, 0] == 0
    assert both[:, ::-1][0, -1, 0] == 255
