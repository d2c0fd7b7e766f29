"""A finger that comes down up to a second after it saw a page never gets what it did not see: on all pages.

A page turns by itself into each page that the state machine knows, or changes while its state stays; the finger was on
its way to any button of the page before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pygame
import pytest

from booth.draw.scene import Button
from booth.session.state_machine import NEXT, Event, State
from booth.session.view import View
from booth.ui.layout import compose
from booth.ui.touch import SETTLE_S, button_at
from booth.ui.window import Window
from tests.kiosk_views import pages

SIZE = (1280, 720)
HASTE_S = 1.0  # after this the finger has seen the page that it meets
OWN = frozenset(
    {
        Event.ABSENCE, Event.CALIBRATED, Event.HOLD_BEGUN, Event.HOLD_LOST, Event.SHOT, Event.NO_SHOT, Event.DEVELOPED,
        Event.DEVELOP_FAILED, Event.DELIVERED, Event.LEAVE, Event.TIMEOUT, Event.WIPED, Event.FAULT, Event.RECOVERED,
    }
)  # fmt: skip
"""What happens without a touch."""


@pytest.fixture
def pressed(window: Window, monkeypatch: pytest.MonkeyPatch) -> list[Button]:
    """What the window presses, in order."""
    heard: list[Button] = []
    monkeypatch.setattr(window, "_press", lambda button: heard.append(button) or ())
    return heard


def show(window: Window, view: View, now_s: float, in_state_s: float) -> tuple[Button, ...]:
    """Show a page as `draw` does, but for its pixels; returns its buttons."""
    shown = replace(view, now_s=now_s, in_state_s=in_state_s)
    window._compositor.scene = compose(shown, SIZE, window._compositor.ui)
    buttons = window._compositor.scene.buttons
    window._view = shown
    window._standing = window._standing.step(buttons, shown.state, now_s, in_state_s)
    return buttons


def tap(window: Window, button: Button) -> None:
    x, y = button.rect.centre
    window._tap(x, y)
    window._lift(pygame.event.Event(pygame.FINGERUP, x=x / SIZE[0], y=y / SIZE[1]))


def turns() -> Iterator[tuple[str, View, str, View]]:
    """Yield (name, page, name, page) of every page and each that it turns into by itself."""
    everything = pages()
    first = {view.state: (name, view) for name, view in reversed(everything.items())}
    for name, view in everything.items():
        own = {after for (state, event), after in NEXT.items() if state is view.state and event in OWN}
        yield from ((name, view, *first[after]) for after in sorted(own) if after is not view.state and after in first)


def test_every_page_is_among_those_tried() -> None:
    assert {view.state for _, view, _, _ in turns()} == set(State)


def test_on_a_page_that_turned_under_the_finger_nothing_is_pressed(window: Window, pressed: list[Button]) -> None:
    wrong = []
    for name, before, later, after in turns():
        seen = show(window, before, 10.0, 5.0)
        show(window, after, 11.0, 0.0)
        show(window, after, 11.0 + 0.9 * SETTLE_S, 0.9 * SETTLE_S)
        for button in seen:
            tap(window, button)
        wrong += [f"{name} > {later}: {button.name}" for button in pressed]
        pressed.clear()
    assert wrong == []


def test_a_second_later_it_gets_what_stands_there_to_be_seen(window: Window, pressed: list[Button]) -> None:
    wrong = []
    for name, before, later, after in turns():
        seen = show(window, before, 10.0, 5.0)
        show(window, after, 11.0, 0.0)
        there = show(window, after, 11.0 + HASTE_S, HASTE_S)
        for button in seen:
            tap(window, button)
            meant = button_at(there, *button.rect.centre)
            wrong += [f"{name} > {later}: {got.name}" for got in pressed if meant is None or got.name != meant.name]
            pressed.clear()
    assert wrong == []


def test_what_changes_on_a_page_gives_the_finger_what_it_saw_or_nothing(window: Window, pressed: list[Button]) -> None:
    wrong = []
    everything = pages()
    for name, before in everything.items():
        for later, after in everything.items():
            if after.state is not before.state or name == later:
                continue
            seen = show(window, before, 10.0, 5.0)
            show(window, after, 15.0, 10.0)
            show(window, after, 15.0 + 0.9 * SETTLE_S, 10.0 + 0.9 * SETTLE_S)
            for button in seen:
                tap(window, button)
                wrong += [f"{name} > {later}: {got.name} for {button.name}" for got in pressed
                          if (got.name, got.rect) not in {(b.name, b.rect) for b in seen}]  # fmt: skip
                pressed.clear()
    assert wrong == []
