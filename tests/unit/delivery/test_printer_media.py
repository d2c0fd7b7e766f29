"""Which paper a job asks for, and the operator's own options for each layout."""

from __future__ import annotations

import msgspec
import pytest

from booth.config.params.deliver import PrintParams
from booth.delivery.printer import Printer, media_of


@pytest.mark.parametrize(
    ("listed", "wanted", "chosen"),
    [
        ("Postcard Postcard.Fullbleed *Postcard.Borderless A4", "10x15", "Postcard.Borderless"),
        ("Postcard *Postcard.Fullbleed Postcard.Borderless", "10x15", "Postcard.Fullbleed"),
        ("4x6 4x6.Borderless *A4", "10x15", "4x6"),
        ("*w288h432 w288h432-div2 A4", "10x15", "w288h432"),
        ("10x15 *10x15.Borderless", "10x15", "10x15.Borderless"),
        ("Postcard *Postcard.Borderless", "postcard", "Postcard"),
        ("*A4 A4.Borderless Letter", "a4", "A4"),
        ("A4 *A4.Borderless Letter", "a4", "A4.Borderless"),
    ],
)
def test_the_queues_default_is_taken_among_equals(listed: str, wanted: str, chosen: str) -> None:
    names = [name.lstrip("*") for name in listed.split()]
    default = next((name[1:] for name in listed.split() if name.startswith("*")), "")
    found = media_of(names, default, wanted)
    assert found is not None and found[0] == chosen
    assert media_of(["A4", "Letter"], "A4", "10x15") is None


def test_each_layout_has_options_of_its_own() -> None:
    params = PrintParams(
        printer="p", strip_options=("CutMedia=EndOfPage", "media=w288h432-div2"), single_options=("Ink=Photo",)
    )
    single = Printer(params, lambda number: None)._options("4x6")
    assert single == ["-o", "media=4x6", "-o", "fit-to-page", "-o", "Ink=Photo"]
    strips = Printer(msgspec.structs.replace(params, layout="strip"), lambda number: None)._options("4x6")
    assert strips == ["-o", "fit-to-page", "-o", "CutMedia=EndOfPage", "-o", "media=w288h432-div2"]
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"single_options": ["-d other"]}, PrintParams)
