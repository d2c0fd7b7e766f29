"""The capture thread: reads, puts the newest Frame in the slot, obeys commands between reads, backs off on faults."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from booth.capture.framing import frame_of
from booth.capture.source import Source
from booth.clock import WallClock
from booth.faults import Fault
from booth.latest import Latest
from booth.params.capture import CaptureParams
from booth.types import Frame

log = logging.getLogger(__name__)

FIRST_RETRY_S, LAST_RETRY_S = 0.5, 8.0


class CapturePump:
    """Owns one source on one thread. `slot` gets a Frame, or a Fault when the source is in trouble."""

    def __init__(self, source: Source, reopen: Callable[[], Source], params: CaptureParams, *, paced: bool) -> None:
        """`reopen` gives a fresh source after a loss; `paced` plays a recorded source at its own speed."""
        self.slot: Latest[Frame | Fault] = Latest()
        self.source = source
        self._reopen, self._params = reopen, params
        self._paced = paced and not source.is_live
        self._waits = bool(getattr(source, "waits", False))  # gives the next picture only when the last was taken
        self._commands: queue.SimpleQueue[tuple[Callable[[Source], Any], Future[Any]]] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._clock = WallClock()
        self._seq = 0
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and close the source."""
        self._stop.set()
        self._thread.join(timeout=3)
        self.source.close()

    def ask(self, command: Callable[[Source], Any]) -> Future[Any]:
        """Run `command(source)` on the capture thread between two reads."""
        answer: Future[Any] = Future()
        self._commands.put((command, answer))
        return answer

    def _obey(self) -> None:
        while not self._commands.empty():
            command, answer = self._commands.get()
            try:
                answer.set_result(command(self.source))
            except Exception as error:  # belongs to the asker
                answer.set_exception(error)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._read_on()
                return  # a recorded source has ended
            except Fault as fault:
                self._recover(fault)
            except Exception as error:
                log.exception("capture died")
                died = Fault("camera.lost", "The camera stopped unexpectedly.", "Check its cable.", retry=True)
                died.__cause__ = error
                self._recover(died)

    def _read_on(self) -> None:
        start_s = self._clock.now_s()
        offset_s: float | None = None
        while not self._stop.is_set():
            self._obey()
            got = self.source.read()
            if got is None:
                self.slot.put(Fault("source.ended", "The source has ended.", "Start it again.", retry=False))
                return
            rgb, t_s = got
            if self._paced:
                offset_s = t_s if offset_s is None else offset_s
                self._stop.wait(max(0.0, start_s + t_s - offset_s - self._clock.now_s()))
            # Live stamps are the moment of arrival on the machine's clock, so that latency can be told from them.
            self.slot.put(frame_of(rgb, self._seq, self._clock.now_s(), self._params))
            self._seq += 1
            if self._waits:
                self.slot.wait_taken(LAST_RETRY_S)

    def _recover(self, fault: Fault) -> None:
        self.slot.put(fault)
        self.source.close()
        delay_s = FIRST_RETRY_S
        while not self._stop.wait(delay_s):
            try:
                self.source = self._reopen()
                return
            except Fault:
                delay_s = min(LAST_RETRY_S, delay_s * 2)
