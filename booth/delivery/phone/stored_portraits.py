"""The kept portraits as the phone page may reach them."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from booth.delivery.phone.web_app import Erased, Shown
from booth.delivery.store.portrait_store import Store
from booth.delivery.store.receipt import DeletionReceipt


class StoredPortraits:
    """The `PortraitLookup` of the phone page; `erase_number` erases a portrait by its number."""

    def __init__(self, store: Store, erase_number: Callable[[str], DeletionReceipt]) -> None:
        self._store, self._erase_number = store, erase_number

    def shown(self, number: str) -> Shown | None:
        """Return what the page of a portrait may show; None when it is gone."""
        entry = self._store.entry(number)
        if entry is None:
            return None
        return Shown(entry.path.name, entry.record.changes, frozenset(row.item[1] for row in entry.rows))

    def picture(self, number: str, kind: str) -> bytes | None:
        """Return a picture's bytes; None when it is gone."""
        return self._store.read(number, kind)

    def erase(self, number: str) -> Erased:
        """Erase a portrait for good."""
        receipt = self._erase_number(number)
        stays = receipt.file in ("changed", "unknown")
        return Erased(msgspec.json.encode(receipt).decode(), stays, is_pending=receipt.file == "pending")
