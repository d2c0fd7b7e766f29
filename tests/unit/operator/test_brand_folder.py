"""A brand from a folder: taken whole, or every fault is named and the packaged one stays."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from booth.config.params.kiosk import ScreenParams
from booth.config.words import say, speak_as
from booth.draw.scene import Image as Picture
from booth.draw.theme import Palette, contrast, palette_of
from booth.session.state_machine import State
from booth.ui.brand import read_brand
from booth.ui.brand_pictures import load_background
from booth.ui.layout import audit, compose
from booth.ui.view_state import ViewState
from tests.kiosk_views import pages


@pytest.fixture(autouse=True)
def packaged_words() -> Iterator[None]:
    yield
    speak_as({})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A good brand."""
    made = tmp_path / "harbour"
    (made / "words").mkdir(parents=True)
    (made / "sounds").mkdir()
    (made / "brand.toml").write_text('accent = "#0f5e8c"\nground = "#f4f6f8"\ntext = "#10202c"\n')
    Image.new("RGBA", (300, 120), (0, 90, 140, 255)).save(made / "logo.png")
    Image.new("RGB", (400, 300), (255, 255, 255)).save(made / "background.jpg")
    (made / "words" / "en.toml").write_text('[attract]\ntitle = "The harbour\\nportrait"\n')
    (made / "words" / "de.toml").write_text('[attract]\nstart = "Los geht es"\n', encoding="utf-8")
    with wave.open(str(made / "sounds" / "ready.wav"), "wb") as sound:
        sound.setparams((1, 2, 44100, 0, "NONE", ""))
        sound.writeframes(b"\0\0" * 4410)
    return made


def codes(folder: Path) -> list[str]:
    brand, troubles = read_brand(ScreenParams(brand=str(folder)))
    assert not troubles or (brand.screen.accent, brand.words, brand.sounds) == (ScreenParams().accent, {}, {})
    return [trouble.code for trouble in troubles]


def test_a_good_brand_is_taken_whole(folder: Path) -> None:
    brand, troubles = read_brand(ScreenParams(brand=str(folder)))
    assert troubles == ()
    assert (brand.screen.accent, brand.screen.ground) == ("#0f5e8c", "#f4f6f8")
    assert brand.screen.logo.endswith("logo.png")
    assert brand.sounds == {State.REVIEW: folder / "sounds" / "ready.wav"}
    speak_as(brand.words)
    assert say("attract.title") == "The harbour\nportrait"
    assert say("attract.start", "de") == "Los geht es"
    assert say("attract.title", "de") != say("attract.title"), "another language keeps its packaged sentence"


def test_without_a_folder_nothing_is_wrong() -> None:
    assert read_brand(ScreenParams())[1] == ()


def test_every_fault_is_named(folder: Path) -> None:
    (folder / "logo.png").write_bytes(b"no picture")
    (folder / "background.jpg").write_bytes(b"")
    (folder / "brand.toml").write_text('accent = "orange"\n')
    (folder / "words" / "en.toml").write_text('[attract]\ntitel = "x"\n')
    (folder / "words" / "xx.toml").write_text("")
    (folder / "sounds" / "ready.wav").write_bytes(b"RIFF")
    assert sorted(codes(folder)) == [
        "brand.background", "brand.colour", "brand.logo", "brand.sound", "brand.word", "brand.word",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ('[attract]\ntitel = "x"', "Did you mean attract.title?"),
        ('[review]\nretake = "Again, {name}"', "name"),
        ('[review]\nretake = "Again {"', "blank"),
        ('[attract]\ntitle = "\u16a0"', "letter"),
        ('[consent]\nmeasured = "Nothing at all"', "what the booth does"),
    ],
)
def test_a_sentence_that_cannot_be_used_says_why(folder: Path, written: str, word: str) -> None:
    (folder / "words" / "en.toml").write_text(written, encoding="utf-8")
    _, troubles = read_brand(ScreenParams(brand=str(folder)))
    assert [trouble.code for trouble in troubles] == ["brand.word"]
    assert word in str(troubles[0])


@pytest.mark.parametrize(
    ("colours", "code"),
    [
        ('ground = "#ffffff"\ntext = "#dddddd"\naccent = "#003366"', "brand.contrast"),
        ('accent = "#221f1d"', "brand.contrast"),
        ('accent = "#12345"', "brand.colour"),
        ('colour = "#123456"', "brand.colour"),
        ("accent = ", "brand.file"),
    ],
)
def test_a_colour_that_cannot_be_seen_or_read_is_refused(folder: Path, colours: str, code: str) -> None:
    (folder / "brand.toml").write_text(colours)
    assert codes(folder) == [code]


def test_a_folder_that_is_gone_is_told() -> None:
    assert codes(Path("nowhere")) == ["brand.missing"]


def test_the_profiles_own_broken_logo_is_left_out_and_told(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_text("no picture")
    brand, troubles = read_brand(ScreenParams(logo=str(tmp_path / "logo.png")))
    assert [trouble.code for trouble in troubles] == ["brand.logo"]
    assert brand.screen.logo == ""


@pytest.mark.parametrize(("ground", "text"), [("#161413", "#faf6f0"), ("#f4f6f8", "#10202c"), ("#003c5a", "#ffffff")])
def test_quieter_words_and_buttons_can_be_read_on_every_ground(ground: str, text: str) -> None:
    palette = palette_of(ScreenParams(ground=ground, text=text))
    assert contrast(palette.muted, palette.ink) >= 4.5
    assert contrast(palette.text, palette.panel) >= 4.5
    assert contrast(palette.on_accent, palette.accent) >= 4.5
    assert contrast(palette.danger, palette.ink) >= 3


def test_the_packaged_colours_are_what_they_were() -> None:
    assert palette_of(ScreenParams()) == Palette()


@pytest.mark.parametrize("grey", [0, 90, 160, 255])
def test_words_over_any_background_can_be_read(tmp_path: Path, grey: int) -> None:
    Image.new("RGB", (64, 64), (grey, grey, grey)).save(tmp_path / "wall.png")
    laid = load_background(str(tmp_path / "wall.png"), Palette())
    assert laid is not None
    assert contrast(Palette().muted, tuple(int(c) for c in laid[0, 0])) >= 4.5  # type: ignore[arg-type]


def test_the_background_goes_when_someone_is_in_the_mirror() -> None:
    ui = ViewState(background=np.full((30, 40, 3), 40, np.uint8))
    view = pages()["attract"]
    behind = [i for i in compose(view, (1280, 720), ui).items if isinstance(i, Picture) and i.name == "background"]
    assert len(behind) == 1
    assert audit(view, (1280, 720), ui) == []
    seen = replace(view, picture=np.zeros((720, 1280, 3), np.uint8))
    assert not [i for i in compose(seen, (1280, 720), ui).items if isinstance(i, Picture)]
