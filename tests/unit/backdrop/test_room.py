"""The real room blurred: discs, not smears; and nothing of the sitter in it."""

from __future__ import annotations

import numpy as np
import pytest

from booth.looks.backdrop.real_room import RoomBlur
from booth.looks.bokeh import add_disc, disc_blur, disc_boxes, disc_kernel


def a_room(height: int = 720, width: int = 1280) -> tuple[np.ndarray, np.ndarray]:
    """Return a green room with a red sitter in it, and the sitter's matte, uint8."""
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[..., 1] = 120
    alpha = np.zeros((height, width), np.uint8)
    alpha[height // 4 :, width // 3 : 2 * width // 3] = 255
    rgb[alpha > 0] = (230, 30, 30)
    return rgb, alpha


@pytest.mark.parametrize("kind", ["mirror", "still"])
def test_no_colour_of_the_sitter_is_left_in_the_room(kind: str) -> None:
    rgb, alpha = a_room()
    if kind == "still":
        room = RoomBlur().blur(rgb / np.float32(255), alpha / np.float32(255), 0.18, 240) * 255
    else:
        room = RoomBlur().blur(rgb, alpha, 0.18, 240).astype(np.float32)
    assert room[..., 0].max() < 4
    assert np.abs(room[..., 1] - 120).max() < 3


def test_a_lamp_becomes_an_even_disc_and_stays_bright() -> None:
    rgb = np.full((720, 1280, 3), 20, np.uint8)
    rgb[352:368, 632:648] = 255
    alpha = np.zeros((720, 1280), np.uint8)
    room = RoomBlur().blur(rgb, alpha, 0.2, 240).astype(int).max(-1)
    lit = room > 40
    across, down = lit[360].sum(), lit[:, 640].sum()
    assert 40 < across < 72 and 40 < down < 72
    inside = room[346:374, 626:654]
    assert inside.max() - inside.min() < 25  # a Gaussian spot would fall by half
    plain = (255 / 255) ** 2.2 * 256 / (np.pi * 24**2)
    assert inside.mean() > 255 * plain ** (1 / 2.2)  # brighter than if the clipped lamp were paper white


def test_mirror_and_still_agree() -> None:
    y, x = np.mgrid[:720, :1280]
    pattern = 110 + 60 * np.sin(x / 37) + 50 * np.cos(y / 23)
    rgb = np.repeat(pattern[..., None], 3, 2).astype(np.uint8)
    alpha = np.zeros((720, 1280), np.uint8)
    mirror = RoomBlur().blur(rgb, alpha, 0.15, 240)
    still = RoomBlur().blur(rgb / np.float32(255), alpha / np.float32(255), 0.15, 240)
    assert still.dtype == np.float32 and mirror.dtype == np.uint8
    assert np.abs(still * 255 - mirror)[60:-60, 60:-60].mean() < 3


def test_a_flat_wall_keeps_its_colour_and_does_not_band() -> None:
    ramp = np.repeat(np.linspace(60, 80, 1280)[None, :], 720, 0)
    rgb = np.repeat(ramp[..., None], 3, 2).astype(np.uint8)
    room = RoomBlur().blur(rgb, np.zeros((720, 1280), np.uint8), 0.2, 240)
    assert np.abs(room.mean((0, 2)) - ramp[0])[40:-40].max() < 1.5
    assert len(np.unique(room[:, 640])) > 1  # noise of the last bit


@pytest.mark.parametrize("alpha_level", [0, 255])
def test_nobody_there_or_nothing_else_there(alpha_level: int) -> None:
    rgb, _ = a_room(90, 160)
    alpha = np.full((90, 160), alpha_level, np.uint8)
    room = RoomBlur().blur(rgb, alpha, 0.2, 30)
    assert room.shape == rgb.shape


def test_the_input_is_left_alone() -> None:
    rgb, alpha = a_room(180, 320)
    before = rgb.copy(), alpha.copy()
    rgb.flags.writeable = alpha.flags.writeable = False
    RoomBlur().blur(rgb, alpha, 0.2, 60)
    assert np.array_equal(rgb, before[0]) and np.array_equal(alpha, before[1])


@pytest.mark.parametrize("diameter_px", [2.0, 7.3, 20.0, 60.0, 150.0])
def test_a_disc_keeps_all_light_and_has_its_width(diameter_px: float) -> None:
    point = np.zeros((401, 401), np.float32)
    point[200, 200] = 1
    spread = disc_blur(point, diameter_px)
    assert spread.sum() == pytest.approx(1, rel=0.02)
    width = (spread[200] > spread.max() / 2).sum()
    assert width == pytest.approx(diameter_px, abs=max(2, 0.08 * diameter_px))


@pytest.mark.parametrize("diameter_px", [6.0, 11.0, 18.0])
def test_the_quick_disc_is_near_the_true_one(diameter_px: float) -> None:
    rng = np.random.default_rng(3)
    rgb = rng.random((120, 160, 4), np.float32)
    rgb[60, 80] = 40
    quick, true = disc_boxes(rgb, diameter_px), disc_blur(rgb, diameter_px)
    assert quick.mean() == pytest.approx(true.mean(), rel=0.01)
    assert np.abs(quick - true).mean() < 0.2 * true.std() + 0.02


def test_blades_make_corners_and_rims_are_brighter() -> None:
    round_, bladed = disc_kernel(40.0), disc_kernel(40.0, blades=6)
    assert round_.sum() == pytest.approx(1, abs=1e-5) and bladed.sum() == pytest.approx(1, abs=1e-5)
    assert (bladed > 0).sum() < (round_ > 0).sum()
    middle = round_.shape[0] // 2
    assert round_[middle, middle + 17] > round_[middle, middle]


def test_a_cat_eye_narrows_discs_in_the_corners_only() -> None:
    def lit(centre: tuple[float, float]) -> int:
        light = np.zeros((400, 600, 3), np.float32)
        add_disc(light, centre, 60, np.ones(3, np.float32), 0.6)
        return int((light[..., 0] > 0.4).sum())

    assert lit((300, 200)) == pytest.approx(np.pi * 900, rel=0.05)
    assert lit((560, 360)) < 0.9 * lit((300, 200))
    assert lit((-500, -500)) == 0
