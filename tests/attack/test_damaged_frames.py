"""A stream turns to rubbish mid-way: no half-decoded frame is used, and damage that stays is told."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from booth.capture.damage_detector import DamageDetector, row_facts
from booth.capture.demo.demo_sitter import DemoSitter
from booth.capture.fingerprint import fingerprint
from booth.capture.jpeg import Jpeg
from booth.capture.stall_detector import NOTICED_S, StallDetector

FPS = 30
END = np.array((0xFF, 0xD9), np.uint8)
SITTER = DemoSitter(size=(320, 180))
Damage = Callable[[np.ndarray], np.ndarray]


def frame(number: int) -> np.ndarray:
    """The demo sitter with a small sensor's noise, which no real camera lacks."""
    noise = np.random.default_rng(number).normal(0, 2, (180, 320, 3))
    return np.clip(SITTER.frame(number) + noise, 0, 255).astype(np.uint8)


def cut_off(data: np.ndarray) -> np.ndarray:
    return np.concatenate([data[: len(data) // 2], END])


def with_a_gap(data: np.ndarray) -> np.ndarray:
    return np.concatenate([data[: len(data) // 3], data[len(data) // 2 :]])


def with_rubbish(data: np.ndarray) -> np.ndarray:
    rubbish = np.random.default_rng(5).integers(0, 254, len(data) // 8).astype(np.uint8)
    return np.concatenate([data[: len(data) // 2], rubbish, data[len(data) // 2 + len(rubbish) :]])


def damaged(number: int, damage: Damage) -> np.ndarray:
    coded = cv2.imencode(".jpg", cv2.cvtColor(frame(number), cv2.COLOR_RGB2BGR))[1].reshape(-1)
    return Jpeg(damage(coded)).rgb()


@pytest.mark.parametrize("damage", [cut_off, with_a_gap, with_rubbish])
def test_a_damaged_frame_is_left_out_and_the_whole_ones_round_it_are_not(damage: Damage) -> None:
    detector = DamageDetector()
    assert all(detector.is_whole(row_facts(frame(n))) for n in range(30))
    assert not detector.is_whole(row_facts(damaged(30, damage)))
    assert all(detector.is_whole(row_facts(frame(n))) for n in range(31, 60))


def test_damage_that_stays_is_told_within_two_seconds() -> None:
    watch = StallDetector()
    for n in range(30):
        assert watch.step(fingerprint(frame(n)), n / FPS).is_whole
    told_s = None
    for n in range(30, 90):
        finding = watch.step(fingerprint(damaged(n, cut_off)), n / FPS)
        assert not finding.is_whole
        if finding.code == "camera.damaged" and told_s is None:
            told_s = n / FPS
    assert told_s is not None and NOTICED_S <= told_s - 1 < 2


def test_another_scene_in_the_lower_half_is_taken_from_its_second_frame_on() -> None:
    """A camera that is nudged, or a program's caption: jumps as damage does, but stays as it is."""
    detector = DamageDetector()
    assert all(detector.is_whole(row_facts(frame(n))) for n in range(10))
    covered = [frame(n) for n in range(10, 20)]
    for picture in covered:
        picture[90:, ::2] = 250 - picture[90:, ::2] // 4
    assert [detector.is_whole(row_facts(p)) for p in covered].count(False) <= 1
