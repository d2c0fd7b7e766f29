"""State of the guided practice: which exercise a guest is at. Used on the engine's thread only."""

from __future__ import annotations

import numpy as np

from booth.core.types import FrameAnalysis, Guidance
from booth.guidance.practice_exercises import STEPS, PracticeExercises
from booth.session.state_machine import State
from booth.session.view import PracticeFacts

PRACTICE_STATES = frozenset({State.PRACTICE, State.DRESS})


class Practice:
    """Holds the current exercise; `reset` clears it for the next guest."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin anew with the next guest."""
        self._practice = PracticeExercises()
        self._now_s = 0.0

    def begin_practice(self) -> None:
        """Start with the first exercise."""
        self._practice = PracticeExercises()

    def process(self, analysis: FrameAnalysis, guidance: Guidance) -> bool:
        """Go on with the practice by one FrameAnalysis; True once the last exercise is over."""
        self._now_s = analysis.frame.t_s
        self._practice = self._practice.step(guidance.readings, self._now_s)
        return self._practice.is_over

    def picture(self, state: State, analysis: FrameAnalysis, developed: np.ndarray) -> np.ndarray:
        """What the mirror shows there: while the light is compared, one half as the camera sees it."""
        if state is not State.PRACTICE or self._practice.step_name != "light":
            return developed
        return halves(analysis.frame.small, developed)

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
    both[:, middle:] = before[:, middle:]  # unmirrored: image right is the screen's left
    return both
