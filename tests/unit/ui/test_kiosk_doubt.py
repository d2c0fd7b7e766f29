"""A doubtful picture: the review says what may be wrong, Again is the large button. "Hold it" only when it is true."""

from __future__ import annotations

from dataclasses import replace

import pytest

from booth.config.words import say, sentences
from booth.draw.scene import Button, Icon, Text
from booth.session.state_machine import Event
from booth.session.view import View
from booth.ui.layout import compose
from booth.ui.screens.attract import LANGUAGES
from booth.ui.speech import SteadyText
from tests.kiosk_views import guided, pages

SIZE = (1280, 720)


def buttons(view: View) -> dict[str, Button]:
    return {item.name: item for item in compose(view, SIZE).items if isinstance(item, Button)}


def words(view: View) -> str:
    return " ".join(line for item in compose(view, SIZE).items if isinstance(item, Text) for line in item.setting.lines)


def area(button: Button) -> int:
    return button.rect.w * button.rect.h


def test_again_is_the_large_button_and_the_next_thing_only_where_the_picture_is_doubted() -> None:
    sure, doubted = buttons(pages()["review"]), buttons(pages()["review-doubt"])
    assert area(sure["keep"]) > area(sure["retake"])
    assert area(doubted["retake"]) > area(doubted["keep"])
    assert doubted["retake"].is_next
    assert not doubted["keep"].is_next
    assert doubted["retake"].signals[0].value == Event.RETAKE


def test_without_a_retake_left_keeping_stays_the_large_button() -> None:
    view = pages()["review-doubt"]
    found = buttons(replace(view, session=replace(view.session, retakes_left=0)))
    assert area(found["keep"]) > area(found["retake"])
    assert found["keep"].is_next


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_doubt_is_said_in_every_language(locale: str) -> None:
    view = pages(locale)["review-doubt"]
    doubts = [key for key in sentences("en") if key.startswith("review.doubt.")]
    assert len(doubts) == 11
    shown = words(replace(view, portrait=replace(view.portrait, doubt="review.doubt.eyes")))
    assert say("review.doubt.eyes", locale).replace(" ", "") in shown.replace(" ", "")


@pytest.mark.parametrize("advice", ["eyes.open", "gaze.lens", None])
def test_the_hold_shows_the_coachs_sentence_and_no_tick_while_something_is_in_the_way(advice: str | None) -> None:
    view = replace(pages()["hold"], guidance=guided(advice))
    assert say("hold.text") not in words(view)
    assert "check" not in [item.icon for item in compose(view, SIZE).items if isinstance(item, Icon)]
    assert say("hold.text") in words(pages()["hold"])


def test_a_sentence_is_said_aloud_only_once_it_has_lasted() -> None:
    lasting = SteadyText()
    heard = [lasting.step("a" if n < 20 or n > 23 else "b", n / 30) for n in range(60)]
    assert set(heard) == {"", "a"}
