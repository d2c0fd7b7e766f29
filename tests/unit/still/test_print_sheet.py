"""A sheet of prints: every copy at its size in millimetres, nothing resampled, too many refused."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from booth.config.params.finish import BrandParams
from booth.core.faults import Fault
from booth.still.crop import crop_spec
from booth.still.official import official_crops
from booth.still.print_sheet import PAPER_MM, check_sheet, most_copies, sheet_of
from booth.still.size import MM_PER_INCH


def as_file(rgb: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(("size_mm", "copies"), [((35, 45), 8), ((51, 51), 2), ((50, 70), 2), ((33, 48), 4)])
def test_every_copy_is_whole_and_prints_at_its_size(size_mm: tuple[float, float], copies: int) -> None:
    size_px = round(size_mm[0] * 10), round(size_mm[1] * 10)
    red = np.full((size_px[1], size_px[0], 3), (200, 20, 30), np.uint8)
    with Image.open(io.BytesIO(sheet_of(as_file(red), size_mm, copies))) as paper:
        dpi = paper.info["dpi"]
        pixels = np.asarray(paper.convert("RGB")).astype(int)
    assert sorted(np.array(pixels.shape[1::-1]) / dpi * MM_PER_INCH) == pytest.approx(sorted(PAPER_MM), abs=0.2)
    is_red = (np.abs(pixels - (200, 20, 30)) < 30).all(-1)
    assert is_red.sum() == pytest.approx(copies * size_px[0] * size_px[1], rel=0.01)
    rows = is_red.any(1).nonzero()[0]
    assert rows[0] > 20 and rows[-1] < pixels.shape[0] - 20, "within what a printer reaches"


def test_as_many_as_there_is_room_for_and_no_more() -> None:
    columns, rows, _ = most_copies((35, 45))
    assert columns * rows == 8
    passport = crop_spec("passport", BrandParams())
    check_sheet(passport, 8)
    for copies in (0, 9):
        with pytest.raises(Fault, match="do not fit") as told:
            check_sheet(passport, copies)
        assert "1 to 8" in told.value.hint
    with pytest.raises(Fault, match="no size on paper"):
        check_sheet(crop_spec("headshot", BrandParams()), 1)


def test_every_official_size_fits_on_the_paper() -> None:
    for name in official_crops():
        spec = crop_spec(name, BrandParams())
        assert spec.size_mm is not None, name
        columns, rows, _ = most_copies(spec.size_mm)
        assert columns * rows >= 1, name
