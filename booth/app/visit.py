"""The state of one guest's visit: the page, since when, and what was asked for. Plain values; owned by the engine."""

from __future__ import annotations

import math
from dataclasses import dataclass

from booth.session.session import Session
from booth.session.state_machine import Event, State, step
from booth.session.view import ASKS_S


@dataclass(slots=True)
class Visit:
    """Changed by the engine alone. Times are seconds on the engine's clock."""

    retakes_left: int
    state: State = State.ATTRACT
    entered_s: float = 0.0
    last_face_s: float = 0.0
    session: Session | None = None
    session_s: float = 0.0  # when the session began
    fault_in: State | None = None  # the state a fault struck in, while its session is still whole
    left_in: State | None = None  # the state that the guest deleted or left in, while it can be taken back
    touched_s: float = float("-inf")  # the last touch or key
    picked: str = ""  # the look last tapped on the wall: the second tap goes on
    measures: bool = True  # False: just the camera, nothing is measured
    pressed_s: float | None = None  # just the camera: when the guest pressed
    owes_keep: bool = False  # promised at consent, and the store refused it so far
    keep_asked_s: float | None = None  # when the portrait was asked for: kept as soon as it is developed

    def after(self, event: Event) -> State:
        """Return the state that an event leads to."""
        if self.session is None:
            after = step(self.state, event)
            return State.WIPE if after is State.UNDO else after  # a fault before there was anything to take back
        return step(self.state, event, self.fault_in, self.left_in)

    def enter(self, state: State, now_s: float) -> None:
        """Take over the next state, and let go of what was asked for on the page before."""
        if state is State.UNDO:
            self.left_in = self.state
        if state is State.TRY:
            self.picked = ""
        if state is State.COACH:
            self.pressed_s = None
        if state is not State.REVIEW:
            self.keep_asked_s = None
        self.state, self.entered_s = state, now_s

    def session_left_s(self, now_s: float, limit_s: float) -> float:
        """Return the seconds that a session of `limit_s` has left; endless without one.

        It never ends under a finger: a touch near the end adds ten seconds, up to twice the limit in all.
        """
        if self.session is None:
            return math.inf
        touched_s = min(self.touched_s + ASKS_S, self.session_s + 2 * limit_s)
        return max(self.session_s + limit_s, touched_s) - now_s

    def begin_anew(self, retakes: int) -> None:
        """Reset for the next guest."""
        self.measures, self.retakes_left, self.fault_in = True, retakes, None
        self.left_in, self.picked = None, ""
        self.pressed_s = self.keep_asked_s = None
