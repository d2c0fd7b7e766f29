"""Says the coach's sentences aloud through the system's own speech, where there is one; captions stay on the screen."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LASTS_S = 0.35
_VOICES = {"zh": "cmn"}  # where the speech program names a language otherwise than we do


def command_for(text: str, locale: str, find: Callable[[str], str | None] = shutil.which) -> list[str] | None:
    """Return the command that says a text, or None where the system has no speech program.

    The text goes in as one argument after `--`, so that nothing in it can be taken for an option.
    """
    for name in ("espeak-ng", "espeak"):
        program = find(name)
        if program:
            return [program, "-v", _VOICES.get(locale, locale), "-s", "150", "--", text]
    program = find("say") if sys.platform == "darwin" else None
    return [program, "--", text] if program else None


class SpeechOutput:
    """One voice: a new sentence waits for the one before, an old one is never repeated."""

    def __init__(self, is_on: bool, start: Callable[[Sequence[str]], subprocess.Popen[bytes]] | None = None) -> None:
        self._is_on = is_on
        self._start = start or _start
        self._speaking: subprocess.Popen[bytes] | None = None
        self._said = ""

    def say(self, text: str, locale: str) -> bool:
        """Begin to say a text, unless it was the last one or another is still being said; returns whether it began."""
        if not self._is_on or not text or text == self._said or self._is_busy:
            return False
        command = command_for(text, locale)
        if command is None:
            self._is_on = False
            return False
        self._said = text
        try:
            self._speaking = self._start(command)
        except OSError:
            self._is_on = False
            return False
        return True

    @property
    def _is_busy(self) -> bool:
        return self._speaking is not None and self._speaking.poll() is None

    def close(self) -> None:
        """Stop speaking."""
        if self._speaking is not None and self._is_busy:
            self._speaking.terminate()
            self._speaking.wait(2)


@dataclass
class SteadyText:
    """Lets a text through once it has stood long enough to be worth saying aloud: a blink changes it for a moment."""

    text: str = ""
    since_s: float = 0.0

    def step(self, text: str, now_s: float) -> str:
        """Return the text if it has stood for `LASTS_S` at `now_s`, else an empty one."""
        if text != self.text:
            self.text, self.since_s = text, now_s
        return text if now_s - self.since_s >= LASTS_S else ""


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(list(command), stdin=quiet, stdout=quiet, stderr=quiet)
