"""The tracker a frame ahead: order is kept, nothing queues, and what goes wrong is told to who knows what to do."""

from __future__ import annotations

import threading

import numpy as np

from booth.core.faults import Fault
from booth.core.latest import Latest
from booth.core.types import Frame
from booth.perception.frame_analyzer import TrackedFaces
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
