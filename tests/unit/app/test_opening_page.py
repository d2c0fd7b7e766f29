"""The first page before there is a camera: it answers, and what is asked for is kept and done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pygame
import pytest

from booth.app.opening_page import WAITING, EarlyWishes, OpeningPage
from booth.config.params import Params
from booth.config.params.kiosk import ScreenParams
from booth.core.clock import FrameClock
from booth.core.faults import Fault
from booth.draw.scene import Signal
from booth.session.state_machine import Event, State
from booth.session.view import View
from booth.ui.layout import compose
from booth.ui.window import Window
from tests.rig.engine import an_engine

SIZE = (1280, 720)
START, LEAVE, QUIT = Signal("event", Event.START), Signal("event", Event.WITHDRAW), Signal("quit")
GERMAN, LARGE = Signal("locale", "de"), Signal("mode", "large_text")


class Hand:
    """A screen on which one signal is given a page drawn; the last page lets the work of the test go on."""

    size, is_drawn = SIZE, True

    def __init__(self, *does: Signal) -> None:
        self.does, self.shown, self.back = list(does), [], ()
        self.is_done = threading.Event()

    def poll(self) -> tuple[Signal, ...]:
        back, self.back = self.back, ()
        return (*back, *([self.does.pop(0)] if self.does else []))

    def was_touched(self) -> bool:
        return False

    def draw(self, view: View) -> None:
        self.shown.append(view)
        if not self.does:
            self.is_done.set()

    def put_back(self, signals: tuple[Signal, ...]) -> None:
        self.back = signals

    def close(self) -> None:
        pass


def with_kiosk(**kiosk: object) -> Params:
    params = Params()
    return msgspec.structs.replace(params, kiosk=msgspec.structs.replace(params.kiosk, **kiosk))


def opened(hand: Hand, *, is_locked: bool = False) -> str | None:
    page = OpeningPage(Params(), hand, FrameClock(), is_locked=is_locked)
    return page.show_while(lambda: "engine" if hand.is_done.wait(20) else "nothing happened")


def test_a_tap_that_comes_too_early_is_kept_and_the_page_says_what_it_waits_for() -> None:
    hand = Hand(GERMAN, LARGE, START, START)
    assert opened(hand) == "engine"
    assert hand.poll() == (GERMAN, LARGE, START)
    first, last = hand.shown[0], hand.shown[-1]
    assert (first.state, first.locale, first.banner) == (State.ATTRACT, "en", None)
    assert (last.locale, last.params.large_text, last.banner) == ("de", True, WAITING)


def test_a_beginning_can_be_taken_back() -> None:
    hand = Hand(GERMAN, START, LEAVE)
    opened(hand)
    assert hand.poll() == (GERMAN,) and hand.shown[-1].banner is None


@pytest.mark.parametrize("signal", [Signal("event", Event.AGREE), Signal("look", "navy"), Signal("digit", "1")])
def test_what_the_first_page_does_not_offer_is_not_kept(signal: Signal) -> None:
    wishes = EarlyWishes(Params(), is_locked=False)
    wishes.hear(signal)
    assert wishes.kept == () and not wishes.waits


def test_it_can_be_closed_unless_it_is_locked() -> None:
    assert opened(Hand(QUIT)) is None
    locked = Hand(QUIT)
    assert opened(locked, is_locked=True) == "engine"
    assert locked.poll() == (QUIT,), "the engine asks for the PIN"


def test_what_fails_while_it_stands_is_raised() -> None:
    def fails() -> None:
        raise Fault("source.missing", "There is no camera.", "Plug one in.")

    with pytest.raises(Fault, match="no camera"):
        OpeningPage(Params(), Hand(), FrameClock()).show_while(fails)


@pytest.mark.parametrize("together", [1, 3])
def test_the_engine_goes_on_with_the_same_page_and_does_what_was_asked(tmp_path: Path, together: int) -> None:
    hand, params = Hand(GERMAN, START), with_kiosk(together=together)
    OpeningPage(params, hand, FrameClock())
    with an_engine(tmp_path, params=params, screen=hand) as (engine, _):
        hand.does = []
        engine.step()
        before, after = (compose(view, SIZE) for view in hand.shown)
        assert {(b.name, b.rect, b.signals) for b in before.buttons} == {
            (b.name, b.rect, b.signals) for b in after.buttons
        }
        hand.put_back((GERMAN, START))
        engine.step()
        assert engine.state is State.CONSENT and hand.shown[-1].locale == "de"


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with Window(ScreenParams(sound=False), SIZE) as made:
        made.poll()
        yield made


def test_the_window_gives_out_again_what_was_put_back_and_counts_it_as_a_touch(window: Window) -> None:
    window.put_back((START,))
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE, mod=0, unicode=""))
    assert window.poll() == (START, LEAVE) and window.was_touched()
    assert window.poll() == ()


def test_its_start_button_answers_in_the_real_window(window: Window) -> None:
    clock = FrameClock()
    page = OpeningPage(Params(), window, clock)

    def work() -> str:
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_RETURN, mod=0, unicode=""))
        return "engine"

    clock.set(1.0)
    page.draw()
    assert page.show_while(work) == "engine"
    assert window.poll() == (START,)
