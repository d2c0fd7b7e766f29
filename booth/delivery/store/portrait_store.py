"""The store: keeps a portrait's file and what belongs to it, lists it, and erases it so that it is gone.

Steps are ordered so that a crash at any point leaves either a whole kept portrait or nothing readable; the next
opening finishes what was begun. Safe to call from several threads, and from several processes.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import logging
import threading
from dataclasses import dataclass
from pathlib import Path

import msgspec

from booth.config.params.deliver import DeliverParams
from booth.core.atomic_write import clear_parts, private_folder, write_whole
from booth.core.faults import Fault
from booth.delivery.store.consent_log import PURPOSE, ConsentLine, ConsentLog
from booth.delivery.store.file_lock import FileLock
from booth.delivery.store.receipt import DeletionReceipt, ReceiptSigner, new_code, plain_code
from booth.delivery.store.retention import RECORD, life_s
from booth.delivery.store.store_index import DamagedIndex, Index, State, StoreRow
from booth.delivery.store.store_key import KeyLost, make_key, read_key
from booth.delivery.store.vault import Item, Unreadable, Vault, new_id

log = logging.getLogger(__name__)


class KeptRecord(msgspec.Struct, frozen=True):
    """What is known of a kept portrait; sealed in the vault."""

    path: str  # of the finished file in the operator's folder
    sha256: str  # of that file as it was written
    receipt: str  # mark of the guest's code
    consent: str  # random number in the consent log
    made_utc: str
    locale: str = "en"
    changes: tuple[str, ...] = ()


class _Facts(msgspec.Struct, frozen=True):
    made_s: int
    life_s: float | None
    bytes: int


@dataclass(frozen=True, slots=True)
class Consent:
    """What the store needs to know of a consent; names nobody."""

    id: str
    given_at: str
    locale: str
    text_version: str
    measure: bool
    on_timeout: str


@dataclass(frozen=True, slots=True)
class StoreEntry:
    """A kept portrait as a list shows it."""

    id: str
    record: KeptRecord
    rows: tuple[StoreRow, ...]

    @property
    def path(self) -> Path:
        """The finished file."""
        return Path(self.record.path)


class Store:
    """Opens (or begins) the store in a folder; `notes` says what opening found lost or mended, in sentences."""

    def __init__(self, params: DeliverParams, folder: Path, now: datetime.datetime) -> None:
        self._params, self._folder = params, private_folder(folder)
        self._lock = threading.RLock()
        self._alone = FileLock(folder / "in-use")
        self.notes: list[str] = []
        key = self._booth_key()
        self._vault, self._seal = Vault(folder, key), ReceiptSigner(key)
        self.consents = ConsentLog(folder / "consent.jsonl")
        self._index = self._open_index(now)
        with self._alone.held() as alone:
            if alone:
                self._recover(now)
        self.tick(now)

    # -- opening ----------------------------------------------------------------------------------------------------

    def _booth_key(self) -> bytes:
        try:
            return read_key(self._params.store)
        except KeyLost as lost:
            left = [p for part in ("items", "keys") for p in (self._folder / part).glob("*") if p.is_file()]
            if left:
                self.notes.append(
                    f"The store's key is lost ({lost}). {len(left)} encrypted files could not be read by anybody any"
                    " more and were removed; portraits in the folder stay, their receipt codes no longer work."
                )
                log.error("store key lost, %d files removed", len(left))
            for path in left:
                path.unlink(missing_ok=True)
            (self._folder / "index.sqlite").unlink(missing_ok=True)
            return make_key(self._params.store)

    def _open_index(self, now: datetime.datetime) -> Index:
        path = self._folder / "index.sqlite"
        try:
            is_new = not path.exists()
            index = Index(path)
        except DamagedIndex:
            for name in (path, path.with_name(path.name + "-journal")):
                name.unlink(missing_ok=True)
            index, is_new = Index(path), True
            self.notes.append("The store's index was damaged; it was built again from the encrypted items.")
            log.error("store index damaged, rebuilt")
        if is_new:
            self._rebuild(index, now)
        return index

    def _rebuild(self, index: Index, now: datetime.datetime) -> None:
        """List what is sealed; things whose record is gone were being erased, and stay unlisted for `_recover`."""
        items = [item for item in self._vault.items() if self._vault.has_key((item[0], RECORD))]
        for item in items:
            with contextlib.suppress(Unreadable, msgspec.DecodeError):
                told = msgspec.json.decode(self._vault.facts(item), type=_Facts)
                age_s = max(0.0, now.timestamp() - told.made_s)
                left_s = None if told.life_s is None else told.life_s - age_s
                index.put(StoreRow(item, "kept", told.made_s, left_s, told.bytes))

    def _recover(self, now: datetime.datetime) -> None:
        """Finish what a crash interrupted: a whole file was kept, anything less is erased."""
        clear_parts(self._folder)
        self._vault.sweep()
        listed = {row.item for row in self._index.rows()}
        for item in list(self._vault.items()):
            if item not in listed:
                self._vault.destroy(item)
        for number in {row.item[0] for row in self._index.rows() if row.state != "kept"}:
            entry = self._entry(number)
            was_erasing = any(row.state == "erasing" for row in self._index.rows(number))
            if entry is not None and not was_erasing and _is_unchanged(entry):
                self._index.set_state(number, "kept")
            else:
                self._erase(number, now, "crash")
        self._index.drop(row.item for row in self._index.rows() if not self._vault.has_key(row.item))

    # -- keeping ----------------------------------------------------------------------------------------------------

    def keep(self, path: Path, content: bytes, consent: Consent, now: datetime.datetime,
             changes: tuple[str, ...] = ()) -> tuple[StoreEntry, str]:  # fmt: skip
        """Write the finished file and remember it; returns the entry and the guest's receipt code.

        FileExistsError when the path is taken; Fault `store.disk` or `store.write` leaves nothing behind.
        """
        code, number = new_code(), new_id()
        record = KeptRecord(
            str(path), hashlib.sha256(content).hexdigest(), self._seal.mark(plain_code(code) or ""), consent.id,
            now.isoformat(timespec="seconds"), consent.locale, changes,
        )  # fmt: skip
        with self._lock:
            try:
                self._log(_given(consent))
                self._put((number, RECORD), msgspec.json.encode(record), now, "pending")
                write_whole(path, content)
                self._index.set_state(number, "kept")
            except (Fault, FileExistsError):
                self._forget(number)
                raise
            return StoreEntry(number, record, tuple(self._index.rows(number))), code

    def add(self, number: str, kind: str, content: bytes, now: datetime.datetime) -> None:
        """Seal another thing of a kept portrait, or replace it; its clock starts anew. KeyError for an unknown one."""
        with self._lock:
            if not any(row.state == "kept" for row in self._index.rows(number)):
                raise KeyError(number)
            self._put((number, kind), content, now, "kept")

    def change(self, number: str, kind: str, content: bytes) -> None:
        """Replace what is sealed without touching its clock; KeyError when it is gone."""
        with self._lock:
            row = next((row for row in self._index.rows(number) if row.item[1] == kind), None)
            if row is None or not self._vault.has_key(row.item):
                raise KeyError(number)
            self._vault.put(row.item, self._vault.facts(row.item), content)

    def _put(self, item: Item, content: bytes, now: datetime.datetime, state: State) -> None:
        made_s, life = int(now.timestamp()), life_s(item[1], self._params)
        self._index.put(StoreRow(item, state, made_s, life, len(content)))
        try:
            self._vault.put(item, msgspec.json.encode(_Facts(made_s, life, len(content))), content)
        except Fault:
            self.remove(*item)
            raise

    def _log(self, line: ConsentLine) -> None:
        try:
            self.consents.append(line)
        except OSError as error:
            log.warning("the consent log cannot be written: %s", error.strerror)
            hint = "Make room on the disk."
            raise Fault("store.disk", "The consent log cannot be written.", hint, retry=True, exit_code=1) from error

    # -- looking ----------------------------------------------------------------------------------------------------

    def kept(self) -> list[StoreEntry]:
        """Return every kept portrait, oldest first."""
        with self._lock:
            numbers = dict.fromkeys(row.item[0] for row in self._index.rows() if row.state == "kept")
            return [entry for number in numbers if (entry := self._entry(number)) is not None]

    def entry(self, number: str) -> StoreEntry | None:
        """Return one kept portrait, or None when it is gone."""
        with self._lock:
            return self._entry(number)

    def is_kept(self, number: str) -> bool:
        """Tell whether a portrait is still here; quick."""
        return self._vault.has_key((number, RECORD))

    def read(self, number: str, kind: str) -> bytes | None:
        """Return what is sealed, or None when it is gone."""
        with self._lock:
            try:
                return self._vault.read((number, kind))
            except Unreadable:
                return None

    def find(self, kind: str) -> list[tuple[str, bytes]]:
        """Return every readable thing of a kind with its portrait's number."""
        with self._lock:
            numbers = [row.item[0] for row in self._index.rows() if row.item[1] == kind and row.state == "kept"]
            return [(number, content) for number in numbers if (content := self.read(number, kind)) is not None]

    def by_code(self, typed: str) -> StoreEntry | None:
        """Return the portrait that a receipt code belongs to."""
        signs = plain_code(typed)
        if signs is None:
            return None
        mark = self._seal.mark(signs)
        found = [entry for entry in self.kept() if entry.record.receipt == mark]
        return found[0] if found else None

    def is_ours(self, receipt: DeletionReceipt) -> bool:
        """Tell whether a deletion receipt was written by this booth."""
        return receipt.is_ours(self._seal)

    def _entry(self, number: str) -> StoreEntry | None:
        raw = self.read(number, RECORD)
        if raw is None:
            return None
        try:
            record = msgspec.json.decode(raw, type=KeptRecord)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return None
        return StoreEntry(number, record, tuple(self._index.rows(number)))

    # -- erasing ----------------------------------------------------------------------------------------------------

    def erase(self, number: str, now: datetime.datetime, because: str = "operator") -> DeletionReceipt:
        """Erase a portrait and all that belongs to it; harmless when repeated. The receipt says what went."""
        with self._lock:
            entry = self._entry(number)
            receipt = self._erase(number, now, because)
            if entry is not None and because == "guest":
                at = now.isoformat(timespec="seconds")
                with contextlib.suppress(Fault):  # said in the booth's log; the erasure itself is done
                    self._log(ConsentLine("withdrawn", at, entry.record.consent, purpose=PURPOSE))
            return receipt

    def remove(self, number: str, kind: str) -> None:
        """Erase one thing of a portrait and leave the rest."""
        with self._lock:
            self._vault.destroy((number, kind))
            self._index.drop([(number, kind)])

    def _erase(self, number: str, now: datetime.datetime, because: str) -> DeletionReceipt:
        entry, rows = self._entry(number), self._index.rows(number)
        with contextlib.suppress(Fault):  # a full disk must not stop an erasure
            self._index.set_state(number, "erasing")
        file = "none" if entry is None else _remove_unchanged(entry)
        self._forget(number)
        kinds = tuple(row.item[1] for row in rows)
        receipt = DeletionReceipt(number, now.isoformat(timespec="seconds"), because, kinds, file)
        return receipt.signed(self._seal)

    def _forget(self, number: str) -> None:
        items = [row.item for row in self._index.rows(number)]
        for item in items:
            if item[1] != RECORD:
                self._vault.destroy(item)
        self._vault.destroy((number, RECORD))  # last: it knows where the file is
        with contextlib.suppress(Fault):  # rows without a key go at the next opening
            self._index.drop(items)

    def tick(self, now: datetime.datetime) -> list[DeletionReceipt]:
        """Let the clocks run and erase what ran out; call it every minute or so."""
        with self._lock:
            with contextlib.suppress(Fault):  # on a full disk the time that passed is taken off later
                self._index.pass_time(now.timestamp())
            receipts = []
            for row in self._index.rows():
                if row.left_s is not None and row.left_s <= 0:
                    if row.item[1] == RECORD:
                        receipts.append(self._erase(row.item[0], now, "clock"))
                    else:
                        self.remove(*row.item)
            with contextlib.suppress(OSError, Fault):  # tried again at the next tick
                self.consents.shorten(now, self._params.store.consent_days)
            return receipts

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._index.close()
            self._alone.close()


def _given(consent: Consent) -> ConsentLine:
    return ConsentLine(
        "given", consent.given_at, consent.id, consent.text_version, consent.locale, PURPOSE, consent.measure,
        consent.on_timeout,
    )  # fmt: skip


def _is_unchanged(entry: StoreEntry) -> bool:
    try:
        with entry.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == entry.record.sha256
    except OSError:
        return False


def _remove_unchanged(entry: StoreEntry) -> str:
    """Remove the booth's own file; one that was changed since is no longer the booth's and stays."""
    if not entry.path.is_file():
        return "gone"
    if not _is_unchanged(entry):
        return "changed"
    entry.path.unlink(missing_ok=True)
    return "removed"
