"""Where real light comes from and what colour it is, on the mean head under known lamps and on drawn faces."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from booth.core.landmarks import CHEEK_PAIRS, LEFT_EYE, RIGHT_EYE
from booth.core.types import Pose
from booth.perception.aligned_face import cut_chip
from booth.perception.color_cast import cast_stops, mixed_stops
from booth.perception.light_direction import dominant_light
from tests.unit.perception.test_pixel_measures import FACE as PLAIN
from tests.unit.perception.test_pixel_measures import drawn

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "light"))
import sitters as heads

from booth.looks.light.head_fit import HeadFitter
from booth.looks.light.head_model import load_head
from booth.looks.light.lamp_lookup import LampReader
from booth.looks.light.light_spec import Lamp

LINEAR = np.float32(2.2)
AROUND = [(0, 40), (30, 35), (-45, 45), (70, 15), (-90, 10), (0, 70)]


def _face(open_frac: float = 1.0):
    """The drawn face with lids round its eyes and a mark for each mirrored patch."""
    points = PLAIN.landmarks.copy()
    size = np.array([1280, 720])
    span = float(np.hypot(*((points[473, :2] - points[468, :2]) * size)))
    angles = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    for ring, iris in ((RIGHT_EYE, 468), (LEFT_EYE, 473)):
        oval = np.stack([0.22 * np.cos(angles), 0.09 * open_frac * np.sin(angles)], 1) * span
        points[list(ring), :2] = points[iris, :2] + oval / size
    middle = points[[468, 473], :2].mean(0)
    for row, (left, right) in enumerate(CHEEK_PAIRS):
        for mark, side in ((left, -1), (right, 1)):
            points[mark, :2] = middle + np.array([side * (0.4 + 0.03 * row), 0.4 + 0.04 * row]) * span / size
    return replace(PLAIN, landmarks=points)


FACE = _face()


def lit(az_deg: float, el_deg: float, yaw_deg: float = 0.0, skin: float = 0.3):
    """The mean head under one soft lamp and a little light from everywhere."""
    head, face = load_head(), heads.a_face(yaw_deg)
    placed = HeadFitter(head, still=True).place(face, heads.SIZE_PX, 0.0)
    lamp = Lamp(az_deg=az_deg, el_deg=el_deg, dist_cm=150, radius_cm=45)
    light = 0.85 * LampReader(head).direct(lamp, placed) + 0.15 * head.sky
    rgb, _ = heads.a_picture(skin * light, yaw_deg)
    return rgb, face


@pytest.mark.parametrize(("az_deg", "el_deg"), AROUND)
@pytest.mark.parametrize("yaw_deg", [0, -20])
def test_the_strongest_light_is_found_where_it_stands(az_deg, el_deg, yaw_deg):
    rgb, face = lit(az_deg, el_deg, yaw_deg)
    found = dominant_light(cut_chip(rgb, face), face)
    assert found is not None
    assert found.azimuth_deg == pytest.approx(az_deg, abs=22)
    assert found.elevation_deg == pytest.approx(el_deg, abs=20)


def test_dark_skin_is_answered_as_light_skin_is():
    answers = [dominant_light(cut_chip(*lit(45, 40, skin=skin)), heads.a_face()) for skin in (0.6, 0.06)]
    assert answers[0].azimuth_deg == pytest.approx(answers[1].azimuth_deg, abs=5)


def test_light_from_everywhere_has_no_direction():
    rgb, _ = heads.a_picture(0.3 * load_head().sky)
    found = dominant_light(cut_chip(rgb, heads.a_face()), heads.a_face())
    assert found is None or found.share < 0.5


def tinted(rgb, gains, columns=slice(None)):
    """The picture, or a part of it, under light of another colour; gains on linear red, green and blue."""
    out = rgb.astype(np.float32) / 255
    out[:, columns] = np.clip(out[:, columns] ** LINEAR * np.array(gains, np.float32), 0, 1) ** (1 / LINEAR)
    return np.round(out * 255).astype(np.uint8)


@pytest.mark.parametrize("skin", [(236, 200, 180), (196, 152, 128), (92, 62, 50)])
def test_the_cast_is_read_off_the_eyes_whatever_the_skin(skin):
    plain = drawn(FACE, skin=skin)
    white = cast_stops(plain, FACE)
    warm, cool = (cast_stops(tinted(plain, gains), FACE) for gains in ((0.9, 0.75, 0.5), (0.5, 0.7, 0.9)))
    assert warm - white == pytest.approx(0.85, abs=0.12)
    assert cool - white == pytest.approx(-0.85, abs=0.12)
    assert abs(white - cast_stops(drawn(FACE), FACE)) < 0.02


def test_shut_eyes_tell_no_cast():
    assert cast_stops(drawn(FACE, lids=0.1), _face(open_frac=0.1)) is None


@pytest.mark.parametrize("skin", [(220, 180, 160), (90, 60, 48)])
def test_two_colours_of_light_are_told_by_their_side(skin):
    plain = drawn(FACE, skin=skin)
    assert abs(mixed_stops(cut_chip(plain, FACE), FACE)) < 0.05
    half = plain.shape[1] // 2
    warm_right = tinted(plain, (1.0, 0.85, 0.55), slice(half, None))
    warm_left = tinted(plain, (1.0, 0.85, 0.55), slice(0, half))
    assert 0.5 < mixed_stops(cut_chip(warm_right, FACE), FACE) < 1.0
    assert -1.0 < mixed_stops(cut_chip(warm_left, FACE), FACE) < -0.5


def test_a_shadow_reddened_by_the_face_itself_is_one_light():
    plain = drawn(FACE)
    shadow = tinted(plain, (0.30, 0.25, 0.20), slice(plain.shape[1] // 2, None))
    assert mixed_stops(cut_chip(shadow, FACE), FACE) == 0


def test_a_turned_face_is_not_judged_for_two_colours():
    turned = replace(FACE, pose=Pose(25, 0, 0))
    assert mixed_stops(cut_chip(drawn(FACE), turned), turned) is None


def test_noise_is_no_colour():
    rng = np.random.default_rng(1)
    noisy = np.clip(drawn(FACE).astype(float) + rng.normal(0, 6, (720, 1280, 3)), 0, 255).astype(np.uint8)
    assert abs(mixed_stops(cut_chip(cv2.blur(noisy, (1, 1)), FACE), FACE)) < 0.1
