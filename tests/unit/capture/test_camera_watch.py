"""What is told of a camera that no longer sees, in seconds of its behaviour; and of one that does, nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from booth.capture.capture_thread import PIXELS_EVERY
from booth.capture.demo.demo_sitter import DemoSitter
from booth.capture.fingerprint import Fingerprint, fingerprint
from booth.capture.stall_detector import StallDetector

FPS = 30
SIZE = (1280, 720)
NOTICED_S = 2.0

Story = Iterable[tuple[float, Fingerprint]]
_number = itertools.count(1)


def _seen(
    seconds: float, start_s: float = 0.0, fps: float = FPS, level: int = 180
) -> Iterator[tuple[float, Fingerprint]]:
    """A camera that sees: no frame is like another."""
    for n in range(round(seconds * fps)):
        yield start_s + n / fps, Fingerprint(next(_number), level, SIZE)


def _same(seconds: float, start_s: float, level: int = 180, total: int = -7) -> Iterator[tuple[float, Fingerprint]]:
    for n in range(round(seconds * FPS)):
        yield start_s + n / FPS, Fingerprint(total, level, SIZE)


def _loop(n_frames: int, seconds: float, start_s: float) -> Iterator[tuple[float, Fingerprint]]:
    for n in range(round(seconds * FPS)):
        yield start_s + n / FPS, Fingerprint(-1000 - n % n_frames, 180, SIZE)


def _told(story: Story) -> list[tuple[str, float]]:
    """Every code with the time at which it was first told in a row."""
    watch, told = StallDetector(), []
    for t_s, seen in story:
        code = watch.step(seen, t_s).code
        if code is not None and (not told or told[-1][0] != code):
            told.append((code, t_s))
    return told


def _only(told: list[tuple[str, float]], code: str, since_s: float) -> bool:
    """Tell whether one code was told, once, and soon after it began."""
    return [c for c, _ in told] == [code] and since_s < told[0][1] < since_s + NOTICED_S


def test_a_camera_that_sees_is_left_alone() -> None:
    assert _told(_seen(60)) == []


def test_a_frozen_camera_is_told_within_two_seconds() -> None:
    assert _only(_told([*_seen(5), *_same(5, 5)]), "camera.frozen", 5)


def test_a_camera_that_hiccups_for_half_a_second_is_not() -> None:
    assert _told([*_seen(5), *_same(0.5, 5), *_seen(5, 5.5), *_same(1.0, 10.5), *_seen(5, 11.5)]) == []


@pytest.mark.parametrize("n_frames", [2, 3, 7, 15, 30])
def test_a_camera_that_repeats_is_told_within_two_seconds(n_frames: int) -> None:
    assert _only(_told([*_seen(5), *_loop(n_frames, 5, 5)]), "camera.repeating", 5)


def test_a_camera_that_gives_every_picture_twice_is_only_slow_of_mind() -> None:
    twice = [(n / FPS, Fingerprint(10_000 + n // 2, 180, SIZE)) for n in range(300)]
    assert _told(twice) == []


def test_a_loop_with_the_same_picture_twice_in_it_is_still_a_loop() -> None:
    pattern = (1, 2, 3, 2, 2, 4)
    loop = [(5 + n / FPS, Fingerprint(-pattern[n % 6], 180, SIZE)) for n in range(150)]
    assert _only(_told([*_seen(5), *loop]), "camera.repeating", 5)


def test_black_is_told_within_two_seconds_with_noise_or_without() -> None:
    assert _only(_told([*_seen(5), *_same(5, 5, level=0)]), "camera.black", 5)
    assert _only(_told([*_seen(5), *_seen(5, 5, level=3)]), "camera.black", 5)


def test_a_dark_room_is_not_black_and_its_empty_picture_not_frozen() -> None:
    assert _told([*_seen(5), *_seen(60, 5, level=9)]) == []
    assert _told([*_seen(5), *_same(6, 5, level=12), *_seen(5, 11, level=12)]) == []


def test_a_slow_camera_is_told_within_two_seconds_and_a_dim_one_at_half_rate_is_not() -> None:
    assert _only(_told([*_seen(5), *_seen(10, 5, fps=5)]), "camera.slow", 5)
    assert _told(_seen(20, fps=15)) == []


def test_another_size_is_told_at_once() -> None:
    smaller = [(5.0, Fingerprint(1, 180, (640, 480)))]
    assert _told([*_seen(5), *smaller]) == [("camera.size", 5.0)]


@pytest.mark.long
def test_the_demo_sitter_is_a_camera_that_sees() -> None:
    sitter = DemoSitter(size=(320, 180))
    assert _told((n / FPS, fingerprint(sitter.frame(n))) for n in range(0, 900, 2)) == []


def test_a_still_sitter_before_a_small_noisy_sensor_is_not_frozen_after_jpeg() -> None:
    """The quietest true camera: half a grey level of noise, coded as a webcam codes it."""
    rng = np.random.default_rng(3)
    flat = cv2.GaussianBlur(rng.integers(40, 200, (360, 640, 3), dtype=np.uint8), (0, 0), 9).astype(np.float32)

    def frames() -> Iterator[tuple[float, Fingerprint]]:
        for n in range(70):
            noisy = np.clip(flat + rng.normal(0, 0.5, flat.shape), 0, 255).astype(np.uint8)
            coded = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
            yield n / FPS, fingerprint(cv2.imdecode(coded, cv2.IMREAD_COLOR))

    assert _told(frames()) == []


@pytest.mark.long
@pytest.mark.shared
def test_the_shared_clips_raise_no_alarm(shared: Path) -> None:
    for path in sorted((shared / "media" / "videos").iterdir()):
        reader = cv2.VideoCapture(str(path))
        fps = reader.get(cv2.CAP_PROP_FPS) or FPS
        story = []
        while (got := reader.read())[0]:
            story.append((len(story) / fps, fingerprint(got[1])))
        assert _told(story) == [], path.name


def _unseen(story: Story, every: int) -> Story:
    """The same story told by a slow machine, which looks at the pixels of every so-manyth frame alone."""
    for n, (t_s, seen) in enumerate(story):
        yield t_s, seen if n % every == 0 else replace(seen, level=None, rows=None)


def test_a_slow_machine_notices_the_same_though_it_decodes_few_frames() -> None:
    assert _told(_unseen(_seen(30), PIXELS_EVERY)) == []
    frozen_camera = [*_seen(3), *_same(4, 3.0)]
    assert _only(_told(_unseen(frozen_camera, PIXELS_EVERY)), "camera.frozen", 3.0)
    dark = [*_seen(3), *_seen(4, 3.0, level=2)]
    assert _only(_told(_unseen(dark, PIXELS_EVERY)), "camera.black", 3.0)
    loop = [*_seen(3), *_loop(8, 4, 3.0)]
    assert _only(_told(_unseen(loop, PIXELS_EVERY)), "camera.repeating", 3.0)
