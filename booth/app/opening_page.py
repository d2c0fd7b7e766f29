"""The attract page while camera, models, looks and store are opened on a thread.

It answers from its first frame on: what a guest asks for meanwhile is kept, and done as soon as the engine is there.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Protocol, TypeVar

from booth.config.params import Params
from booth.core.clock import Clock
from booth.draw.scene import Signal
from booth.session.state_machine import Event, State
from booth.session.view import View
from booth.ui.screens.attract import turned

log = logging.getLogger(__name__)

FRAME_S = 1 / 10  # the sign goes round slowly, and every page drawn here delays what is being opened
BEGINNINGS = frozenset({Event.START, Event.TOGETHER})
WAITING = "staff.camera_opening"  # words key: said once somebody waits for it

Made = TypeVar("Made")


class OpeningScreen(Protocol):
    """What the page needs of the window."""

    def poll(self) -> tuple[Signal, ...]:
        """Return what the guest did since the last call, oldest first; never waits."""

    def draw(self, view: View) -> None:
        """Show a view."""

    def put_back(self, signals: tuple[Signal, ...]) -> None:
        """Give signals out again at the next `poll`, before all others."""


class EarlyWishes:
    """What was asked for before there was anything to do it, in its order; the page's language and modes at once."""

    def __init__(self, params: Params, *, is_locked: bool) -> None:
        self._is_locked = is_locked
        self.screen, self.locale = params.screen, str(params.screen.locale)
        self.kept: tuple[Signal, ...] = ()
        self.is_closed = False

    @property
    def waits(self) -> bool:
        """True once somebody has pressed a start button, or asked for the operator's page."""
        return any(signal.kind in ("event", "quit") for signal in self.kept)

    def hear(self, signal: Signal) -> None:
        """Take one signal; what has no meaning on the attract page is left out, as the engine would."""
        if signal.kind == "locale":
            self.locale = str(signal.value)
        elif signal.kind == "mode":
            self.screen = turned(self.screen, str(signal.value))
        elif signal.kind == "quit" and not self._is_locked:
            self.is_closed = True
        elif signal.kind == "event" and signal.value == Event.WITHDRAW:
            self.kept = tuple(kept for kept in self.kept if kept.value not in BEGINNINGS)
            return
        elif signal.kind == "event" and (self.waits or signal.value not in BEGINNINGS | {Event.OPERATOR_IN}):
            return  # a second tap means the same as the first
        elif signal.kind not in ("event", "quit"):
            return
        self.kept += (signal,)


class OpeningPage:
    """Draws the attract page from the profile alone; `began_s`: when it was first drawn, on the clock it was given."""

    def __init__(self, params: Params, screen: OpeningScreen, clock: Clock, *, is_locked: bool = False) -> None:
        self._screen, self._clock = screen, clock
        self._may_come_together = params.kiosk.together > 1
        self._wishes = EarlyWishes(params, is_locked=is_locked)
        self.began_s = clock.now_s()
        self.draw()
        log.info("first page")

    def draw(self) -> None:
        """Draw the page as it is now."""
        now_s, wishes = self._clock.now_s(), self._wishes
        view = View(
            State.ATTRACT,
            wishes.screen,
            locale=wishes.locale,
            may_come_together=self._may_come_together,
            now_s=now_s,
            in_state_s=now_s - self.began_s,
            left_s=math.inf,
            banner=WAITING if wishes.waits else None,
        )
        self._screen.draw(view)

    def show_while(self, make: Callable[[], Made]) -> Made | None:
        """Show the page until `make`, called on a thread, has returned; return what it made, or raise what it raised.

        None where the window was closed meanwhile. What was asked for is given back to the screen for who polls next.
        """
        making = _on_thread(make)
        wishes = self._wishes
        while not making.done():
            for signal in self._screen.poll():
                wishes.hear(signal)
            if wishes.is_closed:
                return None
            self.draw()
            wait((making,), FRAME_S)
        self._screen.put_back(wishes.kept)
        return making.result()


def _on_thread(make: Callable[[], Made]) -> Future[Made]:
    made: Future[Made] = Future()

    def work() -> None:
        try:
            made.set_result(make())
        except BaseException as error:  # raised again where the result is asked for
            made.set_exception(error)

    threading.Thread(target=work, daemon=True, name="opening").start()
    return made
