"""How the mirror runs while the phone page is under siege: `make share-load`.

The whole booth with the demo sitter before it, drawing the coached mirror; from another process come slow clients that
never finish a request and a crowd that asks as fast as it is let. Both run on the booth's own cores, which is worse
than any Wi-Fi.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import msgspec

from booth.app.engine import Engine
from booth.app.feed import ThreadedFeed
from booth.app.parts import EngineSetup
from booth.capture.source import open_source
from booth.config.params.deliver import PageParams
from booth.looks.look import load_look
from booth.session.state_machine import Event, State
from booth.session.view import View
from booth.ui.window import Signal, Window
from tests.whole.driven import HASTE_S, params_in

MIN_FPS = 25.0
MIN_SHARE = 0.9  # of the frames a second in peace
SETTLE_S = 3.0  # of drawing before anything counts
BACK_S = 3.0  # sooner than the demo sitter holds still long enough
_ON_MIRROR = frozenset({State.COACH, State.HOLD})


class Stayer(Window):
    """A guest who stays before the mirror; counts the frames that are drawn there."""

    frames = 0
    on_mirror_s = 0.0
    _last_s: float | None = None

    def draw(self, view: View) -> None:
        super().draw(view)
        now_s = time.perf_counter()
        if view.state in _ON_MIRROR and self._last_s is not None:
            self.frames, self.on_mirror_s = self.frames + 1, self.on_mirror_s + now_s - self._last_s
        self._last_s = now_s if view.state in _ON_MIRROR else None

    def poll(self) -> tuple[Signal, ...]:
        super().poll()
        view = self._view
        if view is None or view.in_state_s < (BACK_S if view.state is State.COACH else HASTE_S):
            return ()
        answers = {
            State.ATTRACT: Event.START, State.CONSENT: Event.AGREE, State.TRY: Event.CHOSEN, State.COACH: Event.BACK,
            State.REVIEW: Event.RETAKE, State.GOODBYE: Event.START,
        }  # fmt: skip
        answer = answers.get(view.state)
        return (Signal("event", answer),) if answer is not None else ()

    def fps_for(self, seconds: float) -> float:
        """Frames a second on the mirror during the next so many seconds before it."""
        frames, on_mirror_s = self.frames, self.on_mirror_s
        deadline = time.perf_counter() + 3 * seconds
        while self.on_mirror_s - on_mirror_s < seconds and time.perf_counter() < deadline:
            time.sleep(0.05)
        return (self.frames - frames) / max(1e-6, self.on_mirror_s - on_mirror_s)


@dataclass(frozen=True)
class Siege:
    """What was measured."""

    calm_fps: float
    siege_fps: float
    answers: dict[str, int]


def besiege(home: Path, slow: int, requests: int, seconds: float) -> Siege:
    """Run the booth, first in peace and then under siege."""
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    params = params_in(home)
    page = PageParams(address="127.0.0.1", port=port)
    params = msgspec.structs.replace(params, deliver=msgspec.structs.replace(params.deliver, page=page))
    window = Stayer(params.screen, (1280, 720))
    setup = EngineSetup(ThreadedFeed(params, open_source("demo", params.capture)), window)
    booth = Engine(params, load_look("company-page"), setup)
    told: list[Siege] = []

    def measure() -> None:
        try:
            window.fps_for(SETTLE_S)
            calm = window.fps_for(seconds)
            words = [sys.executable, "-m", "tests.whole.share_load", "crowd", str(port), str(slow), str(requests)]
            crowd = subprocess.Popen([*words, str(seconds)], stdout=subprocess.PIPE, text=True)
            siege = window.fps_for(seconds)
            told.append(Siege(calm, siege, json.loads(crowd.communicate(timeout=600)[0])))
        finally:
            booth.leave()

    watcher = threading.Thread(target=measure)
    watcher.start()
    booth.run()
    watcher.join()
    if not told:
        raise SystemExit("nothing was measured: the crowd did not come to an end")
    return told[0]


def crowd(port: int, slow: int, requests: int, seconds: float) -> Counter[str]:
    """Hold slow lines open and ask `requests` times in about so many seconds; returns how it was answered."""
    os.nice(19)  # phones compute elsewhere
    lines = [line for n in range(slow) if (line := _line(port, f"127.0.1.{1 + n % 100}")) is not None]
    started = time.perf_counter()
    deadline = started + seconds

    def trickle() -> None:
        while time.perf_counter() < deadline:
            for line in lines:
                try:
                    line.send(b"G")
                except OSError:
                    continue
            time.sleep(0.5)

    trickler = threading.Thread(target=trickle)
    trickler.start()

    def ask(number: int) -> str:
        wait_s = started + seconds * number / requests - time.perf_counter()
        if wait_s > 0:
            time.sleep(wait_s)
        line = _line(port, f"127.0.2.{1 + number % 100}")
        if line is None:
            return "refused"
        with line:
            try:
                path = ("/", "/about", "/style.css", "/p/" + "x" * 32)[number % 4]
                line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
                head = line.recv(4096)
            except OSError:
                return "cut"
        return head[9:12].decode() or "cut"

    with ThreadPoolExecutor(24) as pool:
        answers = Counter(pool.map(ask, range(requests)))
    trickler.join()
    for line in lines:
        line.close()
    return answers


def _line(port: int, address: str) -> socket.socket | None:
    try:
        return socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(address, 0))
    except OSError:
        return None


def main() -> int:
    """Measure 200 slow clients and 2,000 requests, and tell."""
    if sys.argv[1:2] == ["crowd"]:
        port, slow, requests = map(int, sys.argv[2:5])
        print(json.dumps(crowd(port, slow, requests, float(sys.argv[5]))))
        return 0
    os.environ.update(SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOME"] = folder
        told = besiege(Path(folder), 200, 2000, 20.0)
    share = told.siege_fps / max(told.calm_fps, 1e-6)
    figures = {"calm_fps": round(told.calm_fps, 1), "siege_fps": round(told.siege_fps, 1), "share": round(share, 3)}
    print(json.dumps({**figures, "answers": told.answers}))
    print(f"under siege {share:.0%} of the frames in peace (at least {MIN_SHARE:.0%} and {MIN_FPS:.0f} a second)")
    return 0 if share >= MIN_SHARE and told.siege_fps >= MIN_FPS else 1


if __name__ == "__main__":
    sys.exit(main())
