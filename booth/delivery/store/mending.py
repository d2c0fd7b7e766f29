"""What an opening mends: an index that was damaged, and what a crash interrupted."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from booth.config.params.deliver import DeliverParams
from booth.core.atomic_write import clear_parts
from booth.core.faults import Fault
from booth.delivery.store import finished
from booth.delivery.store.clocks import StoreTime
from booth.delivery.store.erasing import OWED, Eraser
from booth.delivery.store.kept import Facts, KeptRecord
from booth.delivery.store.retention import DAY_S, RECORD, life_s
from booth.delivery.store.store_index import Index, StoreRow
from booth.delivery.store.vault import Away, Unreadable, Vault

log = logging.getLogger(__name__)


def rebuild(index: Index, vault: Vault, time: StoreTime, params: DeliverParams, now: datetime.datetime) -> None:
    """List what is sealed in a fresh index; things whose record is gone were being erased, and stay unlisted."""
    is_sure = time.restore(index)
    time_s = time.step(index, now)
    items = [item for item in vault.items() if vault.has_key((item[0], RECORD))]
    owed = {number for number, kind in items if kind == OWED}
    for item in items:
        try:
            kept_facts = msgspec.json.decode(vault.facts(item), type=Facts)
        except Away:  # listed all the same: what cannot be read now must not be taken for left over
            kept_facts = Facts(int(time_s), life_s(item[1], params), 0)
        except (Unreadable, msgspec.DecodeError):
            continue
        left_s = None if kept_facts.life_s is None else kept_facts.life_s - time.age_s(kept_facts.made_s)
        if left_s is not None and not is_sure:  # the calendar may be wrong: nothing goes at once
            left_s = max(left_s, min(DAY_S, kept_facts.life_s or DAY_S))
        index.put(StoreRow(item, "erasing" if item[0] in owed else "kept", kept_facts.made_s, left_s, kept_facts.bytes))


@dataclass(frozen=True, slots=True)
class Mender:
    """The parts of a store that recovery works on."""

    folder: Path
    vault: Vault
    index: Index
    eraser: Eraser
    record_of: Callable[[str], KeptRecord | None]
    use_up: Callable[[Path], None]

    def recover(self, now: datetime.datetime) -> None:
        """Finish what a crash interrupted: a whole file was kept, anything less is erased. Fault `store.folder`."""
        self._check_folders()
        try:
            self._tidy_up()
        except OSError as error:  # a disk that cannot be written: tidied up at a later start
            log.warning("the store cannot be tidied up: %s", error.strerror)
        for number in self.index.unsettled() - set(self.index.numbers(kind=OWED)):
            try:
                self._finish(number, self.record_of(number), now)
            except Away:
                continue
        self.index.drop(self.index.items() - self.vault.keyed())

    def _tidy_up(self) -> None:
        clear_parts(self.folder)
        for item in sorted(self.vault.sweep() - self.index.items()):
            self.vault.destroy(item)

    def _finish(self, number: str, record: KeptRecord | None, now: datetime.datetime) -> None:
        was_erasing = any(row.state == "erasing" for row in self.index.rows(number))
        if record is not None and not was_erasing and finished.file_state(record) == "ours":
            self.use_up(Path(record.path))
            self.index.set_state(number, "kept")
        else:
            self.eraser.erase(number, now, "crash")

    def _check_folders(self) -> None:
        """Refuse where of all that is listed one half has vanished at once: a folder is away, not emptied."""
        listed = bool(self.index.numbers(kind=RECORD, state="kept"))
        empty = [part for part in ("keys", "items") if not any((self.folder / part).iterdir())]
        if listed and len(empty) == 1:
            hint = "Bring it back; nothing was changed."
            raise Fault("store.folder", f"{self.folder / empty[0]} is empty, and should not be.", hint)
