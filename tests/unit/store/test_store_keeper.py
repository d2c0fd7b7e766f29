"""What a guest keeps is there, what they erase is gone, and the clocks run."""

from __future__ import annotations

import stat

import pytest

from booth.core import atomic_write as whole
from booth.core.faults import Fault
from booth.delivery.store.retention import LINK, ORIGINAL
from booth.delivery.store.vault import Vault
from tests.unit.store.conftest import CONSENT, JPEG, Shop


def test_a_kept_portrait_is_a_file_and_its_original_is_unreadable_on_disk(shop: Shop) -> None:
    store = shop.open()
    entry, code = store.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now, ("Retouched lightly.",))
    store.add(entry.id, ORIGINAL, JPEG[::-1], shop.now)
    assert (shop.portraits / "one.jpg").read_bytes() == JPEG
    assert stat.S_IMODE((shop.portraits / "one.jpg").stat().st_mode) == 0o600
    assert store.read(entry.id, ORIGINAL) == JPEG[::-1]
    hidden = shop.everything(shop.data)
    for secret in (JPEG[:11], JPEG[::-1][:40], b"one.jpg", b"portraits", code.encode(), b"Retouched"):
        assert secret not in hidden
    assert all(p.stat().st_mode & 0o077 == 0 for p in shop.data.rglob("*"))


def test_erasing_leaves_no_byte_of_the_guest(shop: Shop) -> None:
    store = shop.open()
    entry, _ = store.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now)
    store.add(entry.id, ORIGINAL, JPEG, shop.now)
    receipt = store.erase(entry.id, shop.later(minutes=1), "guest")
    assert receipt.file == "removed" and set(receipt.kinds) == {"record", "original"}
    assert store.is_ours(receipt) and not store.is_ours(type(receipt)("x", "", "guest", (), "removed", receipt.mark))
    assert store.kept() == [] and store.read(entry.id, ORIGINAL) is None
    assert list(shop.portraits.iterdir()) == []
    assert list((shop.data / "items").iterdir()) == [] and list((shop.data / "keys").iterdir()) == []
    assert entry.id.encode() not in shop.everything(), "the index forgets the row's bytes too (secure_delete)"


def test_a_file_the_operator_edited_is_not_the_booths_to_erase(shop: Shop) -> None:
    store = shop.open()
    entry, _ = store.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now)
    (shop.portraits / "one.jpg").write_bytes(b"edited")
    assert store.erase(entry.id, shop.now).file == "changed"
    assert (shop.portraits / "one.jpg").read_bytes() == b"edited"


def test_the_code_on_the_receipt_finds_the_portrait_however_it_is_typed(shop: Shop) -> None:
    store = shop.open()
    store.keep(shop.portraits / "other.jpg", JPEG, CONSENT, shop.now)
    entry, code = store.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now)
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("0", "O").replace("1", "I")):
        found = store.by_code(typed)
        assert found is not None and found.id == entry.id
    assert store.by_code("0000-0000-0000") is None and store.by_code("'; DROP TABLE items; --") is None


def test_the_newest_are_listed_without_opening_the_others(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    store = shop.open()
    names = [f"{hour}.jpg" for hour in range(6)]
    entries = [
        store.keep(shop.portraits / name, JPEG, CONSENT, shop.later(hours=hour))[0] for hour, name in enumerate(names)
    ]
    store.erase(entries[4].id, shop.later(hours=7))
    opened, read = [], Vault.read
    monkeypatch.setattr(Vault, "read", lambda vault, item: opened.append(item) or read(vault, item))
    assert [entry.path.name for entry in store.newest(3)] == ["5.jpg", "3.jpg", "2.jpg"]
    assert len(opened) == 3
    assert [entry.path.name for entry in store.kept()] == ["0.jpg", "1.jpg", "2.jpg", "3.jpg", "5.jpg"]


def test_each_kind_has_its_own_clock(shop: Shop) -> None:
    shop.set(portrait_days=90)
    store = shop.open()
    entry, _ = store.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now)
    store.add(entry.id, ORIGINAL, JPEG, shop.now)
    store.add(entry.id, LINK, b"link", shop.now)
    assert store.tick(shop.later(minutes=59)) == [] and store.read(entry.id, LINK) == b"link"
    store.tick(shop.later(minutes=2))
    assert store.read(entry.id, LINK) is None and store.read(entry.id, ORIGINAL) == JPEG
    store.tick(shop.later(days=30))
    assert store.read(entry.id, ORIGINAL) is None and (shop.portraits / "one.jpg").exists()
    assert [receipt.because for receipt in store.tick(shop.later(days=60))] == ["clock"]
    assert not (shop.portraits / "one.jpg").exists()


