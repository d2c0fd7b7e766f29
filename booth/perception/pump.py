"""The perceive thread: takes the newest Frame and makes one Sight of it, serially, as much as may be seen now."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from enum import Enum

from booth.faults import Fault
from booth.latest import Latest
from booth.perception.eye import Eye
from booth.perception.presence import Presence
from booth.types import Frame, Sight

log = logging.getLogger(__name__)

WAIT_S = 0.2
REST_S = 0.5  # after a failure


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
        self._frames, self._make_eye = frames, make_eye
        self._stop = threading.Event()
        self._forget = threading.Event()
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

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._look_on()
            except Exception as error:
                log.exception("perception died")
                hint = "It starts again by itself."
                fault = Fault("perception.died", "The booth lost its sight for a moment.", hint, retry=True)
                fault.__cause__ = error
                self.slot.put(fault)
                self._stop.wait(REST_S)

    def _look_on(self) -> None:
        with ExitStack() as held:
            eye = held.enter_context(closing(self._make_eye()))
            presence = held.enter_context(closing(Presence()))
            while not self._stop.is_set():
                if self._forget.is_set():
                    self._forget.clear()
                    eye.forget()
                item = self._frames.take(WAIT_S)
                if isinstance(item, Fault):
                    self.slot.put(item)
                elif item is not None:
                    self.slot.put(self._sight(item, eye, presence))
                    # A Sight that nobody draws costs a core and makes the next one late.
                    self.slot.wait_taken(WAIT_S)

    def _sight(self, frame: Frame, eye: Eye, presence: Presence) -> Sight:
        gaze = self.gaze
        if gaze is Gaze.ALL:
            return eye.see(frame)
        return Sight(frame, (), None, someone=presence.see(frame) if gaze is Gaze.PRESENCE else None)
