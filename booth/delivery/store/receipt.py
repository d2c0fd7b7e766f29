"""The code on a guest's receipt, with which they may have everything erased, and the receipt of an erasure."""

from __future__ import annotations

import hashlib
import hmac
import secrets

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
CODE_SIGNS = 12  # 60 bits; it can only erase
_GROUP = 4
_MISREAD = str.maketrans("ILO", "110")


def new_code() -> str:
    """Return a fresh code such as 7K2M-Q0XD-94TB."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(CODE_SIGNS))
    return "-".join(signs[i : i + _GROUP] for i in range(0, CODE_SIGNS, _GROUP))


def plain_code(typed: str) -> str | None:
    """Return the signs of a code as a person typed it; None when it is no code."""
    signs = "".join(typed.upper().split()).replace("-", "").translate(_MISREAD)
    return signs if len(signs) == CODE_SIGNS and all(sign in ALPHABET for sign in signs) else None


class ReceiptSigner:
    """Marks with the booth key what only this booth can have written; keeps codes as marks, never as such."""

    def __init__(self, booth_key: bytes) -> None:
        self._key = HKDF(hashes.SHA256(), length=32, salt=None, info=b"booth seal 1").derive(booth_key)

    def mark(self, text: str) -> str:
        """Return the mark of a text, 64 hex digits."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def fits(self, text: str, mark: str) -> bool:
        """Return, in constant time, whether a mark is this text's."""
        return hmac.compare_digest(self.mark(text), mark)


class DeletionReceipt(msgspec.Struct, frozen=True):
    """What was erased, when and how; names nobody."""

    portrait: str  # random number of the portrait
    erased_utc: str
    because: str  # guest, operator, clock
    kinds: tuple[str, ...]  # of what was encrypted: the keys are destroyed
    file: str  # removed, gone, changed (left where it is: it is no longer the booth's), none, unknown (its record is
    # damaged), pending (its disk is away or cannot be written: a receipt follows when it is done)
    mark: str = ""

    def signed(self, signer: ReceiptSigner) -> DeletionReceipt:
        """Return the receipt with the booth's mark."""
        return msgspec.structs.replace(self, mark=signer.mark(self._text()))

    def is_ours(self, signer: ReceiptSigner) -> bool:
        """Return whether this booth wrote it and nobody changed it."""
        return signer.fits(self._text(), self.mark)

    def _text(self) -> str:
        return msgspec.json.encode(msgspec.structs.replace(self, mark=""), order="sorted").decode()
