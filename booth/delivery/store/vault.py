"""Encrypted items on disk: one file and one key an item, the key wrapped by the booth key.

An item is gone when its key is gone; the file follows. Names on disk are random, so that they reveal nothing.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from booth.core.atomic_write import clear_parts, destroy, private_folder, write_whole
from booth.core.faults import Fault
from booth.delivery.store.store_key import KEY_BYTES, NONCE_BYTES

_MAGIC = b"BOOTHV1\n"
_LENGTH_BYTES = 4
ID_DIGITS = 32
_NAME = re.compile(r"[0-9a-f]{32}\.[a-z][a-z-]{0,23}")

Item = tuple[str, str]  # 32 hex digits, kind


class Unreadable(Exception):
    """The item's key is gone, or its bytes are not what was written."""


class Away(Unreadable):
    """The item cannot be read now (an input error, a folder that is away); it may be there again later."""


class Vault:
    """Two folders: `items` with what was sealed, `keys` with a wrapped key for each. All bytes, any size in memory."""

    def __init__(self, folder: Path, booth_key: bytes) -> None:
        private_folder(folder)
        self._items, self._keys = private_folder(folder / "items"), private_folder(folder / "keys")
        self._wrap = AESGCM(booth_key)

    def put(self, item: Item, facts: bytes, content: bytes) -> int:
        """Seal an item, replacing an earlier one; returns its size on disk. Fault `store.disk` when that is full."""
        key = self._key(item) if self.has_key(item) else self._new_key(item)
        box, name = AESGCM(key), _name(item).encode()
        first, second = secrets.token_bytes(NONCE_BYTES), secrets.token_bytes(NONCE_BYTES)
        head = box.encrypt(first, facts, name + b" facts")
        sealed = b"".join(
            (_MAGIC, len(head).to_bytes(_LENGTH_BYTES, "big"), first, head, second,
             box.encrypt(second, content, name + b" content"))
        )  # fmt: skip
        write_whole(self._items / _name(item), sealed, replace=True)
        return len(sealed)

    def facts(self, item: Item) -> bytes:
        """Open an item's facts alone; Unreadable."""
        return self._open(item)[0]

    def read(self, item: Item) -> bytes:
        """Open an item's content; Unreadable."""
        _, box, rest = self._open(item)
        try:
            return box.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], _name(item).encode() + b" content")
        except (InvalidTag, ValueError) as error:
            raise Unreadable("the content was changed") from error

    def destroy(self, item: Item) -> None:
        """Destroy the key, then remove the file; harmless when repeated."""
        destroy(self._keys / _name(item))
        (self._items / _name(item)).unlink(missing_ok=True)

    def has_key(self, item: Item) -> bool:
        """True while the item can be opened."""
        return (self._keys / _name(item)).is_file()

    def items(self) -> Iterator[Item]:
        """Yield every item of which a file or a key lies on the disk."""
        yield from sorted(_items_in(self._items) | _items_in(self._keys))

    def keyed(self) -> set[Item]:
        """Return every item that has a key, by one look at the folder."""
        return _items_in(self._keys)

    def sweep(self) -> set[Item]:
        """Remove half-written files, keys without an item and items without a key; returns what is whole."""
        clear_parts(self._items)
        clear_parts(self._keys)
        items, keys = _items_in(self._items), _items_in(self._keys)
        for item in sorted(items ^ keys):
            self.destroy(item)
        return items & keys

    def _new_key(self, item: Item) -> bytes:
        key, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(NONCE_BYTES)
        wrapped = nonce + self._wrap.encrypt(nonce, key, _name(item).encode() + b" key")
        write_whole(self._keys / _name(item), wrapped, replace=True)
        return key

    def _key(self, item: Item) -> bytes:
        try:
            wrapped = (self._keys / _name(item)).read_bytes()
            return self._wrap.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _name(item).encode() + b" key")
        except FileNotFoundError as error:
            raise Unreadable("the key is gone") from error
        except OSError as error:
            raise Away("the key cannot be read now") from error
        except (InvalidTag, ValueError) as error:
            raise Unreadable("the key was changed") from error

    def _open(self, item: Item) -> tuple[bytes, AESGCM, bytes]:
        box = AESGCM(self._key(item))
        try:
            sealed = (self._items / _name(item)).read_bytes()
            if not sealed.startswith(_MAGIC):
                raise Unreadable("not one of ours")
            start = len(_MAGIC) + _LENGTH_BYTES
            end = start + NONCE_BYTES + int.from_bytes(sealed[len(_MAGIC) : start], "big")
            nonce, head = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES : end]
            return box.decrypt(nonce, head, _name(item).encode() + b" facts"), box, sealed[end:]
        except FileNotFoundError as error:
            raise Unreadable("the file is gone") from error
        except OSError as error:
            raise Away("the file cannot be read now") from error
        except (InvalidTag, ValueError) as error:
            raise Unreadable("the facts were changed") from error


def _items_in(folder: Path) -> set[Item]:
    """Return what a folder's files are of: read at once, as asking for each of many thousand takes seconds."""
    with os.scandir(folder) as found:
        names = [entry.name for entry in found if entry.is_file()]
    return {(name[:ID_DIGITS], name[ID_DIGITS + 1 :]) for name in names if _NAME.fullmatch(name)}


def _name(item: Item) -> str:
    name = f"{item[0]}.{item[1]}"
    if not _NAME.fullmatch(name):
        raise Fault("store.name", "That is not the name of anything kept.", "`booth store` lists what there is.")
    return name


def new_id() -> str:
    """Return 32 random hex digits."""
    return secrets.token_hex(16)
