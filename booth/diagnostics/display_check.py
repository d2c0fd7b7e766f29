"""Does the display that the environment names answer, and can a guest's keyboard end what it shows?

It is opened in a process of its own, which may hang or break.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from booth.app.operator.pin import has_pin
from booth.config.params import Params
from booth.diagnostics.doctor import CheckResult, Level

NAMES = ("WAYLAND_DISPLAY", "DISPLAY")
ANSWERS_WITHIN_S = 15.0  # a display on a slow machine, the interpreter's own start included
UNSEEN = ("offscreen", "dummy")  # drivers that show nothing: chosen by the library where no display answers
_OPEN = """
import pygame
pygame.display.init()
print(pygame.display.get_driver(), *("x".join(map(str, size)) for size in pygame.display.get_desktop_sizes()))
"""


def screen_result(environment: Mapping[str, str]) -> CheckResult:
    """Return the finding of the doctor about the screen: none named, named but silent, or open and how large."""
    named = next((f"{name}={environment[name]}" for name in NAMES if environment.get(name)), "")
    if sys.platform == "linux" and not named:
        return CheckResult("screen", "warn", "no display", "`booth replay` works without one.", "screen.missing")
    driver, sizes = _opened(environment)
    if driver is None or (driver in UNSEEN and environment.get("SDL_VIDEODRIVER", "") != driver):
        hint = "Start it from the desktop session itself, or correct that variable; `booth replay` needs no display."
        return CheckResult("screen", "fail", f"{named or 'the display'} does not answer", hint, "screen.missing")
    where = f", {named}" if named else ""
    return CheckResult("screen", "pass", f"{', '.join(sizes)} by {driver}{where}")


def _opened(environment: Mapping[str, str]) -> tuple[str | None, list[str]]:
    """Return the driver that opened the display and the desktops' sizes; None where it does not open."""
    own = {**environment, "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-c", _OPEN], env=own, capture_output=True, text=True, timeout=ANSWERS_WITHIN_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return None, []
    words = done.stdout.split()
    return (words[0], words[1:]) if done.returncode == 0 and words else (None, [])


def keyboard_result(params: Params, config: Path) -> CheckResult:
    """Say whether a guest's keyboard can end the booth; a warning where it fills a screen of its own."""
    if params.kiosk.locked and has_pin(config):
        return CheckResult("keyboard", "pass", "Ctrl+Q, F11 and closing the window need the PIN")
    why = "there is no PIN yet" if params.kiosk.locked else "the profile does not lock it"
    hint = (
        "Set one with `booth pin`." if params.kiosk.locked else "Set kiosk.locked = true, and a PIN with `booth pin`."
    )
    level: Level = "warn" if params.screen.fullscreen else "pass"
    return CheckResult("keyboard", level, f"Ctrl+Q ends the booth: {why}", hint)
