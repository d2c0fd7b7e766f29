"""The tracker a frame ahead: order is kept, nothing queues, and what goes wrong is told to who knows what to do."""

from __future__ import annotations

import threading

import numpy as np

from booth.app.feed import ThreadedFeed
from booth.config.params import load_params
from booth.core.faults import Fault
from booth.core.in_flight import FramesInFlight
from booth.core.latest import Latest
from booth.core.types import Frame, FrameAnalysis
from booth.perception.face_finder import TrackedFaces
from booth.perception.tracker_thread import TrackerThread

SOON_S = 10.0  # a thread that does not answer by then never will


def frame(seq: int) -> Frame:
    rgb = np.zeros((4, 4, 3), np.uint8)
    return Frame(seq, seq / 30, rgb, rgb)


class Line:
    """Frames go in at one end, what was tracked comes out at the other."""

    def __init__(self, track=lambda frame: TrackedFaces(frame, ())) -> None:
        self.frames: Latest[Frame | Fault] = Latest()
        self.ahead = TrackerThread(self.frames, track)

    def put(self, item: Frame | Fault) -> None:
        """Hand a frame in, and wait until the tracker has it in its hand."""
        self.frames.put(item)
        assert self.frames.wait_taken(SOON_S)

    def take(self):
        return self.ahead.slot.take(SOON_S)


def test_frames_come_out_in_their_order_with_their_own_faces():
    line = Line()
    with line.ahead:
        for seq in range(5):
            line.put(frame(seq))
            assert line.take().frame.seq == seq


def test_the_next_frame_is_tracked_while_the_one_before_is_looked_at():
    tracked = threading.Semaphore(0)

    def track(frame: Frame) -> TrackedFaces:
        tracked.release()
        return TrackedFaces(frame, ())

    line = Line(track)
    with line.ahead:
        line.put(frame(0))
        first = line.take()
        line.put(frame(1))  # while the first is still in the perceive thread's hands
        assert all(tracked.acquire(timeout=SOON_S) for _ in range(2))
        assert (first.frame.seq, line.take().frame.seq) == (0, 1)


def test_a_failure_is_handed_on_and_the_line_goes_on():
    def track(frame: Frame) -> TrackedFaces:
        if frame.seq == 0:
            raise ZeroDivisionError
        return TrackedFaces(frame, ())

    line = Line(track)
    with line.ahead:
        line.put(frame(0))
        assert isinstance(line.take(), ZeroDivisionError)
        assert line.ahead.busy_since_s is None
        line.put(frame(1))
        assert line.take().frame.seq == 1


def test_a_fault_of_the_camera_passes_through():
    line, lost = Line(), Fault("camera.lost", "The camera is gone.", "Plug it in again.")
    with line.ahead:
        line.put(lost)
        assert line.take() is lost


def test_a_tracker_that_hangs_can_be_told_from_one_that_rests():
    begun, go_on = threading.Event(), threading.Event()

    def track(frame: Frame) -> TrackedFaces:
        begun.set()
        go_on.wait(SOON_S)
        return TrackedFaces(frame, ())

    line = Line(track)
    with line.ahead:
        assert line.ahead.busy_since_s is None
        line.put(frame(0))
        assert begun.wait(SOON_S) and line.ahead.busy_since_s is not None
        go_on.set()
        line.take()
        assert line.ahead.busy_since_s is None


class Glass:
    """The stages after the tracker: what they take, and what they have drawn."""

    def __init__(self, most: int) -> None:
        self.tracked: list[int] = []
        self.in_flight = FramesInFlight(most)
        self.frames: Latest[Frame | Fault] = Latest()
        self.ahead = TrackerThread(self.frames, self._track, self.in_flight)
        self._has_tracked = threading.Semaphore(0)

    def _track(self, frame: Frame) -> TrackedFaces:
        self.tracked.append(frame.seq)
        self._has_tracked.release()
        return TrackedFaces(frame, ())

    def has_tracked(self) -> bool:
        """Wait until one frame more was tracked."""
        return self._has_tracked.acquire(timeout=SOON_S)


