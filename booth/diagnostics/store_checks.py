"""Checks of the doctor on the store, without opening it: the consent log's chain, the clock, owed erasures."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from booth.config.params.deliver import DeliverParams
from booth.core.faults import Fault
from booth.delivery.store.consent_log import ConsentLog
from booth.delivery.store.erasing import OWED
from booth.delivery.store.plausible import Believed, is_doubted
from booth.delivery.store.receipt import ReceiptSigner
from booth.delivery.store.store_key import KeyMissing, read_key
from booth.diagnostics.doctor import CheckResult


def store_findings(params: DeliverParams, folder: Path) -> Iterator[CheckResult]:
    """Check the store in `folder`; nothing is changed and no portrait is read."""
    yield _consents(params, folder)
    yield _clock(folder)
    yield _owed(folder)


def _consents(params: DeliverParams, folder: Path) -> CheckResult:
    try:
        mark = ReceiptSigner(read_key(params.store)).mark
    except (Fault, KeyMissing):  # reported by the check of the key; the chain itself needs none
        mark = None
    try:
        line = ConsentLog(folder / "consent.jsonl", mark).first_break()
    except OSError as error:
        return CheckResult("consent log", "fail", f"cannot be read ({error.strerror})", "Check its rights.")
    hint = "Something else than the booth wrote there, or cut it: keep a copy and find out who."
    return CheckResult("consent log", "pass" if line is None else "fail",
                   "its chain holds" if line is None else f"it was changed from line {line} on", hint)  # fmt: skip


def _clock(folder: Path) -> CheckResult:
    try:
        state = msgspec.json.decode((folder / "clock").read_bytes(), type=Believed)
        doubted = is_doubted(state)
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        doubted = False
    found = "it is not as it was; nothing is erased for it within a day" if doubted else "plausible"
    return CheckResult("clock", "warn" if doubted else "pass", found, "Set the date, or turn the time service on.")


def _owed(folder: Path) -> CheckResult:
    path = folder / "index.sqlite"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
            count = int(base.execute("SELECT COUNT(*) FROM items WHERE kind = ?", (OWED,)).fetchone()[0])
    except sqlite3.Error:
        count = 0
    found = f"{count} wait for a disk to be back or writable" if count else "none waits"
    return CheckResult("erasures", "warn" if count else "pass", found, "Bring the disk back, or mend its rights.")
