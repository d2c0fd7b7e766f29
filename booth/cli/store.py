"""`booth store`: what is kept and until when, and true deletion of it."""

from __future__ import annotations

import datetime
import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from booth.app.operator.profile_file import profile_in_use
from booth.cli.asking import confirm
from booth.cli.options import JsonFile, Profile, ensure_folder, tell, write_json
from booth.config.params import load_params
from booth.config.params.deliver import DeliverParams
from booth.core.atomic_write import write_whole
from booth.core.clock import utc_now
from booth.core.faults import Fault
from booth.core.paths import data_folder
from booth.delivery.portrait_folder import PortraitFolder
from booth.delivery.store.finished import Away
from booth.delivery.store.key_check import erase_unreadable
from booth.delivery.store.portrait_store import Store, StoreEntry
from booth.delivery.store.receipt import DeletionReceipt, plain_code
from booth.delivery.store.retention import ORIGINAL
from booth.delivery.store.store_key import key_path

_STAYS = {
    "changed": "was changed after the booth wrote it and stays; remove it yourself.",
    "pending": "cannot be removed now, its disk is away or cannot be written: the booth removes it once it can.",
    "blocked": "cannot be removed; check the rights of its folder.",
    "unknown": "may still lie there: the record that said so is damaged; remove it yourself.",
}  # a receipt's `file` -> what the operator has to know
NAMED = 5  # portraits named in the question before an erasure; the rest are counted
_OWN_RECORD = b"<booth:Record>"  # stands in every file that the booth developed


@dataclass(frozen=True, slots=True)
class _Kept:
    """One thing that can be named: a portrait of the store, or a file of the booth that the store does not know."""

    path: Path
    entry: StoreEntry | None

    def is_called(self, name: str, store: Store) -> bool:
        if name in (self.path.name, str(self.path)):
            return True
        if self.entry is None:
            return False
        found = store.by_code(name) if plain_code(name) else None
        return name == self.entry.id or (found is not None and found.id == self.entry.id)


def store(
    action: Annotated[str, typer.Argument(help="list, export or erase.")] = "list",
    names: Annotated[list[str] | None, typer.Argument(help="File names, receipt codes, or all.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Folder to export to.")] = None,
    receipt: Annotated[Path | None, typer.Option("--receipt", help="File for the receipts of an erasure.")] = None,
    unreadable: Annotated[
        bool, typer.Option("--erase-unreadable", help="With erase: give up all that a key that is gone has locked.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking, for scripts.")] = False,
    profile: Profile = None,
    json: JsonFile = None,
) -> int:
    """List, copy out or erase the portraits the booth has kept, and all that belongs to them."""
    if action not in ("list", "export", "erase"):
        raise Fault("store.action", f"The store cannot {action}.", "It can list, export and erase.")
    params, now = load_params(profile_in_use(profile)).deliver, utc_now()
    if unreadable:
        return _give_up(action, params, yes=yes, json=json)
    opened = Store(params, data_folder() / "store", now)
    try:
        for note in (*opened.notes, *_owed(opened)):
            tell(note, json)
        kept = _all_kept(opened, PortraitFolder(params).folder)
        if action == "list":
            return _list(kept, now, json)
        chosen = _chosen(kept, names or [], opened)
        if action == "erase" and chosen:
            listed = ", ".join(one.path.name for one in chosen[:NAMED]) + " ..." * (len(chosen) > NAMED)
            confirm(f"Erase {len(chosen)} of {len(kept)} portraits for good ({listed})?", yes=yes)
        by_code = all(plain_code(name) is not None for name in names or [])  # a guest came with their receipt
        facts = _export(opened, chosen, to, json) if action == "export" else _erase(opened, chosen, now, by_code, json)
        if receipt is not None:
            write_json(str(receipt), {"version": 1, "receipts": facts})
        if json:
            write_json(json, {"version": 1, "action": action, "done": facts})
        tell(f"{action}: {len(chosen)} of {len(kept)} portraits", json)
        return 0
    finally:
        opened.close()


def _owed(opened: Store) -> list[str]:
    return [f"{opened.owed} erasures wait for a disk to be back or writable."] if opened.owed else []


def _give_up(action: str, params: DeliverParams, *, yes: bool, json: str | None) -> int:
    """Erase what a lost key has locked, after a yes; portraits in the folder stay."""
    if action != "erase":
        raise Fault("store.action", f"--erase-unreadable does not go with {action}.", "Say `booth store erase`.")
    question = (
        f"Everything in {data_folder() / 'store'} that only the key {key_path(params.store)} opens is erased for good;"
        " receipt codes of kept portraits stop working. Is that key gone for good?"
    )
    confirm(question, yes=yes)
    count = erase_unreadable(params.store, data_folder() / "store")
    tell(f"{count} encrypted files erased unread; the store begins afresh", json)
    if json:
        write_json(json, {"version": 1, "action": "erase-unreadable", "files": count})
    return 0


