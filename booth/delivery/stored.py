"""Adapters to the store: jobs for the queues, portraits for the phone page."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from typing import TypeVar

import msgspec

from booth.delivery.job_queue import Job
from booth.delivery.phone.web_app import Erased, Shown
from booth.delivery.store.portrait_store import Store
from booth.delivery.store.receipt import DeletionReceipt

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


class StoredPortraits:
    """The `PortraitLookup` of the phone page; `erase_number` erases a portrait by its number."""

    def __init__(self, store: Store, erase_number: Callable[[str], DeletionReceipt]) -> None:
        self._store, self._erase_number = store, erase_number

    def shown(self, number: str) -> Shown | None:
        """Return what the page of a portrait may show; None when it is gone."""
        entry = self._store.entry(number)
        if entry is None:
            return None
        return Shown(entry.path.name, entry.record.changes, frozenset(row.item[1] for row in entry.rows))

    def picture(self, number: str, kind: str) -> bytes | None:
        """Return a picture's bytes; None when it is gone."""
        return self._store.read(number, kind)

    def erase(self, number: str) -> Erased:
        """Erase a portrait for good."""
        receipt = self._erase_number(number)
        stays = receipt.file in ("changed", "unknown")
        return Erased(msgspec.json.encode(receipt).decode(), stays, is_pending=receipt.file == "pending")
