"""Gaps between loose curls show the wall and are opened; highlights, cluttered rooms and hair like the wall are not."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from booth.core.landmarks import BROW_MIDDLES, IRISES
from booth.core.types import Box, Face, Pose
from booth.perception.matte_holes import open_gaps

SIDE_PX = 400
FACE = (140, 260)  # rows of the face
WALL, HAIR, SKIN = 215, 45, 150
LOW_GAP, HIGH_GAP = np.s_[215:235, 268:288], np.s_[112:128, 190:210]  # behind a strand beside the cheek; on the crown


def a_face() -> Face:
    """A face whose brows are at a quarter of its height and its eyes at two fifths."""
    points = np.full((478, 3), 0.5, np.float32)
    top, bottom = (row / SIDE_PX for row in FACE)
    points[list(BROW_MIDDLES), 1], points[list(IRISES), 1] = top + 0.25 * (bottom - top), top + 0.4 * (bottom - top)
    box = Box(0.35, top, 0.65, bottom)
    return Face(points, np.zeros(52, np.float32), np.eye(4, dtype=np.float32), Pose(0, 0, 0), box)


def a_sitter(wall: int = WALL, hair: int = HAIR, spread: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A picture, its too generous matte and its parsing: hair round a face, two spots of the wall's colour in it."""
    rng = np.random.default_rng(4)
    rgb = np.clip(wall + spread * rng.choice([-1, 1], (SIDE_PX // 20, SIDE_PX // 20, 1)), 0, 255)
    rgb = np.kron(rgb, np.ones((20, 20, 3))).astype(np.uint8)
    parsing = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    parsing[100:300, 110:292], parsing[140:260, 150:250] = 1, 3
    kept = (parsing > 0).astype(np.float32)
    rgb[parsing == 1], rgb[parsing == 3] = hair, SKIN
    rgb[LOW_GAP] = rgb[HIGH_GAP] = wall
    return rgb, kept, parsing


def test_the_wall_between_curls_is_let_through():
    rgb, kept, parsing = a_sitter()
    out = open_gaps(rgb, kept, parsing, a_face())
    assert out[LOW_GAP][4:-4, 4:-4].max() < 0.1
    assert out[215:235, 289:292].min() > 0.9, "the strand before it stays"


def test_a_highlight_on_the_crown_is_no_gap():
    rgb, kept, parsing = a_sitter()
    assert np.array_equal(open_gaps(rgb, kept, parsing, a_face())[HIGH_GAP], kept[HIGH_GAP])


def test_what_is_not_hair_keeps_its_matte_though_it_be_white():
    rgb, kept, parsing = a_sitter()
    parsing[LOW_GAP] = 4  # a white collar
    assert np.array_equal(open_gaps(rgb, kept, parsing, a_face())[LOW_GAP], kept[LOW_GAP])


def test_before_a_room_full_of_things_nothing_is_told_by_colour():
    rgb, kept, parsing = a_sitter(wall=140, spread=80)
    assert np.array_equal(open_gaps(rgb, kept, parsing, a_face()), kept)


def test_hair_of_the_walls_own_colour_is_left_whole():
    rgb, kept, parsing = a_sitter(hair=190)
    assert np.array_equal(open_gaps(rgb, kept, parsing, a_face()), kept)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 60))
def test_a_matte_can_lose_by_it_and_never_gain(wall, hair, spread):
    rgb, kept, parsing = a_sitter(wall, hair, spread)
    before = kept.copy()
    out = open_gaps(rgb, kept, parsing, a_face())
    assert (out <= kept).all() and (out >= 0).all() and out.dtype == np.float32
    assert np.array_equal(kept, before)
