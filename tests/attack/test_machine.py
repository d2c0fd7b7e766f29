"""The machine round the booth: core dumps, keys at the keyboard, the monitoring page, the log, folders and sheets."""

from __future__ import annotations

import configparser
import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from booth.app.health import HealthEndpoint
from booth.app.operator.pin import PinPad, is_weak
from booth.app.vitals import Vitals
from booth.app.watchdog import FRESH_S, STUCK_S
from booth.config.params import load_params
from booth.config.params.deliver import DeliverParams
from booth.config.params.health import HealthParams
from booth.core.faults import Fault
from booth.core.journal import open_log
from booth.delivery.phone import phone_page as page
from booth.delivery.portrait_folder import PortraitFolder
from booth.delivery.store.consent_log import ConsentLine, ConsentLog
from booth.diagnostics.display_check import keyboard_result
from booth.draw.scene import Signal
from booth.office.export import harmless
from booth.session.state_machine import State
from tests.rig.engine import an_engine
from tests.unit.store.conftest import CONSENT, JPEG, Shop

ROOT = Path(__file__).resolve().parents[2]
WELL = Vitals(100.0, "coach", "")


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's own limits")
def test_a_crash_leaves_no_core() -> None:
    code = (
        "import ctypes, resource; from booth.core.secrecy import forbid_core_dumps; forbid_core_dumps();"
        "print(resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3, 0, 0, 0, 0));"
        "import os, tempfile; from pathlib import Path; from booth.core.atomic_write import write_whole;"
        "write_whole(Path(tempfile.mkdtemp()) / 'x', b'whole files are still written')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.split() == ["0", "0"]
    assert "forbid_core_dumps()" in (ROOT / "booth/__main__.py").read_text(), "every command begins with it"


def test_the_unit_outlives_the_inner_watchdog_and_keeps_no_core() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[method-assign,assignment]
    unit.read(ROOT / "deploy/booth.service", encoding="utf-8")
    service = unit["Service"]
    assert int(service["WatchdogSec"]) > STUCK_S + FRESH_S
    assert service["LimitCORE"] == "0" and service["Restart"] == "always"
    assert int(service["MemoryMax"].removesuffix("M")) > 1577 * 1.2


@pytest.mark.parametrize("profile", ["event", "office"])
def test_a_guest_at_the_keyboard_of_a_kiosk_meets_the_pin(tmp_path: Path, profile: str) -> None:
    params = load_params(profile)
    with an_engine(tmp_path, params=params) as (engine, _):
        pin_file = engine.operator_page._pin._file
        assert keyboard_result(params, pin_file.parent).found.endswith("no PIN yet")
        engine.signals.handle(Signal("quit"))
        assert engine.has_quit, "a newcomer has no PIN yet, and can leave"
    PinPad(pin_file).choose("271828")
    assert "need the PIN" in keyboard_result(params, pin_file.parent).found
    with an_engine(tmp_path, params=params) as (engine, _):
        engine.signals.handle(Signal("quit"))
        assert not engine.has_quit and engine.state is State.OPERATOR, "the page that asks for the PIN"
        engine.signals.handle(Signal("quit"))
        assert not engine.has_quit, "not before the PIN is typed"
    at_home = msgspec.structs.replace(params, kiosk=load_params("home").kiosk)
    with an_engine(tmp_path, params=at_home) as (engine, _):
        engine.signals.handle(Signal("quit"))
        assert engine.has_quit


def test_weak_pins_are_refused_and_wrong_tries_outlive_a_restart(tmp_path: Path) -> None:
    assert all(is_weak(pin) for pin in ("000000", "123456", "654321", "121212", "123123", "112112"))
    assert not is_weak("271828")
    file = tmp_path / "operator-pin.json"
    with pytest.raises(Fault, match="guessed first"):
        PinPad(file).choose("123456")
    assert PinPad(file).wants_new_pin
    PinPad(file).choose("271828")
    pad, now_s = PinPad(file), 0.0
    for _ in range(6):
        for digit in "314159":
            pad.press(digit, now_s)
        now_s += pad.facts(now_s).wait_s
    again = PinPad(file)
    assert again.facts(50.0).wait_s >= 16
    for digit in "271828":
        again.press(digit, 50.0)
    assert not again.is_unlocked


def _get(port: int, host: str | None = None) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/health", headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_silent_connections_do_not_block_the_monitoring() -> None:
    health = HealthEndpoint(HealthParams(on=True, port=0), lambda: 100.0)
    health.step(lambda: WELL)
    assert health.port is not None
    before = len([*Path("/proc/self/fd").iterdir()]) if Path("/proc/self/fd").is_dir() else 0
    silent = []
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                silent.append(socket.create_connection(("127.0.0.1", health.port), timeout=2))
        time.sleep(0.1)  # what was accepted last is cut by the server's own thread
        assert _get(health.port) == 200
        handles = len([*Path("/proc/self/fd").iterdir()]) if Path("/proc/self/fd").is_dir() else 0
        assert handles < before + len(silent) + 80, "no handle is held for those that were cut"
        assert _get(health.port, "rebound.example.org") == 400 and _get(health.port, "localhost") == 200
    finally:
        for one in silent:
            one.close()
        health.close()


@pytest.fixture
def fresh_logging():  # type: ignore[no-untyped-def]
    root, own = logging.getLogger(), logging.getLogger("booth")
    levels = root.level, own.level
    yield
    for handler in own.handlers[:]:
        own.removeHandler(handler)
        handler.close()
    root.level, own.level = levels


def test_what_happens_reaches_a_rotated_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_logging: None
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    open_log("run", debug=False, verbose=False)
    logging.getLogger("booth.app.engine").info("attract -> consent on start")
    logging.getLogger("somebody.else").info("chatter")
    file = tmp_path / ".local/share/booth/log/booth.log"
    text = file.read_text()
    assert "attract -> consent" in text and "chatter" not in text and file.stat().st_mode & 0o077 == 0


def test_under_systemd_the_journal_hears_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_logging: None, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")
    open_log("run", debug=False, verbose=False)
    logging.getLogger("booth.app.engine").info("kept a portrait")
    assert "kept a portrait" in capsys.readouterr().err and not (tmp_path / ".local").exists()


@pytest.mark.skipif(os.name != "posix", reason="rights of files as POSIX has them")
def test_a_folder_that_everybody_may_write_is_tightened(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    folder.chmod(0o777)
    PortraitFolder(DeliverParams(folder=str(folder))).check()
    assert folder.stat().st_mode & 0o777 == 0o700 and "0700" in caplog.text


_CELLS = ["a;=HYPERLINK(1)", "a\t+1", "a|@x", "a; =1", 'a;"=1', "a\n=1", "a;\uff1d1", "=1", "-2"]
_UNSEEN_CELLS = ["\u200b=1", "\ufeff=1", "a;\u200b=1", "\x00=1", "\ufe661", "a\u2028=1", "\u202e=1"]


@pytest.mark.parametrize("cell", _CELLS + _UNSEEN_CELLS)
def test_no_cell_becomes_a_formula_wherever_a_sheet_splits(cell: str) -> None:
    import re

    for part in re.split(r"[;\t|\n\u2028]", harmless(cell)):
        told = part.strip(' "\x00\u200b\u202e\ufeff')
        assert not told.startswith(("=", "+", "-", "@", "\uff1d", "\ufe66")), harmless(cell)
    assert harmless("Anne-Marie; B") == "Anne-Marie; B"


def test_the_guide_page_does_not_tell_the_password_to_everybody() -> None:
    from booth.config.params.deliver import PageParams
    from booth.delivery.phone.links import Links
    from booth.delivery.phone.web_app import PhonePages

    params = PageParams(address="127.0.0.1", wifi_name="Booth", wifi_password="smile please")
    pages = PhonePages(params, Links(lambda: 0.0, lambda link: None), None)  # type: ignore[arg-type]
    coroutine = pages._guide(SimpleNamespace(headers={}))  # type: ignore[arg-type]
    with pytest.raises(StopIteration) as done:
        coroutine.send(None)
    assert b"Booth" in done.value.value.body and b"smile please" not in done.value.value.body
    assert "smile please" in page.guide("en", "Booth", "smile please")


def test_a_consent_log_that_was_cut_or_written_anew_is_told(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    store = shop.open()
    for number in range(3):
        store.keep(shop.portraits / f"{number}.jpg", JPEG, CONSENT, shop.now)
    shop.close()
    path = shop.data / "consent.jsonl"
    whole = path.read_bytes()
    assert shop.open().notes == []
    shop.close()
    anew = tmp_path / "anew" / "consent.jsonl"
    anew.parent.mkdir()
    forged = ConsentLog(anew)
    for _ in range(3):
        forged.append(ConsentLine("given", "2026-06-01T12:00:00+00:00", "d" * 32))
    lines = whole.splitlines(keepends=True)
    for changed in (
        b"".join(lines[:2]),
        b"",
        lines[0],
        anew.read_bytes(),
        b"".join(lines[1:]),
        whole.replace(b"2026", b"2025", 1),
    ):
        path.write_bytes(changed)
        assert any("consent log was changed" in note for note in shop.open().notes), changed
        shop.close()
    path.write_bytes(whole)
    assert shop.open().notes == []
    shop.close()


def test_two_writers_make_one_chain(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from booth.delivery.store.consent_log import ConsentLine, ConsentLog\n"
        "log = ConsentLog(Path(sys.argv[1]))\n"
        "for n in range(40): log.append(ConsentLine('given', '2026-06-01T12:00:00+00:00', sys.argv[2] + str(n)))"
    )
    path = tmp_path / "consent.jsonl"
    writers = [subprocess.Popen([sys.executable, "-c", code, str(path), name], cwd=ROOT) for name in "ab"]
    assert [writer.wait() for writer in writers] == [0, 0]
    log = ConsentLog(path)
    assert len(log.lines()) == 80 and log.first_break() is None


def test_the_longer_promise_of_two_profiles_holds_for_the_consent_log(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.set(consent_days=3650)
    store = shop.open()
    store.keep(shop.portraits / "one.jpg", JPEG, CONSENT, shop.now)
    shop.close()
    shop.set(consent_days=1095)
    store = shop.open()
    store.tick(shop.later(days=2000))
    assert store.shorten_consents(shop.now) == 0
    assert json.loads((shop.data / "consent.jsonl").read_text().splitlines()[0])["days"] == 3650
    shop.later(days=1700)
    store.tick(shop.now)
    assert store.shorten_consents(shop.now) == 1
    shop.close()


def test_the_doctor_sees_a_cut_log_a_doubted_clock_and_what_is_owed(tmp_path: Path) -> None:
    from booth.diagnostics.store_checks import store_findings

    shop = Shop(tmp_path)
    assert {f.level for f in store_findings(shop.params, shop.data)} == {"pass"}, "before the first start"
    store = shop.open()
    for number in range(2):
        entry, _ = store.keep(shop.portraits / f"{number}.jpg", JPEG, CONSENT, shop.now)
    assert {f.level for f in store_findings(shop.params, shop.data)} == {"pass"}
    shop.portraits.rename(tmp_path / "unmounted")
    store.erase(entry.id, shop.now)
    shop.close()
    shop.boot, shop.up_s = "boot 2", 5.0
    shop.jump(days=4000)
    shop.open()
    shop.close()
    log = shop.data / "consent.jsonl"
    log.write_bytes(log.read_bytes().splitlines(keepends=True)[0])
    assert [f.level for f in store_findings(shop.params, shop.data)] == ["fail", "warn", "warn"]
