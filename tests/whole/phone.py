"""A phone for tests: headless Chromium, steered over a pair of pipes, so that no further port is opened."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

ANSWER_S = 30.0


def chromium() -> str:
    """The browser's path; the test is skipped where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if (found := shutil.which(name)) is not None:
            return found
    pytest.skip("needs chromium")


class Phone:
    """One browser with a fresh profile in `folder`; use as a with-block."""

    def __init__(self, folder: Path) -> None:
        self.saved = folder / "saved"
        self.saved.mkdir(parents=True)
        out_read, self._write = os.pipe()
        self._read, in_write = os.pipe()
        command = [
            chromium(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--remote-debugging-pipe", f"--user-data-dir={folder}/profile", "--no-first-run", "--disable-extensions",
            "--disable-background-networking", "--window-size=390,844", "about:blank",
        ]  # fmt: skip

        def wire() -> None:  # the browser reads commands from descriptor 3 and answers on 4
            os.dup2(out_read, 50)
            os.dup2(in_write, 51)
            os.dup2(50, 3)
            os.dup2(51, 4)

        self._process = subprocess.Popen(
            command, preexec_fn=wire, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "TMPDIR": "/tmp"},  # it makes a socket there, whose path may have 107 bytes
        )  # fmt: skip
        os.close(out_read)
        os.close(in_write)
        self._number, self._rest, self.events = 0, b"", []
        targets = self._ask("Target.getTargets")["targetInfos"]
        page = next(t["targetId"] for t in targets if t["type"] == "page")
        self._session = self._ask("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        self.ask("Page.enable")
        self.ask("Network.enable")
        self.ask("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)
        self._ask("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.saved))

    def _ask(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if session is not None:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + ANSWER_S
        while time.monotonic() < deadline:
            told = self._message()
            if told.get("id") == self._number:
                assert "error" not in told, told
                return told["result"]
            self.events.append(told)
        raise AssertionError(f"no answer to {method}")

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            more = os.read(self._read, 1 << 20)
            assert more, "the browser is gone"
            self._rest += more
        first, self._rest = self._rest.split(b"\0", 1)
        return json.loads(first)

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command to the page."""
        return self._ask(method, self._session, **params)

    def open(self, address: str) -> int:
        """Go to an address and wait until it is loaded; returns the status."""
        self.events.clear()
        self.ask("Page.navigate", url=address)
        return self._loaded()

    def _loaded(self) -> int:
        deadline = time.monotonic() + ANSWER_S
        while time.monotonic() < deadline:
            if any(e.get("method") == "Page.loadEventFired" for e in self.events):
                break
            self.events.append(self._message())
        answers = [e["params"] for e in self.events if e.get("method") == "Network.responseReceived"]
        return int(next(a["response"]["status"] for a in answers if a["type"] == "Document"))

    def do(self, script: str) -> Any:
        """Evaluate a script, as a finger would touch the page."""
        return self.ask("Runtime.evaluate", expression=script, returnByValue=True, userGesture=True)["result"].get(
            "value"
        )

    def touch(self, selector: str, *, loads: bool = False) -> int | None:
        """Touch an element; with `loads` wait for the page that follows and return its status."""
        self.events.clear()
        self.do(f"document.querySelector({selector!r}).click()")
        return self._loaded() if loads else None

    def text(self) -> str:
        """What the page says."""
        return str(self.do("document.body.innerText"))

    def picture(self, path: Path) -> None:
        """Take a picture of the whole page."""
        shot = self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def __enter__(self) -> Phone:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        os.close(self._write)
        os.close(self._read)
