"""The consent log: when, which version of the text, what for, withdrawn when. Names nobody.

One JSON line an event; each carries the digest of the line before it, and a keyed mark beside the log names its last
line, so that a changed line and a cut-off end are both seen.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from booth.core.atomic_write import FILE_MODE, write_whole

PURPOSE = "portrait"
DAY_S = 86_400.0
_START = "0" * 64
_TAIL_BYTES = 16_384  # more than any line has


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
    time_s: int = 0  # on the store's own time, which no wrong calendar moves; 0 in lines of older versions
    days: float = 0  # how long the line was to be kept when it was written


class _End(msgspec.Struct, frozen=True):
    """What the log ended with when it was last written."""

    lines: int
    last: str  # digest of the last line
    mark: str = ""


class ConsentLog:
    """An append-only file; read it with any text editor. `mark` gives a keyed mark of a text."""

    def __init__(self, path: Path, mark: Callable[[str], str] | None = None) -> None:
        self._path, self._mark = path, mark
        self._end_path = path.with_name(f"{path.stem}.end")

    def append(self, line: ConsentLine) -> None:
        """Add an event at the end; it is on the disk when this returns. One writer at a time, of any process."""
        with self._writing():
            n_lines, last, torn = self._end()
            line = msgspec.structs.replace(line, before=_digest(last) if last else _START)
            raw = msgspec.json.encode(line)
            handle = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, FILE_MODE)
            try:
                os.write(handle, (b"\n" if torn else b"") + raw + b"\n")
                os.fsync(handle)
            finally:
                os.close(handle)
            self._sign_end(n_lines + 1, raw)

    def _end(self) -> tuple[int, bytes, bool]:
        """Return the number of lines, the last one, and whether a power cut tore it.

        A log whose signed end fits its last line is not counted anew: with many guests that would take longer than
        everything else of a keep.
        """
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - _TAIL_BYTES))
                tail = file.read()
        except FileNotFoundError:
            return 0, b"", False
        last = tail.splitlines()[-1] if tail else b""
        end = self._signed_end() if tail.endswith(b"\n") and len(last) + 1 < _TAIL_BYTES else None
        if end is not None and end.lines > 0 and end.last == _digest(last):
            return end.lines, last, False
        lines = self._raw()
        return len(lines), lines[-1] if lines else b"", bool(lines) and not tail.endswith(b"\n")

    def lines(self) -> list[ConsentLine]:
        """Return all events; a line that a power cut broke is left out."""
        return [line for raw in self._raw() if (line := _parse(raw)) is not None]

    def first_break(self) -> int | None:
        """Return the number of the first line that does not follow from the one before, from 1; None when all do.

        A log whose end was cut off breaks after its last line. A line that a power cut tore is no break.
        """
        before, lines = None, self._raw()
        for number, raw in enumerate(lines, 1):
            line = _parse(raw)
            if line is None:
                if not _is_torn(raw, lines, number):
                    return number
            elif before is not None and line.before != _digest(before):
                return number
            before = raw
        return self._missing_end(lines)

    def shorten(self, now: datetime.datetime, days: float, age_s: Callable[[float], float] | None = None) -> int:
        """Drop lines that were kept for `days`, or as long as was said when they were written; returns how many.

        `age_s` gives the age of a time in seconds since 1970, by default by the calendar. What is left starts with a
        line that says so.
        """
        age_s = age_s or (lambda made_s: now.timestamp() - made_s)
        if not any(_is_old(line, age_s, days) for line in self.lines()):
            return 0
        with self._writing():
            lines = self._raw()
            parsed = [(raw, line) for raw in lines if (line := _parse(raw)) is not None]
            old = [raw for raw, line in parsed if _is_old(line, age_s, days)]
            if not old:
                return 0
            kept = [line for _, line in parsed if not _is_old(line, age_s, days) and line.event != "shortened"]
            at = now.isoformat(timespec="seconds")
            raw_lines = [msgspec.json.encode(ConsentLine("shortened", at, before=_digest(old[-1])))]
            for line in kept:
                raw_lines.append(msgspec.json.encode(msgspec.structs.replace(line, before=_digest(raw_lines[-1]))))
            self._end_path.unlink(missing_ok=True)  # a crash in between leaves a log without a mark, not a wrong one
            write_whole(self._path, b"\n".join(raw_lines) + b"\n", replace=True)
            self._sign_end(len(raw_lines), raw_lines[-1])
            return len(old)

    def _raw(self) -> list[bytes]:
        return self._path.read_bytes().splitlines() if self._path.is_file() else []

    def _sign_end(self, lines: int, raw: bytes) -> None:
        if self._mark is None:
            return
        end = _End(lines, _digest(raw))
        end = msgspec.structs.replace(end, mark=self._mark(_text(end)))
        write_whole(self._end_path, msgspec.json.encode(end), replace=True)

    def _missing_end(self, lines: list[bytes]) -> int | None:
        if self._mark is None or not self._end_path.is_file():
            return None
        end = self._signed_end()
        is_there = end is not None and 0 < end.lines <= len(lines) and _digest(lines[end.lines - 1]) == end.last
        return None if is_there else len(lines) + 1

    def _signed_end(self) -> _End | None:
        """Return what the log ended with, where that was written by this booth."""
        if self._mark is None:
            return None
        try:
            end = msgspec.json.decode(self._end_path.read_bytes(), type=_End)
        except (FileNotFoundError, msgspec.DecodeError, msgspec.ValidationError):
            return None
        return end if end.mark == self._mark(_text(end)) else None

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Keep other writers out; where the system has no such locks, one process is assumed."""
        try:
            import fcntl
        except ImportError:
            yield
            return
        handle = os.open(self._path.with_name(f"{self._path.stem}.lock"), os.O_CREAT | os.O_RDWR, FILE_MODE)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _text(end: _End) -> str:
    return f"consent end {end.lines} {end.last}"


def _is_old(line: ConsentLine, age_s: Callable[[float], float], days: float) -> bool:
    if line.event == "shortened" or (made_s := _made_s(line)) is None:
        return False
    return age_s(made_s) > max(line.days, days) * DAY_S


def _made_s(line: ConsentLine) -> float | None:
    if line.time_s:
        return float(line.time_s)
    try:
        return datetime.datetime.fromisoformat(line.at_utc).timestamp()
    except (ValueError, OverflowError):
        return None  # a date that nobody can read never runs out


def _is_torn(raw: bytes, lines: list[bytes], number: int) -> bool:
    """True for a line that a power cut tore: half of one, and the next follows from it or it is the last."""
    following = _parse(lines[number]) if number < len(lines) else None
    return not raw.endswith(b"}") and (
        number == len(lines) or (following is not None and following.before == _digest(raw))
    )


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _parse(raw: bytes) -> ConsentLine | None:
    try:
        return msgspec.json.decode(raw, type=ConsentLine)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