def _all_kept(opened: Store, folder: Path) -> list[_Kept]:
    entries = [_Kept(entry.path, entry) for entry in opened.kept()]
    known = {kept.path for kept in entries}
    files = sorted(p for p in folder.glob("*") if p.is_file()) if folder.is_dir() else []
    return entries + [_Kept(p, None) for p in files if p not in known and _is_by_the_booth(p)]


def _is_by_the_booth(path: Path) -> bool:
    """Tell whether a file carries the booth's own record; other files in the folder are nobody's business here."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(_OWN_RECORD) >= 0
    except (OSError, ValueError):  # an empty file cannot be mapped
        return False


def _list(kept: list[_Kept], now: datetime.datetime, json: str | None) -> int:
    rows = [_row(one, now) for one in kept]
    for row in rows:
        belongs = ", ".join(f"{part['kind']} {part['until'] or 'no limit'}" for part in row["parts"])
        size = "file gone" if row["bytes"] is None else f"{row['bytes']} bytes"
        tell(
            f"{row['file']}  {size}  until {row['until'] or 'it is erased'}" + (f"  [{belongs}]" * bool(belongs)), json
        )
    tell(f"{len(kept)} portraits kept", json)
    if json:
        write_json(json, {"version": 1, "asked_utc": now.isoformat(timespec="seconds"), "kept": rows})
    return 0


def _row(one: _Kept, now: datetime.datetime) -> dict[str, Any]:
    size = one.path.stat().st_size if one.path.is_file() else None
    row: dict[str, Any] = {"file": one.path.name, "bytes": size, "until": None, "id": None, "parts": []}
    if one.entry is None:
        return row
    row["id"] = one.entry.id
    for part in one.entry.rows:
        until = None if part.left_s is None else now + datetime.timedelta(seconds=part.left_s)
        until_text = None if until is None else until.isoformat(timespec="seconds")
        if part.item[1] == "record":
            row["until"] = until_text
        else:
            row["parts"].append({"kind": part.item[1], "bytes": part.bytes, "until": until_text})
    return row


def _chosen(kept: list[_Kept], names: list[str], opened: Store) -> list[_Kept]:
    if names == ["all"]:
        return kept
    hint = "Name files as `booth store` lists them, or a receipt code, or say all."
    if not names:
        raise Fault("store.missing", "No portrait was named.", hint)
    found = [[one for one in kept if one.is_called(name, opened)] for name in names]
    missing = [name for name, ones in zip(names, found, strict=True) if not ones]
    if missing:
        raise Fault("store.missing", f"There is no kept portrait {', '.join(missing)}.", hint)
    unique = {one.path: one for ones in found for one in ones}
    return list(unique.values())


def _export(opened: Store, chosen: list[_Kept], to: Path | None, json: str | None) -> list[Any]:
    if to is None:
        raise Fault("store.where", "Nowhere to export to.", "Add --to FOLDER.")
    folder, done = ensure_folder(to), []
    for one in chosen:
        if (content := _own_content(opened, one)) is not None:
            write_whole(folder / one.path.name, content, replace=True)
            done.append(one.path.name)
        else:
            tell(f"{one.path} is gone or is no longer what the booth wrote; it was not copied.", json)
        original = opened.read(one.entry.id, ORIGINAL) if one.entry is not None else None
        if original is not None:
            name = f"{one.path.stem}.original{_ending(original)}"
            write_whole(folder / name, original, replace=True)
            done.append(name)
    return done


def _own_content(opened: Store, one: _Kept) -> bytes | None:
    """Return a portrait's bytes as they were kept; of a file that the store does not know, what is in it."""
    if one.entry is not None:
        try:
            return opened.content(one.entry.id)
        except Away:
            return None
    try:
        return one.path.read_bytes()
    except OSError:
        return None


def _ending(content: bytes) -> str:
    return ".png" if content.startswith(b"\x89PNG") else ".jpg"


def _unlinked(path: Path) -> str:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return "blocked"
    return "removed"


def _erase(opened: Store, chosen: list[_Kept], now: datetime.datetime, by_code: bool, json: str | None) -> list[Any]:
    receipts = []
    for one in chosen:
        if one.entry is not None:
            receipt = opened.erase(one.entry.id, now, "guest" if by_code else "operator")
        else:
            receipt = DeletionReceipt("", now.isoformat(timespec="seconds"), "operator", (), _unlinked(one.path))
        if receipt.file in _STAYS:
            tell(f"{one.path} {_STAYS[receipt.file]}", json)
        receipts.append(msgspec.to_builtins(receipt))
    return receipts
