"""A key that is away, damaged, another store's or kept otherwise than asked for: nothing is unlinked for it."""

from __future__ import annotations

import json
import os
import stat
import sys
import types
from pathlib import Path

import msgspec
import pytest
from _pytest.monkeypatch import MonkeyPatch

from booth.__main__ import main
from booth.app.operator.profile_file import note_profile, profile_in_use
from booth.config.params.deliver import StoreParams
from booth.core.faults import Fault
from booth.delivery.store.key_check import check_key, erase_unreadable
from booth.delivery.store.retention import ORIGINAL
from booth.delivery.store.store_key import key_path
from tests.unit.store.conftest import CONSENT, JPEG, Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def _with_original(shop: Shop) -> str:
    store = shop.open()
    entry, _ = store.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now)
    store.add(entry.id, ORIGINAL, JPEG, shop.now)
    shop.close()
    return entry.id


def _files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def _break_key(shop: Shop, how: str, monkeypatch: MonkeyPatch) -> None:
    """Make the key unreadable in one of the ways that were tried on it."""
    path = shop.root / "config" / "store.key"
    if how == "gone":
        path.rename(path.with_name("elsewhere"))
    elif how == "folder gone":
        path.parent.rename(shop.root / "unmounted")
    elif how in ("input error", "permission denied"):
        code = {"input error": 5, "permission denied": 13}[how]
        read = Path.read_bytes

        def refuse(self: Path) -> bytes:
            if self == path:
                raise OSError(code, os.strerror(code), str(self))
            return read(self)

        monkeypatch.setattr(Path, "read_bytes", refuse)
    elif how == "a folder":
        path.rename(path.with_name("elsewhere"))
        path.mkdir()
    elif how == "another store's":
        path.write_text(json.dumps({"version": 1, "kind": "file", "key": "ab" * 32}))
    else:
        path.write_bytes(
            {"short": b'{"version":1,"kind":"file","key":"00"}', "garbage": b"\xff\x00", "empty": b""}[how]
        )


AWAY = ("gone", "folder gone", "input error", "permission denied", "a folder", "short", "garbage", "empty",
        "another store's")  # fmt: skip


@pytest.mark.parametrize("how", AWAY)
def test_a_key_that_is_away_touches_nothing_and_names_itself(shop: Shop, how: str, monkeypatch: MonkeyPatch) -> None:
    number = _with_original(shop)
    before = _files(shop.data)
    with monkeypatch.context() as patch:
        _break_key(shop, how, patch)
        with pytest.raises(Fault) as caught:
            shop.open()
        with pytest.raises(Fault):
            check_key(shop.params.store, shop.data)
    assert caught.value.exit_code == 2 and caught.value.code in ("store.key_away", "store.key_wrong")
    assert str(key_path(shop.params.store)) in caught.value.message
    assert _files(shop.data) == before
    if how in ("input error", "permission denied"):
        assert shop.open().read(number, ORIGINAL) == JPEG, "it is back, and so is everything"


@pytest.mark.parametrize("how", ["gone", "another store's"])
def test_a_store_without_a_fingerprint_yet_is_as_safe(shop: Shop, how: str, monkeypatch: MonkeyPatch) -> None:
    _with_original(shop)
    (shop.data / "key-id").unlink()
    before = _files(shop.data)
    _break_key(shop, how, monkeypatch)
    with pytest.raises(Fault, match="store"):
        shop.open()
    assert _files(shop.data) == before


def test_an_empty_store_waits_for_its_key_too(shop: Shop) -> None:
    shop.open()
    shop.close()
    key = shop.root / "config" / "store.key"
    key.rename(key.with_name("stick"))
    with pytest.raises(Fault, match="wants key"):
        shop.open()
    assert not key.exists()
    key.with_name("stick").rename(key)
    assert shop.open().notes == []


@pytest.mark.parametrize("how", AWAY[:1] + AWAY[4:])
def test_only_a_yes_gives_up_what_a_lost_key_locked(shop: Shop, how: str, monkeypatch: MonkeyPatch) -> None:
    _with_original(shop)
    _break_key(shop, how, monkeypatch)
    assert erase_unreadable(shop.params.store, shop.data) == 4
    store = shop.open()
    assert store.kept() == [] and (shop.portraits / "one.jpg").read_bytes() == JPEG
    entry, _ = store.keep(shop.portraits / "two.jpg", JPEG, CONSENT, shop.now)
    shop.close()
    assert [e.id for e in shop.open().kept()] == [entry.id]


def test_a_key_that_is_there_gives_up_nothing(shop: Shop) -> None:
    _with_original(shop)
    before = _files(shop.data)
    with pytest.raises(Fault) as caught:
        erase_unreadable(shop.params.store, shop.data)
    assert caught.value.code == "store.key_there" and _files(shop.data) == before


def test_nothing_is_given_up_while_a_booth_has_the_store_open(shop: Shop) -> None:
    _with_original(shop)
    shop.open()
    (shop.root / "config" / "store.key").unlink()
    before = _files(shop.data)
    with pytest.raises(Fault) as caught:
        erase_unreadable(shop.params.store, shop.data)
    assert caught.value.code == "store.busy" and _files(shop.data) == before


