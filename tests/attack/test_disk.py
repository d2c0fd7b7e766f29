"""Disks that refuse or go away while something is erased: nothing ends, nothing is forgotten, nothing comes back."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import msgspec
import pytest

from booth.config.params.deliver import DeliverParams, PageParams, StoreParams
from booth.core.clock import utc_now
from booth.core.faults import Fault
from booth.delivery.delivery_flow import DeliveryFlow
from booth.delivery.delivery_service import DeliveryService
from booth.delivery.job_queue import Ends, Job, JobQueue, Outcome
from booth.delivery.store.portrait_store import Store
from booth.delivery.store.retention import LINK, ORIGINAL
from booth.delivery.store.store_index import Index
from booth.draw.scene import Signal
from booth.session.session import ConsentRecord
from booth.session.state_machine import State
from tests.unit.store.conftest import CONSENT, JPEG, NOON, Shop

RECORD = ConsentRecord("2026-06-01T12:00:00+00:00", "en", "0123456789ab", True, "words", "delete")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def _kept(shop: Shop, store: Store) -> str:
    entry, _ = store.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now)
    store.add(entry.id, ORIGINAL, JPEG, shop.now)
    return entry.id


def _refusing(monkeypatch: pytest.MonkeyPatch, below: Path, code: int = errno.EROFS) -> None:
    """Let nothing below a folder be removed."""
    unlink = Path.unlink

    def refuse(self: Path, missing_ok: bool = False) -> None:
        if below in self.parents:
            raise OSError(code, os.strerror(code), str(self))
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)


@pytest.mark.parametrize("where", ["portraits", "data"])
@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EIO, errno.EBUSY])
def test_what_cannot_be_removed_is_owed_and_paid(
    shop: Shop, where: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = shop.open()
    number = _kept(shop, store)
    with monkeypatch.context() as patch:
        _refusing(patch, shop.root / where, code)
        assert store.erase(number, shop.now, "guest").file == "pending"
        assert not store.is_kept(number) and store.kept() == [] and store.entry(number) is None
        assert store.tick(shop.later(minutes=1)) == []
        shop.close()
        store = shop.open()  # the next start opens all the same
        assert store.kept() == [] and store.owed == 1
    done = store.tick(shop.later(minutes=1))
    assert [(receipt.portrait, receipt.because) for receipt in done] == [(number, "guest")] and store.is_ours(done[0])
    assert not any(shop.portraits.iterdir()) and not any((shop.data / "keys").iterdir()) and store.owed == 0
    assert (shop.data / "late-receipts.jsonl").read_bytes().count(b"\n") == 1


@pytest.mark.parametrize("how", ["gone", "an empty mount point", "unreadable"])
def test_a_folder_that_is_away_is_erased_when_it_is_back(shop: Shop, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = shop.open()
    number = _kept(shop, store)
    away = shop.root / "unmounted"
    with monkeypatch.context() as patch:
        if how == "unreadable":
            read = Path.open

            def refuse(self: Path, *words: object, **more: object) -> object:
                if self.parent == shop.portraits:
                    raise OSError(errno.EIO, "Input/output error", str(self))
                return read(self, *words, **more)  # type: ignore[arg-type]

            patch.setattr(Path, "open", refuse)
        else:
            shop.portraits.rename(away)
            if how == "an empty mount point":
                shop.portraits.mkdir()
        receipt = store.erase(number, shop.now, "guest")
        assert receipt.file == "pending" and store.read(number, ORIGINAL) is None
    if how != "unreadable":
        if shop.portraits.exists():
            shop.portraits.rmdir()
        away.rename(shop.portraits)
    assert (shop.portraits / "one.jpg").exists()
    assert [r.file for r in store.tick(shop.later(minutes=1))] == ["removed"]
    assert not any(shop.portraits.iterdir())


def test_an_erasure_that_is_owed_outlives_restarts_and_a_damaged_index(shop: Shop) -> None:
    store = shop.open()
    number = _kept(shop, store)
    shop.portraits.rename(shop.root / "unmounted")
    store.erase(number, shop.now, "guest")
    shop.close()
    (shop.data / "index.sqlite").write_bytes(b"no database" * 500)
    store = shop.open()
    assert store.kept() == [] and store.owed == 1
    shop.close()
    (shop.root / "unmounted").rename(shop.portraits)
    shop.open()
    assert not any(shop.portraits.iterdir())


def test_a_record_that_cannot_be_read_now_is_no_reason_to_forget_the_file(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = shop.open()
    number = _kept(shop, store)
    with monkeypatch.context() as patch:
        read = Path.read_bytes

        def refuse(self: Path) -> bytes:
            if self.name == f"{number}.record":
                raise OSError(errno.EIO, "Input/output error", str(self))
            return read(self)

        patch.setattr(Path, "read_bytes", refuse)
        assert store.erase(number, shop.now, "guest").file == "pending"
    assert [r.file for r in store.tick(shop.later(minutes=1))] == ["removed"]
    assert not any(shop.portraits.iterdir())


def test_a_damaged_record_is_not_called_gone(shop: Shop) -> None:
    store = shop.open()
    number = _kept(shop, store)
    record = shop.data / "items" / f"{number}.record"
    sealed = record.read_bytes()
    record.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert store.erase(number, shop.now).file == "unknown"


@pytest.mark.parametrize(
    "code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY]
)
def test_an_index_that_cannot_be_opened_now_is_not_thrown_away(
    shop: Shop, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _kept(shop, shop.open())
    shop.close()
    before = (shop.data / "index.sqlite").read_bytes()

    def refuse(*_: object, **__: object) -> None:
        error = sqlite3.OperationalError("not now")
        error.sqlite_errorcode = code
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", refuse)
        with pytest.raises(Fault) as caught:
            Index(shop.data / "index.sqlite")
    assert caught.value.code == "store.index" and (shop.data / "index.sqlite").read_bytes() == before
    assert [entry.id for entry in shop.open().kept()] == [number]


@pytest.mark.parametrize("part", ["keys", "items"])
def test_half_a_store_that_is_away_is_not_swept(shop: Shop, part: str) -> None:
    number = _kept(shop, shop.open())
    shop.close()
    (shop.data / part).rename(shop.root / "away")
    with pytest.raises(Fault, match="should not be"):
        shop.open()
    (shop.data / part).rmdir()
    (shop.root / "away").rename(shop.data / part)
    assert [entry.id for entry in shop.open().kept()] == [number]


def _params(tmp_path: Path, **more: object) -> DeliverParams:
    params = DeliverParams(folder=str(tmp_path / "out"), store=StoreParams(key_file=str(tmp_path / "store.key")))
    return msgspec.structs.replace(params, **more)


def test_erase_on_the_screen_and_the_retention_thread_outlive_a_read_only_stick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = _params(tmp_path)
    with DeliveryService(params, tmp_path / "data") as handover:
        kept, home = handover.keep(JPEG, None, RECORD, utc_now()), DeliveryFlow(handover, params)
        home.begin(kept)
        with monkeypatch.context() as patch:
            _refusing(patch, tmp_path / "out")
            home.handle(Signal("ask", "erase_yes"), State.SHARE, 1.0)
            assert home.outcome == "deleted" and not handover.is_kept(kept)
            patch.setattr(handover.store, "tick", lambda now: (_ for _ in ()).throw(OSError(errno.EIO, "input error")))
            handover.make_room()
        handover.make_room()
        assert not kept.path.exists()


def test_the_phones_delete_says_that_it_will_be_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from booth.delivery.phone.stored_portraits import StoredPortraits

    with DeliveryService(_params(tmp_path), tmp_path / "data") as handover:
        kept = handover.keep(JPEG, None, RECORD, utc_now())
        with monkeypatch.context() as patch:
            _refusing(patch, tmp_path / "out")
            assert StoredPortraits(handover.store, handover.erase_number).erase(kept.number).is_pending


class _Paper:
    """A ledger in which one job cannot be written."""

    def write(self, kind: str, job: Job) -> None:
        if job.number == "bad" and job.stage == "handing":
            raise OSError(errno.EIO, "input error")

    def jobs(self, kind: str) -> list[Job]:
        return []


def test_one_job_that_cannot_be_handled_is_set_aside_and_told() -> None:
    done: list[str] = []

    def hand_over(job: Job) -> Outcome:
        done.append(job.number)
        return Outcome("done")

    queue = JobQueue("job-mail", _Paper(), hand_over, lambda: NOON, Ends("gave.up"))
    for number in ("bad", "good"):
        queue.put(Job(number))
    queue.work()
    bad = queue.job("bad")
    assert done == ["good"] and bad is not None and (bad.stage, bad.says) == ("over", "gave.up")


def test_a_sealed_job_or_link_that_is_none_stops_no_start(tmp_path: Path) -> None:
    from booth.config.params.deliver import MailParams

    wants = _params(tmp_path, mail=MailParams(server="mail.invalid"), page=PageParams(address="127.0.0.1", port=0))
    with DeliveryService(wants, tmp_path / "data") as handover:
        kept = handover.keep(JPEG, None, RECORD, utc_now())
        handover.store.add(kept.number, "job-mail", b"no job", utc_now())
        handover.store.add(kept.number, LINK, b'{"phones": 3}', utc_now())
    with DeliveryService(wants, tmp_path / "data") as handover:
        assert handover.is_kept(kept) and handover.status(kept) == ("share.page_ready",)
