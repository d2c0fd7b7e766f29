"""The tracker, one frame ahead of the rest of perception: it finds faces while the frame before is outlined.

The two halves of an analysis need different models and wait on the library's own threads for a third of their time. One
after the other they leave a core idle; side by side they do not. Order is kept, nothing queues: the tracker holds at
most the frame in its hand, and hands it over when the one before was taken. It takes a frame only while few enough are
under way: one that was tracked early and waits is old when it is drawn.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from booth.core.clock import WallClock
from booth.core.faults import Fault
from booth.core.in_flight import FramesInFlight
from booth.core.latest import Latest
from booth.core.types import CodedFrame, Frame
from booth.perception.face_finder import TrackedFaces

WAIT_S = 0.2
LOST_S = 1.0  # a frame that was not drawn in so long is not waited for: its analysis failed, or nobody draws


class TrackerThread:
    """Owns the tracking thread from `with` to its end. `slot` gets what was tracked, and what went wrong."""

    def __init__(
        self,
        frames: Latest[Frame | CodedFrame | Fault],
        track: Callable[[Frame], TrackedFaces],
        in_flight: FramesInFlight | None = None,
        is_shown_only: Callable[[], bool] = lambda: False,
    ) -> None:
        """`is_shown_only` tells of the next frame whether it is shown and not measured."""
        self.slot: Latest[TrackedFaces | Fault | Exception] = Latest()
        self.busy_since_s: float | None = None
        self._frames, self._track, self._in_flight, self._is_shown_only = frames, track, in_flight, is_shown_only
        self._clock = WallClock()
        self._waits_since_s: float | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="track", daemon=True)

    def __enter__(self) -> TrackerThread:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(timeout=3)

    def _run(self) -> None:
        while not self._stop.is_set():
            if not self._may_take():
                continue
            item = self._frames.take(WAIT_S)
            if item is None:
                continue
            if not isinstance(item, Fault | Frame):
                item = item.frame(shown_only=self._is_shown_only())
                if item is None:
                    continue
            if self._in_flight is not None and isinstance(item, Frame):
                self._in_flight.begin(item.seq)
            found = item if isinstance(item, Fault) else self._tracked(item)
            self.slot.wait_taken(WAIT_S)
            self.slot.put(found)

    def _may_take(self) -> bool:
        """Wait until few enough frames are under way, or until those that are must have been lost."""
        if self._in_flight is None or self._in_flight.wait(WAIT_S):
            self._waits_since_s = None
            return True
        now_s = self._clock.now_s()
        self._waits_since_s = now_s if self._waits_since_s is None else self._waits_since_s
        return now_s - self._waits_since_s > LOST_S

    def _tracked(self, frame: Frame) -> TrackedFaces | Exception:
        """Return what was found, or the error: it is the perceive thread that knows what to do about one."""
        self.busy_since_s = self._clock.now_s()
        try:
            return self._track(frame)
        except Exception as error:
            return error
        finally:
            self.busy_since_s = None
