"""Scripted guests: the one of a replay, who agrees and is coached, and one whose acts a script file gives by time.

A script is a text file, one act a line: seconds, then `event NAME`, `look NAME`, `light NAME`, `strength 0..1`,
`page N` or `thumb N`. Empty lines and what follows `#` count for nothing. Acts happen in order, none before its time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from booth.core.faults import Fault
from booth.draw.scene import Signal
from booth.session.state_machine import Event, State

REVIEW_S = 6.0  # a replay's guest looks at the portrait for so long before the next is taken

_NUMBERS = {"strength": float, "page": int, "thumb": int}
_KINDS = ("event", "look", "light", *_NUMBERS)
_GOES_ON = {
    State.ATTRACT: Event.START,
    State.CONSENT: Event.AGREE,
    State.TRY: Event.CHOSEN,
    State.SHARE: Event.DELIVERED,
    State.GOODBYE: Event.LEAVE,
}


class CoachedGuest:
    """Goes straight to the mirror with the look there is, looks at each portrait for a while, and is taken again."""

    def act(self, state: State, in_state_s: float, now_s: float) -> Signal | None:
        """Return the next obvious thing."""
        if state is State.REVIEW:
            return Signal("event", Event.RETAKE) if in_state_s >= REVIEW_S else None
        event = _GOES_ON.get(state)
        return Signal("event", event) if event is not None else None


class PreviewGuest(CoachedGuest):
    """Stays before the mirror: a picture that was taken is released at once."""

    def act(self, state: State, in_state_s: float, now_s: float) -> Signal | None:
        """Return the way back to the mirror."""
        return Signal("event", Event.RETAKE) if state is State.REVIEW else super().act(state, in_state_s, now_s)


@dataclass(frozen=True, slots=True)
class ScriptedAct:
    """One act and when it happens, in seconds of the source."""

    t_s: float
    signal: Signal


class ScriptedGuest:
    """Does what a script says, at its times and in its order."""

    def __init__(self, acts: tuple[ScriptedAct, ...]) -> None:
        self._acts = list(acts)

    def act(self, state: State, in_state_s: float, now_s: float) -> Signal | None:
        """Return the first act that is due."""
        if not self._acts or self._acts[0].t_s > now_s:
            return None
        return self._acts.pop(0).signal


def read_script(path: Path) -> tuple[ScriptedAct, ...]:
    """Return the acts of a script file; Fault `script.missing`, `script.line` or `script.order` with the line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Fault("script.missing", f"The script {path.name} cannot be read.", "Name a text file.") from error
    acts = [
        _act(path.name, number, words)
        for number, line in enumerate(text.splitlines(), 1)
        if (words := line.partition("#")[0].split())
    ]
    if any(after.t_s < before.t_s for before, after in zip(acts, acts[1:], strict=False)):
        raise Fault("script.order", f"The acts of {path.name} are not in order of time.", "Sort its lines by seconds.")
    return tuple(acts)


def _act(file: str, number: int, words: list[str]) -> ScriptedAct:
    try:
        seconds, kind, value = words
        if kind not in _KINDS:
            raise ValueError(kind)
        made = Event(value) if kind == "event" else _NUMBERS.get(kind, str)(value)
        return ScriptedAct(float(seconds), Signal(kind, made))  # type: ignore[arg-type]
    except ValueError as error:
        hint = f"Write seconds, one of {', '.join(_KINDS)}, and its value, such as: 2.5 event agree."
        raise Fault("script.line", f"Line {number} of {file} is no act: {' '.join(words)}", hint) from error
