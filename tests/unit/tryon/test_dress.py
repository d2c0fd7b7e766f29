"""Dressing up: folds stay, skin stays, spectacles turn with the head and vanish on a profile."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from booth.app.try_on import TryOn
from booth.core.types import Face, Pose
from booth.looks.tryon.apply_outfit import apply_outfit
from booth.looks.tryon.clothes import clothes_mask, recolour
from booth.looks.tryon.outfit import KINDS, Outfit, lab_of
from booth.looks.tryon.spectacles import FRAMES, draw, place
from tests.kiosk_views import a_face, an_analysis, mirror_picture

SIZE = (1280, 720)


def cloth_of_folds(middle: int, depth: int) -> np.ndarray:
    x = np.arange(400)
    folds = middle + depth * np.sin(x / 9) + 3 * np.random.default_rng(3).standard_normal((300, 400))
    return np.clip(np.stack([folds, folds * 0.9, folds * 0.8], 2), 0, 255).astype(np.uint8)


def light(rgb: np.ndarray) -> np.ndarray:
    return rgb.astype(float) @ (0.2126, 0.7152, 0.0722)


@pytest.mark.parametrize("name", [n for n in KINDS["clothes"] if n != "none"])
@pytest.mark.parametrize(("middle", "depth"), [(30, 20), (128, 60), (225, 25)])
def test_folds_stay_whatever_the_colour(name: str, middle: int, depth: int) -> None:
    rgb = cloth_of_folds(middle, depth)
    lab = Outfit(clothes=name).cloth_lab
    assert lab is not None
    worn = recolour(rgb, np.ones(rgb.shape[:2], np.float32), lab)
    assert np.corrcoef(light(rgb).ravel(), light(worn).ravel())[0, 1] >= 0.95
    median = cv2.cvtColor(np.median(worn, (0, 1)).reshape(1, 1, 3).astype(np.float32) / 255, cv2.COLOR_RGB2Lab)[0, 0]
    assert np.hypot(*(median[1:] - np.array(lab[1:]))) < 8


def test_what_is_no_clothes_keeps_every_pixel() -> None:
    rgb = cloth_of_folds(120, 40)
    mask = np.zeros(rgb.shape[:2], np.float32)
    mask[:, 200:] = 1
    worn = recolour(rgb, mask, lab_of("#203060"))
    assert (worn[:, :199] == rgb[:, :199]).all()
    assert (worn[:, 201:] != rgb[:, 201:]).any()


def test_a_speck_of_clothes_is_left_alone() -> None:
    rgb = cloth_of_folds(120, 40)
    mask = np.zeros(rgb.shape[:2], np.float32)
    mask[:5, :5] = 1
    assert recolour(rgb, mask, (20.0, 0.0, 0.0)) is rgb


@pytest.mark.parametrize("tone", [(90, 60, 45), (200, 160, 140)])
def test_clothes_of_the_skins_own_colour_do_not_draw_the_face_in(tone: tuple[int, int, int]) -> None:
    """The network may call a face clothes; the face's oval is never recoloured all the same."""
    rgb = np.full((720, 1280, 3), tone, np.uint8)
    parsing = np.full((256, 256), 4, np.uint8)
    mask = clothes_mask(rgb, parsing, None, a_face())
    x, y = a_face().points_px(*SIZE).mean(0)
    assert mask[int(y), int(x)] == 0
    assert mask[700, 640] == 1


