"""Every backdrop against its kept picture, 320 x 180: a change of look is seen and accepted on purpose.

`make golden-update` writes the pictures anew; on a difference expected, actual and difference are left in build/golden.
"""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from booth.looks.backdrop import paint
from booth.looks.backdrop.backdrop_spec import (
    Backdrop,
    Bookshelf,
    BrandBackdrop,
    CanvasBackdrop,
    Gradient,
    HighKey,
    LowKey,
    Paper,
)  # fmt: skip

KEPT = Path(__file__).parent / "pictures"
BUILD = Path(__file__).resolve().parents[3] / "build" / "golden"
SIZE = (320, 180)
MEAN_LIMIT, MAX_LIMIT = 1.0, 40.0  # of 255; a disc's edge may move a hair with another build of the libraries
LOOKS: dict[str, Backdrop] = {
    "paper": Paper(),
    "canvas": CanvasBackdrop(),
    "gradient": Gradient(),
    "highkey": HighKey(),
    "lowkey": LowKey(),
    "bookshelf": Bookshelf(),
    "brand": BrandBackdrop(),
}


@pytest.mark.parametrize("name", LOOKS)
def test_backdrop_looks_as_it_was_accepted(name: str) -> None:
    actual = (paint(LOOKS[name], SIZE, seed=7) * 255 + 0.5).astype(np.uint8)
    kept = KEPT / f"{name}.png"
    if os.environ.get("BOOTH_GOLDEN_UPDATE"):
        KEPT.mkdir(exist_ok=True)
        Image.fromarray(actual).save(kept, optimize=True)
    with Image.open(kept) as opened:
        expected = np.asarray(opened.convert("RGB"))
    difference = cv2.absdiff(actual, expected)
    is_alike = difference.mean() <= MEAN_LIMIT and difference.max() <= MAX_LIMIT
    if not is_alike:
        BUILD.mkdir(parents=True, exist_ok=True)
        side_by_side = np.hstack([expected, actual, np.minimum(difference.astype(int) * 8, 255).astype(np.uint8)])
        Image.fromarray(side_by_side).save(BUILD / f"backdrop-{name}.png")
    assert is_alike, f"{name}: mean {difference.mean():.2f}, max {difference.max()} of 255"
