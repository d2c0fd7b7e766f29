"""The store's own time: asks the machine's clocks, counts with `plausible`, outlives a damaged index."""

from __future__ import annotations

import contextlib
import datetime
import logging
from collections.abc import Callable
from pathlib import Path

import msgspec

from booth.core.atomic_write import write_whole
from booth.core.clock import boot_id, up_s, vouched_s
from booth.core.faults import Fault
from booth.delivery.store.plausible import Believed, Reading, age_s, is_doubted
from booth.delivery.store.store_index import Index

log = logging.getLogger(__name__)

Reader = Callable[[datetime.datetime], Reading]
COPY_EVERY_S = 600.0  # the copy beside the index may be this old


def read_clocks(now: datetime.datetime) -> Reading:
    """Return what the machine's clocks show beside a calendar time."""
    return Reading(now.timestamp(), boot_id(), up_s(), vouched_s())


class StoreTime:
    """Steps with the store. `note` says in a sentence that the calendar jumped and is not believed yet."""

    def __init__(self, copy: Path, read: Reader) -> None:
        self._copy, self._read = copy, read
        self._copied_s: float | None = None
        self._state: Believed | None = None
        self.note: str | None = None

    def restore(self, index: Index) -> bool:
        """Give a fresh index the time of the one that was damaged; False where that is not known any more."""
        try:
            state = msgspec.json.decode(self._copy.read_bytes(), type=Believed)
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            return False
        index.begin_time(state)
        return True

    def step(self, index: Index, now: datetime.datetime) -> float:
        """Let the clocks of an index run; returns the store's time, seconds since 1970."""
        passed = index.pass_time(self._read(now))
        state = passed.state
        if passed.jump_s:
            log.warning("the machine's clock jumped by %.0f s; nothing is erased for it within a day", passed.jump_s)
        self.note = (
            "The machine's clock is not as it was; what it claims counts after a day." if is_doubted(state) else None
        )
        self._state = state
        if self._copied_s is None or passed.jump_s or state.time_s - self._copied_s >= COPY_EVERY_S:
            self._write(state)
        return state.time_s

    def now_s(self, index: Index, now: datetime.datetime) -> float:
        """Return the store's time at this moment; the calendar's before the first step."""
        if self._state is None:
            with contextlib.suppress(Fault):
                self.step(index, now)
        return now.timestamp() if self._state is None else self._state.time_s + self.since_step_s(now)

    def age_s(self, made_s: float) -> float:
        """Return the age at the last step of what was made at `made_s` on the store's time."""
        return 0.0 if self._state is None else age_s(self._state, made_s)

    def since_step_s(self, now: datetime.datetime) -> float:
        """Return the seconds since the last step, which the clocks of the index have not counted yet."""
        reading = self._read(now)
        is_same = self._state is not None and reading.boot == self._state.boot
        return max(reading.up_s - self._state.up_s, 0.0) if is_same and self._state is not None else 0.0

    def keep(self, index: Index) -> None:
        """Write the copy, at the end."""
        with contextlib.suppress(Fault):
            if (state := index.believed()) is not None:
                self._write(state)

    def _write(self, state: Believed) -> None:
        with contextlib.suppress(Fault, OSError):  # a copy: the index has it
            write_whole(self._copy, msgspec.json.encode(state), replace=True)
            self._copied_s = state.time_s
