"""Several people far from the lens: found in parts of the frame, while somebody is missing and not otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest
from PIL import Image

from booth.config.params import Params
from booth.core.assets import asset
from booth.core.types import Face
from booth.perception.face_tracker import FaceTracker
from booth.perception.far_faces import PROBE_S, GroupTracker, parts_of
from booth.perception.frame_analyzer import FrameAnalyzer
from tests.unit.guidance.sitters import Sitter, a_face

WIDE = np.zeros((720, 1280, 3), np.uint8)
FPS = 30


@dataclass
class Fake:
    """A tracker that sees the same in every picture of its size, and notes when it is asked."""

    seen: dict[int, tuple[Face, ...]]  # by the picture's width
    asked_s: list[float] = field(default_factory=list)
    is_closed: bool = False

    def find(self, rgb: np.ndarray, t_s: float = 0.0) -> tuple[Face, ...]:
        self.asked_s.append(t_s)
        return self.seen.get(rgb.shape[1], ())

    def close(self) -> None:
        self.is_closed = True


def a_tracker(seen: dict[int, tuple[Face, ...]], wanted: int) -> tuple[GroupTracker, list[Fake]]:
    made: list[Fake] = []

    def make(**_: object) -> Fake:
        made.append(Fake(seen))
        return made[-1]

    return GroupTracker(video=True, max_faces=4, wanted=wanted, make=make), made  # type: ignore[arg-type]


def test_parts_cover_a_wide_frame_and_others_have_none() -> None:
    parts = parts_of(1280, 720)
    assert (parts[0].left_px, parts[-1].left_px + parts[-1].size_px) == (0, 1280)
    assert all(b.left_px - a.left_px <= 0.6 * 720 for a, b in zip(parts, parts[1:], strict=False))
    assert parts_of(720, 1280) == parts_of(720, 720) == ()


def test_while_all_are_found_only_the_whole_frame_is_looked_at() -> None:
    pair = a_face(Sitter(x=0.3)), a_face(Sitter(x=0.7))
    tracker, made = a_tracker({1280: pair}, wanted=2)
    for i in range(60):
        assert tracker.find(WIDE, i / FPS) == pair
    assert len(made) == 1


def test_while_somebody_is_missing_parts_are_looked_at_a_few_times_a_second() -> None:
    tracker, made = a_tracker({1280: (a_face(Sitter(x=0.3)),)}, wanted=2)
    for i in range(FPS * 4):
        tracker.find(WIDE, i / FPS)
    looks = sum(len(fake.asked_s) for fake in made[1:])
    assert 4 / PROBE_S * 0.8 <= looks <= 4 / PROBE_S * 1.2


def test_who_was_found_in_a_part_is_followed_in_every_frame_and_told_where_they_are_in_the_frame() -> None:
    tracker, made = a_tracker({720: (a_face(Sitter(x=0.5)),)}, wanted=3)
    counts = [len(tracker.find(WIDE, i / FPS)) for i in range(FPS * 3)]
    assert counts[-FPS:] == [3] * FPS
    found = tracker.find(WIDE, 3.0)
    middles = sorted((face.box.x0 + face.box.x1) / 2 for face in found)
    assert middles == pytest.approx([360 / 1280, 0.5, 920 / 1280], abs=0.01)
    outer = max(found, key=lambda face: face.box.x0)
    assert outer.matrix[0, 3] > 0  # to the right of the lens, as the whole frame would have it
    tracker.close()
    assert all(fake.is_closed for fake in made)


def test_one_who_is_in_two_parts_is_one_person() -> None:
    lone = a_face(Sitter(x=0.5))
    tracker, _ = a_tracker({1280: (lone,), 720: (lone,)}, wanted=4)
    for i in range(FPS * 2):
        found = tracker.find(WIDE, i / FPS)
    assert len(found) == 3  # the middle part sees the one whom the whole frame sees


def test_a_single_sitter_has_the_plain_tracker() -> None:
    with FrameAnalyzer(Params(), video=False) as analyzer:
        assert isinstance(analyzer.finder._tracker, FaceTracker)
        analyzer.people = 3
        analyzer.finder._make_room_for_faces()
        assert isinstance(analyzer.finder._tracker, GroupTracker)
        analyzer.people = 1
        analyzer.finder._make_room_for_faces()
        assert isinstance(analyzer.finder._tracker, FaceTracker)


@pytest.mark.model
def test_three_faces_of_110_px_in_720_are_found() -> None:
    portrait = np.asarray(Image.open(asset("portraits", "eileen_collins.png")).convert("RGB"))
    with FaceTracker(video=False) as tracker:
        box = max(tracker.find(portrait), key=lambda face: face.box.area).box
        scale = 110 / ((box.y1 - box.y0) * portrait.shape[0])
        one = cv2.resize(portrait, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        hall = np.full((720, 1280, 3), 90, np.uint8)
        one = one[:, 100:433]
        for left in (60, 470, 880):
            hall[150 : 150 + one.shape[0], left : left + one.shape[1]] = one[: 720 - 150]
        assert len(tracker.find(hall)) < 3
    group = GroupTracker(video=False, max_faces=4, wanted=3)
    found = group.find(hall)
    group.close()
    assert len(found) == 3
