"""Sources of analyses: two threads behind a camera, or the caller's own thread on a source's clock."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any, Protocol

from booth.capture.capture_thread import CaptureThread
from booth.capture.reopen import Reopener
from booth.capture.source import Source
from booth.config.params import Params
from booth.core.clock import FrameClock
from booth.core.fault_table import fault
from booth.core.faults import Fault
from booth.core.in_flight import FramesInFlight
from booth.core.types import Frame, FrameAnalysis
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.perception.perception_thread import PerceptionMode, PerceptionThread

# Tracker, perception and loop can each work on a frame; of a camera's only two are under way, which is enough for 30 a
# second on two cores and shows none that waited for long.
LIVE_IN_FLIGHT, UNPACED_IN_FLIGHT = 2, 3
LARGE_PX = 4_000_000  # of a camera's picture: its JPEG takes as long as all else; one at a time would leave a core idle


class AnalysisFeed(Protocol):
    """Gives one analysis after the other, the newest available; `mode` limits what is analyzed."""

    mode: PerceptionMode
    segment_every_n: int
    track_every_n: int
    mirror_scale: float
    tracks_ahead: bool
    people: int
    reads_body: bool

    def start(self) -> None:
        """Begin to read."""

    def take(self, wait_s: float) -> FrameAnalysis | Fault | None:
        """Return the next analysis or fault; None where there is no new one within `wait_s` seconds."""

    def reset(self) -> None:
        """Drop all memory of the sitter before the next frame."""

    def stop(self) -> None:
        """End the reading and free the models."""

    def ask(self, command: Callable[[Source], Any]) -> Future[Any]:
        """Have a command run on the source between two reads."""

    def expose(self) -> Future[bytes] | None:
        """Trigger a tethered camera; the answer is its file. None where the source's own frames are the portraits."""

    @property
    def source(self) -> Source:
        """The source that is read now."""

    @property
    def rate(self) -> float | None:
        """Frames read a second, lately; None before the first second."""

    @property
    def dropped(self) -> int:
        """Frames that a newer one replaced before they were analyzed."""

    @property
    def n_reopened(self) -> int:
        """How often the source was lost and found again."""


class ThreadedFeed:
    """A capture thread and a perception thread, joined by one-slot boxes: nothing queues, late frames are dropped."""

    def __init__(self, params: Params, source: Source, *, paced: bool = True) -> None:
        """`paced` holds a recorded source to its own rate."""
        self.capture = CaptureThread(source, Reopener(params.capture, source), params.capture, paced=paced)
        self._most_ahead = UNPACED_IN_FLIGHT if getattr(source, "waits", False) else LIVE_IN_FLIGHT
        self._tracks_ahead = True
        self.in_flight = FramesInFlight(self._most_ahead)
        self.perception = PerceptionThread(
            self.capture.slot,
            lambda: FrameAnalyzer(params, is_threaded=True),
            PerceptionMode.PRESENCE,
            self.in_flight,
        )
        self._drawn_seq: int | None = None

    @property
    def mode(self) -> PerceptionMode:
        """How much may be analyzed."""
        return self.perception.mode

    @mode.setter
    def mode(self, mode: PerceptionMode) -> None:
        self.perception.mode = mode

    @property
    def segment_every_n(self) -> int:
        """The person network looks at every n-th frame."""
        return self.perception.segment_every_n

    @segment_every_n.setter
    def segment_every_n(self, n: int) -> None:
        self.perception.segment_every_n = n

    @property
    def track_every_n(self) -> int:
        """Faces are looked for and measured in every n-th frame."""
        return self.perception.track_every_n

    @track_every_n.setter
    def track_every_n(self, n: int) -> None:
        self.perception.track_every_n = n

    @property
    def tracks_ahead(self) -> bool:
        """Whether a frame is begun while the one before is still outlined, which needs a core to spare.

        Always so of a camera with large pictures.
        """
        return self._tracks_ahead

    @tracks_ahead.setter
    def tracks_ahead(self, is_ahead: bool) -> None:
        self._tracks_ahead = is_ahead or math.prod(self.source.size) > LARGE_PX
        self.in_flight.limit(self._most_ahead if self._tracks_ahead else 1)

    @property
    def mirror_scale(self) -> float:
        """Share of its size at which the mirror's picture is seen and drawn, 0.5..1."""
        return self.capture.mirror_scale

    @mirror_scale.setter
    def mirror_scale(self, scale: float) -> None:
        self.capture.mirror_scale = scale

    @property
    def people(self) -> int:
        """How many may be in the picture together."""
        return self.perception.people

    @people.setter
    def people(self, people: int) -> None:
        self.perception.people = people

    @property
    def reads_body(self) -> bool:
        """Whether the body's points are read."""
        return self.perception.reads_body

    @reads_body.setter
    def reads_body(self, reads: bool) -> None:
        self.perception.reads_body = reads

    def start(self) -> None:
        """Start both threads."""
        self.capture.start()
        self.perception.start()

    def take(self, wait_s: float) -> FrameAnalysis | Fault | None:
        """Return the newest analysis or fault; who asks for it has drawn the one before."""
        if self._drawn_seq is not None:
            self.in_flight.end(self._drawn_seq)
        item = self.perception.slot.take(wait_s)
        self._drawn_seq = item.frame.seq if isinstance(item, FrameAnalysis) else None
        if self._drawn_seq is not None and not self._tracks_ahead:  # the next is begun while this one is drawn
            self.in_flight.end(self._drawn_seq)
        return item

    def reset(self) -> None:
        """Drop all memory of the sitter before the next frame."""
        self.perception.reset()

    def stop(self) -> None:
        """End both threads."""
        self.perception.stop()
        self.capture.stop()

    def ask(self, command: Callable[[Source], Any]) -> Future[Any]:
        """Have a command run on the capture thread between two reads."""
        return self.capture.ask(command)

    def expose(self) -> Future[bytes] | None:
        """Trigger a tethered camera, where the source is one."""
        return self.capture.expose()

    @property
    def source(self) -> Source:
        """The source that is read now."""
        return self.capture.source

    @property
    def rate(self) -> float | None:
        """Frames read a second, lately."""
        return self.capture.rate

    @property
    def dropped(self) -> int:
        """Frames that a newer one replaced before they were analyzed."""
        return self.capture.slot.dropped

    @property
    def n_reopened(self) -> int:
        """How often the source was lost and found again."""
        return self.capture.n_reopened


