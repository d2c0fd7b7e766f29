"""The empty place is remembered when nobody is there, and only then: a simulated day before one lens."""

from __future__ import annotations

import weakref

import cv2
import numpy as np
import pytest

from booth.core.types import Frame, Matte
from booth.guidance.plate_rule import EMPTY_S, LOOK_EVERY_S, THING_S, EmptyLook, PlateRule
from booth.perception.plate_keeper import PLATES_MOST, PlateKeeper

SIZE = (320, 180)
PERSON = (10, 200, 30)  # a green that is nowhere else in the room


def a_room(stops: float = 0.0, lamp: bool = False, seed: int = 3) -> np.ndarray:
    """The place, by stops of light and with a lamp on its left."""
    rng = np.random.default_rng(seed)
    room = cv2.resize(rng.uniform(40, 110, (9, 16, 3)).astype(np.float32), SIZE, interpolation=cv2.INTER_CUBIC)
    room = room * 2 ** (stops / 2.2)
    if lamp:
        room[:, :200] *= np.array([2.1, 1.7, 1.2], np.float32)
    return room


class Day:
    """Feeds a keeper with the frames of a day; the fake network knows the person by their green, from behind, too."""

    def __init__(self, fps: float = 4.0) -> None:
        self.t_s, self._fps, self._seq = 0.0, fps, 0
        self._checked: np.ndarray | None = None
        self.keeper = PlateKeeper(lambda rgb: (np.abs(rgb.astype(int) - PERSON).max(-1) < 30).astype(np.float32))
        self._noise = np.random.default_rng(0).normal(0, 2, (SIZE[1] + 97, SIZE[0], 3)).astype(np.float32)

    def frame(self, room: np.ndarray, person_x: float | None = None) -> Frame:
        at = self._seq * 31 % 97  # another noise in every frame
        picture = room + self._noise[at : at + SIZE[1]]
        if person_x is not None:
            cv2.ellipse(picture, (int(person_x), 150), (30, 90), 0, 0, 360, PERSON, -1)
        self._seq += 1
        self.t_s += 1 / self._fps
        rgb = np.clip(picture, 0, 255).astype(np.uint8)
        return Frame(self._seq, self.t_s, rgb, rgb)

    def runs(
        self, seconds: float, room: np.ndarray, *, face: bool = False, walks: bool = False, stands: bool = False
    ) -> None:
        """Let seconds pass; somebody may face the lens, walk through with their back to it, or stand so."""
        n = round(seconds * self._fps)
        for k in range(n):
            x = 40 + 240 * k / n if walks else 160.0 if stands or face else None
            self.keeper.look(self.frame(room, x), someone=face)
            self.has_nobody_in_it(room)

    def has_nobody_in_it(self, room: np.ndarray) -> None:
        room = np.clip(room, 1, 255)
        plate = self.keeper.best(room.astype(np.uint8))
        if plate is not None and plate is not self._checked:
            self._checked = plate
            foreign = np.abs(plate - room * np.median(plate / room)).max(-1) > 50
            assert not foreign.any(), f"somebody is in the plate at {self.t_s:.1f} s"

    def sits(self, seconds: float, room: np.ndarray) -> None:
        """Somebody sits and is measured."""
        for _ in range(round(seconds * 2)):
            frame = self.frame(room, 160)
            alpha = np.zeros(SIZE[::-1], np.uint8)
            cv2.ellipse(alpha, (160, 150), (32, 92), 0, 0, 360, 255, -1)
            self.keeper.interrupt()
            self.keeper.judge(frame.small, Matte(alpha, frame.seq))


def test_an_empty_room_is_remembered_after_seconds_not_before() -> None:
    day = Day()
    day.runs(EMPTY_S, a_room())
    assert len(day.keeper) == 0
    day.runs(3, a_room())
    assert len(day.keeper) == 1
    plate = day.keeper.best(a_room().astype(np.uint8))
    assert plate is not None and np.abs(plate - a_room()).mean() < 1.7 and not plate.flags.writeable


def test_the_noise_of_a_plate_is_averaged_away() -> None:
    day = Day()
    day.runs(20, a_room())
    plate = day.keeper.best(a_room().astype(np.uint8))
    assert plate is not None and (plate.astype(float) - a_room()).std() < 1.2  # a frame's is 2


@pytest.mark.parametrize("kind", ["face", "walks", "stands"])
def test_nobody_is_ever_in_a_plate(kind: str) -> None:
    day = Day()
    for _ in range(4):  # `runs` looks at the plate after every frame
        day.runs(2.3, a_room())
        day.runs(5, a_room(), **{kind: True})
    day.runs(8, a_room())
    assert len(day.keeper) == 1


def test_who_just_walked_in_is_not_in_the_last_picture() -> None:
    day = Day()
    day.runs(8.0, a_room())
    day.runs(0.4, a_room(), stands=True)
    day.runs(5, a_room(), face=True)
    assert len(day.keeper) == 1


def test_a_coat_that_looks_like_a_person_is_furniture_after_a_minute() -> None:
    rule = PlateRule()
    kept_at = None
    for second in range(90):
        rule = rule.step(EmptyLook(float(second), someone=False, person_frac=0.05, moved=False))
        kept_at = second if rule.may_keep and kept_at is None else kept_at
    assert kept_at == THING_S


def test_a_rule_looks_once_a_second_and_anew_when_time_runs_backward() -> None:
    rule = PlateRule().step(EmptyLook(10.0, someone=False, person_frac=0, moved=False))
    assert not rule.wants(10.0 + LOOK_EVERY_S / 2) and rule.wants(10.0 + LOOK_EVERY_S) and rule.wants(3.0)
    assert rule.step(EmptyLook(3.0, someone=False, person_frac=0, moved=False)).empty_since_s is None


@pytest.mark.long
def test_a_day_of_drifting_light_passers_by_and_a_lamp() -> None:
    day = Day()
    for stops in np.linspace(0, 2, 9):
        day.runs(8, a_room(stops))
        day.runs(3, a_room(stops), walks=True)
        day.sits(4, a_room(stops))
        plate = day.keeper.best(np.clip(a_room(stops), 0, 255).astype(np.uint8))
        assert plate is not None and np.abs(plate - np.clip(a_room(stops), 0, 255)).mean() < 8
    assert 1 < len(day.keeper) <= PLATES_MOST
    day.sits(4, a_room(2, lamp=True))  # switched on while somebody sits: the room is another one
    assert len(day.keeper) == 0
    day.runs(8, a_room(2, lamp=True))
    assert len(day.keeper) == 1


def test_a_moved_camera_drops_the_plate_and_the_exposure_does_not() -> None:
    day = Day()
    day.runs(8, a_room())
    day.sits(4, a_room(0.8))
    assert len(day.keeper) == 1
    day.sits(4, np.roll(a_room(), 90, axis=1))
    assert len(day.keeper) == 0


def test_no_picture_of_somebody_waits_in_memory() -> None:
    day = Day()
    for kind in ("stands", "walks", "face"):
        day.runs(8, a_room())
        day.runs(1.2, a_room(), **{kind: True})
        frame = day.frame(a_room(), 150 if kind == "stands" else 100)
        alive = weakref.ref(frame.rgb)
        day.keeper.look(frame, someone=kind == "face")
        del frame
        assert alive() is None, kind


def test_it_forgets_on_demand() -> None:
    day = Day()
    day.runs(8, a_room())
    day.keeper.forget()
    assert len(day.keeper) == 0 and day.keeper.best(a_room().astype(np.uint8)) is None
