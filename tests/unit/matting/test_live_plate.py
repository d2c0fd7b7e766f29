"""The empty place as evidence for the mirror's matte: furniture goes, hands and hats stay, a wrong plate is no harm."""

from __future__ import annotations

import cv2
import numpy as np

from booth.perception.live_plate import LivePlate, with_plate
from booth.perception.matte_crop import CropWindow

FRAME = (1280, 720)
GRID = (128, 228)
WHOLE = CropWindow(0, 0, *FRAME)
FACE_CELLS = 40.0
SKIN = np.array((180, 130, 110), np.float32) / 255


def a_place(seed: int = 2) -> np.ndarray:
    """A cluttered place, (720, 1280, 3) uint8."""
    rng = np.random.default_rng(seed)
    return cv2.resize(
        rng.uniform(30, 220, (18, 32, 3)).astype(np.float32), FRAME, interpolation=cv2.INTER_NEAREST
    ).astype(np.uint8)


def a_sitter() -> np.ndarray:
    """The true coarse matte: a head, shoulders and a raised hand."""
    alpha = np.zeros(GRID, np.float32)
    cv2.circle(alpha, (114, 50), 20, 1, -1)
    cv2.ellipse(alpha, (114, 128), (45, 50), 0, 0, 360, 1, -1)
    return cv2.GaussianBlur(alpha, (0, 0), 0.8)


def frame_of(alpha: np.ndarray, place: np.ndarray, gain: float = 1.0) -> np.ndarray:
    """The frame on the grid, 0..1, with a camera's noise."""
    half = cv2.resize(place, (640, 360), interpolation=cv2.INTER_AREA)
    room = cv2.resize(half, GRID[::-1], interpolation=cv2.INTER_LINEAR).astype(np.float32) / 255 * gain
    mixed = alpha[..., None] * SKIN + (1 - alpha[..., None]) * room
    return np.clip(mixed + np.random.default_rng(1).normal(0, 0.008, mixed.shape), 0, 1).astype(np.float32)


def seen(coarse: np.ndarray, guide: np.ndarray, place: np.ndarray) -> np.ndarray:
    plate = LivePlate(place, (640, 360))
    return with_plate(coarse, guide, plate.under(WHOLE, FRAME, GRID), FACE_CELLS)


def test_a_blurred_outline_is_sharpened_by_what_the_room_shows() -> None:
    truth = a_sitter()
    coarse = cv2.GaussianBlur(truth, (0, 0), 3)
    solved = seen(coarse, frame_of(truth, a_place()), a_place())
    assert np.abs(solved - truth).mean() < 0.6 * np.abs(coarse - truth).mean()


def test_furniture_without_a_pattern_does_not_float_beside_the_sitter() -> None:
    """A screen of one colour on a stand: what has a pattern goes, and the rest would hang on nothing."""
    place, truth = a_place(), a_sitter()
    place[390:620, 60:250] = (60, 46, 40)
    coarse = truth.copy()
    coarse[66:114, 8:48] = 0.95
    solved = seen(coarse, frame_of(truth, place), place)
    assert (solved[66:114, 8:48] > 0.3).mean() < 0.02
    assert solved[44:56, 108:120].min() > 0.9


def test_a_hand_beside_the_sitter_stays() -> None:
    truth = a_sitter()
    cv2.circle(truth, (30, 60), 8, 1, -1)
    solved = seen(truth.copy(), frame_of(truth, a_place()), a_place())
    assert solved[56:65, 26:35].min() > 0.8


def test_furniture_that_was_there_before_never_appears() -> None:
    truth = a_sitter()
    coarse = truth.copy()
    coarse[70:110, 10:45] = 0.95  # the network takes a chair for somebody
    solved = seen(coarse, frame_of(truth, a_place()), a_place())
    assert (solved[74:106, 14:41] > 0.5).mean() < 0.1 and coarse[74:106, 14:41].min() > 0.9


def test_a_hat_of_any_colour_and_a_shirt_of_the_walls_stay() -> None:
    truth = a_sitter()
    guide = frame_of(truth, a_place())
    guide[34:44, 104:124] = (0.05, 0.4, 0.1)
    guide[95:115, 100:128] = a_place()[100, 100] / np.float32(255)
    solved = seen(truth, guide, a_place())
    assert solved[36:42, 106:122].min() > 0.95 and solved[98:112, 103:125].min() > 0.95


def test_another_exposure_is_matched_and_another_place_is_no_harm() -> None:
    truth = a_sitter()
    coarse = cv2.GaussianBlur(truth, (0, 0), 3)
    darker = seen(coarse, frame_of(truth, a_place(), gain=0.6), a_place())
    assert np.abs(darker - truth).mean() < 0.8 * np.abs(coarse - truth).mean()
    assert np.array_equal(seen(coarse, frame_of(truth, a_place()), a_place(seed=9)), coarse)


def test_a_plate_is_reduced_once_for_a_window_that_stays() -> None:
    plate = LivePlate(a_place(), (640, 360))
    assert plate.under(WHOLE, FRAME, GRID) is plate.under(WHOLE, FRAME, GRID)
    assert plate.under(CropWindow(100, 0, 1200, 720), FRAME, (128, 195)).rgb.shape == (128, 195, 3)
