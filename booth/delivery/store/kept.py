"""What is known of a kept portrait, of the consent it rests on, and of each thing that is sealed for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from booth.delivery.store.store_index import StoreRow


class KeptRecord(msgspec.Struct, frozen=True):
    """What is known of a kept portrait; sealed in the vault."""

    path: str  # of the finished file in the operator's folder
    sha256: str  # of that file as it was written
    receipt: str  # mark of the guest's code
    consent: str  # random number in the consent log
    made_utc: str
    locale: str = "en"
    changes: tuple[str, ...] = ()
    folder_ino: int = 0  # of the folder it was written to, and the mount point that lies below: what is missing
    mount: str = ""  # later is gone only where these are as they were


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


class Facts(msgspec.Struct, frozen=True):
    """What an item says of itself, for an index that has to be built again."""

    made_s: int  # on the store's own time
    life_s: float | None
    bytes: int
