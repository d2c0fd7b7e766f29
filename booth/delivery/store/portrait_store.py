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
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import msgspec

from booth.config.params.deliver import DeliverParams
from booth.core.atomic_write import private_folder, write_whole
from booth.core.faults import Fault
from booth.delivery.store import finished
from booth.delivery.store.clocks import Reader, StoreTime, read_clocks
from booth.delivery.store.consent_log import PURPOSE, ConsentLine, ConsentLog
from booth.delivery.store.erasing import OWED, Eraser
from booth.delivery.store.file_lock import FileLock
from booth.delivery.store.kept import Consent, Facts, KeptRecord, StoreEntry
from booth.delivery.store.key_check import open_key
from booth.delivery.store.mending import Mender, rebuild
from booth.delivery.store.names import UsedNames
from booth.delivery.store.receipt import DeletionReceipt, ReceiptSigner, new_code, plain_code
from booth.delivery.store.retention import RECORD, life_s
from booth.delivery.store.store_index import DamagedIndex, Index, State, StoreRow
from booth.delivery.store.vault import Away, Item, Unreadable, Vault, new_id

log = logging.getLogger(__name__)

__all__ = ["Consent", "StoreEntry", "KeptRecord", "Store"]


class Store:
    """Opens (or begins) the store in a folder; `notes` says what opening found lost or mended, in sentences."""

    def __init__(self, params: DeliverParams, folder: Path, now: datetime.datetime,
                 clocks: Reader = read_clocks) -> None:  # fmt: skip
        self._params, self._folder = params, private_folder(folder)
        self._lock = threading.RLock()
        key, notes = open_key(params.store, folder)
        self._file_lock = FileLock(folder / "in-use")
        try:
            self._open(key, folder, now, clocks)
        except BaseException:
            self._file_lock.close()
            raise
        self.notes[:0] = notes

    def _open(self, key: bytes, folder: Path, now: datetime.datetime, clocks: Reader) -> None:
        """Open every part and mend what a crash left."""
        self.notes: list[str] = []
        self._vault, self._signer = Vault(folder, key), ReceiptSigner(key)
        self.consents = ConsentLog(folder / "consent.jsonl", self._signer.mark)
        self._names = UsedNames(folder, self._signer.mark)
        self._time = StoreTime(folder / "clock", clocks)
        self._index = self._open_index(now)
        self._eraser = Eraser(self._vault, self._index, self._signer, folder, self._record)
        with self._file_lock.held() as is_alone:
            if is_alone:
                Mender(folder, self._vault, self._index, self._eraser, self._record, self._use_up).recover(now)
        self._eraser.reload()
        self.tick(now)
        self._look_after_names()
        if (line := self.consents.first_break()) is not None:
            self.notes.append(f"The consent log was changed by something else than the booth, from line {line} on.")
            log.error("the consent log's chain is broken at line %d", line)

    # -- opening ----------------------------------------------------------------------------------------------------

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
            rebuild(index, self._vault, self._time, self._params, now)
        return index

    def _look_after_names(self) -> None:
        """Write down the names of portraits that were kept before names were written down."""
        if self._names.is_new and (kept := self.kept()):
            with contextlib.suppress(OSError):  # tried again at the next start
                self._names.add([entry.path for entry in kept])

    # -- keeping ----------------------------------------------------------------------------------------------------

    def keep(self, path: Path, content: bytes, consent: Consent, now: datetime.datetime,
             changes: tuple[str, ...] = ()) -> tuple[StoreEntry, str]:  # fmt: skip
        """Write the finished file and remember it; returns the entry and the guest's receipt code.

        FileExistsError when the path is taken; Fault `store.disk` or `store.write` leaves nothing behind.
        """
        code, number = new_code(), new_id()
        with self._lock:
            with contextlib.suppress(Fault):  # on a full disk the time that passed is taken off later
                self._time.step(self._index, now)
            if self._names.has(path):
                raise FileExistsError(path)
            record = KeptRecord(
                str(path), hashlib.sha256(content).hexdigest(), self._signer.mark(plain_code(code) or ""), consent.id,
                now.isoformat(timespec="seconds"), consent.locale, changes, *finished.whereabouts(path),
            )  # fmt: skip
            try:
                self._log(_given(consent), now)
                self._put((number, RECORD), msgspec.json.encode(record), now, "pending")
                write_whole(path, content)
                self._use_up(path)
                self._index.set_state(number, "kept")
            except (Fault, FileExistsError):
                self._forget(number)
                raise
            return StoreEntry(number, record, tuple(self._index.rows(number))), code

    def is_used(self, path: Path) -> bool:
        """Return whether a file of that name was ever kept: no name is given twice."""
        with self._lock:
            return self._names.has(path)

    def _use_up(self, path: Path) -> None:
        if not self._names.has(path):
            try:
                self._names.add([path])
            except OSError as error:  # the portrait itself is kept; this process remembers the name all the same
                log.warning("a name could not be written down: %s", error.strerror)

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
            try:
                facts = self._vault.facts(row.item)
            except Away:
                hint = "It is tried again."
                raise Fault("store.disk", "The store cannot be read now.", hint, retry=True, exit_code=1) from None
            except Unreadable:  # its bytes were changed; what replaces them keeps the clock of the index
                facts = msgspec.json.encode(Facts(row.made_s, row.left_s, len(content)))
            self._vault.put(row.item, facts, content)

    def _put(self, item: Item, content: bytes, now: datetime.datetime, state: State) -> None:
        made_s, life = int(self._time.now_s(self._index, now)), life_s(item[1], self._params)
        left_s = None if life is None else life + self._time.since_step_s(now)  # the next step takes that off again
        self._index.put(StoreRow(item, state, made_s, left_s, len(content)))
        try:
            self._vault.put(item, msgspec.json.encode(Facts(made_s, life, len(content))), content)
        except Fault:
            self.remove(*item)
            raise

    def _log(self, line: ConsentLine, now: datetime.datetime) -> None:
        days, time_s = self._params.store.consent_days, int(self._time.now_s(self._index, now))
        try:
            self.consents.append(msgspec.structs.replace(line, time_s=time_s, days=days))
        except OSError as error:
            log.warning("the consent log cannot be written: %s", error.strerror)
            hint = "Make room on the disk."
            raise Fault("store.disk", "The consent log cannot be written.", hint, retry=True, exit_code=1) from error

    # -- looking ----------------------------------------------------------------------------------------------------

    def kept(self) -> list[StoreEntry]:
        """Return every kept portrait, oldest first."""
        with self._lock:
            return list(self._entries(self._index.numbers(state="kept")))

    def newest(self, most: int) -> list[StoreEntry]:
        """Return the newest kept portraits, newest first: only their records are opened, however many there are."""
        with self._lock:
            return list(islice(self._entries(reversed(self._index.numbers(kind=RECORD, state="kept"))), most))

    def _entries(self, numbers: Iterable[str]) -> Iterator[StoreEntry]:
        for number in numbers:
            if not self._eraser.is_owed(number) and (entry := self._entry(number)) is not None:
                yield entry

    def entry(self, number: str) -> StoreEntry | None:
        """Return one kept portrait, or None when it is gone or to be erased."""
        with self._lock:
            return None if self._eraser.is_owed(number) else self._entry(number)

    def is_kept(self, number: str) -> bool:
        """Return whether a portrait is still here; quick."""
        try:
            return not self._eraser.is_owed(number) and self._vault.has_key((number, RECORD))
        except OSError:  # the disk does not answer now: nothing is known to be gone
            return True

    def content(self, number: str) -> bytes | None:
        """Return the finished file's bytes where they are this portrait's very own; None when gone or changed.

        Raises `finished.Away` where that cannot be determined now.
        """
        entry = self.entry(number)
        return None if entry is None else finished.read_ours(entry.record)

    @property
    def owed(self) -> int:
        """How many portraits wait to be erased until a disk is back or can be written."""
        with self._lock:
            return len(self._index.numbers(kind=OWED))

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
            numbers = self._index.numbers(kind=kind, state="kept")
            return [(number, content) for number in numbers if (content := self.read(number, kind)) is not None]

    def by_code(self, typed: str) -> StoreEntry | None:
        """Return the portrait that a receipt code belongs to."""
        signs = plain_code(typed)
        if signs is None:
            return None
        mark = self._signer.mark(signs)
        found = [entry for entry in self.kept() if entry.record.receipt == mark]
        return found[0] if found else None

    def is_ours(self, receipt: DeletionReceipt) -> bool:
        """Return whether a deletion receipt was written by this booth."""
        return receipt.is_ours(self._signer)

    def _entry(self, number: str) -> StoreEntry | None:
        try:
            record = self._record(number)
        except Away:
            return None
        return None if record is None else StoreEntry(number, record, tuple(self._index.rows(number)))

    def _record(self, number: str) -> KeptRecord | None:
        """Return what is known of a portrait, None when it is gone or damaged; Away when it cannot be read now."""
        try:
            return msgspec.json.decode(self._vault.read((number, RECORD)), type=KeptRecord)
        except Away:
            raise
        except (Unreadable, msgspec.DecodeError, msgspec.ValidationError):
            return None

    # -- erasing ----------------------------------------------------------------------------------------------------

    def erase(self, number: str, now: datetime.datetime, because: str = "operator") -> DeletionReceipt:
        """Erase a portrait and all that belongs to it; harmless when repeated. The receipt says what went.

        Its `file` is `pending` where a disk is away or cannot be written: then it is tried again until it is done.
        """
        with self._lock:
            entry = self._entry(number)
            receipt = self._eraser.erase(number, now, because)
            if entry is not None and because == "guest":
                at = now.isoformat(timespec="seconds")
                with contextlib.suppress(Fault):  # said in the booth's log; the erasure itself is done
                    self._log(ConsentLine("withdrawn", at, entry.record.consent, purpose=PURPOSE), now)
            return receipt

    def remove(self, number: str, kind: str) -> None:
        """Erase one thing of a portrait and leave the rest; what a disk holds back is tried again with its clock."""
        with self._lock:
            if self._eraser.destroy((number, kind)):
                self._index.drop([(number, kind)])

    def _forget(self, number: str) -> None:
        """Take back a portrait that could not be kept."""
        items = [row.item for row in self._index.rows(number)]
        for item in sorted(items, key=lambda item: item[1] == RECORD):  # the record last: it knows where the file is
            self._eraser.destroy(item)
        with contextlib.suppress(Fault):  # rows without a key go at the next opening
            self._index.drop(items)

    def tick(self, now: datetime.datetime) -> list[DeletionReceipt]:
        """Let the clocks run, erase what ran out and what was owed; call it every minute or so."""
        with self._lock:
            with contextlib.suppress(Fault):  # on a full disk the time that passed is taken off later
                self._time.step(self._index, now)
            receipts = self._eraser.pay(now)
            for number, kind in self._index.ran_out():
                if kind == RECORD:
                    receipts.append(self._eraser.erase(number, now, "clock"))
                else:
                    with contextlib.suppress(Fault):  # tried again at the next tick
                        self.remove(number, kind)
            return receipts

    def shorten_consents(self, now: datetime.datetime) -> int:
        """Drop lines of the consent log that ran out; the booth itself does it, no command beside it."""
        with self._lock, contextlib.suppress(OSError, Fault):  # tried again at the next tick
            return self.consents.shorten(now, self._params.store.consent_days, self._time.age_s)
        return 0

    @property
    def clock_note(self) -> str | None:
        """A sentence where the calendar has jumped and what it claims is not believed yet; None else."""
        return self._time.note

    def close(self) -> None:
        """Release the files."""
        with self._lock:
            self._time.keep(self._index)
            self._index.close()
            self._file_lock.close()


def _given(consent: Consent) -> ConsentLine:
    return ConsentLine(
        "given", consent.given_at, consent.id, consent.text_version, consent.locale, PURPOSE, consent.measure,
        consent.on_timeout,
    )  # fmt: skip
