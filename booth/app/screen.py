"""What the engine shows its pages on and hears the guest from: the window, nothing at all, or either with a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from booth.draw.scene import Signal
from booth.session.state_machine import State
from booth.session.view import View


class Screen(Protocol):
    """A page's width and height in pixels, what the guest did, and a place to draw."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the page in pixels."""

    @property
    def is_drawn(self) -> bool:
        """False where nobody sees the page, so that no picture need be made for it."""

    def poll(self) -> tuple[Signal, ...]:
        """Return what the guest did since the last call, oldest first; never waits."""

    def was_touched(self) -> bool:
        """True where a finger, the mouse or a key went down in the last `poll`, whatever it hit."""

    def draw(self, view: View) -> None:
        """Show a view."""

    def close(self) -> None:
        """Release the screen."""


class NoScreen:
    """A screen without display and without input."""

    size = (1280, 720)
    is_drawn = False

    def poll(self) -> tuple[Signal, ...]:
        """Return no signals."""
        return ()

    def was_touched(self) -> bool:
        """Nobody touches it."""
        return False

    def draw(self, view: View) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Nothing to close."""


class Guest(Protocol):
    """A scripted guest: what they do in a state that has lasted so long, at a time."""

    def act(self, state: State, in_state_s: float, now_s: float) -> Signal | None:
        """Return the next thing done now, None where nothing is."""


class Nobody:
    """A guest who does nothing."""

    def act(self, state: State, in_state_s: float, now_s: float) -> Signal | None:
        """Nothing."""
        return None


class ScriptedScreen:
    """A screen whose guest is a script; what a person does on it counts too."""

    def __init__(self, screen: Screen, guest: Guest) -> None:
        self._screen, self._guest = screen, guest
        self.at: Callable[[], tuple[State, float, float]] = lambda: (State.ATTRACT, 0.0, 0.0)

    def stop_script(self) -> None:
        """The script does nothing more."""
        self._guest = Nobody()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the page in pixels."""
        return self._screen.size

    @property
    def is_drawn(self) -> bool:
        """As the screen below."""
        return self._screen.is_drawn

    def poll(self) -> tuple[Signal, ...]:
        """Return what was done on the screen."""
        return self._screen.poll()

    def was_touched(self) -> bool:
        """As the screen below."""
        return self._screen.was_touched()

    def act(self) -> Signal | None:
        """Return the one thing that the script does next, None where nothing is due."""
        return self._guest.act(*self.at())

    def draw(self, view: View) -> None:
        """Show a view."""
        self._screen.draw(view)

    def close(self) -> None:
        """Close the screen below."""
        self._screen.close()
