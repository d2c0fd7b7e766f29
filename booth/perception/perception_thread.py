"""The perceive thread: makes one FrameAnalysis of each Frame it gets, in order, of as much as may be seen now.

The tracker finds the faces of the next frame meanwhile (`booth.perception.tracker_thread`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from enum import Enum

from booth.core.clock import WallClock
from booth.core.fault_table import fault
from booth.core.faults import Fault
from booth.core.in_flight import FramesInFlight
from booth.core.latest import Latest
from booth.core.types import CodedFrame, Frame, FrameAnalysis
from booth.perception.face_finder import TrackedFaces
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.perception.presence_detector import PresenceDetector
from booth.perception.tracker_thread import TrackerThread

log = logging.getLogger(__name__)

WAIT_S = 0.2
FIRST_REST_S, LAST_REST_S = 0.5, 4.0  # after a failure; each one soon after another doubles it
MAX_FAILURES = 5  # in a row: more of the same will not mend it
GOOD_LOOKS = 90  # after so many the failures before are forgotten


class PerceptionMode(Enum):
    """How much the booth may look at: nothing, whether someone is there, or everything it measures."""

    NOTHING = "nothing"
    PRESENCE = "presence"
    ALL = "all"


class PerceptionThread:
    """Owns the eyes on one thread. `slot` gets FrameAnalyses, and Faults passed on from the capture side."""

    def __init__(
        self,
        frames: Latest[Frame | CodedFrame | Fault],
        make_eye: Callable[[], FrameAnalyzer],
        mode: PerceptionMode = PerceptionMode.ALL,
        in_flight: FramesInFlight | None = None,
    ) -> None:
        self.slot: Latest[FrameAnalysis | Fault] = Latest()
        self.mode = mode  # set by the loop, read here: one word, so no lock
        self.segment_every_n = 1  # likewise: how often the person network looks
        self.track_every_n = 1  # likewise: how often faces are looked for
        self.people = 1  # likewise: how many may be in the picture together
        self.reads_body = False  # likewise: whether the body's points are wanted
        self._frames, self._make_eye, self._in_flight = frames, make_eye, in_flight
        self._stop = threading.Event()
        self._forget = threading.Event()
        self.trouble: Fault | None = None  # what is the matter now
        self.has_looked = False
        self.mounted_deg: int | None = None  # what capture.rotate_deg should be, where pictures had to be turned
        self._clock = WallClock()
        self._ahead: TrackerThread | None = None
        self._looks_since_s: float | None = None
        self._n_failures = self._n_good = 0
        self._failed_at: PerceptionMode | None = None
        self._thread = threading.Thread(target=self._run, name="perceive", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and free the models."""
        self._stop.set()
        self._thread.join(timeout=3)

    def reset(self) -> None:
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
        self._n_failures, self._n_good, self._failed_at = self._n_failures + 1, 0, self.mode
        is_broken = self._n_failures > MAX_FAILURES
        trouble = fault("perception.broken" if is_broken else "perception.died")
        trouble.__cause__ = error
        self.trouble = trouble
        self.slot.put(trouble)
        if not is_broken:
            self._stop.wait(min(LAST_REST_S, FIRST_REST_S * 2 ** (self._n_failures - 1)))
        return not is_broken

    def _look(self, tracked: TrackedFaces, eye: FrameAnalyzer, presence: PresenceDetector) -> None:
        self._looks_since_s, mode = self._clock.now_s(), self.mode
        analysis = self._sight(tracked, eye, presence)
        self._looks_since_s, self.has_looked, self.trouble = None, True, None
        self.mounted_deg = eye.mounted_deg if eye.turned_deg else None
        self._n_good += mode is self._failed_at  # that presence can be seen says nothing of the rest
        if self._n_good > GOOD_LOOKS:
            self._n_failures = 0
        # An analysis that nobody drew would cost a core for nothing: the next is handed over when this one is taken.
        self.slot.wait_taken(WAIT_S)
        self.slot.put(analysis)

    def _look_on(self) -> None:
        with ExitStack() as held:
            eye = held.enter_context(closing(self._make_eye()))
            presence = held.enter_context(closing(PresenceDetector()))
            tracker = TrackerThread(
                self._frames, lambda frame: self._track(frame, eye), self._in_flight, lambda: self._is_shown_only(eye)
            )
            ahead = self._ahead = held.enter_context(tracker)
            while not self._stop.is_set():
                if self._forget.is_set():
                    self._forget.clear()
                    ahead.slot.clear()
                    eye.reset()
                item = ahead.slot.take(WAIT_S)
                if isinstance(item, Fault):
                    self.slot.put(item)
                elif isinstance(item, Exception):
                    raise item
                elif item is not None:
                    self._look(item, eye, presence)

    def _is_shown_only(self, eye: FrameAnalyzer) -> bool:
        return self.mode is PerceptionMode.ALL and eye.finder.carries_next

    def _track(self, frame: Frame, eye: FrameAnalyzer) -> TrackedFaces:
        """Find the faces of a frame, where faces may be looked for at all."""
        eye.people, eye.finder.track_every_n = self.people, self.track_every_n
        return eye.track(frame) if self.mode is PerceptionMode.ALL else TrackedFaces(eye.upright(frame), None)

    def _sight(self, tracked: TrackedFaces, eye: FrameAnalyzer, presence: PresenceDetector) -> FrameAnalysis:
        frame, mode = tracked.frame, self.mode
        if mode is PerceptionMode.ALL:
            eye.set_quality(self.segment_every_n)
            eye.reads_body = self.reads_body
            return eye.analyze_tracked(tracked if tracked.found is not None else eye.track(frame))
        if mode is not PerceptionMode.PRESENCE:
            return FrameAnalysis(frame, (), None)
        someone = presence.process(frame)
        eye.see_empty(frame, someone)
        return FrameAnalysis(frame, (), None, someone=someone)
