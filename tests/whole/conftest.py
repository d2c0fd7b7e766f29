"""A virtual screen with a window manager, and the booth as its own process on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest

BOOTH = [sys.executable, "-m", "booth"]
PATIENCE_S = 3.0  # a page that does not answer a key within this has not heard it


def run_booth(*words: str, home: Path, timeout_s: float = 120) -> subprocess.CompletedProcess[str]:
    """Run one command of the booth with a home folder of its own."""
    environment = {**os.environ, "HOME": str(home)}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):  # another test of this worker may have set it
        environment.pop(name, None)
    return subprocess.run(
        [*BOOTH, *words], env=environment, capture_output=True, text=True, timeout=timeout_s, check=False
    )


@dataclass
class RunningBooth:
    """A booth in a window; tells what its log says of its states."""

    process: subprocess.Popen[str]
    display: str
    lines: list[str] = field(default_factory=list)
    _reader: Thread = field(init=False)

    def __post_init__(self) -> None:
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def end(self) -> None:
        """Close the booth as the system would, and read its log to the end."""
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=5)
        self._reader.join(timeout=5)
        assert self.process.stderr is not None
        self.process.stderr.close()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip())

    def await_line(self, words: str, timeout_s: float) -> str:
        """Wait until the log says so; fails with the log otherwise."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            for line in list(self.lines):
                if words in line:
                    return line
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"{words!r} not in the log:\n" + "\n".join(self.lines[-40:]))

    def await_folder(self, root: Path, pattern: str, timeout_s: float) -> Path:
        """Wait until there is one below `root`: the log names a page before all that belongs to it is made."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline and self.process.poll() is None:
            for found in root.rglob(pattern):
                return found
            time.sleep(0.05)
        raise AssertionError(f"no {pattern} below {root.name}:\n" + "\n".join(self.lines[-40:]))

    def press(self, key: str) -> None:
        """Press a key as a person would."""
        subprocess.run(["xdotool", "key", key], env={**os.environ, "DISPLAY": self.display}, check=True)

    def press_until(self, key: str, words: str, timeout_s: float, patience_s: float = PATIENCE_S) -> str:
        """Press a key, again where the page had not stood long enough to answer, until the log says so."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline - patience_s:
            self.press(key)
            try:
                return self.await_line(words, patience_s)
            except AssertionError:
                if self.process.poll() is not None:
                    raise
        return self.await_line(words, patience_s)

    def picture(self, path: Path) -> None:
        """Take a picture of the whole screen."""
        environment = {**os.environ, "DISPLAY": self.display}
        subprocess.run(["import", "-window", "root", str(path)], env=environment, check=False)


@pytest.fixture
def screen() -> Iterator[str]:
    """A virtual screen of 1280x720 with a window manager; the test is skipped where there is none to be had."""
    for program in ("Xvfb", "openbox", "xdotool"):
        if shutil.which(program) is None:
            pytest.skip(f"needs {program}")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x720x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as told:
        display = f":{told.readline().strip()}"
    manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": display}, stderr=subprocess.DEVNULL)
    yield display
    for process in (manager, server):
        process.terminate()
        process.wait(timeout=10)


def start_booth(screen: str, home: Path, more: str = "") -> RunningBooth:
    """Start a booth with the demo sitter in a 1280x720 window; its portraits go to `home/portraits`.

    `more` is added to its profile.
    """
    profile = home / "test.toml"
    profile.write_text(f'extends = "event"\nname = "test"\n[deliver]\nfolder = "{home}/portraits"\n{more}')
    words = ["run", "--source", "demo", "--window", "1280x720", "--profile", str(profile), "--debug"]
    environment = {**os.environ, "HOME": str(home), "DISPLAY": screen, "SDL_AUDIODRIVER": "dummy"}
    environment.pop("SDL_VIDEODRIVER", None)
    process = subprocess.Popen(
        [*BOOTH, *words], env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    return RunningBooth(process, screen)


@pytest.fixture
def booth_on(screen: str, tmp_path: Path) -> Iterator[RunningBooth]:
    """A booth with the demo sitter in a 1280x720 window; its portraits go to `tmp_path/portraits`."""
    booth = start_booth(screen, tmp_path)
    yield booth
    booth.end()
