"""A one-slot hand-off between threads: newest wins, nothing queues."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """Holds the newest item; a slow reader loses older ones, and the loss is counted."""

    def __init__(self) -> None:
        self._new = threading.Condition()
        self._item: T | None = None
        self._count = 0
        self._taken = 0
        self._readers = 0
        self.dropped = 0

    def put(self, item: T) -> None:
        """Replace whatever is held and wake a waiting reader."""
        with self._new:
            if self._count > self._taken:
                self.dropped += 1
            self._item = item
            self._count += 1
            self._new.notify_all()

    def take(self, timeout_s: float) -> T | None:
        """Return the newest item not yet taken, waiting at most `timeout_s`; None when none came."""
        with self._new:
            self._readers += 1
            is_there = self._new.wait_for(lambda: self._count > self._taken, timeout_s)
            self._readers -= 1
            if not is_there:
                return None
            self._taken = self._count
            item, self._item = self._item, None
            self._new.notify_all()
            return item

    @property
    def is_awaited(self) -> bool:
        """True while a reader waits for the next item."""
        return self._readers > 0 and self._count == self._taken

    def wait_taken(self, timeout_s: float) -> bool:
        """Wait until a reader has taken what was put last, at most `timeout_s`; True when it has."""
        with self._new:
            return self._new.wait_for(lambda: self._count == self._taken, timeout_s)

    def clear(self) -> None:
        """Forget what is held."""
        with self._new:
            self._item = None
            self._taken = self._count
