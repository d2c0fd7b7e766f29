"""The pose guide: "that's it" soon after the body is right and not before; five seconds of asking, then let be."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from booth.config.words import locales, say
from booth.core.types import Body
from booth.guidance.body_measures import TURN_GAIN, BodyMeasures, measure_body
from booth.guidance.pose_guide import BLIND_S, PATIENCE_S, PoseGuide
from booth.looks.pose_library import find_pose, poses
from tests.unit.guidance.sitters import HEIGHT, WIDTH, Sitter, a_face

FPS, EVERY_S, LATE_S = 30.0, 1 / 3, 0.12  # frames a second; between two readings; how old a reading is when it comes
SIZE = (WIDTH, HEIGHT)
NOISE_DEG = 2.5


def a_body(turn_deg: float = 0.0, tilt_deg: float = 0.0, t_s: float = 0.0, seen: float = 0.95) -> Body:
    """Shoulders turned and tilted below the face of `Sitter()`; tilt > 0: the shoulder at image right hangs lower."""
    face = a_face(Sitter())
    nose = face.landmarks[1, :2] * np.array(SIZE)
    tall = (face.box.y1 - face.box.y0) * HEIGHT
    turn, tilt = math.radians(turn_deg), math.radians(tilt_deg)
    told = turn * TURN_GAIN
    points, world = np.zeros((33, 3), np.float32), np.zeros((33, 3), np.float32)
    points[:, :2], points[:, 2] = nose / SIZE, seen
    half = 1.25 * tall * math.cos(turn)
    for index, side in ((11, 1), (12, -1)):
        at = nose + (side * half * math.cos(tilt), 1.1 * tall + side * half * math.sin(tilt))
        points[index, :2] = at / SIZE
        world[index] = (side * 0.18 * math.cos(told), 0.0, side * 0.18 * math.sin(told))
    points[[15, 16], 2] = 0.1
    return Body(t_s, points, world)


def read(turn_deg: float, t_s: float = 0.0, **more: float) -> BodyMeasures:
    return BodyMeasures(t_s, turn_deg=turn_deg, **more)  # type: ignore[arg-type]


def guided(
    name: str, at: Callable[[float], BodyMeasures | None], seconds: float
) -> list[tuple[float, str | None, float]]:
    """Return time, what is said and how full the outline is, of every frame."""
    guide, told = PoseGuide(find_pose(name)), []
    newest: BodyMeasures | None = None
    waiting: list[BodyMeasures] = []
    next_s = 0.0
    for i in range(round(seconds * FPS)):
        t_s = i / FPS
        if t_s >= next_s and (reading := at(t_s)) is not None:
            waiting.append(replace(reading, t_s=t_s))
            next_s = t_s + EVERY_S
        while waiting and t_s - waiting[0].t_s >= LATE_S:
            newest = waiting.pop(0)
        guide, advice = guide.step(newest, t_s)
        told.append((t_s, advice.say, advice.fill))
    return told


def first(told: list[tuple[float, str | None, float]], key: str) -> float:
    return next((t_s for t_s, said, _ in told if said == key), math.inf)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    ("name", "goal"), [("three-quarter-left", 30.0), ("three-quarter-right", -30.0), ("straight", 0.0)]
)
def test_a_turn_is_praised_within_two_seconds_of_being_right_and_not_before(name: str, goal: float, seed: int):
    rng = np.random.default_rng(seed)
    begins_s, lasts_s = rng.uniform(0.3, 1.2), rng.uniform(0.4, 1.4)
    start = 32.0 * rng.choice((-1, 1)) if goal == 0 else rng.uniform(-4, 4)

    def turn(t_s: float) -> float:
        share = min(1.0, max(0.0, (t_s - begins_s) / lasts_s))
        return start + share * (goal - start)

    told = guided(name, lambda t: read(turn(t) + rng.normal(0, NOISE_DEG)), 5.5)
    low, high = find_pose(name).turn_deg or (0, 0)
    right_s = next(i / FPS for i in range(1000) if low <= turn(i / FPS) <= high)
    praised_s = first(told, "body.good")
    assert right_s < praised_s <= right_s + 2.0
    asked = {said for t_s, said, _ in told if said and t_s < right_s}
    assert asked <= {"body.turn_left", "body.turn_right", "body.turn_front"}


def test_the_way_asked_for_is_the_sitters_own():
    assert guided("three-quarter-left", lambda t: read(0.0), 1.0)[-1][1] == "body.turn_left"
    assert guided("three-quarter-right", lambda t: read(0.0), 1.0)[-1][1] == "body.turn_right"
    assert guided("near-shoulder-down", lambda t: read(6.0), 1.0)[-1][1] == "body.turn_left"
    assert guided("near-shoulder-down", lambda t: read(-6.0), 1.0)[-1][1] == "body.turn_right"
    assert guided("straight", lambda t: read(30.0), 1.0)[-1][1] == "body.turn_front"


def test_the_outline_fills_as_the_body_comes_nearer():
    told = guided("three-quarter-left", lambda t: read(min(30.0, 12.0 * t)), 1.6)
    fills = [fill for *_, fill in told[6:]]
    assert fills == sorted(fills)
    assert fills[0] < 0.5 < fills[-1]


def test_after_five_seconds_of_asking_the_body_is_let_be():
    told = guided("three-quarter-left", lambda t: read(0.0), 8.0)
    asked = [t_s for t_s, said, _ in told if said is not None]
    assert PATIENCE_S - 0.3 < asked[-1] < PATIENCE_S + 0.5
    assert first(told, "body.good") == math.inf


@pytest.mark.parametrize("reading", [None, BodyMeasures(0.0)])
def test_a_body_that_cannot_be_told_is_not_asked_for_anything(reading: BodyMeasures | None):
    told = guided("three-quarter-left", lambda t: reading, 3.0)
    assert {said for _, said, _ in told} == {None}
    guide = PoseGuide(find_pose("three-quarter-left"))
    for i in range(round((BLIND_S + 0.2) * FPS)):
        guide, advice = guide.step(reading, i / FPS)
    assert guide.is_over and not advice.asks


def test_what_cannot_be_told_of_a_pose_is_left_out_and_the_rest_counts():
    told = guided("arms-folded", lambda t: read(0.0), 3.0)  # the wrists are out of the picture
    assert first(told, "body.good") < 1.5
    assert first(told, "body.arms") == math.inf
    told = guided("arms-folded", lambda t: read(0.0, arms_folded=0.0), 3.0)
    assert told[-1][1] == "body.arms"


def test_one_wrong_reading_of_three_is_not_enough_to_praise():
    told = guided("straight", lambda t: read(0.0 if round(t / EVERY_S) % 3 else 40.0), 4.0)
    assert first(told, "body.good") == math.inf


def test_a_lean_is_judged_by_the_sitters_own_start():
    told = guided("lean-in", lambda t: read(0.0, head_size=0.40 * (1.0 if t < 1 else 1.12)), 4.0)
    assert told[20][1] == "body.lean_in"
    assert 1.0 < first(told, "body.good") < 3.0


@pytest.mark.parametrize("turn_deg", [-45.0, -30.0, 0.0, 30.0, 45.0])
def test_the_line_of_the_shoulders_gives_the_turn_with_its_sign(turn_deg: float):
    body = measure_body(a_body(turn_deg), a_face(Sitter()), SIZE)
    assert body is not None and body.turn_deg == pytest.approx(turn_deg, abs=0.5)


def test_the_near_shoulder_is_the_one_the_chest_turns_away_from():
    face = a_face(Sitter())
    left = measure_body(a_body(30.0, -8.0), face, SIZE)  # chest to image right, the shoulder at image left low
    right = measure_body(a_body(-30.0, -8.0), face, SIZE)
    front = measure_body(a_body(0.0, -8.0), face, SIZE)
    assert left is not None and left.near_drop_deg == pytest.approx(8.0, abs=0.5)
    assert right is not None and right.near_drop_deg == pytest.approx(-8.0, abs=0.5)
    assert front is not None and front.near_drop_deg is None


def test_shoulders_out_of_view_and_somebody_elses_body_are_not_measured():
    assert measure_body(a_body(seen=0.3), a_face(Sitter()), SIZE) == BodyMeasures(0.0)
    assert measure_body(a_body(), a_face(Sitter(x=0.9, height=0.3)), SIZE) is None


def test_every_pose_has_its_words_and_outline_in_every_language():
    assert set(poses()) == {
        "straight", "three-quarter-left", "three-quarter-right", "near-shoulder-down", "lean-in", "arms-folded",
    }  # fmt: skip
    for name, pose in poses().items():
        assert len(pose.outline) >= 8
        for locale in locales():
            assert say(f"dress_name.{name}", locale) and say(f"pose_good.{name}", locale)
    for locale in locales():
        for key in ("turn_left", "turn_right", "turn_front", "near_down", "lean_in", "arms", "good"):
            assert say(f"body.{key}", locale)


def test_the_left_and_right_turns_are_mirror_images():
    left, right = find_pose("three-quarter-left"), find_pose("three-quarter-right")
    assert left.turn_deg == tuple(-v for v in reversed(right.turn_deg or ()))
    assert left.outline == tuple((-x, y) for x, y in reversed(right.outline))
