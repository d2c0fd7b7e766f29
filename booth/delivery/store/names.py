"""Names of files that were ever given to a portrait: none is given twice, so that no old record can mean a new file.

Kept as keyed marks, a line each, beside the index and not in it: they outlive a damaged index and reveal no name.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

from booth.core.atomic_write import FILE_MODE

FILE = "names"
MARK_DIGITS = 32  # hex; 128 bits


class UsedNames:
    """All names given so far. `mark` turns a text into at least 32 hex digits. Call it under the store's lock."""

    def __init__(self, folder: Path, mark: Callable[[str], str]) -> None:
        self._path, self._mark = folder / FILE, mark
        self._read_bytes, self._marks = 0, set[str]()

    @property
    def is_new(self) -> bool:
        """True while no name was ever written down here."""
        return not self._path.exists()

    def has(self, path: Path) -> bool:
        """Return whether a name was given before, in whatever case: some disks do not tell cases apart."""
        self._catch_up()
        return self._of(path) in self._marks

    def add(self, paths: Iterable[Path]) -> None:
        """Write names down; they are on the disk when this returns. OSError else: known here alone."""
        marks = [self._of(path) for path in paths]
        self._marks.update(marks)
        handle = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, FILE_MODE)
        try:
            os.write(handle, b"".join(b"\n%s\n" % mark.encode() for mark in marks))  # a torn line spoils no other
            os.fsync(handle)
        finally:
            os.close(handle)

    def _of(self, path: Path) -> str:
        return self._mark("name " + unicodedata.normalize("NFC", str(path)).casefold())[:MARK_DIGITS]

    def _catch_up(self) -> None:
        """Read what was added since, by other processes too."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._read_bytes)
                fresh = file.read()
        except FileNotFoundError:
            return
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._read_bytes += len(whole)
        self._marks.update(line.decode("ascii", "replace") for line in whole.split() if len(line) == MARK_DIGITS)
