"""Pages against their kept pictures in three languages, one from right to left, at three sizes.

`make golden-update` writes the pictures anew.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pygame
import pytest

from booth.ui.compositor import Compositor, pixels_of
from booth.ui.page_builder import Page
from tests.kiosk_views import pages
from tests.rig.golden import Limits, differences, is_as_kept
from tests.rig.sample import sampled

KEPT = Path(__file__).parent / "pictures"
SHORT_SIDE = 400  # pictures are kept this small: the least at which words can be told apart
LIMITS = Limits(mean=1.5, most=30.0, smooth_px=9, quality=85)  # letters may sit a hair elsewhere with another build
LOCALES = ("en", "ar", "ja")
SIZES = ((1024, 600), (1280, 720), (1080, 1920))
NAMES = (
    "attract", "attract-presence", "consent", "try", "try-pair", "coach", "hold", "develop", "review", "review-full",
    "share", "goodbye", "wipe", "fault",
)  # fmt: skip
CASES = [(locale, size) for locale in LOCALES for size in SIZES]
QUICK = (("en", SIZES[1]), ("ar", SIZES[2]), ("ja", SIZES[0]))


def drawn(locale: str, size: tuple[int, int], name: str) -> np.ndarray:
    pygame.font.init()
    surface = pygame.Surface(size)
    Compositor(size).draw(pages(locale)[name], surface)
    return pixels_of(surface)


@pytest.mark.parametrize(
    ("locale", "size"), sampled(CASES, QUICK, spread=True), ids=lambda part: str(part).replace(", ", "x").strip("()")
)
def test_the_pages_look_as_they_were_accepted(locale: str, size: tuple[int, int]) -> None:
    wrong = [name for name in NAMES if not is_as_accepted(locale, size, name)]
    assert wrong == []


def small(picture: np.ndarray) -> np.ndarray:
    """The page at the size that is kept."""
    scale = SHORT_SIDE / min(picture.shape[:2])
    size = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def is_as_accepted(locale: str, size: tuple[int, int], name: str) -> bool:
    kept = KEPT / f"{name}-{locale}-{size[0]}x{size[1]}.webp"
    return is_as_kept(kept, small(drawn(locale, size, name)), LIMITS)


def test_a_moved_button_would_be_seen() -> None:
    one, other = small(drawn("en", (1280, 720), "coach")), small(drawn("en", (1280, 720), "coach-lens"))
    assert differences(one, other, LIMITS.smooth_px)[1] > LIMITS.most


def test_a_missing_button_would_be_seen() -> None:
    one, other = small(drawn("en", (1280, 720), "try")), small(drawn("en", (1280, 720), "try-pair"))
    assert differences(one, other, LIMITS.smooth_px)[1] > LIMITS.most


def test_a_wrong_word_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    one = small(drawn("en", (1280, 720), "consent"))
    said = Page.say

    def wrong(self: Page, key: str, **names: object) -> str:
        return said(self, key, **names).replace("Yes", "Not")

    monkeypatch.setattr(Page, "say", wrong)
    other = small(drawn("en", (1280, 720), "consent"))
    assert differences(one, other, LIMITS.smooth_px)[1] > LIMITS.most
