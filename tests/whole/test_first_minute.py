"""The first minute on a fresh machine: an empty cache, a walk by keys to a kept portrait, the way out at any time."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.sample import sampled
from tests.whole.conftest import BOOTH, RunningBooth

pytestmark = [pytest.mark.screen, pytest.mark.slow]
END_S = 5.0
KEPT_S = 60.0


def started(screen: str, home: Path, *, cache: Path | None = None) -> RunningBooth:
    environment = {**os.environ, "HOME": str(home), "DISPLAY": screen, "SDL_AUDIODRIVER": "dummy"}
    environment.pop("SDL_VIDEODRIVER", None)
    if cache is not None:
        environment["NUMBA_CACHE_DIR"] = str(cache)
    words = [*BOOTH, "run", "--source", "demo", "--window", "1280x720", "--debug"]
    process = subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    return RunningBooth(process, screen)


@pytest.fixture
def booths() -> Iterator[list[RunningBooth]]:
    made: list[RunningBooth] = []
    yield made
    for booth in made:
        booth.end()


def walk_to(booth: RunningBooth, state: str) -> None:
    """Go as far as a state by keys."""
    steps = (
        ("first picture", "", "attract"),
        ("attract -> consent", "Return", "consent"),
        ("consent -> try", "y", "try"),
        ("try -> coach", "Return", "coach"),
        ("-> develop on shot", "", "develop"),
        ("develop -> review", "", "review"),
        ("kept a portrait", "k", "share"),
    )
    for line, key, reached in steps:
        if key:
            booth.press_until(key, line, 90)
        else:
            booth.await_line(line, 90)
        if reached == state:
            return


def ended_in_s(booth: RunningBooth, number: int) -> float:
    start_s = time.monotonic()
    booth.process.send_signal(number)
    booth.process.wait(20)
    return time.monotonic() - start_s


@pytest.mark.long
def test_an_empty_cache_costs_no_guest_anything(screen: str, tmp_path: Path, booths: list[RunningBooth]) -> None:
    cache = tmp_path / "cache"
    booth = started(screen, tmp_path, cache=cache)
    booths.append(booth)
    booth.await_line("window open", 20)
    booth.await_line("preparing", 30)
    booth.await_line("first picture", 240)
    files = {path: path.stat().st_mtime_ns for path in cache.rglob("*.nb?")}
    assert len(files) > 40
    start_s = time.monotonic()
    walk_to(booth, "share")
    assert time.monotonic() - start_s < KEPT_S
    assert list((tmp_path / "Pictures" / "booth").glob("*.jpg"))
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*.nb?")} == files, "nothing was compiled for a guest"
    assert ended_in_s(booth, signal.SIGTERM) < END_S


@pytest.mark.parametrize(("state", "number"), [("opening", signal.SIGINT), ("preparing", signal.SIGTERM)])
def test_it_ends_while_it_has_hardly_begun(
    screen: str, tmp_path: Path, booths: list[RunningBooth], state: str, number: int
) -> None:
    booth = started(screen, tmp_path, cache=tmp_path / "cache")
    booths.append(booth)
    booth.await_line("window open" if state == "opening" else "preparing", 30)
    assert ended_in_s(booth, number) < END_S


@pytest.mark.parametrize("state", sampled(["coach", "develop"], ["coach"]))  # the other pages: test_endings.py
def test_it_ends_in_every_state_and_leaves_no_pixels(
    screen: str, tmp_path: Path, booths: list[RunningBooth], state: str
) -> None:
    booth = started(screen, tmp_path)
    booths.append(booth)
    walk_to(booth, state)
    assert ended_in_s(booth, signal.SIGTERM) < END_S
    assert booth.process.returncode == 0
    assert not list(tmp_path.rglob("session-*"))
