"""A PostScript file under a picture's name starts no interpreter, through whichever door it comes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import EpsImagePlugin

from booth.capture.photo.reader import open_picture
from booth.config.params.kiosk import ScreenParams
from booth.core.faults import Fault
from booth.delivery.phone.page_brand import page_brand
from booth.draw.theme import palette_of
from booth.still.marks import _opened as open_mark
from booth.ui.brand_pictures import load_background, load_logo

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n%%EndComments\n{} loop\nshowpage\n%%EOF\n"


@pytest.fixture
def eps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def started(*_: object, **__: object) -> None:
        pytest.fail("Ghostscript was started")

    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", started)
    (tmp_path / "portrait.jpg").write_bytes(EPS)
    return tmp_path / "portrait.jpg"


@pytest.mark.parametrize(
    "opened",
    [
        open_picture,
        lambda path: open_mark(str(path), 0),
        lambda path: load_logo(str(path), palette_of(ScreenParams())),
        lambda path: load_background(str(path), palette_of(ScreenParams())),
    ],
    ids=["a photograph", "the portrait's mark", "the screen's logo", "the screen's background"],
)
def test_eps_under_another_name_is_refused_without_ghostscript(eps: Path, opened: Callable[[Path], object]) -> None:
    with pytest.raises(Fault):
        opened(eps)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_brand_whose_picture_is_a_pipe_is_refused_and_waits_for_nobody(tmp_path: Path) -> None:
    pipe = tmp_path / "logo.png"
    os.mkfifo(pipe)
    for opened in (load_logo, load_background):
        with pytest.raises(Fault):
            opened(str(pipe), palette_of(ScreenParams()))
    with pytest.raises(Fault):
        open_mark(str(pipe), 0)
    assert page_brand(ScreenParams(logo=str(pipe))).logo_png is None


def test_the_phone_page_shows_no_logo_that_is_postscript(eps: Path) -> None:
    assert page_brand(ScreenParams(logo=str(eps))).logo_png is None
