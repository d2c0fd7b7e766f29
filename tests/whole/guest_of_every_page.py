"""A booth whose guest walks to one page by itself and stays there: `python -m tests.whole.guest_of_every_page STATE`.

The whole program with the demo sitter, as `booth run` starts it, but for the window's guest; the screen may be SDL's
dummy. Every state it enters is a line on standard error.
"""

from __future__ import annotations

import sys

import booth.ui.window
from booth.__main__ import main
from booth.session.state_machine import Event, State
from booth.session.view import View
from booth.ui.window import Signal, Window

SETTLE_S = 0.4  # a page is looked at this long
TO_COACH = {State.ATTRACT: Event.START, State.CONSENT: Event.AGREE, State.TRY: Event.CHOSEN}
TO_PORTRAIT = {**TO_COACH, State.COACH: Event.MANUAL}
WAYS: dict[State, dict[State, Event]] = {
    State.ATTRACT: {},
    State.CONSENT: TO_COACH,
    State.TRY: TO_COACH,
    State.DRESS: {**TO_COACH, State.TRY: Event.DRESS_UP},
    State.PRACTICE: {**TO_COACH, State.TRY: Event.PRACTISE},
    State.COACH: TO_COACH,
    State.CALIBRATE: {**TO_COACH, State.COACH: Event.CALIBRATE},
    State.HOLD: TO_PORTRAIT,
    State.REVIEW: TO_PORTRAIT,
    State.SHARE: {**TO_PORTRAIT, State.REVIEW: Event.KEEP},
    State.GOODBYE: {**TO_COACH, State.CONSENT: Event.DECLINE},
    State.FAULT: {**TO_COACH, State.TRY: Event.FAULT},
    State.OPERATOR: {State.ATTRACT: Event.OPERATOR_IN},
}
"""What the guest does on each page on the way to a page. The develop's own page may be over before it is drawn."""


class WalkingGuest(Window):
    """A window with a guest before it who goes to one page."""

    goal = State.ATTRACT
    _was: State | None = None

    def draw(self, view: View) -> None:
        super().draw(view)
        if view.state is not self._was:
            self._was = view.state
            print(f"page {view.state.value}", file=sys.stderr, flush=True)

    def poll(self) -> tuple[Signal, ...]:
        told = super().poll()
        view = self._view
        if view is None or view.state is self.goal or view.in_state_s < SETTLE_S:
            return told
        event = WAYS[self.goal].get(view.state)
        return told if event is None else (*told, Signal("event", event))


if __name__ == "__main__":
    WalkingGuest.goal = State(sys.argv.pop(1))
    booth.ui.window.Window = WalkingGuest  # type: ignore[misc]
    sys.exit(main())
