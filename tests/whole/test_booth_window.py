"""The whole program on a virtual screen: a yes, a look, a portrait taken by itself, kept, and everything else wiped."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.whole.conftest import RunningBooth

pytestmark = [pytest.mark.screen, pytest.mark.slow]


def test_a_stranger_says_yes_and_takes_a_portrait_home(
    booth_on: RunningBooth, tmp_path: Path, build_folder: Path
) -> None:
    booth_on.await_line("first picture", 90)
    booth_on.press_until("Return", "attract -> consent", 20)
    booth_on.picture(build_folder / "window-consent.png")
    assert not list((tmp_path / ".local").rglob("session-*")), "nothing is kept before a yes"
    booth_on.press_until("y", "consent -> try", 20)
    booth_on.await_folder(tmp_path / ".local", "session-*", 10)
    booth_on.press_until("Return", "try -> coach", 20)
    booth_on.await_line("-> develop on shot", 60)
    booth_on.await_line("develop -> review", 60)
    booth_on.picture(build_folder / "window-review.png")
    booth_on.press_until("k", "review -> share", 20)
    booth_on.await_line("kept a portrait", 20)
    portraits = list((tmp_path / "portraits").glob("*.jpg"))
    assert len(portraits) == 1
    with Image.open(portraits[0]) as portrait:
        portrait.load()
        assert portrait.height > portrait.width >= 300
        assert portrait.info.get("icc_profile")
    assert (tmp_path / "portraits").stat().st_mode & 0o777 == 0o700
    booth_on.press_until("Escape", "wipe -> attract", 30, patience_s=10)  # leaving can be taken back for five seconds
    assert not list((tmp_path / ".local").rglob("session-*")), "leaving wipes"
    assert len(list((tmp_path / "portraits").glob("*"))) == 1


def test_a_no_leaves_nothing_behind(booth_on: RunningBooth, tmp_path: Path) -> None:
    booth_on.await_line("first picture", 90)
    booth_on.press_until("Return", "attract -> consent", 20)
    booth_on.press_until("n", "consent -> goodbye", 20)
    assert not list((tmp_path / ".local").rglob("session-*"))
    assert not (tmp_path / "portraits").exists()


def test_a_window_of_the_desktops_size_is_whole_and_has_its_own_name_from_the_first_frame(
    booth_on: RunningBooth,
) -> None:
    booth_on.await_line("window open", 30)
    environment = {**os.environ, "DISPLAY": booth_on.display}

    def told(*words: str) -> str:
        return subprocess.run(
            ["xdotool", *words], env=environment, capture_output=True, text=True, check=True, timeout=20
        ).stdout

    window = told("search", "--onlyvisible", "--class", "^booth$").split()[0]
    shape = dict(line.split("=") for line in told("getwindowgeometry", "--shell", window).split() if "=" in line)
    assert [shape[name] for name in ("X", "Y", "WIDTH", "HEIGHT")] == ["0", "0", "1280", "720"]
