"""Furniture that the networks take for the sitter goes where the empty place shows it; the sitter stays."""

from __future__ import annotations

import cv2
import numpy as np

from booth.perception.clean_plate import FittedPlate
from booth.perception.plate_furniture import without_furniture

SIZE = (480, 640)  # height, width
FACE_PX = 150.0
COAT, STAND = np.s_[200:480, 420:520], np.s_[130:200, 440:500]


def a_plate() -> np.ndarray:
    """A plain room with a patterned coat on a plain stand, (480, 640, 3) uint8."""
    room = np.full((*SIZE, 3), (150, 146, 140), np.uint8)
    coarse = np.random.default_rng(4).uniform(30, 130, (40, 15, 3)).astype(np.float32)
    room[COAT] = cv2.resize(coarse, (100, 280), interpolation=cv2.INTER_CUBIC).clip(0, 255)
    room[STAND] = (52, 40, 30)
    return room


def a_sitter() -> np.ndarray:
    """The true matte: a head and shoulders beside the coat, touching it."""
    alpha = np.zeros(SIZE, np.float32)
    cv2.ellipse(alpha, (280, 200), (75, 100), 0, 0, 360, 1.0, -1)
    cv2.rectangle(alpha, (150, 310), (425, 480), 1.0, -1)
    return alpha


def before(alpha: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """The photograph, with a camera's noise."""
    mixed = alpha[..., None] * np.array(colour) + (1 - alpha[..., None]) * a_plate()
    return np.clip(mixed + np.random.default_rng(1).normal(0, 2, mixed.shape) + 0.5, 0, 255).astype(np.uint8)


def known(plate: np.ndarray) -> FittedPlate:
    return FittedPlate(plate, np.full((60, 80), 1e-4, np.float32))


def test_a_coat_goes_with_the_stand_that_it_hangs_on_and_the_sitter_stays() -> None:
    truth = a_sitter()
    taken = truth.copy()
    taken[COAT] = taken[STAND] = 0.97
    alpha = without_furniture(taken, before(truth, (180, 130, 110)), known(a_plate()), FACE_PX)
    beside = (slice(215, 470), slice(440, 510))
    assert alpha[beside].max() < 0.1 and alpha[140:190, 450:490].max() < 0.1
    inside = cv2.erode(truth, np.ones((25, 25))) > 0
    assert np.array_equal(alpha[inside], taken[inside])


def test_who_wears_the_walls_colour_stays() -> None:
    truth = a_sitter()
    alpha = without_furniture(truth, before(truth, (150, 146, 140)), known(a_plate()), FACE_PX)
    assert np.array_equal(alpha, truth)


def test_furniture_that_was_carried_away_takes_nothing_with_it() -> None:
    truth = a_sitter()
    elsewhere = np.roll(a_plate(), -180, axis=1)  # the plate shows the coat where the sitter is now
    alpha = without_furniture(truth, before(truth, (180, 130, 110)), known(elsewhere), FACE_PX)
    assert np.array_equal(alpha, truth)
