"""SIGTERM ends the booth within five seconds on every page and leaves nothing of a guest; `make endings`: all pages."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from booth.session.state_machine import State
from tests.whole.conftest import RunningBooth
from tests.whole.guest_of_every_page import WAYS
from tests.whole.test_first_minute import END_S, ended_in_s

pytestmark = pytest.mark.slow
PAGES = tuple(WAYS) if os.environ.get("BOOTH_ENDINGS") == "all" else (State.FAULT,)


@pytest.mark.long
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.value)
def test_a_page_is_left_in_time_and_nothing_of_the_guest_stays(page: State, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tests.whole.guest_of_every_page", page.value]
    words += ["run", "--source", "demo", "--window", "640x360"]
    environment = {**os.environ, "HOME": str(tmp_path), "SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}
    process = subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    booth = RunningBooth(process, "")
    try:
        booth.await_line(f"page {page.value}", 120)
        took_s = ended_in_s(booth, signal.SIGTERM)
        print(f"{page.value}: {took_s:.2f} s")
        assert took_s < END_S
        assert booth.process.returncode == 0
        assert not list(tmp_path.rglob("session-*"))
    finally:
        booth.end()
