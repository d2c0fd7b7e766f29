"""The queues' jobs, kept in the store."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from typing import TypeVar

import msgspec

from booth.delivery.job_queue import Job
from booth.delivery.store.portrait_store import Store

log = logging.getLogger(__name__)

_Read = TypeVar("_Read")


def read_as(kind: type[_Read], raw: bytes, name: str) -> _Read | None:
    """Decode a stored item; None, and a line in the log, where it cannot be read."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError):
        log.warning("a sealed %s cannot be read and is left out", name)
        return None


class StoredJobs:
    """The `JobStorage` of the queues. A new job starts its retention period, later states of it do not."""

    def __init__(self, store: Store, now: Callable[[], datetime.datetime]) -> None:
        self._store, self._now = store, now

    def write(self, kind: str, job: Job) -> None:
        """Store a job; KeyError when its portrait is gone, Fault `store.*` when it cannot be written."""
        content = msgspec.json.encode(job)
        if job.stage == "waiting" and job.tries == 0:
            self._store.add(job.number, kind, content, self._now())
        else:
            self._store.change(job.number, kind, content)

    def jobs(self, kind: str) -> list[Job]:
        """Return every readable job of a kind."""
        return [job for _, content in self._store.find(kind) if (job := read_as(Job, content, kind)) is not None]
