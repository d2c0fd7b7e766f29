"""A guest makes text larger, contrast higher or controls lower; the next one finds it as the operator set it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from booth.app.view_builder import ViewBuilder
from booth.config.params import Params
from booth.config.params.kiosk import ScreenParams
from booth.config.words import say, sentences
from booth.draw.scene import Signal
from booth.session.state_machine import State
from booth.ui.layout import audit, compose
from booth.ui.screens.attract import MODES
from tests.kiosk_views import a_view

SIZES = ((1024, 600), (1280, 720), (1080, 1920))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("locale", ["en", "ar", "ja", "de"])
@pytest.mark.parametrize("on", [{}, {"large_text": True}, {"low_controls": True, "large_text": True}])
def test_every_mode_can_be_touched_on_the_first_page(size: tuple[int, int], locale: str, on: dict[str, bool]) -> None:
    view = a_view(State.ATTRACT, locale=locale, params=ScreenParams(locale=locale, **on))  # type: ignore[arg-type]
    buttons = {button.name: button for button in compose(view, size).buttons}
    for mode in MODES:
        button = buttons[f"mode.{mode}"]
        assert button.signals == (Signal("mode", mode),)
        assert button.is_on == on.get(mode, False)
    assert audit(view, size) == []


def test_a_mode_holds_for_one_guest() -> None:
    shown = ViewBuilder(Params(), stands_in=False)
    shown.turn("large_text")
    shown.turn("fullscreen")
    shown.locale = "ja"
    assert shown._screen == replace_screen(large_text=True)
    shown.turn("large_text")
    assert shown._screen == ScreenParams()
    shown.turn("high_contrast")
    shown.reset()
    assert (shown._screen, shown.locale) == (ScreenParams(), "en")


def replace_screen(**on: bool) -> ScreenParams:
    return ScreenParams(**on)  # type: ignore[arg-type]


def test_a_sentence_that_a_language_lacks_is_said_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = {key: text for key, text in sentences("de").items() if key != "attract.start"}
    monkeypatch.setattr("booth.config.words.sentences", lambda locale: lacking if locale == "de" else sentences(locale))
    assert say("attract.start", "de") == "Start"
    view = replace(a_view(State.ATTRACT), locale="de")
    assert audit(view, (1280, 720)) == []
    with pytest.raises(KeyError):
        say("attract.nowhere", "de")
