"""Which key a store wants: a fingerprint beside what the key wraps, so that a wrong or absent key is detected at once.

Without it an absent key looks like a first start, and a wrong one like a store full of damaged items.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from booth.config.params.deliver import StoreParams
from booth.core.atomic_write import private_folder, write_whole
from booth.core.faults import Fault
from booth.delivery.store import store_key as keys
from booth.delivery.store.file_lock import FileLock

FILE = "key-id"
FINGERPRINT_BYTES = 8
_PARTS = ("items", "keys")


class _KeyNote(msgspec.Struct, frozen=True):
    id: str  # hex fingerprint of the key
    place: str  # the key file when it was last opened


def fingerprint(key: bytes) -> str:
    """Return 16 hex digits that identify a key and reveal nothing of it."""
    return HKDF(hashes.SHA256(), length=FINGERPRINT_BYTES, salt=None, info=b"booth key id 1").derive(key).hex()


def is_begun(folder: Path) -> bool:
    """Return whether a store was ever opened in a folder: then its key exists somewhere."""
    return (folder / FILE).exists() or (folder / "index.sqlite").exists() or bool(_sealed(folder))


def open_key(params: StoreParams, folder: Path) -> tuple[bytes, tuple[str, ...]]:
    """Return the key of the store in `folder` and sentences for the log; makes one only for a store that never was.

    Moves it first where the profile now wants it kept otherwise. Fault `store.key_away` or `store.key_wrong`
    leaves everything as it is.
    """
    try:
        key = keys.read_key(params)
    except keys.KeyMissing as missing:
        if is_begun(folder):
            raise keys.key_away(params, f"is not there{_wanted(folder)}") from missing
        key = keys.make_key(params)
    _check(params, folder, key)
    notes = [note] if (note := keys.tighten(params)) else []
    if keys.move_key(params, key):
        notes.append(f"The store's key is kept by {params.key} now; the old copy of it was overwritten.")
    _remember(params, folder, key)
    return key, tuple(notes)


def check_key(params: StoreParams, folder: Path) -> str:
    """Return how the store's key is kept, having tried it; changes nothing. KeyMissing before the first start."""
    try:
        _check(params, folder, keys.read_key(params))
    except keys.KeyMissing as missing:
        if is_begun(folder):
            raise keys.key_away(params, f"is not there{_wanted(folder)}") from missing
        raise
    return keys.key_kind(params)


def erase_unreadable(params: StoreParams, folder: Path) -> int:
    """Give up everything that a lost key wrapped, so that the store can begin afresh; returns how many files went.

    Fault `store.key_there` where the key opens the store, `store.busy` where a booth has it open.
    """
    try:
        check_key(params, folder)
    except (Fault, keys.KeyMissing) as trouble:
        if isinstance(trouble, Fault) and trouble.code not in ("store.key_away", "store.key_wrong", "store.passphrase"):
            raise
    else:
        hint = "`booth store erase` erases what can be read."
        raise Fault("store.key_there", "The store's key is there and opens it.", hint)
    lock = FileLock(private_folder(folder) / "in-use")
    try:
        with lock.held() as is_alone:
            if not is_alone:
                raise Fault("store.busy", "Another program has the store open.", "Close the booth first.")
            return _give_up(params, folder)
    finally:
        lock.close()


def _give_up(params: StoreParams, folder: Path) -> int:
    sealed = _sealed(folder)
    for path in (*sealed, folder / "index.sqlite", folder / "index.sqlite-journal", folder / FILE):
        path.unlink(missing_ok=True)
    path = keys.key_path(params)
    try:
        keys.read_key(params)  # a whole key that is another store's stays, and is this one's from now on
    except keys.KeyMissing:
        pass
    except Fault:
        if path.exists():
            path.replace(path.with_name(f"{path.name}.unusable"))
    return len(sealed)


def _check(params: StoreParams, folder: Path, key: bytes) -> None:
    key_note = _read_note(folder)
    fits = key_note.id == fingerprint(key) if key_note else _opens_any(folder, key)
    if not fits:
        sentence = f"The key {keys.key_path(params)} is not the store's{_wanted(folder)}"
        hint = "Name the booth's own profile with --profile, or put its key back; nothing was changed."
        raise Fault("store.key_wrong", f"{sentence}.", hint)


def _opens_any(folder: Path, key: bytes) -> bool:
    """Return whether a key opens anything in a store without fingerprint; an empty one takes any."""
    wrapped = [path for path in _sealed(folder) if path.parent.name == "keys"]
    return not wrapped or any(_opens(path, AESGCM(key)) for path in wrapped)


def _opens(path: Path, box: AESGCM) -> bool:
    try:
        raw = path.read_bytes()
        box.decrypt(raw[: keys.NONCE_BYTES], raw[keys.NONCE_BYTES :], path.name.encode() + b" key")
    except (OSError, InvalidTag, ValueError):
        return False
    return True


def _remember(params: StoreParams, folder: Path, key: bytes) -> None:
    key_note = _KeyNote(fingerprint(key), str(keys.key_path(params)))
    if _read_note(folder) != key_note:
        write_whole(folder / FILE, msgspec.json.encode(key_note), replace=True)


def _read_note(folder: Path) -> _KeyNote | None:
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=_KeyNote)
    except (FileNotFoundError, msgspec.DecodeError, msgspec.ValidationError):
        return None


def _wanted(folder: Path) -> str:
    """Say which key a store wants: its fingerprint and where it last lay."""
    key_note = _read_note(folder)
    return f"; the store in {folder} wants key {key_note.id[:8]}, last read from {key_note.place}" if key_note else ""


def _sealed(folder: Path) -> list[Path]:
    return [path for part in _PARTS for path in (folder / part).glob("*") if path.is_file()]
