"""The kept portraits as the phone page may reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from booth.delivery.phone.web_app import Erased, Shown

if TYPE_CHECKING:
    from booth.delivery.delivery_service import DeliveryService


class KeptPages:
    """What the phone page may reach."""

    def __init__(self, service: DeliveryService) -> None:
        self._delivery_service, self._store = service, service.store

    def shown(self, number: str) -> Shown | None:
        """Return what the page shows of a kept portrait; None where it is gone."""
        entry = self._store.entry(number)
        if entry is None:
            return None
        return Shown(entry.path.name, entry.record.changes, frozenset(row.item[1] for row in entry.rows))

    def picture(self, number: str, kind: str) -> bytes | None:
        """Return a picture of it, as it lies in the store."""
        return self._store.read(number, kind)

    def erase(self, number: str) -> Erased:
        """Erase it and return the receipt."""
        receipt = self._delivery_service.erase_number(number)
        stays = receipt.file in ("changed", "unknown")
        return Erased(msgspec.json.encode(receipt).decode(), stays, is_pending=receipt.file == "pending")
