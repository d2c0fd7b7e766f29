"""The store's own shop, for those who keep portraits in it by name."""

from __future__ import annotations

from tests.unit.store.conftest import Shop, shop

__all__ = ["Shop", "shop"]
