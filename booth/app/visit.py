"""The state of one guest's visit: the page, since when, and what was asked for. Plain values; owned by the engine."""

from __future__ import annotations

from dataclasses import dataclass

from booth.session.session import Session
from booth.session.state_machine import State


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
    measures: bool = True  # False: just the camera, nothing is measured
    pressed_s: float | None = None  # just the camera: when the guest pressed
    owes_keep: bool = False  # promised at consent, and the store refused it so far
    keep_asked_s: float | None = None  # when the portrait was asked for: kept as soon as it is developed

    def begin_anew(self, retakes: int) -> None:
        """Reset for the next guest."""
        self.measures, self.retakes_left, self.fault_in = True, retakes, None
        self.pressed_s = self.keep_asked_s = None
