"""Pages against their kept pictures in three languages, one from right to left, at three sizes.

`make golden-update` writes the pictures anew; on a difference expected, actual and difference are left in build/golden.
"""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pygame
import pytest
from PIL import Image

from booth.kiosk.glass import Glass, pixels_of
from tests.kiosk_views import pages

KEPT = Path(__file__).parent / "pictures"
BUILD = Path(__file__).resolve().parents[3] / "build"
SHORT_SIDE = 288  # pictures are kept this small
MEAN_LIMIT = 1.5  # of 255; letters may sit a hair elsewhere with another build of the libraries
CASES = [
    (locale, size, name)
    for locale, size in (("en", (1280, 720)), ("ar", (1024, 600)), ("ja", (1080, 1920)))
    for name in ("attract-presence", "consent", "try", "coach", "hold", "review")
]


def drawn(locale: str, size: tuple[int, int], name: str) -> np.ndarray:
    pygame.font.init()
    surface = pygame.Surface(size)
    Glass(size).draw(pages(locale)[name], surface)
    return pixels_of(surface)


@pytest.mark.parametrize(("locale", "size", "name"), CASES, ids=lambda part: str(part).replace(", ", "x").strip("()"))
def test_a_page_looks_as_it_was_accepted(locale: str, size: tuple[int, int], name: str) -> None:
    full = drawn(locale, size, name)
    file = f"{name}-{locale}-{size[0]}x{size[1]}"
    (BUILD / "screens").mkdir(parents=True, exist_ok=True)
    Image.fromarray(full).save(BUILD / "screens" / f"{file}.jpg", quality=90)
    scale = SHORT_SIDE / min(size)
    actual = cv2.resize(full, (round(size[0] * scale), round(size[1] * scale)), interpolation=cv2.INTER_AREA)
    kept = KEPT / f"{file}.png"
    if os.environ.get("BOOTH_GOLDEN_UPDATE"):
        KEPT.mkdir(exist_ok=True)
        Image.fromarray(actual).quantize(128).save(kept, optimize=True)
    expected = np.asarray(Image.open(kept).convert("RGB"))
    as_kept = np.asarray(Image.fromarray(actual).quantize(128).convert("RGB"))
    difference = np.abs(as_kept.astype(int) - expected)
    if difference.mean() > MEAN_LIMIT:
        (BUILD / "golden").mkdir(parents=True, exist_ok=True)
        side_by_side = np.hstack([expected, actual, np.clip(difference * 4, 0, 255).astype(np.uint8)])
        Image.fromarray(side_by_side).save(BUILD / "golden" / f"{file}.png")
    assert difference.mean() <= MEAN_LIMIT


def test_a_moved_button_would_be_seen() -> None:
    one, other = drawn("en", (1280, 720), "coach"), drawn("en", (1280, 720), "coach-lens")
    assert np.abs(one.astype(int) - other).mean() > MEAN_LIMIT
