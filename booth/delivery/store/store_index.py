"""The list of what is kept and how long each thing still has: SQLite with secure_delete.

Holds no name, path or picture: those are sealed in the vault, from which a damaged index is rebuilt.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from booth.core.faults import Fault
from booth.delivery.store.plausible import Believed, Passed, Reading, advance, first, resumed
from booth.delivery.store.vault import Item

_DAMAGED = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
State = Literal["pending", "kept", "erasing"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS items (
  id TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, made_s INTEGER NOT NULL,
  left_s REAL, bytes INTEGER NOT NULL, PRIMARY KEY (id, kind)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (one INTEGER PRIMARY KEY CHECK (one = 1), last_s REAL NOT NULL);
CREATE TABLE IF NOT EXISTS clock (one INTEGER PRIMARY KEY CHECK (one = 1), told BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class StoreRow:
    """One kept thing."""

    item: Item
    state: State
    made_s: int  # UTC, seconds since 1970
    left_s: float | None  # what its clock has left; None: no clock
    bytes: int


class DamagedIndex(Exception):
    """The index cannot be read; rebuild it."""


class Index:
    """The rows. Every change is on the disk when the call returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.touch(mode=0o600)
            self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
            self._base.execute("PRAGMA secure_delete = ON")
            self._base.execute("PRAGMA journal_mode = DELETE")
            self._base.execute("PRAGMA synchronous = FULL")
            self._base.executescript(_SCHEMA)
            verdict = self._base.execute("PRAGMA quick_check").fetchone()
            self._base.execute("SELECT id, kind, state, made_s, left_s, bytes FROM items LIMIT 1").fetchone()
        except sqlite3.DatabaseError as error:
            if hasattr(self, "_base"):
                self._base.close()
            if error.sqlite_errorcode & 0xFF not in _DAMAGED:  # locked, read-only, unreadable now: not damaged
                raise _cannot_write() from error
            raise DamagedIndex(str(error)) from error
        except OSError as error:
            raise _cannot_write() from error
        if verdict != ("ok",):
            self._base.close()
            raise DamagedIndex(str(verdict))

    def put(self, row: StoreRow) -> None:
        """Add a row or replace it."""
        with _told():
            self._base.execute("INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?, ?)", (*row.item, *_values(row)))

    def rows(self, number: str | None = None) -> list[StoreRow]:
        """Return all rows, or those of one portrait; oldest first."""
        where, values = ("WHERE id = ?", (number,)) if number is not None else ("", ())
        with _told():
            found = self._base.execute(f"SELECT * FROM items {where} ORDER BY made_s, id, kind", values)
            return [StoreRow((r[0], r[1]), *r[2:]) for r in found]

    def items(self) -> set[Item]:
        """Return what is listed, without the rest of the rows: a store of many is looked through in one go."""
        with _told():
            return set(self._base.execute("SELECT id, kind FROM items"))

    def numbers(self, *, kind: str | None = None, state: State | None = None) -> list[str]:
        """Return the portraits that have a row of this kind, or any, in this state, or any; oldest first."""
        with _told():
            found = self._base.execute(
                "SELECT id FROM items WHERE (?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR state = ?2)"
                " GROUP BY id ORDER BY min(made_s), id",
                (kind, state),
            )
            return [row[0] for row in found]

    def unsettled(self) -> set[str]:
        """Return the portraits of which something is not simply kept."""
        with _told():
            return {row[0] for row in self._base.execute("SELECT id FROM items WHERE state != 'kept'")}

    def ran_out(self) -> list[Item]:
        """Return what is kept and has no time left; oldest first."""
        with _told():
            return list(
                self._base.execute(
                    "SELECT id, kind FROM items WHERE left_s <= 0 AND state = 'kept' ORDER BY made_s, id, kind"
                )
            )

    def set_state(self, number: str, state: State) -> None:
        """Move every row of one portrait to a state."""
        with _told():
            self._base.execute("UPDATE items SET state = ? WHERE id = ?", (state, number))

    def drop(self, items: Iterable[Item]) -> None:
        """Forget rows."""
        with _told():
            self._base.executemany("DELETE FROM items WHERE id = ? AND kind = ?", list(items))

    def pass_time(self, reading: Reading) -> Passed:
        """Let every clock run down by the time that has passed since the last call, as `plausible` counts.

        Clocks count down instead of naming a day, so that what a wrong calendar says reaches none of them.
        """
        with _told(), self._base:
            self._base.execute("BEGIN IMMEDIATE")
            passed = advance(self._believed(reading), reading)
            self._base.execute("UPDATE items SET left_s = left_s - ? WHERE left_s IS NOT NULL", (passed.ran_s,))
            for absence in passed.absences:  # what was made since then was not there to grow older
                what = (absence.off_s, int(absence.before_s))
                self._base.execute("UPDATE items SET left_s = left_s - ? WHERE left_s IS NOT NULL AND made_s < ?", what)
            self._base.execute("INSERT OR REPLACE INTO clock VALUES (1, ?)", (msgspec.json.encode(passed.state),))
        return passed

    def begin_time(self, state: Believed) -> None:
        """Go on from a state that outlived a damaged index."""
        with _told():
            self._base.execute("INSERT OR IGNORE INTO clock VALUES (1, ?)", (msgspec.json.encode(state),))

    def believed(self) -> Believed | None:
        """Return what is remembered of the time; None before the first reading."""
        with _told():
            found = self._base.execute("SELECT told FROM clock").fetchone()
        return msgspec.json.decode(found[0], type=Believed) if found else None

    def _believed(self, reading: Reading) -> Believed:
        if (state := self.believed()) is not None:
            return state
        seen = self._base.execute("SELECT last_s FROM seen").fetchone()  # of an index made before this table
        if seen is None:
            return first(reading)
        return resumed(seen[0])

    def close(self) -> None:
        """Release the file."""
        self._base.close()


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Turn the database's own errors into a Fault `store.index`."""
    try:
        yield
    except sqlite3.Error as error:
        raise _cannot_write() from error


def _cannot_write() -> Fault:
    hint = "Make room on the disk; start the booth again if that does not help."
    return Fault("store.index", "The store's index cannot be written.", hint, retry=True, exit_code=1)


def _values(row: StoreRow) -> tuple[str, int, float | None, int]:
    return row.state, row.made_s, row.left_s, row.bytes
