"""A store in a folder of its own, with a clock that the test moves."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from booth.config.params.deliver import DeliverParams, PageParams, StoreParams
from booth.delivery.store.plausible import Reading
from booth.delivery.store.portrait_store import Consent, Store

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"a guest's picture " * 400
NOON = datetime.datetime(2026, 6, 1, 12, 0, tzinfo=datetime.UTC)
CONSENT = Consent("c" * 32, NOON.isoformat(timespec="seconds"), "en", "0123456789ab", True, "delete")


class Shop:
    """Opens and closes stores over one folder, as a booth does that is switched on and off."""

    def __init__(self, root: Path) -> None:
        self.root, self.now = root, NOON
        self.data, self.portraits = root / "data", root / "portraits"
        self.params = DeliverParams(
            folder=str(self.portraits),
            store=StoreParams(key_file=str(root / "config" / "store.key"), original_days=30),
            page=PageParams(limit_min=60),
        )
        self.portraits.mkdir()
        self.up_s, self.boot = 1000.0, "boot 1"  # of a machine that stays on
        self._open: list[Store] = []

    def set(self, **store: object) -> None:
        self.params = msgspec.structs.replace(self.params, store=msgspec.structs.replace(self.params.store, **store))

    def later(self, **span: float) -> datetime.datetime:
        """Let time pass; a span back turns the calendar alone."""
        passed = datetime.timedelta(**span)
        self.up_s += max(passed.total_seconds(), 0.0)
        return self.jump(**span)

    def jump(self, **span: float) -> datetime.datetime:
        """Turn the calendar without any time passing."""
        self.now += datetime.timedelta(**span)
        return self.now

    def clocks(self, now: datetime.datetime) -> Reading:
        return Reading(now.timestamp(), self.boot, self.up_s)

    def open(self) -> Store:
        store = Store(self.params, self.data, self.now, self.clocks)
        self._open.append(store)
        return store

    def close(self) -> None:
        for store in self._open:
            store.close()
        self._open.clear()

    def everything(self, folder: Path | None = None) -> bytes:
        """All bytes of all files, one after the other."""
        where = self.root if folder is None else folder
        return b"".join(p.read_bytes() for p in sorted(where.rglob("*")) if p.is_file())


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    shop.close()
