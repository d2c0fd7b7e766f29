"""The second screen: nobody is shown who was not told of it, and only while the picture is being taken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pygame
import pytest

from booth.app.view_builder import ViewBuilder
from booth.config.params import Params
from booth.config.params.kiosk import ScreenParams
from booth.config.privacy_terms import PrivacyTerms, seen_lines
from booth.config.words import say
from booth.session.state_machine import State
from booth.ui.second_screen import SecondScreen, paint_bystanders, picture_for
from booth.ui.window import Window
from tests.kiosk_views import a_view, mirror_picture


def test_bystanders_see_a_guest_only_between_the_yes_and_the_shutter() -> None:
    for state in State:
        view = a_view(state, picture=mirror_picture(), params=ScreenParams(bystanders=True))
        assert (picture_for(view) is not None) == (state in (State.COACH, State.HOLD))


def test_without_the_operators_word_they_see_nobody() -> None:
    assert picture_for(a_view(State.COACH, picture=mirror_picture())) is None


def test_the_guest_is_told_before_the_yes() -> None:
    line = say("consent.seen_bystanders")
    params = Params(screen=ScreenParams(bystanders=True))
    assert line in seen_lines(ViewBuilder(params, stands_in=False).consent.terms, "en")
    assert line not in seen_lines(ViewBuilder(Params(), stands_in=False).consent.terms, "en")
    assert line in seen_lines(PrivacyTerms(bystanders=True), "en")


def test_the_second_screen_is_a_mirror_and_forgets_the_guest() -> None:
    pygame.font.init()
    picture = np.zeros((72, 128, 3), np.uint8)
    picture[:, :64] = 200
    onto = pygame.Surface((640, 360))
    view = a_view(State.COACH, picture=picture, params=ScreenParams(bystanders=True))
    paint_bystanders(view, onto)
    assert onto.get_at((10, 180))[0] == 0
    assert onto.get_at((630, 180))[0] == 200, "image left is on the glass's right"
    paint_bystanders(replace(view, state=State.WIPE, picture=None), onto)
    assert onto.get_at((630, 340))[0] < 60


@pytest.mark.parametrize("size", [(1024, 600), (1080, 1920)])
@pytest.mark.parametrize("locale", ["en", "ar", "ja"])
def test_the_welcome_is_painted_on_any_screen(size: tuple[int, int], locale: str) -> None:
    pygame.font.init()
    onto = pygame.Surface(size)
    paint_bystanders(a_view(State.ATTRACT, locale=locale, params=ScreenParams(bystanders=True)), onto)
    assert len(np.unique(pygame.surfarray.array2d(onto))) > 10


def test_one_screen_means_no_second_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with Window(ScreenParams(sound=False, bystanders=True), (640, 360)) as window:
        window.draw(a_view(State.ATTRACT))
        assert not window._bystanders.owns(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(1, 1)))


def test_a_touch_on_the_second_screen_operates_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.display.init()
    pygame.font.init()
    second = SecondScreen(is_on=True, desktops=[(640, 360), (320, 180)])
    try:
        there = pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(1, 1), window=second._window)
        here = pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(1, 1), window=None)
        assert second.owns(there)
        assert not second.owns(here)
        for _ in range(3):
            second.draw(a_view(State.ATTRACT, params=ScreenParams(bystanders=True)))
    finally:
        second.close()
        pygame.display.quit()
    assert not ScreenParams().bystanders, "off by default"
