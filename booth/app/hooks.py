"""Notifies the operator's lamps, relays and programs of page changes; the booth never waits for them.

Each hook has a thread and a one-slot queue: a slow one misses changes in between and gets the newest. It gets the
page, the one before and the outcome; nothing of a guest.
"""

from __future__ import annotations

import http.client
import json
import logging
import os
import signal
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from booth.config.params.hooks import CommandHookParams, HooksParams, LedHookParams, PostHookParams
from booth.core.latest import Latest
from booth.session.state_machine import State

log = logging.getLogger(__name__)

LEDS = Path("/sys/class/leds")
WAIT_S = 0.25  # how long a stop may take to be noticed
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "DISPLAY", "XDG_RUNTIME_DIR")  # of the booth's own environment


@dataclass(frozen=True, slots=True)
class PageChange:
    """The page now, the one before, and at the goodbye what became of the portrait: kept, deleted or nothing."""

    state: str
    before: str
    outcome: str = ""


Act = Callable[[PageChange], None]


class Hook:
    """One thing to be done on changes, on a thread of its own; failures are logged once until it works again."""

    def __init__(self, name: str, act: Act, on: frozenset[str] = frozenset()) -> None:
        """`on` are the pages it is for; empty: all."""
        self._name, self._act, self._on = name, act, on
        self._news: Latest[PageChange] = Latest()
        self._stop = threading.Event()
        self._has_failed = False
        self._thread = threading.Thread(target=self._run, name=f"hook-{name}", daemon=True)
        self._thread.start()

    def tell(self, change: PageChange) -> None:
        """Pass on a change; never waits."""
        if not self._on or change.state in self._on:
            self._news.put(change)

    def _run(self) -> None:
        while not self._stop.is_set():
            change = self._news.take(WAIT_S)
            if change is not None:
                self._do(change)

    def _do(self, change: PageChange) -> None:
        try:
            self._act(change)
            self._has_failed = False
        except Exception as error:  # the operator's programs and plug-ins may fail in any way
            if not self._has_failed:
                log.warning("hook %s failed: %s", self._name, type(error).__name__)
            self._has_failed = True

    def stop(self) -> None:
        """Ask the thread to end after its current work."""
        self._stop.set()

    def join(self, timeout_s: float) -> None:
        """Wait for the thread's end; one that hangs is left to the end of the program."""
        self._thread.join(timeout_s)


class Hooks:
    """Every hook of a profile. `more` are those of plug-ins, by name."""

    def __init__(self, params: HooksParams, more: dict[str, Act] | None = None) -> None:
        made = [Hook(f"command {i + 1}", _command(p), frozenset(p.on)) for i, p in enumerate(params.command)]
        made += [Hook(f"post {i + 1}", _post(p), frozenset(p.on)) for i, p in enumerate(params.post)]
        made += [Hook(f"led {p.led}", _led(p)) for p in params.led]
        made += [Hook(name, act) for name, act in (more or {}).items()]
        self._hooks = tuple(made)

    def record(self, state: State, before: State, outcome: str = "") -> None:
        """Notify all hooks of a change; never waits."""
        change = PageChange(state.value, before.value, outcome)
        for hook in self._hooks:
            hook.tell(change)

    def close(self) -> None:
        """End the threads; a hook that hangs is not waited for."""
        for hook in self._hooks:
            hook.stop()
        for hook in self._hooks:
            hook.join(2 * WAIT_S)


def _command(params: CommandHookParams) -> Act:
    def act(change: PageChange) -> None:
        fills = {"{state}": change.state, "{before}": change.before, "{outcome}": change.outcome}
        words = [_filled(word, fills) for word in params.run]
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment |= {"BOOTH_STATE": change.state, "BOOTH_BEFORE": change.before, "BOOTH_OUTCOME": change.outcome}
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(
            words, stdin=quiet, stdout=quiet, stderr=quiet, env=environment, start_new_session=True
        )
        try:
            code = process.wait(params.limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        if code != 0:
            raise subprocess.CalledProcessError(code, words[0])

    return act


def _filled(word: str, fills: dict[str, str]) -> str:
    for blank, value in fills.items():
        word = word.replace(blank, value)
    return word


def _post(params: PostHookParams) -> Act:
    parts = urlsplit(params.url)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"

    def act(change: PageChange) -> None:
        # Straight to the address: no proxy is asked, and a redirection that could lead elsewhere is not followed.
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=params.limit_s)
        body = json.dumps({"state": change.state, "before": change.before, "outcome": change.outcome})
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            if connection.getresponse().status >= http.HTTPStatus.MULTIPLE_CHOICES:
                raise http.client.HTTPException
        finally:
            connection.close()

    return act


def _led(params: LedHookParams, root: Path | None = None) -> Act:
    folder = (root or LEDS) / params.led
    lit_on = frozenset(params.on)

    def act(change: PageChange) -> None:
        most = (folder / "max_brightness").read_text(encoding="ascii").strip()
        (folder / "brightness").write_text(most if change.state in lit_on else "0", encoding="ascii")

    return act
