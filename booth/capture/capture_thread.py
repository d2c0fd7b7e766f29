"""The capture thread: reads, puts the newest Frame in the slot, runs commands between reads, backs off on faults.

A second, nearly idle thread notices when reading itself hangs, which a reader cannot detect itself.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import numpy as np

from booth.capture.damage_detector import DamageDetector, row_facts
from booth.capture.fingerprint import Fingerprint, coded_fingerprint, frame_fingerprint
from booth.capture.frames import CodedPicture, frame_of, turn_of
from booth.capture.jpeg import BrokenPicture, Jpeg
from booth.capture.source import Source
from booth.capture.stall_detector import StallDetector
from booth.config.params.capture import CaptureParams
from booth.core.clock import WallClock
from booth.core.fault_table import fault
from booth.core.faults import Fault
from booth.core.latest import Latest
from booth.core.types import CodedFrame, Frame

log = logging.getLogger(__name__)

FIRST_RETRY_S, LAST_RETRY_S = 0.5, 8.0
SILENT_S = 1.5  # without a picture this long, a camera is in trouble
GIVE_UP_S = 8.0  # a reader that hangs this long is left behind, and the camera opened anew beside it
LOOK_S = 0.25  # how often the second thread looks
PROOF_S = {"camera.black": 0.3, "camera.frozen": 0.6}  # this long nothing may look wrong before pictures go on
PIXELS_EVERY = 6  # of a slow machine's frames at least every so-manyth is decoded for the watch: five a second
PROOF_MOST_S = 1.6  # of the rest: longer than a loop


class CaptureThread:
    """Owns one source. `slot` gets a Frame, or a Fault when the source is in trouble; `trouble` says which now."""

    def __init__(self, source: Source, reopen: Callable[[], Source], params: CaptureParams, *, paced: bool) -> None:
        """`reopen` gives a fresh source after a loss; `paced` plays a recorded source at its own speed."""
        self.slot: Latest[Frame | CodedFrame | Fault] = Latest()
        self.source = source
        self.trouble: Fault | None = None
        self.mirror_scale = 1.0  # of the small copy's size; set by the loop, read here: one word, so no lock
        self.rate: float | None = None  # pictures a second, lately; None where nobody watches
        self.n_reopened = 0
        self._reopen, self._params = reopen, params
        self._paced = paced
        self._commands: queue.SimpleQueue[tuple[Callable[[Source], Any], Future[Any]]] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._clock = WallClock()
        self._seq = 0
        self._turn = 0  # counts readers: one that was given up finds another number here and leaves
        self._beat_s: float | None = None  # when reading last got on; None while it may take its time
        self._delay_s = FIRST_RETRY_S
        self._thread = self._reader()
        self._second = threading.Thread(target=self._look_after, name="capture-watch", daemon=True)

    def _reader(self, *, takes_over: bool = False) -> threading.Thread:
        return threading.Thread(target=self._run, args=(self._turn, takes_over), name="capture", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()
        if _is_camera(self.source):
            self._second.start()

    def stop(self) -> None:
        """End the threads; a reader that hangs in its driver is left to the end of the program."""
        self._stop.set()
        if self._thread.ident is None:
            self.source.close()
            return
        self._thread.join(timeout=3)
        if self._second.is_alive():
            self._second.join(timeout=1)

    @property
    def beside(self) -> Fault | None:
        """What is the matter with a tethered camera beside the viewfinder; the booth goes on without it."""
        trouble = getattr(self.source, "trouble", None)
        return trouble if isinstance(trouble, Fault) else None

    def expose(self) -> Future[bytes] | None:
        """Trigger a tethered camera; the answer is its file. None where the source's own frames are the portraits."""
        shoot: Callable[[], Future[bytes]] | None = getattr(self.source, "shoot", None)
        return None if shoot is None else shoot()

    def ask(self, command: Callable[[Source], Any]) -> Future[Any]:
        """Run `command(source)` on the capture thread between two reads."""
        answer: Future[Any] = Future()
        self._commands.put((command, answer))
        return answer

    def change(
        self, open_other: Callable[[], Source], reopen_of: Callable[[Source], Callable[[], Source]]
    ) -> Future[None]:
        """Read from another source; where it does not open, its Fault is the answer and the one before is opened again.

        `reopen_of` gives what opens the new source after a loss.
        """
        answer: Future[None] = Future()
        before, leaving = self._reopen, self._thread

        def opens() -> Source:
            self._reopen = before
            leaving.join(GIVE_UP_S)  # a driver has to release a camera before another may have it
            try:
                opened = open_other()
            except Fault as refused:
                answer.set_exception(refused)
                return before()
            self._reopen = reopen_of(opened)
            answer.set_result(None)
            return opened

        self._reopen, self._delay_s, self.trouble = opens, FIRST_RETRY_S, None
        self._hand_on()
        if self._second.ident is None:
            self._second.start()
        return answer

    def _hand_on(self) -> None:
        """Let another reader take over; the one before leaves as soon as it can."""
        self._turn, self._beat_s = self._turn + 1, None
        self._thread = self._reader(takes_over=True)
        self._thread.start()

    def _handle(self) -> None:
        while not self._commands.empty():
            command, answer = self._commands.get()
            try:
                answer.set_result(command(self.source))
            except Exception as error:  # the caller handles it
                answer.set_exception(error)

    # -- reading ----------------------------------------------------------------------------------------------------

    def _run(self, turn: int, takes_over: bool) -> None:
        opens = takes_over
        while self._is_mine(turn):
            try:
                if opens:
                    self._open_again(turn)
                self._read_on(turn)
                return  # a recorded source has ended, or another reader has taken over
            except Fault as trouble:
                self._tell(trouble)
            except Exception as error:
                log.exception("capture died")
                died = fault("camera.lost", name=self.source.name)
                died.__cause__ = error
                self._tell(died)
            opens = True

    def _is_mine(self, turn: int) -> bool:
        return turn == self._turn and not self._stop.is_set()

    def _read_on(self, turn: int) -> None:
        """Read until the end; whatever ends it, the source is closed by the thread that read from it."""
        source, proof = self.source, _Proof(self.trouble)
        pace = _Pace(self._clock.now_s()) if self._paced and not source.is_live else None
        if _is_camera(source):
            self._beat_s = self._clock.now_s()
        try:
            while self._is_mine(turn):
                self._handle()
                got = source.read()
                if not self._is_mine(turn):
                    return
                if got is None:
                    self.slot.put(fault("source.ended"))
                    return
                if pace is not None:
                    self._stop.wait(pace.wait_s(got[1], self._clock.now_s()))
                self._pass_on(source, got[0], proof)
        finally:
            if turn == self._turn:
                self._beat_s = None
            source.close()

    def _pass_on(self, source: Source, picture: np.ndarray | Jpeg, proof: _Proof) -> None:
        now_s = self._clock.now_s()
        # Live stamps are the moment of arrival on the machine's clock, so that latency can be computed.
        is_camera, waits = _is_camera(source), getattr(source, "waits", False)
        coded = picture if isinstance(picture, Jpeg) else None
        item: Frame | CodedFrame
        if coded is None or waits or self.slot.is_awaited or (is_camera and proof.wants_pixels):
            try:
                item = frame_of(picture, self._seq, now_s, self._params, self.mirror_scale)
            except BrokenPicture:  # damaged on its way: the next one comes within 30 ms; repeated damage is reported
                return
            seen = frame_fingerprint(item, coded) if is_camera else None
        else:  # nobody waits: whoever takes it decodes it, unless a newer one comes first
            judge = proof.is_taken_whole if is_camera else _is_anything
            item = CodedPicture(coded, self._seq, now_s, self._params, self.mirror_scale, judge)
            seen = coded_fingerprint(coded, turn_of(self._params)) if is_camera else None
        if seen is not None:
            self._beat_s = now_s
            if not self._is_sound(proof, seen, now_s):
                return
        self.slot.put(item)
        self._seq += 1
        if waits:  # gives the next picture only when the last was taken
            self.slot.wait_taken(LAST_RETRY_S)

    def _is_sound(self, proof: _Proof, seen: Fingerprint, now_s: float) -> bool:
        """Judge a camera's picture; False holds it back. Raises what only opening it again may mend."""
        code = proof.step(seen, now_s)
        self.rate = proof.rate
        if code is None and not proof.is_whole:
            return False
        if code is None:
            if self.trouble is not None:
                log.info("camera sees again after %s", self.trouble.code)
                self._delay_s = FIRST_RETRY_S
            self.trouble = None
            return True
        name = self.source.name
        if code == "camera.slow":
            self.trouble = fault(code, name=name, rate=f"{proof.rate:.0f}")
            return True
        if self.trouble is None or self.trouble.code != code:
            self._tell(fault(code, name=name))
        if code == "camera.size" or (proof.waited_s(now_s) > self._delay_s and not proof.is_healing):
            raise fault(code, name=name)
        return False

    # -- trouble ----------------------------------------------------------------------------------------------------

    def _tell(self, trouble: Fault) -> None:
        if self.trouble is None or self.trouble.code != trouble.code:
            log.warning("camera trouble: %s", trouble.code)
        self.trouble = trouble
        self.slot.put(trouble)

    def _open_again(self, turn: int) -> None:
        """Open, with longer and longer waits before; returns when it is open."""
        while not self._stop.wait(self._delay_s) and self._is_mine(turn):
            self._delay_s = min(LAST_RETRY_S, self._delay_s * 2)
            try:
                self.source = self._reopen()
                self.n_reopened += 1
                return
            except Fault as still:
                self._tell(still)

    def _look_after(self) -> None:
        while not self._stop.wait(LOOK_S):
            now_s = self._clock.now_s()
            if getattr(self.source, "is_exposing", False) and self._beat_s is not None:
                self._beat_s = now_s  # its live view stands still while it takes a picture
            quiet_s = 0.0 if self._beat_s is None else now_s - self._beat_s
            if quiet_s > GIVE_UP_S:
                self._give_up()
            elif quiet_s > SILENT_S and (self.trouble is None or self.trouble.code != "camera.silent"):
                self._tell(fault("camera.silent", name=self.source.name))

    def _give_up(self) -> None:
        """Leave a reader that hangs in its driver to itself and read with another."""
        log.error("the reader of %s hangs; another takes over", self.source.name)
        self._hand_on()


