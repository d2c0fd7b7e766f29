"""The booth key, which wraps every other key: from a 0600 file, a passphrase or the system's keyring.

A key that cannot be read now is away, never lost: reading it raises and changes nothing.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import secrets
from pathlib import Path
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from booth.config.params.deliver import StoreParams
from booth.core.atomic_write import overwrite, private_folder, write_whole
from booth.core.faults import Fault

KEY_BYTES = 32
MOST_BYTES = 100_000  # of a key file, which has some hundred
NONCE_BYTES = 12
SCRYPT_COST = 2**15  # with r=8, p=1: 32 MB and about a tenth of a second a try
PASSPHRASE_VARIABLE = "BOOTH_PASSPHRASE"
OTHERS_MODE = 0o077  # rights of anybody but the owner
_RING = ("headshot-booth", "store")
_WRAP = b"booth key 1"
_BACK = (
    "Put the key back, mount or unlock what it lies on, or name the booth's own profile with --profile; nothing was"
    " changed. Only where it is gone for good: `booth store erase --erase-unreadable`."
)


class _KeyFile(msgspec.Struct, frozen=True):
    version: int
    kind: str
    key: str = ""  # hex; kind file
    salt: str = ""  # hex; kind passphrase
    nonce: str = ""
    wrapped: str = ""


class KeyMissing(Exception):
    """There is no key file: right before the first start, a key that is away at any later one."""


def key_path(params: StoreParams) -> Path:
    """Where the key file lies."""
    return Path(params.key_file).expanduser()


def key_away(params: StoreParams, why: str) -> Fault:
    """Return the Fault of a key that cannot be read now; it names the key and says that nothing was changed."""
    return Fault("store.key_away", f"The store's key {key_path(params)} {why}.", _BACK)


def key_kind(params: StoreParams) -> str:
    """Return how the key is kept now: file, passphrase or keyring. KeyMissing, Fault `store.key_away`."""
    return _read_file(params).kind


def read_key(params: StoreParams) -> bytes:
    """Return the booth key, 32 bytes.

    KeyMissing where there is no key file; Fault `store.key_away` for any key that cannot be read now,
    `store.passphrase` where it does not open, `store.keyring` where the keyring does not answer.
    """
    stored = _read_file(params)
    try:
        if stored.kind == "file":
            return _sized(bytes.fromhex(stored.key))
        if stored.kind == "keyring":
            return _sized(bytes.fromhex(_from_keyring() or _not_in_ring(params)))
        return _unwrap(stored, _passphrase(params))
    except ValueError as error:
        raise key_away(params, "is damaged") from error


def _read_file(params: StoreParams) -> _KeyFile:
    path = key_path(params)
    try:
        if path.is_fifo() or path.is_char_device() or path.stat().st_size > MOST_BYTES:
            raise key_away(params, "is no key file")
        return msgspec.json.decode(path.read_bytes(), type=_KeyFile)
    except FileNotFoundError as error:
        raise KeyMissing(f"{key_path(params)} is not there") from error
    except OSError as error:
        raise key_away(params, f"cannot be read ({error.strerror})") from error
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise key_away(params, "is damaged") from error


def make_key(params: StoreParams) -> bytes:
    """Make the booth key and put it where the profile says; returns it. One that is there already is never replaced."""
    key = secrets.token_bytes(KEY_BYTES)
    if params.key == "keyring":  # an entry may be another store's: it is shared, not overwritten
        key = bytes.fromhex(_from_keyring() or "") or key
    path = key_path(params)
    if not path.parent.is_dir():
        private_folder(path.parent)
    try:
        write_whole(path, _packed(params, key))
    except FileExistsError:  # another process began this very store
        return read_key(params)
    return key


def move_key(params: StoreParams, key: bytes) -> bool:
    """Keep the key as the profile says from now on, then wipe what held it before; returns whether it moved.

    From a file to a passphrase or the keyring, and between those; never from those to a plain file, which a command
    with another profile would do by accident.
    """
    kind, path = key_kind(params), key_path(params)
    if params.key in ("file", kind):
        return False
    packed = _packed(params, key)
    with path.open("r+b") as old:
        write_whole(path, packed, replace=True)
        if read_key(params) == key:
            overwrite(old)
    if kind == "keyring":
        with contextlib.suppress(Exception):  # a keyring that will not let go holds a key that is wrapped elsewhere now
            _keyring().delete_password(*_RING)
    return True


def tighten(params: StoreParams) -> str | None:
    """Take the key file away from other accounts; returns a sentence for the log, None where it was private."""
    path = key_path(params)
    if os.name != "posix":
        return None
    try:
        if not path.stat().st_mode & OTHERS_MODE:
            return None
        path.chmod(0o600)
    except OSError:
        return f"The store's key {path} can be read by other accounts and its rights cannot be changed."
    return f"The store's key {path} could be read by other accounts; its mode is 0600 now."


def _packed(params: StoreParams, key: bytes) -> bytes:
    if params.key == "file":
        stored = _KeyFile(1, "file", key=key.hex())
    elif params.key == "keyring":
        with _ring_errors():
            _keyring().set_password(*_RING, key.hex())
        stored = _KeyFile(1, "keyring")
    else:
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(NONCE_BYTES)
        wrapped = AESGCM(_stretch(_passphrase(params), salt)).encrypt(nonce, key, _WRAP)
        stored = _KeyFile(1, "passphrase", salt=salt.hex(), nonce=nonce.hex(), wrapped=wrapped.hex())
    return msgspec.json.encode(stored)


def _sized(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise ValueError("the key has the wrong length")
    return key


def _unwrap(stored: _KeyFile, passphrase: str) -> bytes:
    try:
        secret = _stretch(passphrase, bytes.fromhex(stored.salt))
        return _sized(AESGCM(secret).decrypt(bytes.fromhex(stored.nonce), bytes.fromhex(stored.wrapped), _WRAP))
    except InvalidTag as error:
        raise Fault("store.passphrase", "The passphrase does not open the store.", "Type it again.") from error


def _stretch(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=SCRYPT_COST, r=8, p=1).derive(passphrase.encode())


def _passphrase(params: StoreParams) -> str:
    if params.passphrase_file:
        try:
            found = Path(params.passphrase_file).expanduser().read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as error:
            hint = "Check `deliver.store.passphrase_file`."
            raise Fault("store.passphrase", "The passphrase file cannot be read.", hint) from error
    else:
        found = os.environ.get(PASSPHRASE_VARIABLE, "")
    if not found:
        hint = f"Set {PASSPHRASE_VARIABLE} or `deliver.store.passphrase_file`."
        raise Fault("store.passphrase", "The store needs a passphrase.", hint)
    return found


def _keyring() -> Any:
    try:
        return importlib.import_module("keyring")
    except ImportError as error:
        raise _ring_fault() from error


def _from_keyring() -> str | None:
    with _ring_errors():
        found = _keyring().get_password(*_RING)
    return found if found is None else str(found)


def _not_in_ring(params: StoreParams) -> str:
    raise key_away(params, f"points to the entry {'/'.join(_RING)} of this machine's keyring, which is not there")


@contextlib.contextmanager
def _ring_errors() -> Any:
    """Turn whatever a keyring's back end raises (locked, no bus, no back end) into Fault `store.keyring`."""
    try:
        yield
    except Fault:
        raise
    except Exception as error:
        raise _ring_fault() from error


def _ring_fault() -> Fault:
    hint = 'Unlock it, install the package keyring, or set `deliver.store.key = "file"`.'
    return Fault("store.keyring", "This machine's keyring cannot be reached.", hint)
