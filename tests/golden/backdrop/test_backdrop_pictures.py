"""Every backdrop against its kept picture, 320 x 180: a change of look is seen and accepted on purpose.

`make golden-update` writes the pictures anew.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

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
from booth.looks.backdrop.paint import paint
from tests.rig.golden import Limits, is_as_kept

KEPT = Path(__file__).parent / "pictures"
SIZE = (320, 180)
LIMITS = Limits(mean=1.0, most=40.0)  # a disc's edge may move a hair with another build of the libraries
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
    assert is_as_kept(KEPT / f"{name}.webp", actual, LIMITS)
