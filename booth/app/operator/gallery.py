"""What guests have kept, for the operator behind the PIN: seen, printed again, erased. Pictures go with the page.

Nothing is shown that the store does not keep any more: what has run out or was erased is gone here too.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from typing import Protocol

import numpy as np
from PIL import Image

from booth.core.clock import utc_now
from booth.core.faults import Fault
from booth.core.types import frozen
from booth.delivery.formats import flat, open_small
from booth.delivery.store.portrait_store import Store, StoreEntry
from booth.session.view import OperatorChoice, OperatorKept

VERBS = ("back", "print", "erase", "erase_yes")
MAX_SHOWN = 120  # the newest; a picture of the list takes .2 MB
SMALL_PX, LARGE_PX = 240, 900  # the longer side of a picture in the list, and of the one that is chosen


class Portraits(Protocol):
    """The part of the delivery service that the gallery uses."""

    @property
    def store(self) -> Store:
        """What is kept."""

    @property
    def asked_ways(self) -> tuple[str, ...]:
        """The ways that may be asked for."""

    def reprint(self, number: str) -> str:
        """Print once more; returns a words key."""

    def print_says(self, number: str) -> str:
        """How a portrait's print goes, a words key; empty where there is none."""

    def erase_number(self, number: str, because: str = "guest") -> object:
        """Erase a portrait and all that belongs to it."""


class Gallery:
    """Used on the engine's thread; files are read on a thread of its own. Holds pictures from `open` to `close`."""

    def __init__(self, portraits: Portraits, now: Callable[[], datetime.datetime] = utc_now) -> None:
        self._portraits, self._now = portraits, now
        self._lock = threading.Lock()
        self._visit = 0  # counts openings: what a reader of an earlier one brings is dropped
        self._small: dict[str, np.ndarray] = {}
        self._entries: tuple[StoreEntry, ...] = ()
        self._chosen: StoreEntry | None = None
        self._large: np.ndarray | None = None
        self._asks = False

    def open(self) -> None:
        """List what is kept now, newest first, and begin to read the pictures."""
        self.close()
        newest = self._portraits.store.newest(MAX_SHOWN)
        self._entries = tuple(sorted(newest, key=lambda e: (e.record.made_utc, e.path.name), reverse=True))
        threading.Thread(target=self._read, args=(self._visit, self._entries), name="gallery", daemon=True).start()

    def close(self) -> None:
        """Release every picture."""
        with self._lock:
            self._visit += 1
            self._small = {}
        self._entries, self._chosen, self._large, self._asks = (), None, None, False

    def handle(self, what: str) -> str:
        """Do what a touch asks: a portrait's number, or back, print, erase, erase_yes. Returns a words key to say."""
        asked, self._asks = self._asks, False
        if what == "back":
            self._chosen = self._large = None
        elif what == "print" and self._chosen is not None:
            return self._portraits.reprint(self._chosen.id)
        elif what == "erase" and self._chosen is not None:
            self._asks = True
        elif what == "erase_yes" and self._chosen is not None and asked:
            self._portraits.erase_number(self._chosen.id, "operator")
            self.open()
            return "page.deleted_title"
        elif what not in VERBS:
            self._choose(what)
        return ""

    def _choose(self, number: str) -> None:
        self._chosen = next((entry for entry in self._entries if entry.id == number), None)
        self._large = self._picture(self._chosen, LARGE_PX) if self._chosen is not None else None

    def choices(self) -> tuple[OperatorChoice, ...]:
        """Everything that is kept, with the pictures that have been read."""
        with self._lock:
            small = dict(self._small)
        return tuple(OperatorChoice(e.id, _taken(e), picture=small.get(e.id)) for e in self._there())

    def chosen(self) -> OperatorKept | None:
        """The portrait that was touched; None where it is not kept any more."""
        entry = self._chosen
        if entry is None or not self._portraits.store.is_kept(entry.id):
            return None
        may_print = "print" in self._portraits.asked_ways
        says = self._portraits.print_says(entry.id)
        return OperatorKept(entry.id, entry.path.name, self._until(entry), self._large, may_print, self._asks, says)

    def _there(self) -> tuple[StoreEntry, ...]:
        return tuple(entry for entry in self._entries if self._portraits.store.is_kept(entry.id))

    def _until(self, entry: StoreEntry) -> str:
        left_s = next((row.left_s for row in entry.rows if row.item[1] == "record"), None)
        if left_s is None:
            return "staff.value.no_end"
        return (self._now() + datetime.timedelta(seconds=left_s)).astimezone().strftime("%Y-%m-%d %H:%M")

    def _read(self, visit: int, entries: tuple[StoreEntry, ...]) -> None:
        for entry in entries:
            picture = self._picture(entry, SMALL_PX)
            with self._lock:
                if visit != self._visit:
                    return
                if picture is not None:
                    self._small[entry.id] = picture

    def _picture(self, entry: StoreEntry, longer_px: int) -> np.ndarray | None:
        """A kept file at no more than this size; None where it is away, changed or gone."""
        try:
            content = self._portraits.store.content(entry.id)
            if content is None:
                return None
            picture = flat(open_small(content, longer_px))
        except (Fault, OSError, ValueError, KeyError):
            return None
        picture.thumbnail((longer_px, longer_px), Image.Resampling.LANCZOS)
        return frozen(np.asarray(picture).copy())


def _taken(entry: StoreEntry) -> str:
    """When a portrait was kept, in local time."""
    try:
        made = datetime.datetime.fromisoformat(entry.record.made_utc)
    except ValueError:
        return entry.path.name
    return made.astimezone().strftime("%m-%d %H:%M")