class InlineFeed:
    """Reads and analyzes on the caller's thread, every frame in order, and moves the clock on to each frame's time.

    The same source gives the same analyses. `next_sitter` is called before the first frame of somebody else, `at_end`
    after the last frame.
    """

    n_reopened = 0
    dropped = 0

    def __init__(self, exposures: Iterator[Frame], source: Source, clock: FrameClock, analyzer: FrameAnalyzer) -> None:
        self.mode, self.segment_every_n, self.track_every_n, self.mirror_scale = PerceptionMode.ALL, 1, 1, 1.0
        self.tracks_ahead = False
        self._exposures, self._source, self._clock, self._analyzer = exposures, source, clock, analyzer
        self._begins: Callable[[int], bool] = getattr(source, "begins", lambda seq: False)
        self.next_sitter: Callable[[], None] = lambda: None
        self.at_end: Callable[[], None] = lambda: None

    @property
    def people(self) -> int:
        """How many may be in the picture together."""
        return self._analyzer.people

    @people.setter
    def people(self, people: int) -> None:
        self._analyzer.people = people

    @property
    def reads_body(self) -> bool:
        """Whether the body's points are read."""
        return self._analyzer.reads_body

    @reads_body.setter
    def reads_body(self, reads: bool) -> None:
        self._analyzer.reads_body = reads

    def start(self) -> None:
        """Nothing to start."""

    def take(self, wait_s: float) -> FrameAnalysis | Fault | None:
        """Analyze the next frame; Fault `source.ended` after the last."""
        frame = next(self._exposures, None)
        if frame is None:
            self.at_end()
            return fault("source.ended")
        if self._begins(frame.seq):
            self.next_sitter()
            self._analyzer.next_picture()
        self._clock.set(frame.t_s)
        return self._analyzer.analyze(frame)

    def reset(self) -> None:
        """Drop all memory of the sitter."""
        self._analyzer.reset()

    def stop(self) -> None:
        """Nothing to stop: source and analyzer belong to the caller."""

    def ask(self, command: Callable[[Source], Any]) -> Future[Any]:
        """Run a command on the source now."""
        answer: Future[Any] = Future()
        answer.set_result(command(self._source))
        return answer

    def expose(self) -> Future[bytes] | None:
        """Recorded frames are the portraits themselves."""
        return None

    @property
    def source(self) -> Source:
        """The source."""
        return self._source

    @property
    def rate(self) -> float | None:
        """Frames a second, as the source says."""
        return self._source.fps
