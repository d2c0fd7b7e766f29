"""The pixel measures on drawn faces: each answers what it is for and nothing else."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from booth.core.types import Face, Matte
from booth.perception.aligned_face import cut_chip
from booth.perception.background_stats import measure_room
from booth.perception.face_light import frame_level, frame_samples, measure_light
from booth.perception.focus import Stance, eye_sharpness, motion
from booth.perception.lids import cut_strip, read_eyes
from booth.perception.occlusion import measure_cover
from booth.perception.sitter_lock import PATIENCE_S, SitterLock
from tests.unit.guidance.sitters import HEIGHT, WIDTH, Sitter, a_face

SKIN, WALL = (196, 152, 128), (120, 122, 125)


def drawn(face: Face, skin=SKIN, wall=WALL, *, lids: float = 1.0) -> np.ndarray:
    """Draw a plain face under its landmarks: skin, lips, and eyes open by `lids`."""
    rgb = np.full((HEIGHT, WIDTH, 3), wall, np.uint8)
    points = face.points_px(WIDTH, HEIGHT)
    span = float(np.hypot(*(points[473] - points[468])))
    middle = (points[10] + points[152]) / 2
    cv2.ellipse(rgb, _at(middle), (int(1.3 * span), int(1.8 * span)), 0, 0, 360, skin, -1)
    for iris in (468, 473):
        centre, radius = _at(points[iris]), int(0.093 * span)
        high = max(1, int(0.09 * span * lids))
        white = np.zeros(rgb.shape[:2], np.uint8)
        cv2.ellipse(white, centre, (int(0.22 * span), high), 0, 0, 360, 1, -1)
        rgb[white > 0] = (225, 222, 218)
        pupil = np.zeros_like(white)
        cv2.circle(pupil, centre, radius, 1, -1)
        rgb[(pupil > 0) & (white > 0)] = (45, 32, 25)
    cv2.ellipse(rgb, _at(points[[13, 14]].mean(0)), (int(0.3 * span), int(0.09 * span)), 0, 0, 360, (150, 80, 80), -1)
    return rgb


def _at(point: np.ndarray) -> tuple[int, int]:
    return int(point[0]), int(point[1])


FACE = a_face(Sitter())


def light_of(rgb: np.ndarray, face: Face = FACE):
    return measure_light(cut_chip(rgb, face), face, frame_samples(rgb))


def cover_of(rgb: np.ndarray, face: Face = FACE):
    return measure_cover(rgb, face, cut_chip(rgb, face))


@pytest.mark.parametrize(
    "sitter", [Sitter(), Sitter(height=0.8, y=0.5), Sitter(height=0.25, x=0.3), Sitter(roll_deg=12)]
)
def test_the_chip_turns_every_face_upright_at_one_size(sitter):
    face = a_face(sitter)
    chip = cut_chip(drawn(face), face)
    assert chip.rgb.shape == (152, 136, 3)
    eyes = chip.points[[33, 133]].mean(0), chip.points[[362, 263]].mean(0)
    assert np.allclose(eyes[1] - eyes[0], (40, 0), atol=0.1)
    assert chip.rgb[int(eyes[0][1]), int(chip.points[468][0])].max() < 120


def test_clipping_counts_two_channels_because_red_alone_tops_out_on_warm_skin():
    assert light_of(drawn(FACE, skin=(255, 180, 120))).clipped_frac == 0
    assert light_of(drawn(FACE, skin=(255, 252, 235))).clipped_frac > 0.9


@pytest.mark.parametrize("skin", [(235, 200, 180), (150, 105, 80), (70, 45, 35)])
def test_no_skin_tone_is_crushed_or_clipped_in_good_light(skin):
    light = light_of(drawn(FACE, skin=skin))
    assert light.clipped_frac == 0
    assert light.crushed_frac < 0.05


def test_the_cheek_ratio_answers_stop_for_stop_and_is_positive_toward_image_right():
    rgb = drawn(FACE).astype(np.float32)
    ramp = np.where(np.arange(WIDTH) > WIDTH / 2, 1.0, 0.5 ** (1 / 2.2))
    assert light_of((rgb * ramp[None, :, None]).astype(np.uint8)).ratio_stops == pytest.approx(1.0, abs=0.25)
    assert light_of((rgb * ramp[::-1][None, :, None]).astype(np.uint8)).ratio_stops == pytest.approx(-1.0, abs=0.25)


def test_a_bright_window_behind_reads_as_stops():
    behind = light_of(drawn(FACE, skin=(60, 40, 35), wall=(245, 245, 245))).backlight_stops
    assert behind > 3
    assert light_of(drawn(FACE)).backlight_stops < 1


def test_a_covered_lens_is_darker_than_any_room():
    assert frame_level(frame_samples(np.zeros((720, 1280, 3), np.uint8))) < 0.002
    assert frame_level(frame_samples(np.full((720, 1280, 3), 60, np.uint8))) > 0.02


def test_sharpness_falls_with_blur_and_hardly_moves_with_noise():
    sharp = drawn(FACE)
    blurred = cv2.GaussianBlur(sharp, (0, 0), 3)
    noise = np.random.default_rng(1).normal(0, 4, sharp.shape)
    noisy = np.clip(sharp + noise, 0, 255).astype(np.uint8)
    base = eye_sharpness(sharp, FACE)
    assert eye_sharpness(blurred, FACE) < 0.7 * base
    assert eye_sharpness(noisy, FACE) == pytest.approx(base, rel=0.1)


def test_eyes_cut_by_the_border_have_no_sharpness():
    assert eye_sharpness(drawn(FACE), a_face(Sitter(x=-0.06))) is None


def test_motion_is_in_eye_distances_a_second_and_needs_a_recent_before():
    here, there = Stance.of(FACE, 0.0, 16 / 9), Stance.of(a_face(Sitter(x=0.51)), 0.1, 16 / 9)
    assert motion(None, here) is None
    assert motion(here, Stance.of(FACE, 2.0, 16 / 9)) is None
    assert motion(here, Stance.of(FACE, 0.1, 16 / 9)) == 0
    assert motion(here, there) == pytest.approx(128 / 85, rel=0.15)


def test_open_eyes_show_more_than_half_of_the_iris_and_half_shut_ones_less():
    wide = read_eyes(cut_strip(drawn(FACE), FACE))
    half = read_eyes(cut_strip(drawn(FACE, lids=0.35), FACE))
    assert min(eye.shown for eye in wide) > 0.7
    assert max(eye.shown for eye in half) < 0.5


def test_eyes_that_show_are_found_and_a_blank_face_has_none():
    seen = cover_of(drawn(FACE))
    assert seen.eyes_visible == 1
    assert seen.eyes_found is True
    blank = np.full((HEIGHT, WIDTH, 3), SKIN, np.uint8)
    nothing = cover_of(blank)
    assert nothing.eyes_visible == 0
    assert nothing.eyes_found is False


def test_dark_lenses_hide_eyes_but_are_no_ghost():
    rgb = drawn(FACE)
    points = FACE.points_px(WIDTH, HEIGHT)
    span = float(np.hypot(*(points[473] - points[468])))
    for iris in (468, 473):
        cv2.circle(rgb, _at(points[iris]), int(0.42 * span), (16, 16, 18), -1)
    cover = cover_of(rgb)
    assert cover.eyes_visible == 0
    assert cover.eyes_found is True


def test_a_mask_leaves_less_than_half_of_the_face():
    rgb = drawn(FACE)
    points = FACE.points_px(WIDTH, HEIGHT)
    middle, span = points[[13, 14]].mean(0), float(np.hypot(*(points[473] - points[468])))
    cv2.ellipse(rgb, _at(middle), (int(1.2 * span), int(1.1 * span)), 0, 0, 360, (150, 185, 205), -1)
    assert cover_of(rgb).face_visible_share < 0.4
    assert cover_of(drawn(FACE)).face_visible_share == 1


def test_what_leaves_the_frame_is_not_judged():
    cover = cover_of(drawn(FACE), a_face(Sitter(x=0.0)))
    assert cover.eyes_visible is None


def test_the_room_counts_edges_beside_the_sitter_only_and_needs_a_matte():
    plain = np.full((360, 640, 3), 128, np.uint8)
    busy = plain.copy()
    busy[:, ::16] = 0
    matte = Matte(np.zeros((360, 640), np.uint8), 0)
    assert measure_room(plain, None).clutter_frac is None
    assert measure_room(plain, matte).clutter_frac == 0
    assert measure_room(busy, matte).clutter_frac > 0.04
    assert measure_room(busy, Matte(np.full((360, 640), 255, np.uint8), 0)).clutter_frac is None


def test_a_passer_by_never_steals_the_frame():
    sitter, passer = a_face(Sitter()), a_face(Sitter(x=0.8, height=0.6, y=0.5))
    lock, faces = SitterLock().step((sitter,), 0.0, 16 / 9)
    lock, faces = lock.step((passer, sitter), 0.1, 16 / 9)
    assert faces == (sitter, passer)
    lock, faces = lock.step((passer,), 0.2, 16 / 9)
    assert faces == ()
    lock, faces = lock.step((sitter, passer), 0.4, 16 / 9)
    assert faces[0] is sitter


def test_a_sitter_who_left_makes_room_for_the_next():
    first, second = a_face(Sitter()), a_face(Sitter(x=0.8))
    lock, _ = SitterLock().step((first,), 0.0, 16 / 9)
    lock, faces = lock.step((second,), PATIENCE_S + 0.1, 16 / 9)
    assert faces == (second,)


def test_of_two_who_come_together_the_nearer_one_is_the_sitter():
    near, far = a_face(Sitter(height=0.45)), a_face(Sitter(x=0.75, height=0.3))
    assert SitterLock().step((far, near), 0.0, 16 / 9)[1][0] is near


@pytest.mark.parametrize("off", [(0.0, 900.0), (0.0, -900.0), (900.0, 0.0), (-900.0, 0.0)])
def test_an_eye_outside_the_strip_is_not_seen_and_does_no_harm(off: tuple[float, float]) -> None:
    strip = cut_strip(drawn(FACE), FACE)
    for eye in read_eyes(replace(strip, points=strip.points + np.array(off, np.float32))):
        assert np.isfinite([eye.dark_stops, eye.white_stops]).all()
