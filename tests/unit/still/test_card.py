"""Several shots on one sheet: three as a strip, two or four as a card, each on 10x15 paper."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from booth.config.params import Params
from booth.core.types import frozen
from booth.delivery.formats import sheet
from booth.still.card import CARD_PX, on_one_sheet, sheet_of
from booth.still.developer import Developed
from booth.still.record import EditRecord, StageEntry

COLOURS = ((200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30))


def portraits(n: int) -> list[np.ndarray]:
    return [frozen(np.full((1000, 800, 3), colour, np.uint8)) for colour in COLOURS[:n]]


def colours_in(picture: np.ndarray) -> list[tuple[int, ...]]:
    small = picture[::7, ::7].reshape(-1, 3).astype(int)
    return [colour for colour in COLOURS if (np.abs(small - colour).max(1) < 12).mean() > 0.05]


@pytest.mark.parametrize(("n", "size"), [(2, CARD_PX), (3, (600, 1800)), (4, CARD_PX)])
def test_every_chosen_shot_is_on_the_sheet_once(n: int, size: tuple[int, int]) -> None:
    made = sheet_of(portraits(n))
    assert made.shape[1::-1] == size and colours_in(made) == list(COLOURS[:n])
    assert (made[:10] == 255).all(), "white round them"


def test_too_few_or_too_many_are_refused() -> None:
    for n in (0, 1):
        with pytest.raises(ValueError, match="portraits"):
            sheet_of(portraits(n))


def test_a_strip_comes_twice_on_its_paper_and_whole() -> None:
    out = io.BytesIO()
    Image.fromarray(sheet_of(portraits(3))).save(out, "JPEG", quality=95)
    printed = np.asarray(Image.open(io.BytesIO(sheet(out.getvalue(), (101.6, 152.4), "single"))))
    assert printed.shape[1::-1] == (1200, 1800)
    for half in (printed[:, :600], printed[:, 600:]):
        assert colours_in(half) == list(COLOURS[:3])


def test_the_record_says_how_many_and_all_that_was_done_to_any_of_them() -> None:
    def developed(picture: np.ndarray, *stages: str) -> Developed:
        told = tuple(StageEntry(name, name, {}) for name in stages)
        record = EditRecord("navy", "loop", told, (), "d", "s", "composite", "headshot", (800, 1000))
        return Developed(picture, picture, None, record, Params())

    one, two = portraits(2)
    made = on_one_sheet([developed(one, "crop", "look.light"), developed(two, "crop", "retouch.lint")])
    assert [stage.name for stage in made.record.stages] == ["crop", "look.light", "retouch.lint", "sheet"]
    assert made.record.size == CARD_PX and made.record.source_type == "composite" and made.alpha is None