class _Ring(types.ModuleType):
    """A keyring whose entry a test can take away."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.held: dict[tuple[str, str], str] = {}
        self.trouble: Exception | None = None

    def get_password(self, service: str, user: str) -> str | None:
        if self.trouble is not None:
            raise self.trouble
        return self.held.get((service, user))

    def set_password(self, service: str, user: str, password: str) -> None:
        self.held[service, user] = password

    def delete_password(self, service: str, user: str) -> None:
        del self.held[service, user]


@pytest.fixture
def ring(monkeypatch: MonkeyPatch) -> _Ring:
    ring = _Ring()
    monkeypatch.setitem(sys.modules, "keyring", ring)
    return ring


@pytest.mark.parametrize("trouble", [None, RuntimeError("the collection is locked")])
def test_a_keyring_that_answers_nothing_is_away_not_lost(shop: Shop, ring: _Ring, trouble: Exception | None) -> None:
    shop.set(key="keyring")
    number = _with_original(shop)
    before, held = _files(shop.data), dict(ring.held)
    ring.held.clear()
    ring.trouble = trouble
    with pytest.raises(Fault) as caught:
        shop.open()
    assert caught.value.exit_code == 2 and _files(shop.data) == before
    ring.held, ring.trouble = held, None
    assert shop.open().read(number, ORIGINAL) == JPEG


def test_a_new_store_never_overwrites_the_keyrings_entry(shop: Shop, ring: _Ring) -> None:
    ring.held["headshot-booth", "store"] = "cd" * 32
    shop.set(key="keyring")
    shop.open()
    assert ring.held == {("headshot-booth", "store"): "cd" * 32}


def test_a_passphrase_asked_for_later_takes_the_raw_key_off_the_disk(shop: Shop, monkeypatch: MonkeyPatch) -> None:
    number = _with_original(shop)
    key = shop.root / "config" / "store.key"
    raw = json.loads(key.read_bytes())["key"]
    beside = key.with_name("hard link to the old file")
    os.link(key, beside)
    shop.set(key="passphrase")
    with pytest.raises(Fault, match="needs a passphrase"):
        shop.open()
    assert raw in key.read_text(), "refused, not half moved"
    monkeypatch.setenv("BOOTH_PASSPHRASE", "a long sentence")
    store = shop.open()
    assert store.read(number, ORIGINAL) == JPEG and any("passphrase" in note for note in store.notes)
    assert json.loads(key.read_bytes())["kind"] == "passphrase"
    assert raw.encode() not in shop.everything() and beside.read_bytes() != key.read_bytes()
    assert check_key(shop.params.store, shop.data) == "passphrase"
    shop.close()
    monkeypatch.setenv("BOOTH_PASSPHRASE", "another sentence")
    with pytest.raises(Fault) as caught:
        shop.open()
    assert caught.value.code == "store.passphrase"


def test_a_command_with_another_profile_never_weakens_the_key(shop: Shop, monkeypatch: MonkeyPatch) -> None:
    shop.set(key="passphrase")
    monkeypatch.setenv("BOOTH_PASSPHRASE", "a long sentence")
    number = _with_original(shop)
    shop.set(key="file")
    assert shop.open().read(number, ORIGINAL) == JPEG
    assert json.loads(key_path(shop.params.store).read_bytes())["kind"] == "passphrase"


def test_a_key_moves_from_the_keyring_to_a_passphrase(shop: Shop, ring: _Ring, monkeypatch: MonkeyPatch) -> None:
    shop.set(key="keyring")
    number = _with_original(shop)
    shop.set(key="passphrase")
    monkeypatch.setenv("BOOTH_PASSPHRASE", "a long sentence")
    assert shop.open().read(number, ORIGINAL) == JPEG and ring.held == {}


@pytest.mark.skipif(os.name != "posix", reason="rights of files as POSIX has them")
def test_a_key_that_others_may_read_is_told_and_tightened(shop: Shop) -> None:
    _with_original(shop)
    key = shop.root / "config" / "store.key"
    key.chmod(0o644)
    assert any("0600" in note for note in shop.open().notes)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def _home(tmp_path: Path, monkeypatch: MonkeyPatch) -> Path:
    home = tmp_path / "home"
    (home / ".config" / "booth").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr("booth.__main__._hush_native_libraries", lambda: None)
    return home


def _booth(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    return int(left.value.code or 0)


def test_the_command_refuses_with_2_and_reads_the_profile_that_run_reads(
    tmp_path: Path, monkeypatch: MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, stick = _home(tmp_path, monkeypatch), tmp_path / "stick" / "store.key"
    (home / ".config/booth/profile.toml").write_text(
        f'extends = "event"\n[deliver]\nfolder = "{tmp_path / "out"}"\n[deliver.store]\nkey_file = "{stick}"\n'
    )
    shop = Shop(tmp_path)
    shop.data = home / ".local/share/booth/store"
    shop.params = msgspec.structs.replace(shop.params, store=StoreParams(key_file=str(stick)))
    number = _with_original(shop)
    assert _booth("store", "list") == 0 and "1 portraits kept" in capsys.readouterr().out
    stick.parent.rename(tmp_path / "pulled")
    before = _files(shop.data)
    for words in (("store",), ("store", "erase", "all"), ("office", "export"), ("office", "erase")):
        assert _booth(*words) == 2
        said = capsys.readouterr().err
        assert "key" in said and len(said.splitlines()) == 1
    assert _booth("store", "erase", "--erase-unreadable") == 2, "nobody said yes"
    assert _files(shop.data) == before
    (tmp_path / "pulled").rename(stick.parent)
    assert [entry.id for entry in shop.open().kept()] == [number]
    shop.close()
    (stick.parent / "store.key").unlink()
    assert _booth("store", "erase", "--erase-unreadable", "--yes") == 0 and _booth("store") == 0


def test_the_store_is_looked_after_with_the_profile_of_the_last_run(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    home = _home(tmp_path, monkeypatch)
    own, service = home / ".config/booth/profile.toml", tmp_path / "booth.toml"
    for path in (own, service):
        path.write_text('extends = "event"\n')
    assert profile_in_use(None) == own
    note_profile(service)
    assert profile_in_use(None) == str(service) and profile_in_use("home") == "home"
    note_profile(None)
    assert profile_in_use(None) == own, "a run without --profile takes the operator's own"