def test_a_late_glass_gets_the_newest_frame_and_not_one_that_was_tracked_early():
    glass = Glass(most=1)
    with glass.ahead:
        glass.frames.put(frame(0))
        assert glass.has_tracked()
        for seq in range(1, 9):  # the camera goes on while the first is drawn
            glass.frames.put(frame(seq))
        assert glass.tracked == [0]
        assert glass.ahead.slot.take(SOON_S).frame.seq == 0
        glass.in_flight.end(0)
        assert glass.has_tracked()
        assert glass.ahead.slot.take(SOON_S).frame.seq == 8
    assert glass.tracked == [0, 8]


def test_a_frame_that_was_lost_on_the_way_ends_with_the_next_that_is_drawn():
    in_flight = FramesInFlight(2)
    in_flight.begin(3)
    in_flight.begin(4)
    assert not in_flight.wait(0.0)
    in_flight.end(4)
    assert len(in_flight) == 0 and in_flight.wait(0.0)


def test_a_camera_has_two_frames_under_way_and_an_unpaced_source_one_a_stage():
    params = load_params(None)
    live, unpaced = ThreadedFeed(params, _Source()), ThreadedFeed(params, _Source(waits=True))
    assert (live.in_flight.most, unpaced.in_flight.most) == (2, 3)


def test_a_machine_without_a_core_to_spare_begins_the_next_frame_when_one_goes_to_be_drawn():
    feed = ThreadedFeed(load_params(None), _Source())
    taken, drawn = (FrameAnalysis(frame(seq), (), None) for seq in (1, 2))

    def under_way_while_drawn(analysis: FrameAnalysis) -> int:
        feed.in_flight.begin(analysis.frame.seq)
        feed.perception.slot.put(analysis)
        assert feed.take(SOON_S) is analysis
        return len(feed.in_flight)

    assert under_way_while_drawn(taken) == 1
    feed.tracks_ahead = False
    assert feed.in_flight.most == 1
    assert under_way_while_drawn(drawn) == 0
    feed.tracks_ahead = True
    assert feed.in_flight.most == 2


def test_a_camera_with_large_pictures_has_the_next_one_decoded_meanwhile_in_any_case():
    feed = ThreadedFeed(load_params(None), _Source(size=(3840, 2160)))
    feed.tracks_ahead = False
    assert feed.tracks_ahead and feed.in_flight.most == 2


class _Source:
    """A source that is never read."""

    name, fps, is_live = "none", 30.0, True

    def __init__(self, waits: bool = False, size: tuple[int, int] = (4, 4)) -> None:
        self.waits, self.size = waits, size

    def read(self) -> None:
        """Give nothing."""

    def close(self) -> None:
        """Nothing is open."""


class Coded:
    """A frame that is decoded where it is taken."""

    def __init__(self, seq: int, is_whole: bool = True) -> None:
        self.seq, self._is_whole = seq, is_whole

    def frame(self, *, shown_only: bool = False) -> Frame | None:
        return frame(self.seq) if self._is_whole else None


def test_a_coded_frame_is_decoded_by_who_takes_it_and_a_damaged_one_left_out():
    line = Line()
    with line.ahead:
        line.put(Coded(0))
        assert line.take().frame.seq == 0
        line.put(Coded(1, is_whole=False))
        line.put(Coded(2))
        assert line.take().frame.seq == 2


def test_a_slot_knows_whether_somebody_waits_for_the_next():
    slot: Latest[int] = Latest()
    assert not slot.is_awaited
    reader = threading.Thread(target=slot.take, args=(SOON_S,))
    reader.start()
    while not slot.is_awaited:
        assert reader.is_alive()
    slot.put(1)
    reader.join(SOON_S)
    assert not slot.is_awaited
