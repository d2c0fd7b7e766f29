"""What a guest may do before the portrait besides choosing a look: practise, and dress up. Belongs to the loop."""

from __future__ import annotations

import numpy as np

from booth.kiosk.machine import State
from booth.kiosk.view import PracticeFacts
from booth.loop.practice import STEPS, Practice
from booth.types import Guidance, Sight

SIDE_ROOMS = frozenset({State.PRACTICE, State.DRESS})


class SideRooms:
    """Remembers where a guest is in the practice; forgets it with the guest."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew with the next guest."""
        self._practice = Practice()
        self._now_s = 0.0

    def begin_practice(self) -> None:
        """Start with the first exercise."""
        self._practice = Practice()

    def see(self, sight: Sight, guidance: Guidance) -> bool:
        """Go on with the practice by one Sight; True once the last exercise is over."""
        self._now_s = sight.frame.t_s
        self._practice = self._practice.step(guidance.readings, self._now_s)
        return self._practice.is_over

    def picture(self, state: State, sight: Sight, developed: np.ndarray) -> np.ndarray:
        """What the mirror shows there: while the light is compared, one half as the camera sees it."""
        if state is not State.PRACTICE or self._practice.step_name != "light":
            return developed
        return halves(sight.frame.small, developed)

    @property
    def facts(self) -> PracticeFacts:
        """What the page of the practice shows."""
        practice = self._practice
        return PracticeFacts(
            step=practice.step_name,
            number=min(practice.at, len(STEPS) - 1) + 1,
            of=len(STEPS),
            held_frac=practice.held_frac(self._now_s),
            is_good=practice.good_since_s is not None and practice.step_name not in ("light", "shoulders"),
        )


def halves(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return (h, w, 3) uint8 with `before` in the half that the mirror shows on the left, `after` in the other."""
    if before.shape != after.shape:
        return after
    both = after.copy()
    middle = both.shape[1] // 2
    both[:, middle:] = before[:, middle:]  # unmirrored: image right is the glass's left
    return both
