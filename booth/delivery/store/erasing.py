"""Erasing a portrait, also where something is in the way: what cannot be removed now is owed, and tried again.

No error of a disk leaves this module: an erasure that a guest asked for is done, or it is pending and said to be.
"""

from __future__ import annotations

import contextlib
import datetime
import logging
from collections.abc import Callable
from pathlib import Path

import msgspec

from booth.core.atomic_write import write_whole
from booth.core.faults import Fault
from booth.delivery.store import finished
from booth.delivery.store.kept import KeptRecord
from booth.delivery.store.receipt import DeletionReceipt, ReceiptSigner
from booth.delivery.store.retention import RECORD
from booth.delivery.store.store_index import Index, StoreRow
from booth.delivery.store.vault import Away, Item, Vault

log = logging.getLogger(__name__)

OWED = "erasing"  # an item that says of a portrait that its erasure was asked for and could not be finished
LATE_RECEIPTS = "late-receipts.jsonl"  # receipts of erasures that were carried out later than they were asked for


class _Asked(msgspec.Struct, frozen=True):
    because: str
    kinds: tuple[str, ...]


class Eraser:
    """Belongs to the store and is called under its lock. `record_of` reads what is known of a portrait's file."""

    def __init__(self, vault: Vault, index: Index, signer: ReceiptSigner, folder: Path,
                 record_of: Callable[[str], KeptRecord | None]) -> None:  # fmt: skip
        self._vault, self._index, self._signer, self._folder, self._record_of = vault, index, signer, folder, record_of
        self._owed: dict[str, _Asked] = {}

    def is_owed(self, number: str) -> bool:
        """Return whether a portrait is to be erased as soon as that is possible."""
        return number in self._owed

    def reload(self) -> None:
        """Take up what earlier runs owed."""
        for number in self._index.numbers(kind=OWED):
            self._owed.setdefault(number, self._asked(number))

    def erase(self, number: str, now: datetime.datetime, because: str) -> DeletionReceipt:
        """Erase everything of a portrait, the record last; the receipt's `file` is `pending` where that must wait."""
        items = self._items(number)
        kinds = tuple(kind for _, kind in items if kind != OWED)
        asked = self._owed.get(number, _Asked(because, kinds))
        if items:
            self._owed[number] = asked
        _tried(lambda: self._index.set_state(number, "erasing"))  # a full disk must not stop an erasure
        file = self._remove_file(number, is_known=bool(items))
        extras = [self.destroy(item) for item in items if item[1] not in (RECORD, OWED)]
        is_done = file != "pending" and all(extras) and self.destroy((number, RECORD))
        if is_done and self.destroy((number, OWED)):
            self._owed.pop(number, None)
            _tried(lambda: self._index.drop(items))  # rows without a key go at the next opening
        elif items:
            file = "pending"
            self._write_down(number, asked, now)
        receipt = DeletionReceipt(number, now.isoformat(timespec="seconds"), asked.because, asked.kinds, file)
        return receipt.signed(self._signer)

    def pay(self, now: datetime.datetime) -> list[DeletionReceipt]:
        """Try again what is owed; returns the receipts of what could be done now, which are also kept on the disk."""
        tried = [self.erase(number, now, asked.because) for number, asked in list(self._owed.items())]
        done = [receipt for receipt in tried if receipt.file != "pending"]
        for receipt in done:
            log.info("an erasure that had to wait was carried out")
            _tried(lambda receipt=receipt: self._keep_receipt(receipt))  # type: ignore[misc]
        return done

    def destroy(self, item: Item) -> bool:
        """Erase one item; False where the disk does not let it go now."""
        return _tried(lambda: self._vault.destroy(item))

    def _items(self, number: str) -> list[Item]:
        try:
            return [row.item for row in self._index.rows(number)]
        except Fault:  # the index does not answer: what lies there is known all the same
            return [item for item in self._vault.items() if item[0] == number]

    def _remove_file(self, number: str, *, is_known: bool) -> str:
        try:
            record = self._record_of(number)
        except Away:
            return "pending"
        if record is None:
            return "unknown" if is_known else "none"
        return finished.remove_ours(record)

    def _write_down(self, number: str, asked: _Asked, now: datetime.datetime) -> None:
        """Remember across restarts, and across a damaged index, that a portrait is to be erased."""
        item, content = (number, OWED), msgspec.json.encode(asked)
        with contextlib.suppress(OSError):
            if self._vault.has_key(item):
                return
        log.warning("an erasure waits: the file or the store cannot be changed now")
        made_s = int(now.timestamp())
        _tried(lambda: self._index.put(StoreRow(item, "erasing", made_s, None, len(content))))
        _tried(
            lambda: self._vault.put(item, msgspec.json.encode({"made_s": made_s, "life_s": None, "bytes": 0}), content)
        )

    def _asked(self, number: str) -> _Asked:
        with contextlib.suppress(Exception):  # unreadable or changed: that an erasure was asked for is all that counts
            return msgspec.json.decode(self._vault.read((number, OWED)), type=_Asked)
        return _Asked("guest", tuple(row.item[1] for row in self._index.rows(number) if row.item[1] != OWED))

    def _keep_receipt(self, receipt: DeletionReceipt) -> None:
        path = self._folder / LATE_RECEIPTS
        before = path.read_bytes() if path.is_file() else b""
        write_whole(path, before + msgspec.json.encode(receipt) + b"\n", replace=True)


def _tried(act: Callable[[], object]) -> bool:
    """Do something that a disk may refuse; False where it did."""
    try:
        act()
    except (OSError, Fault) as error:
        log.warning("erasing: %s", getattr(error, "code", type(error).__name__))
        return False
    return True
