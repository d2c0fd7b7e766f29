"""Crops, pieces, the guided filter and the edge's colours, without any model."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booth.core.types import Box, Face, Pose
from booth.diagnostics.matte_bench import Layout, hair_band, noisy
from booth.looks.edge_colors import live_foreground, still_foreground
from booth.perception.live_matte import smooth_step_table
from booth.perception.matte_crop import CropWindow, WholeBody, feather, head_window
from booth.perception.matte_people import keep_sitter, somebody, still_there
from booth.perception.matte_pixels import apply_still, certain_cells, guided_coefficients


def a_face(x: float = 0.5, y: float = 0.4, height: float = 0.3) -> Face:
    """A face of that centre and height in a frame of 16:9."""
    box = Box(x - height * 0.24, y - height / 2, x + height * 0.24, y + height / 2)
    points = np.zeros((478, 3), np.float32)
    points[:, 0], points[:, 1] = x, y
    return Face(points, np.zeros(52, np.float32), np.eye(4, dtype=np.float32), Pose(0, 0, 0), box)


WHOLE = (CropWindow(0, 0, 320, 180), (320, 180))


def a_person(x: int = 160) -> np.ndarray:
    """A coarse matte (180, 320): a head on shoulders."""
    matte = np.zeros((180, 320), np.float32)
    cv2.circle(matte, (x, 72), 34, 1, -1)
    cv2.rectangle(matte, (x - 12, 90), (x + 12, 130), 1, -1)
    cv2.ellipse(matte, (x, 190), (75, 65), 0, 0, 360, 1, -1)
    return cv2.blur(matte, (3, 3))


@given(x=st.floats(-900, 2800), y=st.floats(-500, 1500), h=st.floats(8, 2000), w=st.integers(64, 2000))
@settings(max_examples=60, deadline=None)
def test_the_head_crop_is_always_inside_and_never_empty(x: float, y: float, h: float, w: int) -> None:
    window = head_window((x, y, h), w, 720)
    assert 0 <= window.x0 < window.x1 <= w and 0 <= window.y0 < window.y1 <= 720


@given(x=st.floats(0, 1), height=st.floats(0.05, 1.0))
@settings(max_examples=60, deadline=None)
def test_the_body_crop_holds_the_face_and_the_foot(x: float, height: float) -> None:
    window = WholeBody().window((x * 1280, 300, height * 720), a_face(x, 0.4, height), 1280, 720)
    assert window.x0 <= x * 1280 + 1 and window.x1 >= x * 1280 - 1
    assert (window.y0, window.y1) == (0, 720) and window.x0 >= 0 and window.x1 <= 1280


def test_the_body_crop_grows_until_no_arm_is_cut() -> None:
    reach, stance, face = WholeBody(), (640.0, 300.0, 200.0), a_face(0.5, 0.4, 0.28)
    window = reach.window(stance, face, 1280, 720)
    arms = np.ones((160, 160), np.float32)
    widths = [window.width]
    while reach.wants_more(arms, window, 1280):
        window = reach.window(stance, face, 1280, 720)
        widths.append(window.width)
    assert widths == sorted(set(widths)) and widths[-1] == 1280


def test_the_feather_opens_where_the_picture_ends() -> None:
    share, part = feather(CropWindow(0, 40, 100, 180), CropWindow(0, 0, 320, 180), (180, 320))
    middle = share[share.shape[0] // 2]
    assert middle[0] == 1 and middle[-1] < 0.1
    assert share[0].max() < 0.1 and share[-1].max() == 1
    assert part.x0 == 0 and part.y1 == 180


def test_a_chair_beside_the_sitter_is_not_the_sitter() -> None:
    matte = a_person()
    cv2.rectangle(matte, (255, 60), (300, 180), 1, -1)
    cv2.rectangle(matte, (225, 176), (260, 178), 1, -1)  # it leans on the shoulder
    kept = keep_sitter(matte, WHOLE, a_face(0.5, 0.4, 0.3), ())
    assert kept[80:150, 265:295].max() < 0.05
    assert np.abs(kept - a_person())[:, :230].mean() < 0.005


def test_two_people_are_parted_between_them() -> None:
    matte = np.maximum(a_person(90), a_person(230))
    sitter, other = a_face(90 / 320), a_face(230 / 320)
    alone = keep_sitter(matte, WHOLE, sitter, (other,))
    assert alone[72, 90] > 0.95 and alone[72, 230] < 0.05
    both = keep_sitter(matte, WHOLE, sitter, (), everybody=True)
    assert both[72, 90] > 0.95 and both[72, 230] > 0.95


def test_a_hole_in_the_chest_is_closed_and_the_crook_of_an_arm_is_not() -> None:
    matte = a_person()
    cv2.circle(matte, (160, 160), 4, 0, -1)
    kept = keep_sitter(matte, WHOLE, a_face(), ())
    assert kept[160, 160] > 0.9
    cv2.circle(matte, (200, 158), 14, 0, -1)
    assert keep_sitter(matte, WHOLE, a_face(), ())[158, 200] < 0.1


def test_without_a_face_only_who_was_there_or_plainly_is_stays() -> None:
    faint = a_person() * 0.6
    assert somebody(faint, WHOLE) is None
    assert somebody(a_person(), WHOLE) is not None
    before = cv2.resize(a_person(), (64, 36), interpolation=cv2.INTER_AREA)
    assert still_there(faint, before) is not None
    assert still_there(a_person(), None) is None
    elsewhere = cv2.resize(a_person(40), (64, 36), interpolation=cv2.INTER_AREA)
    assert still_there(a_person(280), elsewhere) is None


def test_the_guided_filter_finds_the_pictures_own_edge() -> None:
    rgb = np.zeros((120, 160, 3), np.uint8) + np.array([30, 60, 40], np.uint8)
    rgb[:, 80:] = (200, 150, 120)
    blurred = np.clip((np.arange(160, dtype=np.float32) - 74) / 12, 0, 1)
    coarse = np.repeat(blurred[None], 120, 0)
    low = guided_coefficients(rgb.astype(np.float32) / 255, coarse, 6, 1e-4)
    alpha = np.empty((120, 160), np.float32)
    apply_still(rgb, low, certain_cells(coarse, 0.01, 0.99, 8), (np.float32(0.05), np.float32(0.95)), alpha)
    assert alpha[:, 84:].min() > 0.9 and alpha[:, :76].max() < 0.1


def test_the_step_keeps_both_ends() -> None:
    table = smooth_step_table(0.05, 0.95)
    assert table[0] == 0 and table[-1] == 255 and (np.diff(table.astype(int)) >= 0).all()


def a_mixture(height: int, width: int, fade: float = 0.2) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A brown sitter fading into a green room: picture, alpha, their colours."""
    alpha = np.repeat(np.clip((np.arange(width, dtype=np.float32) / width - 0.5) / fade + 0.5, 0, 1)[None], height, 0)
    own, room = np.array([0.35, 0.2, 0.1], np.float32), np.array([0.2, 0.8, 0.3], np.float32)
    return own * alpha[..., None] + room * (1 - alpha[..., None]), alpha, own, room


