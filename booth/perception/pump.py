"""The perceive thread: takes the newest Frame, makes one Sight of it, serially."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from booth.faults import Fault
from booth.latest import Latest
from booth.perception.eye import Eye
from booth.types import Frame, Sight

log = logging.getLogger(__name__)

WAIT_S = 0.2


class PerceivePump:
    """Owns one Eye on one thread. `slot` gets Sights, and Faults passed on from the capture side."""

    def __init__(self, frames: Latest[Frame | Fault], make_eye: Callable[[], Eye]) -> None:
        self.slot: Latest[Sight | Fault] = Latest()
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
                fault = Fault(
                    "perception.died",
                    "The booth lost its sight for a moment.",
                    "It starts again by itself.",
                    retry=True,
                )
                fault.__cause__ = error
                self.slot.put(fault)
                self._stop.wait(0.5)

    def _look_on(self) -> None:
        eye = self._make_eye()
        try:
            while not self._stop.is_set():
                if self._forget.is_set():
                    self._forget.clear()
                    eye.forget()
                item = self._frames.take(WAIT_S)
                if isinstance(item, Fault):
                    self.slot.put(item)
                elif item is not None:
                    self.slot.put(eye.see(item))
                    # A Sight that nobody draws costs a core and makes the next one late.
                    self.slot.wait_taken(WAIT_S)
        finally:
            eye.close()
