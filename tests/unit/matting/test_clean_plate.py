"""A photograph of the empty place: laid behind the picture, trusted where the room agrees, and refused otherwise."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from booth.core.faults import Fault
from booth.perception.clean_plate import check_size, fit_plate
from booth.perception.plate_edges import plate_zone, solve_with_plate
from tests.unit.matting.test_matte_edges import FACE_PX, HAIR, SIDE, a_head, as_networks_see_it


def a_room(seed: int = 1, patch: int = 12) -> np.ndarray:
    """A cluttered place, (SIDE, SIDE, 3) uint8."""
    rng = np.random.default_rng(seed)
    patches = rng.uniform(60, 230, (SIDE // patch, SIDE // patch, 3)).astype(np.float32)
    return np.ascontiguousarray(cv2.resize(patches, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC).clip(0, 255)).astype(
        np.uint8
    )


def solved(rgb: np.ndarray, plate: np.ndarray) -> np.ndarray:
    """The matte with a plate; the networks' own where it is refused."""
    prior = as_networks_see_it()
    fitted = fit_plate(rgb, prior, plate, FACE_PX)
    if fitted is None:
        return prior
    fore = np.broadcast_to(np.array(HAIR, np.float32) / 255, (SIDE, SIDE, 3))
    return solve_with_plate(rgb, prior, fore, plate_zone(prior, FACE_PX), fitted)


def errors(rgb: np.ndarray, truth: np.ndarray, plate: np.ndarray) -> tuple[float, float]:
    """Mean errors without and with the plate."""
    return float(np.abs(as_networks_see_it() - truth).mean()), float(np.abs(solved(rgb, plate) - truth).mean())


def test_before_clutter_a_plate_brings_strands_and_gaps() -> None:
    rgb, truth = a_head(a_room().astype(np.float32))
    without, with_it = errors(rgb, truth, a_room())
    assert with_it < 0.5 * without


@pytest.mark.parametrize("kind", ["snow", "weave"])
def test_a_plate_of_nothing_but_fine_texture_is_refused(kind: str) -> None:
    wall = np.full((SIDE, SIDE, 3), (150, 146, 140), np.float32)
    rgb, _ = a_head(wall)
    pattern = np.random.default_rng(3).normal(0, 50, (SIDE, SIDE)) if kind == "snow" else np.zeros((SIDE, SIDE))
    if kind == "weave":
        pattern[(np.add.outer(np.arange(SIDE), np.arange(SIDE)) // 3) % 2 == 0] = 60
    plate = np.clip(wall + pattern[..., None], 0, 255).astype(np.uint8)
    assert fit_plate(rgb, as_networks_see_it(), plate, FACE_PX) is None
    assert fit_plate(rgb, as_networks_see_it(), wall.astype(np.uint8), FACE_PX) is not None


def test_a_textured_room_is_known_again() -> None:
    weave = np.random.default_rng(5).uniform(70, 220, (SIDE // 3, SIDE // 3, 3)).astype(np.float32)
    room = cv2.resize(weave, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)
    rgb, _ = a_head(room)
    noisy = np.clip(room + np.random.default_rng(6).normal(0, 8, room.shape), 0, 255).astype(np.uint8)
    assert fit_plate(rgb, as_networks_see_it(), noisy, FACE_PX) is not None


def test_a_lens_that_focused_on_the_sitter_still_knows_the_room() -> None:
    weave = np.random.default_rng(5).normal(0, 55, (SIDE, SIDE, 1))
    sharp = np.clip(a_room(patch=48) + weave, 0, 255).astype(np.uint8)
    rgb, _ = a_head(cv2.GaussianBlur(sharp, (0, 0), 4.0).astype(np.float32))
    assert fit_plate(rgb, as_networks_see_it(), sharp, FACE_PX) is not None


@pytest.mark.parametrize("gain", [0.5, 0.94, 1.06, 1.6])
def test_another_exposure_of_the_same_room_is_as_good(gain: float) -> None:
    rgb, truth = a_head(a_room().astype(np.float32) * (1.0 if gain < 1 else 1 / gain))
    plate = a_room() if gain > 1 else cv2.convertScaleAbs(a_room(), alpha=gain)
    without, with_it = errors(rgb, truth, plate)
    assert with_it < 0.7 * without


def test_a_tripod_that_gave_by_a_pixel_and_a_half_is_followed() -> None:
    rgb, truth = a_head(a_room().astype(np.float32))
    moved = cv2.warpAffine(
        a_room(), np.array([[1, 0, 1.5], [0, 1, -1]], np.float32), (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE
    )
    without, with_it = errors(rgb, truth, moved)
    assert with_it < 0.8 * without


def test_a_moved_chair_costs_next_to_nothing() -> None:
    rgb, truth = a_head(a_room().astype(np.float32))
    plate = a_room()
    plate[150:, 10:60] = (20, 60, 20)
    without, with_it = errors(rgb, truth, plate)
    assert with_it < without + 0.002


def test_a_chair_that_was_moved_to_the_cheek_costs_nothing() -> None:
    rgb, truth = a_head(a_room().astype(np.float32))
    chair = np.s_[100:190, :60]
    plate = a_room()
    plate[chair] = (30, 150, 60)
    beside = truth[chair] < 0.01
    assert solved(rgb, plate)[chair][beside].mean() < as_networks_see_it()[chair][beside].mean() + 0.005


def test_a_bun_that_the_networks_missed_is_hair_and_no_chair() -> None:
    rgb, _ = a_head(a_room().astype(np.float32))
    cv2.ellipse(rgb, (120, 62), (58, 20), 0, 0, 360, HAIR, -1)
    bun = np.s_[47:54, 105:136]
    assert as_networks_see_it()[bun].max() < 0.05 and solved(rgb, a_room())[bun].mean() > 0.5


def test_a_burnt_plate_says_little_of_a_shadow() -> None:
    bright = a_room().astype(np.float32)
    bright[:, : SIDE // 2] += 200
    rgb, _ = a_head(bright * 0.7)
    fitted = fit_plate(rgb, as_networks_see_it(), np.clip(bright, 0, 255).astype(np.uint8), FACE_PX)
    assert fitted is not None
    burnt, other = (np.median(fitted.variance[:, part]) for part in (np.s_[:10], np.s_[-10:]))
    assert burnt > 0.005 > 3 * other


def test_another_place_is_refused() -> None:
    rgb, _ = a_head(a_room().astype(np.float32))
    assert fit_plate(rgb, as_networks_see_it(), a_room(seed=7), FACE_PX) is None


def test_a_picture_full_of_sitter_has_no_use_for_a_plate() -> None:
    rgb, _ = a_head(a_room().astype(np.float32))
    assert fit_plate(rgb, np.ones((SIDE, SIDE), np.float32), a_room(), FACE_PX) is None


def test_a_plate_of_another_size_is_refused_in_a_sentence() -> None:
    with pytest.raises(Fault) as raised:
        check_size(np.zeros((720, 1280, 3), np.uint8), np.zeros((480, 640, 3), np.uint8))
    assert raised.value.code == "plate.size" and "640 x 480" in str(raised.value) and raised.value.exit_code == 2


def test_a_shirt_of_the_rooms_colour_keeps_its_middle() -> None:
    rgb, _ = a_head(a_room().astype(np.float32))
    rgb[150:190, 90:150] = a_room()[150:190, 90:150]
    assert solved(rgb, a_room())[150:190, 90:150].min() > 0.95
