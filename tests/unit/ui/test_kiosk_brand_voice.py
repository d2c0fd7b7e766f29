"""The operator's logo, and the coach's sentences said aloud."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from booth.core.faults import Fault
from booth.draw.scene import Image as Picture
from booth.draw.theme import Palette
from booth.ui import speech as voice
from booth.ui.brand_pictures import load_logo
from booth.ui.layout import audit, compose
from booth.ui.speech import SpeechOutput, command_for
from booth.ui.view_state import ViewState
from tests.kiosk_views import pages

INK = Palette().ink


class Speech:
    """A speech program that goes on until it is told to stop."""

    def __init__(self) -> None:
        self.running = True

    def poll(self) -> int | None:
        return None if self.running else 0


def test_a_logo_lies_on_the_page_without_a_box_round_it(tmp_path: Path) -> None:
    rgba = np.zeros((40, 100, 4), np.uint8)
    rgba[10:30, 10:90] = (0, 90, 200, 255)
    Image.fromarray(rgba).save(tmp_path / "logo.png")
    logo = load_logo(str(tmp_path / "logo.png"), Palette())
    assert logo is not None
    assert tuple(logo[0, 0]) == INK
    assert tuple(logo[20, 50]) == (0, 90, 200)


def test_a_logo_that_is_no_picture_is_said_before_the_first_guest(tmp_path: Path) -> None:
    file = tmp_path / "logo.png"
    file.write_text("not a picture")
    for name in (file, tmp_path / "absent.png"):
        with pytest.raises(Fault) as met:
            load_logo(str(name), Palette())
        assert met.value.code == "brand.logo"
    assert load_logo("", Palette()) is None


@pytest.mark.parametrize("size", [(1280, 720), (1080, 1920), (1024, 600)])
def test_the_logo_covers_nothing(size: tuple[int, int]) -> None:
    ui = ViewState(logo=np.full((60, 200, 3), 99, np.uint8))
    view = pages()["attract"]
    shown = [item for item in compose(view, size, ui).items if isinstance(item, Picture)]
    assert audit(view, size, ui) == []
    title = next(item for item in compose(view, size, ui).items if getattr(item, "name", "") == "title")
    assert all(not item.rect.overlaps(title.rect) for item in shown)


def test_a_sentence_is_said_once_and_never_over_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "command_for", lambda text, locale: ["speak", locale, text])
    begun: list[tuple[str, ...]] = []
    speech = Speech()

    def start(command: list[str]) -> Speech:
        begun.append(tuple(command))
        return speech

    said = SpeechOutput(True, start)  # type: ignore[arg-type]
    assert said.say("Come closer", "en")
    assert not said.say("Lift your chin", "en"), "the first is still being said"
    speech.running = False
    assert said.say("Lift your chin", "en")
    assert not said.say("Lift your chin", "en")
    assert [command[-1] for command in begun] == ["Come closer", "Lift your chin"]


def test_no_text_can_become_an_option_of_the_speech_program() -> None:
    command = command_for("--version", "zh", lambda name: f"/usr/bin/{name}" if name == "espeak-ng" else None)
    assert command == ["/usr/bin/espeak-ng", "-v", "cmn", "-s", "150", "--", "--version"]


def test_without_a_speech_program_the_booth_stays_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "command_for", lambda text, locale: None)
    quiet = SpeechOutput(True)
    assert not quiet.say("Come closer", "en")
    assert not quiet.say("Lift your chin", "en")
