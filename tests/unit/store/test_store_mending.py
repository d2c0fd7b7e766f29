"""Keys lost, indexes damaged, passphrases mistyped, processes killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from booth.core.faults import Fault
from booth.delivery.store.retention import ORIGINAL
from tests.unit.store.conftest import CONSENT, JPEG, Shop

KILLS = 20


def _with_original(shop: Shop) -> str:
    store = shop.open()
    entry, _ = store.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now)
    store.add(entry.id, ORIGINAL, JPEG, shop.now)
    shop.close()
    return entry.id


@pytest.mark.parametrize("how", ["gone", "garbage", "cut", "holes"])
def test_a_damaged_index_is_built_again(shop: Shop, how: str) -> None:
    number = _with_original(shop)
    index = shop.data / "index.sqlite"
    raw = index.read_bytes()
    damaged = {"garbage": b"no database" * 500, "cut": raw[: len(raw) // 2], "holes": raw[:100] + bytes(len(raw) - 100)}
    index.unlink() if how == "gone" else index.write_bytes(damaged[how])
    shop.later(days=10)
    store = shop.open()
    assert [e.id for e in store.kept()] == [number] and store.read(number, ORIGINAL) == JPEG
    assert how == "gone" or "built again" in store.notes[0]
    store.tick(shop.later(days=21))
    assert store.read(number, ORIGINAL) is None, "its clock went on from the day it was made"


def test_a_changed_item_is_not_shown(shop: Shop) -> None:
    number = _with_original(shop)
    path = shop.data / "items" / f"{number}.original"
    sealed = path.read_bytes()
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert shop.open().read(number, ORIGINAL) is None


def test_an_item_cannot_be_passed_off_as_another(shop: Shop) -> None:
    first = _with_original(shop)
    store = shop.open()
    second, _ = store.keep(shop.portraits / "two.jpg", JPEG, CONSENT, shop.now)
    for part in ("items", "keys"):
        (shop.data / part / f"{first}.original").rename(shop.data / part / f"{second.id}.original")
    assert store.read(second.id, ORIGINAL) is None


def test_a_passphrase_guards_the_key(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.set(key="passphrase")
    with pytest.raises(Fault, match="needs a passphrase"):
        shop.open()
    monkeypatch.setenv("BOOTH_PASSPHRASE", "a long sentence")
    number = _with_original(shop)
    monkeypatch.setenv("BOOTH_PASSPHRASE", "another sentence")
    with pytest.raises(Fault) as caught:
        shop.open()
    assert caught.value.code == "store.passphrase"
    monkeypatch.delenv("BOOTH_PASSPHRASE")
    (shop.root / "phrase").write_text("a long sentence\n")
    shop.set(passphrase_file=str(shop.root / "phrase"))
    assert shop.open().read(number, ORIGINAL) == JPEG


_WORKER = """
import datetime, itertools, sys
from pathlib import Path
from booth.config.params.deliver import DeliverParams, StoreParams
from booth.delivery.store.portrait_store import Consent, Store

root, run = Path(sys.argv[1]), sys.argv[2]
now = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)
params = DeliverParams(store=StoreParams(key_file=str(root / "config" / "store.key")))
picture = b"\\xff\\xd8\\xff\\xe0\\x00\\x10JFIF\\x00" + b"a guest's picture " * 20000
store = Store(params, root / "data", now)
print("open", flush=True)
for number in itertools.count():
    consent = Consent("c" * 32, now.isoformat(), "en", "0", True, "delete")
    entry, _ = store.keep(root / "portraits" / f"{run}-{number}.jpg", picture, consent, now)
    store.add(entry.id, "original", picture, now)
    store.erase(entry.id, now, "guest")
"""


@pytest.mark.long
def test_twenty_kills_leave_nothing_readable_and_no_orphan(shop: Shop) -> None:
    script, chance = shop.root / "worker.py", random.Random(8)
    script.write_text(_WORKER)
    root = Path(__file__).resolve().parents[3]
    for run in range(KILLS):
        command = [sys.executable, str(script), str(shop.root), str(run)]
        worker = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(root)})
        assert worker.stdout is not None and worker.stdout.readline() == b"open\n"
        try:
            worker.wait(chance.uniform(0, 0.08))
        except subprocess.TimeoutExpired:
            worker.send_signal(signal.SIGKILL)
        assert worker.wait() == -signal.SIGKILL, "it was killed, it did not fail"
        worker.stdout.close()
        hidden = shop.everything(shop.data)
        assert b"JFIF" not in hidden and b"a guest's picture" not in hidden
        for path in shop.portraits.iterdir():
            assert path.suffix == ".jpg" and path.stat().st_size == 11 + 18 * 20000, "whole or not at all"
    store = shop.open()
    known = {entry.path for entry in store.kept()}
    assert set(shop.portraits.iterdir()) == known, "every file that was left is known and can be erased"
    for entry in store.kept():
        store.erase(entry.id, shop.now)
    assert list(shop.portraits.iterdir()) == []
    assert list((shop.data / "items").iterdir()) == [] and list((shop.data / "keys").iterdir()) == []
