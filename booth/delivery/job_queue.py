"""Jobs that are tried again, ever less often, and survive a restart. One thread a way of handing over.

What a job needs is sealed in the store under its own clock; when the clock runs out the job is gone, done or not.
"""

from __future__ import annotations

import contextlib
import datetime
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import msgspec

from booth.core.faults import Fault

log = logging.getLogger(__name__)

FIRST_WAIT_S, MAX_WAIT_S = 2.0, 600.0
Stage = Literal["waiting", "handing", "over"]


class Job(msgspec.Struct, frozen=True):
    """One delivery of one portrait. `notes` are the sink's own, such as addresses or a print job's number."""

    number: str
    stage: Stage = "waiting"
    tries: int = 0
    due_s: float = 0.0  # UTC, seconds since 1970
    notes: tuple[str, ...] = ()
    done: int = 0  # how often it was handed over
    says: str = ""  # words key
    copies: int = 1  # of a print


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try went: over for good, or again later; `again_s` overrules the back-off."""

    says: str
    is_over: bool = True
    notes: tuple[str, ...] = ()
    done: int = 0
    again_s: float | None = None


@dataclass(frozen=True, slots=True)
class Ends:
    """What becomes of a job that does not come to its own end."""

    gave_up: str  # words key once its clock ran out
    when_cut: Outcome | None = None  # under way when the machine went off; None: tried again


class JobStorage(Protocol):
    """Where jobs are remembered."""

    def write(self, kind: str, job: Job) -> None:
        """Remember a job; KeyError when its portrait is gone."""

    def jobs(self, kind: str) -> list[Job]:
        """Return every remembered job of a kind."""


class JobQueue:
    """Tries the jobs of one kind in its own thread. `hand_over(job)` may take long; it returns an Outcome."""

    def __init__(self, kind: str, ledger: JobStorage, hand_over: Callable[[Job], Outcome],
                 now: Callable[[], datetime.datetime], ends: Ends) -> None:  # fmt: skip
        self._kind, self._ledger, self._hand_over, self._now, self._ends = kind, ledger, hand_over, now, ends
        self._jobs: dict[str, Job] = {}
        self._wake = threading.Condition()
        self._stopped = False
        for job in ledger.jobs(kind):
            if job.stage == "handing" and not job.notes and ends.when_cut is not None:
                cut = ends.when_cut
                job = msgspec.structs.replace(job, stage="over", says=cut.says, done=job.done + cut.done)
                with contextlib.suppress(Exception):  # known here alone until a disk takes it
                    self._remember(job)
            self._jobs[job.number] = job
        self._thread = threading.Thread(target=self._live, name=kind, daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def job(self, number: str) -> Job | None:
        """Return what is known of a portrait's job."""
        with self._wake:
            return self._jobs.get(number)

    def put(self, job: Job) -> None:
        """Add a job or replace one that is over; Fault `store.*` when it cannot be remembered: then nothing is done."""
        with self._wake:
            self._remember(job)
            self._jobs[job.number] = job
            self._wake.notify()

    def reset(self, number: str) -> None:
        """Drop a portrait's job; one under way ends without being remembered."""
        with self._wake:
            self._jobs.pop(number, None)

    def close(self) -> None:
        """Stop after the try that is under way; what waits is there at the next start."""
        with self._wake:
            self._stopped = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(5)

    def work(self) -> float | None:
        """Try everything that is due; returns seconds until the next is, None when nothing waits."""
        while True:
            job, wait_s = self._next()
            if job is None:
                return wait_s
            try:
                self._try(job)
            except Fault as fault:  # the disk is full: nothing is handed over that a restart would hand over again
                log.warning("%s waits: %s", self._kind, fault.code)
                self._park(job)
            except Exception as error:  # one job that cannot be read or written is no reason to stop the others
                log.warning("%s sets a job aside: %s", self._kind, type(error).__name__)
                self._set_aside(job)

    def _live(self) -> None:
        while True:
            wait_s = self.work()
            with self._wake:
                if self._stopped:
                    return
                if self._next()[0] is None:
                    self._wake.wait(min(wait_s, MAX_WAIT_S) if wait_s is not None else None)
                if self._stopped:
                    return

    def _next(self) -> tuple[Job | None, float | None]:
        now_s = self._now().timestamp()
        with self._wake:
            open_jobs = [job for job in self._jobs.values() if job.stage != "over"]
            if not open_jobs or self._stopped:
                return None, None
            job = min(open_jobs, key=lambda one: one.due_s)
        wait_s = job.due_s - now_s
        # A clock set back must not park a job for years: no wait is longer than the longest back-off.
        return (job, None) if wait_s <= 0 or wait_s > MAX_WAIT_S else (None, wait_s)

    def _try(self, job: Job) -> None:
        job = msgspec.structs.replace(job, stage="handing", tries=job.tries + 1)
        if not self._settle(job):
            return
        try:
            outcome = self._hand_over(job)
        except Exception as error:
            log.warning("%s broke: %s", self._kind, type(error).__name__)
            outcome = Outcome(job.says, is_over=False, notes=job.notes)
        wait_s = outcome.again_s if outcome.again_s is not None else backoff_s(job.tries)
        self._settle(
            msgspec.structs.replace(
                job, stage="over" if outcome.is_over else "waiting", notes=outcome.notes, says=outcome.says,
                done=job.done + outcome.done, due_s=self._now().timestamp() + wait_s,
            )
        )  # fmt: skip

    def _park(self, job: Job) -> None:
        """Put a job off, in memory alone."""
        with self._wake:
            if job.number in self._jobs:
                due_s = self._now().timestamp() + backoff_s(job.tries + 1)
                self._jobs[job.number] = msgspec.structs.replace(job, tries=job.tries + 1, due_s=due_s)

    def _set_aside(self, job: Job) -> None:
        """Give a job up that the booth itself cannot handle, and say so."""
        with self._wake:
            if job.number in self._jobs:
                self._jobs[job.number] = msgspec.structs.replace(job, stage="over", notes=(), says=self._ends.gave_up)

    def _settle(self, job: Job) -> bool:
        """Take over how a job stands now; Fault when one that is about to begin cannot be written down."""
        with self._wake:
            if job.number not in self._jobs:
                return False
            try:
                is_there = self._remember(job)
            except Fault:
                if job.stage == "handing":
                    raise
                is_there = True  # what was handed over stays known while the booth runs
            self._jobs[job.number] = job
            if not is_there:
                self._jobs[job.number] = msgspec.structs.replace(job, stage="over", notes=(), says=self._ends.gave_up)
                return False
            return True

    def _remember(self, job: Job) -> bool:
        try:
            self._ledger.write(self._kind, job)
        except KeyError:  # erased, or its clock ran out
            return False
        return True


def backoff_s(tries: int) -> float:
    """Return how long to wait after so many tries: doubling, with a ceiling."""
    return min(FIRST_WAIT_S * 2.0 ** min(tries - 1, 20), MAX_WAIT_S)