def turned(yaw_deg: float) -> Face:
    """A head of a few points in space, turned about its own middle as the tracker would see it."""
    where = {33: (-45, 0, 12), 133: (-17, 0, 6), 362: (17, 0, 6), 263: (45, 0, 12), 10: (0, -80, 10), 152: (0, 90, 10)}
    where |= dict.fromkeys((168, 6, 8), (0, 4, -2)) | {127: (-72, 5, 75), 356: (72, 5, 75)}
    where |= {193: (-8, 6, 2), 417: (8, 6, 2), 122: (-9, 12, 2), 351: (9, 12, 2)}
    where |= {130: (-46, 0, 13), 243: (-16, 1, 6), 226: (-47, 1, 14), 112: (-15, 2, 6)}
    where |= {359: (46, 0, 13), 463: (16, 1, 6), 446: (47, 1, 14), 341: (15, 2, 6)}
    where |= {197: (0, 20, -14), 195: (0, 30, -20), 5: (0, 40, -25), 4: (0, 48, -28), 1: (0, 54, -26)}
    angle = np.radians(yaw_deg)
    spin = np.array([[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]])
    points = np.zeros((478, 3))
    for index, place_mm in where.items():
        points[index] = spin @ (np.array(place_mm, float) - (0, 0, 80)) + (640, 360, 80)
    face = a_face()
    landmarks = (points / (1280, 720, 1280)).astype(np.float32)
    return Face(landmarks, face.blend.copy(), face.matrix.copy(), Pose(yaw_deg, 0, 0), face.box)


@pytest.mark.parametrize("yaw_deg", [-30, -15, 0, 15, 30])
def test_spectacles_turn_with_the_head_and_stay_on_the_nose(yaw_deg: float) -> None:
    placed, straight = place(turned(yaw_deg), FRAMES["round"], SIZE), place(turned(0), FRAMES["round"], SIZE)
    assert placed is not None
    assert straight is not None
    angle = np.radians(yaw_deg)
    spin = np.array([[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]])
    for now, then in zip(placed.rims, straight.rims, strict=True):
        expected = (then - (640, 360, 80)) @ spin.T + (640, 360, 80)
        off = np.abs(now[:, :2] - expected[:, :2]).max() / straight.eye_px
        assert off < 0.03


def test_a_slow_turn_never_makes_them_jump() -> None:
    seats = [place(turned(yaw), FRAMES["bold"], SIZE) for yaw in np.linspace(-35, 35, 71)]
    middles = np.array([np.concatenate(p.rims)[:, :2].mean(0) for p in seats if p is not None])
    assert len(middles) == 71
    steps = np.hypot(*np.diff(middles, axis=0).T)
    assert steps.max() < 1.5 * np.median(steps) + 0.5


def test_a_profile_gets_no_spectacles() -> None:
    picture = mirror_picture()
    assert place(turned(55), FRAMES["round"], SIZE) is None
    assert draw(picture, turned(55), FRAMES["round"]) is picture


def test_on_the_far_side_the_arm_is_behind_the_head() -> None:
    grey = np.full((720, 1280, 3), 200, np.uint8)
    left, right = (draw(grey, turned(yaw), FRAMES["bold"]) for yaw in (-25, 25))
    dark = [int((p.min(2)[:, :640] < 90).sum()) - int((p.min(2)[:, 640:] < 90).sum()) for p in (left, right)]
    assert dark[0] * dark[1] < 0


def test_nothing_on_is_the_very_picture() -> None:
    picture = mirror_picture()
    assert apply_outfit(picture, a_face(), Outfit(), None) is picture


def test_the_record_names_all_that_was_put_on() -> None:
    outfit = Outfit(clothes="navy", spectacles="round", pin="badge", name="Ada")
    assert [stage for stage, _ in outfit.changes()] == ["dress.clothes", "dress.spectacles", "dress.pin"]
    assert not Outfit().changes()


def test_it_is_a_preview_until_the_guest_says_otherwise_and_goes_with_the_guest() -> None:
    wardrobe = TryOn("#f2a65a")
    try:
        wardrobe.handle("spectacles.round")
        assert wardrobe.included is None
        wardrobe.handle("include")
        assert wardrobe.included == Outfit(spectacles="round", is_included=True)
        analysis = replace(an_analysis(), faces=(turned(0),))
        assert (wardrobe.dress(analysis, mirror_picture()) != mirror_picture()).any()
        wardrobe.reset()
        assert wardrobe.included is None
        assert "badge" not in {kind: names for kind, names, _ in wardrobe.facts.choices}["pin"]
    finally:
        wardrobe.close()
