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

from booth.core.faults import Fault
from booth.delivery.store.vault import Item

State = Literal["pending", "kept", "erasing"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS items (
  id TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, made_s INTEGER NOT NULL,
  left_s REAL, bytes INTEGER NOT NULL, PRIMARY KEY (id, kind)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (one INTEGER PRIMARY KEY CHECK (one = 1), last_s REAL NOT NULL);
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
            raise DamagedIndex(str(error)) from error
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

    def set_state(self, number: str, state: State) -> None:
        """Move every row of one portrait to a state."""
        with _told():
            self._base.execute("UPDATE items SET state = ? WHERE id = ?", (state, number))

    def drop(self, items: Iterable[Item]) -> None:
        """Forget rows."""
        with _told():
            self._base.executemany("DELETE FROM items WHERE id = ? AND kind = ?", list(items))

    def pass_time(self, now_s: float) -> float:
        """Let every clock run down by the time since the last call; a clock set back takes nothing off.

        Clocks count down instead of naming a day, so that a clock set back prolongs nothing that already ran, and
        one set forward by mistake and put right again does not spoil what is kept afterwards. Returns seconds passed.
        """
        with _told(), self._base:
            self._base.execute("BEGIN IMMEDIATE")
            found = self._base.execute("SELECT last_s FROM seen").fetchone()
            passed_s = max(0.0, now_s - found[0]) if found else 0.0
            self._base.execute("UPDATE items SET left_s = left_s - ? WHERE left_s IS NOT NULL", (passed_s,))
            self._base.execute("INSERT OR REPLACE INTO seen VALUES (1, ?)", (now_s,))
        return passed_s

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Turn the database's own errors into a Fault `store.index`."""
    try:
        yield
    except sqlite3.Error as error:
        hint = "Make room on the disk; start the booth again if that does not help."
        raise Fault("store.index", "The store's index cannot be written.", hint, retry=True, exit_code=1) from error


def _values(row: StoreRow) -> tuple[str, int, float | None, int]:
    return row.state, row.made_s, row.left_s, row.bytes