@pytest.mark.parametrize("size", [(180, 320), (1000, 1600)])
def test_no_old_room_lives_in_the_stills_edge(size: tuple[int, int]) -> None:
    picture, alpha, own, _ = a_mixture(*size)
    found = still_foreground(picture, alpha)
    mixed = (alpha > 0.1) & (alpha < 0.9)
    assert found.dtype == np.float32 and found.shape == picture.shape
    assert np.abs(found[mixed] - own).mean() < 0.04
    assert np.array_equal(found[alpha == 1], picture[alpha == 1])


def test_the_mirrors_edge_colours_are_the_sitters_and_the_rooms() -> None:
    picture, alpha, own, room = a_mixture(720, 1280, fade=0.03)
    fore, behind = live_foreground(np.round(picture * 255).astype(np.uint8), np.round(alpha * 255).astype(np.uint8))
    assert fore.shape == behind.shape == (90, 160, 3)
    half = slice(78, 82)  # where the mixture is about even
    assert np.abs(fore[:, half] - own).max() < 0.15 and np.abs(behind[:, half] - room).max() < 0.15
    assert np.abs(fore[:, half] - own).mean() < 0.3 * np.abs(room - own).mean()


def test_the_bench_knows_its_band() -> None:
    alpha = np.zeros((60, 60), np.float32)
    alpha[:, 30:] = 1
    assert not hair_band(alpha).any()
    alpha[:, 30] = 0.5
    assert hair_band(alpha)[30].sum() == 15
    assert noisy(np.full((8, 8, 3), 128.0), 0, 0).max() == 128
    assert Layout(1280, 720, 0.5, 1.0).width == 1280
