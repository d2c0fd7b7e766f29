"""The contact sheet: every caption stands under its own picture, and cells are no larger than what is in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from booth.diagnostics.contact_sheet import write_sheet


def test_a_caption_is_nearer_to_its_own_picture_than_to_the_one_below(tmp_path: Path) -> None:
    white = np.full((220, 180, 3), 255, np.uint8)
    write_sheet([(f"Look {n}", white) for n in range(8)], tmp_path / "sheet.jpg")
    with Image.open(tmp_path / "sheet.jpg") as page:
        inked = np.asarray(page.convert("L"))[:, :188]
    picture = np.flatnonzero(np.median(inked, axis=1) > 200)
    words = np.flatnonzero((inked.max(1) > 150) & (np.median(inked, axis=1) < 100))
    end, next_start = 0, 0
    for row, after in zip(picture, picture[1:], strict=False):
        if after - row > 1:
            end, next_start = int(row), int(after)
    mine = words[(words > end) & (words < next_start)]
    assert mine[0] - end < next_start - mine[-1]
    assert inked.shape[0] < 2 * (220 + 60)
