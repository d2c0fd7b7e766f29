"""Whether another process has the store open: only a sole process may clean up after a crash."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


class FileLock:
    """Reports whether another process has the store open, by a lock that a crash releases."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            import fcntl
        except ImportError:  # no such locks here: one process is assumed
            self._flock = None
        else:
            self._flock = fcntl

    @contextlib.contextmanager
    def held(self) -> Iterator[bool]:
        """Try to take the lock exclusively; yields whether that succeeded, then holds it shared."""
        if self._flock is None:
            yield True
            return
        try:
            self._flock.flock(self._file, self._flock.LOCK_EX | self._flock.LOCK_NB)
            is_alone = True
        except OSError:
            is_alone = False
        try:
            yield is_alone
        except BaseException:
            self.close()  # an opening that failed must not keep the next one waiting
            raise
        self._flock.flock(self._file, self._flock.LOCK_SH)

    def close(self) -> None:
        """Release the lock."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
