"""The consent log: when, which version of the text, what for, withdrawn when. Names nobody.

One JSON line an event; each carries the digest of the line before it, so that an auditor sees a changed line.
"""

from __future__ import annotations

import datetime
import hashlib
import os
from pathlib import Path

import msgspec

from booth.core.atomic_write import FILE_MODE, write_whole

PURPOSE = "portrait"
_START = "0" * 64


class ConsentLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One event: `given`, `withdrawn`, or `shortened` where old lines ran out."""

    event: str
    at_utc: str
    consent: str = ""  # random number of the consent
    text_version: str = ""
    locale: str = ""
    purpose: str = ""
    measured: bool | None = None  # False: just the camera
    on_timeout: str = ""
    before: str = _START  # digest of the line before


class ConsentLog:
    """An append-only file; read it with any text editor."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, line: ConsentLine) -> None:
        """Add an event at the end; it is on the disk when this returns."""
        lines = self._raw()
        line = msgspec.structs.replace(line, before=_digest(lines[-1]) if lines else _START)
        handle = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, FILE_MODE)
        try:
            torn = lines and not self._path.read_bytes().endswith(b"\n")  # a power cut in the last append
            os.write(handle, (b"\n" if torn else b"") + msgspec.json.encode(line) + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)

    def lines(self) -> list[ConsentLine]:
        """Return all events; a line that a power cut broke is left out."""
        return [line for raw in self._raw() if (line := _parse(raw)) is not None]

    def first_break(self) -> int | None:
        """Return the number of the first line that does not follow from the one before, from 1; None when all do."""
        before = None
        for number, raw in enumerate(self._raw(), 1):
            line = _parse(raw)
            if line is None or (before is not None and line.before != _digest(before)):
                return number
            before = raw
        return None

    def shorten(self, now: datetime.datetime, days: float) -> int:
        """Drop lines older than `days`; returns how many. What is left starts with a line that says so."""
        limit = (now - datetime.timedelta(days=days)).isoformat()
        old = [line for line in self.lines() if line.at_utc < limit and line.event != "shortened"]
        if not old:
            return 0
        kept = [line for line in self.lines() if line.at_utc >= limit]
        chain = [ConsentLine("shortened", now.isoformat(timespec="seconds"), before=_digest(self._raw()[len(old) - 1]))]
        raw = [msgspec.json.encode(chain[0])]
        for line in kept:
            raw.append(msgspec.json.encode(msgspec.structs.replace(line, before=_digest(raw[-1]))))
        write_whole(self._path, b"\n".join(raw) + b"\n", replace=True)
        return len(old)

    def _raw(self) -> list[bytes]:
        return self._path.read_bytes().splitlines() if self._path.is_file() else []


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _parse(raw: bytes) -> ConsentLine | None:
    try:
        return msgspec.json.decode(raw, type=ConsentLine)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