def test_a_clock_set_back_prolongs_nothing(shop: Shop) -> None:
    store = shop.open()
    entry, _ = store.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now)
    store.add(entry.id, ORIGINAL, JPEG, shop.now)
    store.tick(shop.later(days=20))
    store.tick(shop.later(days=-3000))
    store.tick(shop.later(days=9.9))
    assert store.read(entry.id, ORIGINAL) == JPEG
    store.tick(shop.later(days=0.2))
    assert store.read(entry.id, ORIGINAL) is None


def test_a_clock_runs_while_the_booth_is_off(shop: Shop) -> None:
    store = shop.open()
    entry, _ = store.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now)
    store.add(entry.id, ORIGINAL, JPEG, shop.now)
    shop.close()
    shop.later(days=31)
    assert shop.open().read(entry.id, ORIGINAL) is None


def test_a_full_disk_keeps_nothing_and_says_so(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    store = shop.open()

    def full(file: int, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(whole, "_fill", full)
        with pytest.raises(Fault) as caught:
            store.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now)
    assert caught.value.code == "store.disk" and caught.value.retry
    assert store.kept() == [] and list(shop.portraits.iterdir()) == [] and list((shop.data / "keys").iterdir()) == []
    store.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now)


def test_a_full_disk_between_the_record_and_the_file_takes_the_record_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, fill = shop.open(), whole._fill

    def full_for_pictures(file: int, content: bytes) -> None:
        if content == JPEG:
            raise OSError(28, "No space left on device")
        fill(file, content)

    monkeypatch.setattr(whole, "_fill", full_for_pictures)
    with pytest.raises(Fault, match="full"):
        store.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now)
    assert list((shop.data / "items").iterdir()) == [] and list((shop.data / "keys").iterdir()) == []


def test_a_taken_name_is_refused_and_the_other_file_stays(shop: Shop) -> None:
    (shop.portraits / "one.jpg").write_bytes(b"somebody else's")
    store = shop.open()
    with pytest.raises(FileExistsError):
        store.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now)
    assert (shop.portraits / "one.jpg").read_bytes() == b"somebody else's" and store.kept() == []


@pytest.mark.parametrize("has_nameless", [True, False])
def test_files_are_whole_with_and_without_nameless_ones(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, has_nameless: bool
) -> None:
    if not has_nameless:
        monkeypatch.setattr(whole, "_write_nameless", lambda path, content: False)
    path = shop.portraits / "one.jpg"
    whole.write_whole(path, JPEG)
    with pytest.raises(FileExistsError):
        whole.write_whole(path, b"other")
    whole.write_whole(path, b"new", replace=True)
    assert path.read_bytes() == b"new" and len(list(shop.portraits.iterdir())) == 1


def test_two_processes_may_have_the_store_open(shop: Shop) -> None:
    first = shop.open()
    entry, _ = first.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now)
    second = shop.open()
    assert [e.id for e in second.kept()] == [entry.id]
    second.erase(entry.id, shop.now)
    assert first.kept() == []
    with pytest.raises(KeyError):
        first.add(entry.id, ORIGINAL, JPEG, shop.now)


def test_erasing_works_on_a_full_disk(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    store = shop.open()
    entry, _ = store.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now)

    def full(*_: object) -> None:
        raise Fault("store.index", "full", "")

    for name in ("set_state", "drop", "pass_time"):
        monkeypatch.setattr(store._index, name, full)
    monkeypatch.setattr(store.consents, "append", lambda line: (_ for _ in ()).throw(OSError(28, "No space left")))
    assert store.erase(entry.id, shop.now, "guest").file == "removed"
    assert list(shop.portraits.iterdir()) == [] and list((shop.data / "keys").iterdir()) == []
    store.tick(shop.later(minutes=1))
    with pytest.raises(Fault, match="consent log"):
        store.keep(shop.portraits / "two.jpg", JPEG, CONSENT, shop.now)
    assert list(shop.portraits.iterdir()) == []
    shop.close()
    assert shop.open().kept() == []
