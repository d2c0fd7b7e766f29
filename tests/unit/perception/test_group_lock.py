"""Who is in the picture: those who stay and are as near as the nearest; never who walks past behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from booth.core.types import Face
from booth.looks.light.group_light import person_shares
from booth.perception.group_lock import GroupLock
from tests.unit.guidance.sitters import Sitter, a_face

ASPECT, FPS = 16 / 9, 15.0
ANN, BEN = Sitter(x=0.35, height=0.34), Sitter(x=0.65, height=0.30)


def live(
    at: Callable[[float], Sequence[Sitter]], seconds: float, most: int = 2
) -> list[tuple[tuple[int, ...], tuple[Face, ...], int]]:
    """Return ids of the members, faces left out, and the size of the group, of every frame."""
    lock, told = GroupLock(most), []
    for i in range(round(seconds * FPS)):
        lock, members, others = lock.step(tuple(a_face(one) for one in at(i / FPS)), i / FPS, ASPECT)
        told.append((tuple(number for number, _ in members), others, lock.size))
    return told


def test_two_who_stay_are_the_group_after_half_a_second_and_keep_their_ids():
    told = live(lambda t: (ANN, BEN) if int(t * FPS) % 2 else (BEN, ANN), 3.0)
    assert [ids for ids, _, _ in told][:5] == [(told[0][0][0],)] * 5
    assert {ids for ids, _, _ in told[9:]} == {(0, 1)}


def test_the_first_alone_is_there_at_once():
    assert live(lambda t: (ANN,), 0.1)[0][0] == (0,)


def test_who_walks_past_never_joins():
    def at(t: float) -> Sequence[Sitter]:
        walker = Sitter(x=0.05 + 0.35 * t, height=0.25, y=0.3)
        return (ANN, walker) if t < 2.5 else (ANN,)

    told = live(at, 4.0, most=3)
    assert {ids for ids, _, _ in told} == {(0,)}
    assert any(others for _, others, _ in told)


def test_who_stands_behind_at_twice_the_distance_stays_out_for_good():
    told = live(lambda t: (ANN, Sitter(x=0.7, height=0.16)), 4.0)
    assert {ids for ids, _, _ in told} == {(0,)}
    assert all(len(others) == 1 for _, others, _ in told)


def test_a_third_does_not_push_into_a_pair():
    told = live(lambda t: (ANN, BEN) if t < 1.5 else (ANN, BEN, Sitter(x=0.9, height=0.4)), 4.0)
    assert {ids for ids, _, _ in told[12:]} == {(0, 1)}
    assert len(told[-1][1]) == 1


def test_a_face_lost_for_half_a_second_is_still_of_the_group_and_after_a_second_no_more():
    told = live(lambda t: (ANN,) if 1.5 < t < 2.0 or t > 3.0 else (ANN, BEN), 5.0)
    lost = [size for ids, _, size in told[23:30] if ids == (0,)]
    assert lost and set(lost) == {2}
    assert told[32][0] == (0, 1)
    assert told[-1][2] == 1


def test_in_a_single_picture_everybody_near_enough_counts_at_once():
    lock = GroupLock(3, at_once=True)
    faces = tuple(a_face(one) for one in (Sitter(x=0.8, height=0.1), ANN, BEN))
    _, members, others = lock.step(faces, 0.0, ASPECT)
    assert [face for _, face in members] == [faces[1], faces[2]] or len(members) == 2
    assert others == (faces[0],)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_whose_pixels_they_are_adds_up_to_one_and_each_face_is_its_own(n: int):
    faces = tuple(a_face(replace(ANN, x=(i + 0.5) / n, height=0.25)) for i in range(n))
    shares = person_shares(faces, (1280, 720))
    assert np.allclose(sum(shares), 1.0, atol=1e-4)
    for i, share in enumerate(shares):
        height, width = share.shape
        x, y = faces[i].landmarks[1, :2]
        assert share[int(y * height), int(x * width)] > 0.95
        assert share[int(0.95 * height), int(x * width)] > 0.9  # the torso below, too
