"""The booth key, which wraps every other key: from a 0600 file, a passphrase or the system's keyring."""

from __future__ import annotations

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
from booth.core.atomic_write import private_folder, write_whole
from booth.core.faults import Fault

KEY_BYTES = 32
NONCE_BYTES = 12
SCRYPT_COST = 2**15  # with r=8, p=1: 32 MB and about a tenth of a second a try
PASSPHRASE_VARIABLE = "BOOTH_PASSPHRASE"
_RING = ("headshot-booth", "store")
_WRAP = b"booth key 1"


class _KeyFile(msgspec.Struct, frozen=True):
    version: int
    kind: str
    key: str = ""  # hex; kind file
    salt: str = ""  # hex; kind passphrase
    nonce: str = ""
    wrapped: str = ""


class KeyLost(Exception):
    """The booth key is gone or damaged: nothing that it wrapped can be read again."""


def key_path(params: StoreParams) -> Path:
    """Where the key file lies."""
    return Path(params.key_file).expanduser()


def read_key(params: StoreParams) -> bytes:
    """Return the booth key; KeyLost where there is none, Fault `store.passphrase` where it does not open."""
    path = key_path(params)
    try:
        told = msgspec.json.decode(path.read_bytes(), type=_KeyFile)
        if told.kind == "file":
            return _sized(bytes.fromhex(told.key))
        if told.kind == "keyring":
            return _sized(bytes.fromhex(_keyring().get_password(*_RING) or ""))
        return _unwrap(told, _passphrase(params))
    except OSError as error:
        raise KeyLost(f"{path} cannot be read") from error
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError) as error:
        raise KeyLost(f"{path} is damaged") from error


def make_key(params: StoreParams) -> bytes:
    """Make a new booth key and put it where the profile says; returns it."""
    key = secrets.token_bytes(KEY_BYTES)
    if params.key == "file":
        told = _KeyFile(1, "file", key=key.hex())
    elif params.key == "keyring":
        _keyring().set_password(*_RING, key.hex())
        told = _KeyFile(1, "keyring")
    else:
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(NONCE_BYTES)
        wrapped = AESGCM(_stretch(_passphrase(params), salt)).encrypt(nonce, key, _WRAP)
        told = _KeyFile(1, "passphrase", salt=salt.hex(), nonce=nonce.hex(), wrapped=wrapped.hex())
    path = key_path(params)
    if not path.parent.is_dir():
        private_folder(path.parent)
    write_whole(path, msgspec.json.encode(told), replace=True)
    return key


def _sized(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise ValueError("the key has the wrong length")
    return key


def _unwrap(told: _KeyFile, passphrase: str) -> bytes:
    try:
        secret = _stretch(passphrase, bytes.fromhex(told.salt))
        return _sized(AESGCM(secret).decrypt(bytes.fromhex(told.nonce), bytes.fromhex(told.wrapped), _WRAP))
    except InvalidTag as error:
        raise Fault("store.passphrase", "The passphrase does not open the store.", "Type it again.") from error


def _stretch(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=SCRYPT_COST, r=8, p=1).derive(passphrase.encode())


def _passphrase(params: StoreParams) -> str:
    if params.passphrase_file:
        try:
            found = Path(params.passphrase_file).expanduser().read_text(encoding="utf-8-sig").strip()
        except OSError as error:
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
        hint = 'Install the package keyring, or set `deliver.store.key = "file"`.'
        raise Fault("store.keyring", "This machine's keyring cannot be reached.", hint) from error