class _Pace:
    """Plays a recorded source at its own speed."""

    def __init__(self, start_s: float) -> None:
        self._start_s, self._first_s = start_s, -1.0

    def wait_s(self, t_s: float, now_s: float) -> float:
        """Seconds to wait at `now_s` before the picture of `t_s` is due."""
        self._first_s = t_s if self._first_s < 0 else self._first_s
        return max(0.0, self._start_s + t_s - self._first_s - now_s)


class _Proof:
    """A watch over one opening of a camera; after a trouble it wants proof before it lets pictures on again."""

    def __init__(self, trouble: Fault | None) -> None:
        self._watch = StallDetector()
        self._code = trouble.code if trouble is not None else None
        self._good_s: float | None = None
        self._begun_s: float | None = None
        self.rate = 0.0
        self.is_whole = True
        self._n_unseen = PIXELS_EVERY
        self._taken = DamageDetector()

    def step(self, seen: Fingerprint, now_s: float) -> str | None:
        """Return the code of what is wrong, None where all is well."""
        self._begun_s = now_s if self._begun_s is None else self._begun_s
        self._n_unseen = self._n_unseen + 1 if seen.level is None else 0
        finding = self._watch.step(seen, now_s)
        self.rate, self.is_whole = finding.rate, finding.is_whole
        if finding.code is not None:
            if finding.code not in (self._code, "camera.slow"):
                self._begun_s = now_s
            self._code = finding.code if finding.code != "camera.slow" else self._code
            self._good_s = None if finding.code != "camera.slow" else self._good_s
        if self._code in _SEEN and not self._is_proven(now_s):
            return self._code
        self._code = None
        return finding.code

    @property
    def wants_pixels(self) -> bool:
        """True where the next picture has to be decoded to be judged."""
        return self._code is not None or self._watch.is_suspicious or self._n_unseen >= PIXELS_EVERY - 1

    def is_taken_whole(self, frame: Frame) -> bool:
        """Judge a frame that was decoded where it was taken; for that thread alone."""
        return self._taken.is_whole(row_facts(frame.small))

    @property
    def is_healing(self) -> bool:
        """True while nothing looks wrong and only time is wanting."""
        return self._good_s is not None

    def _is_proven(self, now_s: float) -> bool:
        if self._watch.is_suspicious:
            self._good_s = None
            return False
        self._good_s = now_s if self._good_s is None else self._good_s
        assert self._code is not None
        return now_s - self._good_s >= PROOF_S.get(self._code, PROOF_MOST_S)

    def waited_s(self, now_s: float) -> float:
        """Seconds since the trouble was first seen in this opening."""
        return 0.0 if self._begun_s is None else now_s - self._begun_s


_SEEN = frozenset({"camera.black", "camera.damaged", "camera.frozen", "camera.repeating"})  # detected from the pictures


def _is_anything(frame: Frame) -> bool:
    """Take a recording's frame as it is."""
    return True


def _is_camera(source: Source) -> bool:
    """True where the pictures come from a sensor, or claim to: only such are watched."""
    return bool(getattr(source, "is_camera", False))
