"""Pages against their kept pictures in three languages, one from right to left, at three sizes.

`make golden-update` writes the pictures anew; on a difference expected, actual and difference are left in build/golden.
"""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pygame
import pytest
from PIL import Image

from booth.ui.compositor import Compositor, pixels_of
from tests.kiosk_views import pages

KEPT = Path(__file__).parent / "pictures"
BUILD = Path(__file__).resolve().parents[3] / "build"
SHORT_SIDE = 200  # pictures are kept this small
MEAN_LIMIT = 1.5  # of 255; letters may sit a hair elsewhere with another build of the libraries
MAX_LIMIT = 60.0  # of 255, where the picture is smoothed over SMOOTH_PX: a button that is gone or has moved
SMOOTH_PX = 9
LOCALES = ("en", "ar", "ja")
SIZES = ((1024, 600), (1280, 720), (1080, 1920))
NAMES = (
    "attract", "attract-presence", "consent", "try", "try-pair", "coach", "hold", "develop", "review", "review-full",
    "share", "goodbye", "wipe", "fault",
)  # fmt: skip
CASES = [(locale, size) for locale in LOCALES for size in SIZES]


def drawn(locale: str, size: tuple[int, int], name: str) -> np.ndarray:
    pygame.font.init()
    surface = pygame.Surface(size)
    Compositor(size).draw(pages(locale)[name], surface)
    return pixels_of(surface)


@pytest.mark.parametrize(("locale", "size"), CASES, ids=lambda part: str(part).replace(", ", "x").strip("()"))
def test_the_pages_look_as_they_were_accepted(locale: str, size: tuple[int, int]) -> None:
    wrong = [name for name in NAMES if not is_as_accepted(locale, size, name)]
    assert wrong == []


def is_as_accepted(locale: str, size: tuple[int, int], name: str) -> bool:
    full = drawn(locale, size, name)
    scale = SHORT_SIDE / min(size)
    actual = cv2.resize(full, (round(size[0] * scale), round(size[1] * scale)), interpolation=cv2.INTER_AREA)
    kept = KEPT / f"{name}-{locale}-{size[0]}x{size[1]}.webp"
    if os.environ.get("BOOTH_GOLDEN_UPDATE"):
        KEPT.mkdir(exist_ok=True)
        kept.write_bytes(as_kept(actual))
        (BUILD / "screens").mkdir(parents=True, exist_ok=True)
        Image.fromarray(full).save(BUILD / "screens" / f"{kept.stem}.jpg", quality=90)
    expected = np.asarray(Image.open(kept).convert("RGB"))
    actual = np.asarray(Image.open(BytesIO(as_kept(actual))).convert("RGB"))  # its loss is no difference
    mean, most = differences(expected, actual)
    if mean <= MEAN_LIMIT and most <= MAX_LIMIT:
        return True
    (BUILD / "golden").mkdir(parents=True, exist_ok=True)
    difference = np.abs(actual.astype(int) - expected)
    side_by_side = np.hstack([expected, actual, np.clip(difference * 4, 0, 255).astype(np.uint8)])
    Image.fromarray(side_by_side).save(BUILD / "golden" / f"{kept.stem}.png")
    return False


def as_kept(picture: np.ndarray) -> bytes:
    """The picture as a small file."""
    file = BytesIO()
    Image.fromarray(picture).save(file, "WEBP", quality=82, method=4)
    return file.getvalue()


def differences(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Mean difference of two pictures, and the most where both are smoothed; 0..255."""
    smooth = [cv2.blur(picture.astype(np.float32), (SMOOTH_PX, SMOOTH_PX)) for picture in (one, other)]
    return float(np.abs(one.astype(int) - other).mean()), float(np.abs(smooth[0] - smooth[1]).max())


def test_a_moved_button_would_be_seen() -> None:
    one, other = drawn("en", (1280, 720), "coach"), drawn("en", (1280, 720), "coach-lens")
    assert np.abs(one.astype(int) - other).mean() > MEAN_LIMIT


def test_a_missing_button_would_be_seen() -> None:
    one, other = (cv2.resize(drawn("en", (1280, 720), name), (356, 200)) for name in ("try", "try-pair"))
    assert differences(one, other)[1] > MAX_LIMIT
