"""Hooks on a change of the page: told in time, never waited for, only on the local network, logged once."""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from booth.app.hooks import Hook, Hooks, PageChange, _led
from booth.config.params import params_of
from booth.config.params.hooks import CommandHookParams, HooksParams, LedHookParams, PostHookParams, is_local
from booth.core.faults import Fault
from booth.session.state_machine import State

PATIENCE_S = 10.0


def until(holds: Callable[[], bool]) -> bool:
    """Wait for another thread; False where it never came."""
    pause = threading.Event()
    return any(holds() or pause.wait(0.01) for _ in range(int(PATIENCE_S * 100))) or holds()


@pytest.fixture
def opened() -> Iterator[list[Hooks]]:
    made: list[Hooks] = []
    yield made
    for hooks in made:
        hooks.close()


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-S", "-c", code)


def test_a_command_is_told_page_and_outcome_and_nothing_else(tmp_path: Path, opened: list[Hooks]) -> None:
    code = (
        f"import json,os,sys; open({str(tmp_path / 'told')!r},'w').write(json.dumps([sys.argv[1:], dict(os.environ)]))"
    )
    params = CommandHookParams((*python(code), "{state}", "{outcome}; rm -rf {before}"), ("goodbye",))
    hooks = Hooks(HooksParams(command=(params,)))
    opened.append(hooks)
    hooks.record(State.REVIEW, State.DEVELOP)
    hooks.record(State.GOODBYE, State.SHARE, "kept")
    assert until(lambda: (tmp_path / "told").exists() and (tmp_path / "told").stat().st_size > 0)
    words, environment = json.loads((tmp_path / "told").read_text())
    assert words == ["goodbye", "kept; rm -rf share"], "words stay words: there is no shell"
    assert (environment["BOOTH_STATE"], environment["BOOTH_OUTCOME"]) == ("goodbye", "kept")
    assert not [name for name in environment if "PASS" in name]


def test_the_loop_never_waits_for_a_slow_hook_and_the_newest_change_wins() -> None:
    may_go, told = threading.Event(), []

    def slow(change: PageChange) -> None:
        told.append(change.state)
        may_go.wait(PATIENCE_S)

    hook = Hook("slow", slow)
    hook.tell(PageChange("consent", "attract"))
    assert until(lambda: told == ["consent"])
    begun_s = time.perf_counter()
    for i in range(1000):
        hook.tell(PageChange(f"page {i}", ""))
    took_s = time.perf_counter() - begun_s
    assert took_s < 0.5, "a thousand changes while the hook hangs"
    may_go.set()
    assert until(lambda: len(told) == 2)
    assert told == ["consent", "page 999"]
    hook.stop()
    hook.join(PATIENCE_S)


def test_a_program_that_hangs_is_ended(tmp_path: Path, opened: list[Hooks], caplog: pytest.LogCaptureFixture) -> None:
    params = CommandHookParams(python("import time; time.sleep(60)"), limit_s=0.2)
    hooks = Hooks(HooksParams(command=(params,)))
    opened.append(hooks)
    with caplog.at_level(logging.WARNING, "booth.hooks"):
        hooks.record(State.HOLD, State.COACH)
        assert until(lambda: "TimeoutExpired" in caplog.text)


def test_a_failure_is_logged_once_until_it_works_again(caplog: pytest.LogCaptureFixture) -> None:
    works, n_done = threading.Event(), []

    def act(change: PageChange) -> None:
        n_done.append(change)
        if not works.is_set():
            raise OSError

    hook = Hook("lamp", act)
    with caplog.at_level(logging.WARNING, "booth.hooks"):
        for state in ("a", "b", "c", "works", "d"):
            if state == "works":
                works.set()
            elif state == "d":
                works.clear()
            before = len(n_done)
            hook.tell(PageChange(state, ""))
            assert until(lambda before=before: len(n_done) > before)  # type: ignore[misc]
        hook.stop()
        hook.join(PATIENCE_S)
    assert caplog.text.count("lamp") == 2


class Lamp(BaseHTTPRequestHandler):
    """A lamp on the network."""

    got: list[object] = []
    answer = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.path, json.loads(body)))
        self.send_response(self.answer)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("answer", [200, 302])
def test_a_post_reaches_the_lamp_and_follows_nobody(opened: list[Hooks], answer: int) -> None:
    Lamp.got, Lamp.answer = [], answer
    server = HTTPServer(("127.0.0.1", 0), Lamp)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        hooks = Hooks(HooksParams(post=(PostHookParams(f"http://127.0.0.1:{server.server_port}/lamp?x=1"),)))
        opened.append(hooks)
        hooks.record(State.HOLD, State.COACH)
        assert until(lambda: len(Lamp.got) == 1)
        assert Lamp.got == [("/lamp?x=1", {"state": "hold", "before": "coach", "outcome": ""})]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE_S)


@pytest.mark.parametrize(
    ("url", "is_fine"),
    [
        ("http://192.168.1.20/relay?turn=on", True), ("http://10.0.0.7:8080", True), ("http://localhost:1880/x", True),
        ("http://[fd00::1]/x", True), ("http://8.8.8.8/x", False), ("http://lamp.example.org/", False),
        ("http://lamp.local/", False), ("https://192.168.1.20/", False), ("http://0.0.0.0/", False),
        ("http://me:word@192.168.1.20/", False), ("http://224.0.0.1/", False), ("file:///etc/passwd", False),
        ("http://192.168.1.20:99999/", False), ("", False),
    ],
)  # fmt: skip
def test_only_the_local_network_may_be_told(url: str, is_fine: bool) -> None:
    assert is_local(url) is is_fine


def test_a_profile_with_an_address_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Fault) as met:
        params_of('[[hooks.post]]\nurl = "http://example.org/"\n', tmp_path / "own.toml")
    assert "local network" in str(met.value)


def test_hooks_are_read_from_a_profile(tmp_path: Path) -> None:
    text = '[[hooks.command]]\nrun = ["lamp", "{state}"]\non = ["hold"]\n\n[[hooks.led]]\nled = "input3::scrolllock"\n'
    hooks = params_of(text, tmp_path / "own.toml").hooks
    assert hooks.command[0].on == ("hold",)
    assert hooks.led[0].led == "input3::scrolllock"


def test_a_keyboards_light_follows_the_hold(tmp_path: Path) -> None:
    folder = tmp_path / "input3::scrolllock"
    folder.mkdir()
    (folder / "max_brightness").write_text("1\n")
    (folder / "brightness").write_text("0")
    act = _led(LedHookParams("input3::scrolllock"), tmp_path)
    act(PageChange("hold", "coach"))
    assert (folder / "brightness").read_text() == "1"
    act(PageChange("develop", "hold"))
    assert (folder / "brightness").read_text() == "0"
