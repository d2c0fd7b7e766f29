"""The perceive thread: makes one Sight of each Frame it gets, in order, of as much as may be seen now.

The tracker finds the faces of the next frame meanwhile (`booth.perception.ahead`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from enum import Enum

from booth.clock import WallClock
from booth.faults import Fault
from booth.latest import Latest
from booth.perception.ahead import Ahead
from booth.perception.eye import Eye, Tracked
from booth.perception.presence import Presence
from booth.types import Frame, Sight
from booth.upkeep.fault_table import fault

log = logging.getLogger(__name__)

WAIT_S = 0.2
FIRST_REST_S, LAST_REST_S = 0.5, 4.0  # after a failure; each one soon after another doubles it
MOST_FAILURES = 5  # in a row: more of the same will not mend it
GOOD_LOOKS = 90  # after so many the failures before are forgotten


class Gaze(Enum):
    """How much the booth may look at: nothing, whether someone is there, or everything it measures."""

    NOTHING = "nothing"
    PRESENCE = "presence"
    ALL = "all"


class PerceivePump:
    """Owns the eyes on one thread. `slot` gets Sights, and Faults passed on from the capture side."""

    def __init__(self, frames: Latest[Frame | Fault], make_eye: Callable[[], Eye], gaze: Gaze = Gaze.ALL) -> None:
        self.slot: Latest[Sight | Fault] = Latest()
        self.gaze = gaze  # set by the loop, read here: one word, so no lock
        self.outline_every = 1  # likewise: how often the person network looks
        self._frames, self._make_eye = frames, make_eye
        self._stop = threading.Event()
        self._forget = threading.Event()
        self.trouble: Fault | None = None  # what is the matter now
        self.has_looked = False
        self._clock = WallClock()
        self._ahead: Ahead | None = None
        self._looks_since_s: float | None = None
        self._n_failures = self._n_good = 0
        self._failed_at: Gaze | None = None
        self._thread = threading.Thread(target=self._run, name="perceive", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and free the models."""
        self._stop.set()
        self._thread.join(timeout=3)

    def forget(self) -> None:
        """Drop all memory of the sitter before the next frame."""
        self._forget.set()

    @property
    def busy_since_s(self) -> float | None:
        """When the look or the tracking under way began, the earlier of the two; None between looks."""
        ahead = self._ahead
        begun = [t for t in (self._looks_since_s, ahead.busy_since_s if ahead is not None else None) if t is not None]
        return min(begun, default=None)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._look_on()
            except Exception as error:
                self._looks_since_s = None
                if not self._fails(error):
                    return

    def _fails(self, error: Exception) -> bool:
        """Tell of a failure and rest; False when it is time for the whole program to start again."""
        log.exception("perception died")
        self._n_failures, self._n_good, self._failed_at = self._n_failures + 1, 0, self.gaze
        is_broken = self._n_failures > MOST_FAILURES
        trouble = fault("perception.broken" if is_broken else "perception.died")
        trouble.__cause__ = error
        self.trouble = trouble
        self.slot.put(trouble)
        if not is_broken:
            self._stop.wait(min(LAST_REST_S, FIRST_REST_S * 2 ** (self._n_failures - 1)))
        return not is_broken

    def _look(self, tracked: Tracked, eye: Eye, presence: Presence) -> None:
        self._looks_since_s, gaze = self._clock.now_s(), self.gaze
        sight = self._sight(tracked, eye, presence)
        self._looks_since_s, self.has_looked, self.trouble = None, True, None
        self._n_good += gaze is self._failed_at  # that presence can be seen says nothing of the rest
        if self._n_good > GOOD_LOOKS:
            self._n_failures = 0
        # A Sight that nobody drew would have cost a core for nothing: the next is handed over when this one is taken.
        self.slot.wait_taken(WAIT_S)
        self.slot.put(sight)

    def _look_on(self) -> None:
        with ExitStack() as held:
            eye = held.enter_context(closing(self._make_eye()))
            presence = held.enter_context(closing(Presence()))
            ahead = self._ahead = held.enter_context(Ahead(self._frames, lambda frame: self._track(frame, eye)))
            while not self._stop.is_set():
                if self._forget.is_set():
                    self._forget.clear()
                    ahead.slot.clear()
                    eye.forget()
                item = ahead.slot.take(WAIT_S)
                if isinstance(item, Fault):
                    self.slot.put(item)
                elif isinstance(item, Exception):
                    raise item
                elif item is not None:
                    self._look(item, eye, presence)

    def _track(self, frame: Frame, eye: Eye) -> Tracked:
        """Find the faces of a frame, where faces may be looked for at all."""
        return eye.track(frame) if self.gaze is Gaze.ALL else Tracked(frame, None)

    def _sight(self, tracked: Tracked, eye: Eye, presence: Presence) -> Sight:
        frame, gaze = tracked.frame, self.gaze
        if gaze is Gaze.ALL:
            eye.spend(self.outline_every)
            return eye.look(tracked if tracked.found is not None else eye.track(frame))
        return Sight(frame, (), None, someone=presence.see(frame) if gaze is Gaze.PRESENCE else None)
