"""Finds the faces of each frame, upright, and as many as may be in the picture: the tracker's half of perception.

It may run on another thread than what is measured on the faces, a frame ahead of it.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

from booth.core.clock import WallClock, stopwatch_ms
from booth.core.types import Face, Frame
from booth.perception.face_tracker import MAX_FACES, FaceTracker
from booth.perception.far_faces import GroupTracker
from booth.perception.upright import Compass, Upright

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TrackedFaces:
    """A Frame and the faces found in it, in the tracker's order; no faces were looked for where `found` is None."""

    frame: Frame
    found: tuple[Face, ...] | None
    took_ms: float = 0.0
    is_between: bool = False  # nobody was looked for: the frame before was measured


class FaceFinder:
    """Owns the tracker and knows which way is up. One instance a source; closed with `close()`."""

    def __init__(self, *, video: bool) -> None:
        self.people = 1  # how many may be in the picture together; set between two frames, by any thread
        self.track_every_n = 1  # faces are looked for in every n-th frame of a video; set likewise
        self._video, self._clock = video, WallClock()
        self._tracking = threading.Lock()
        self._n_carried, self._found_some, self._is_closed = 0, False, False
        self._tracked_people = 1
        self._tracker, self._tracked_size = self._make_tracker(), (0, 0)
        self._upright = Upright()
        self._compass = Compass(self._upright)

    def track(self, frame: Frame) -> TrackedFaces:
        """Return the faces of one frame; of one between two that are measured none, as they are carried on to it."""
        is_carried = self.carries_next
        self._n_carried = (self._n_carried + 1) % max(1, self.track_every_n)
        if is_carried:
            return TrackedFaces(self._compass.applied(frame), (), is_between=True)
        return self.find(frame)

    def find(self, frame: Frame) -> TrackedFaces:
        """Return the faces of one frame, looked for in it."""
        with self._tracking:
            if self._is_closed:  # a thread that hung for long comes back when all is over
                return TrackedFaces(frame, ())
            start_s = self._clock.now_s()
            if not self._video:
                self._compass.start()
            self._make_room_for_faces()
            raw, frame = frame, self._compass.applied(frame)
            if self._video and frame.size != self._tracked_size:
                if self._tracked_size != (0, 0):
                    self._track_anew()
                self._tracked_size = frame.size
            found = self._tracker.find(frame.small, frame.t_s)
            if self._compass.look(raw, found[0] if found and frame is raw else None):
                log.warning("the pictures come in turned: they are turned by %d degrees clockwise", self.turned_deg)
                if self._video:
                    self._track_anew()
                frame = self._compass.applied(raw)
                self._tracked_size = frame.size
                found = self._tracker.find(frame.small, frame.t_s)
            self._found_some = bool(found)
            return TrackedFaces(frame, found, stopwatch_ms(start_s))

    @property
    def carries_next(self) -> bool:
        """True where the next frame's faces are carried on from the one before, which has some."""
        return (self._n_carried + 1) % max(1, self.track_every_n) != 0 and self._video and self._found_some

    def _make_room_for_faces(self) -> None:
        """Let the tracker find all who may be in the picture, and one more."""
        if self.people != self._tracked_people:
            self._tracked_people = self.people
            self._track_anew()

    @property
    def turned_deg(self) -> int:
        """How far the pictures are turned clockwise, beyond `capture.rotate_deg`, so that faces stand upright in them.

        0, 90, 180 or 270.
        """
        return self._compass.turn_deg

    def upright(self, frame: Frame) -> Frame:
        """Return a frame in which nobody is looked for, turned as far as is known."""
        return self._compass.applied(frame)

    def forget_upright(self) -> None:
        """Another photograph follows, which may lie another way."""
        self._compass.start()

    def reset(self) -> None:
        """Track anew: somebody else follows."""
        with self._tracking:
            self._track_anew()

    def _track_anew(self) -> None:
        self._tracker.close()
        self._tracker = self._make_tracker()

    def _make_tracker(self) -> FaceTracker | GroupTracker:
        people = self._tracked_people
        if people == 1:
            return FaceTracker(video=self._video, max_faces=MAX_FACES)
        return GroupTracker(video=self._video, max_faces=max(MAX_FACES, people + 1), wanted=people)

    def close(self) -> None:
        """Free the models; must happen before the interpreter shuts down."""
        with self._tracking:
            self._is_closed = True
            self._tracker.close()
            self._upright.close()
