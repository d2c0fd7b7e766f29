"""Input without touch: presses buttons without a finger: one key that scans, Tab, the nose, a raised thumb."""

from __future__ import annotations

from collections.abc import Sequence

from booth.core.landmarks import NOSE_TIP
from booth.core.types import FrameAnalysis
from booth.draw.scene import Button, FocusMark, Item, Pointer, Rect
from booth.guidance.thumb_hold import ThumbHold
from booth.session.state_machine import State
from booth.session.view import View
from booth.ui.dwell import Dwell, DwellTarget, Nose

# While coached the head has other work.
POINTED = frozenset({State.TRY, State.REVIEW, State.UNDO, State.SHARE, State.GOODBYE})
THUMBED = frozenset({State.TRY, State.COACH, State.REVIEW, State.UNDO, State.SHARE})


def nose_of(analysis: FrameAnalysis | None) -> Nose | None:
    """Where the sitter's nose is as a mirror shows it; None without a sitter."""
    face = analysis.sitter if analysis is not None else None
    if face is None or analysis is None:
        return None
    aspect = analysis.frame.size[0] / analysis.frame.size[1]
    x, y = (float(v) for v in face.landmarks[NOSE_TIP, :2])
    return Nose((1 - x) * aspect, y, face.box.y1 - face.box.y0)


class Hands:
    """What is in focus, pointed at or shown by a thumb; remembers numbers only, and only for one page."""

    def __init__(self) -> None:
        self._state: State | None = None
        self._forget()

    def _forget(self) -> None:
        self._dwell = Dwell()
        self._thumb = ThumbHold()
        self._tabbed: str | None = None
        self._seen_seq: int | None = None

    def pressed_button(self, view: View, buttons: Sequence[Button], size: tuple[int, int]) -> Button | None:
        """Follow the nose and the thumb of one drawn page; returns the button they press, once."""
        if view.state is not self._state:
            self._state = view.state
            self._forget()
        return self._pointed(view, buttons, size) or self._thumbed(view, buttons)

    def _pointed(self, view: View, buttons: Sequence[Button], size: tuple[int, int]) -> Button | None:
        dwell_s = view.params.dwell_s
        if dwell_s <= 0 or view.state not in POINTED or not view.session.measures:
            return None
        targets = [DwellTarget(b.name, b.rect) for b in buttons if b.is_enabled]
        self._dwell = self._dwell.step(nose_of(view.analysis), targets, size, view.now_s, dwell_s)
        return _named(buttons, self._dwell.pressed)

    def _thumbed(self, view: View, buttons: Sequence[Button]) -> Button | None:
        analysis = view.analysis
        if analysis is None or analysis.frame.seq == self._seen_seq or view.state not in THUMBED:
            return None
        self._seen_seq = analysis.frame.seq
        self._thumb = self._thumb.step(analysis.thumb_up, view.now_s)
        return next((b for b in buttons if b.is_next and b.is_enabled), None) if self._thumb.is_given else None

    def tab(self, buttons: Sequence[Button], way: int) -> None:
        """Move the focus to the next button (way 1) or the one before (-1)."""
        names = [b.name for b in _in_turn(buttons)]
        if names:
            at = names.index(self._tabbed) if self._tabbed in names else (-1 if way > 0 else 0)
            self._tabbed = names[(at + way) % len(names)]

    def focused(self, view: View, buttons: Sequence[Button]) -> Button | None:
        """The button in focus: chosen with Tab, or the one the scan has come to; None without either."""
        turn = _in_turn(buttons)
        if view.params.scan_s > 0 and turn:
            return turn[int(view.in_state_s / view.params.scan_s) % len(turn)]
        return _named(buttons, self._tabbed)

    def marks(self, view: View, buttons: Sequence[Button], size: tuple[int, int]) -> tuple[Item, ...]:
        """What is drawn over the page: the frame of the focus, the nose's pointer with its ring."""
        made: list[Item] = []
        focus = self.focused(view, buttons)
        if focus is not None:
            made.append(FocusMark(focus.rect))
        if self._dwell.at is not None and self._state is view.state:
            side = max(24, min(size) // 14)
            x, y = round(self._dwell.at[0] * (size[0] - 1)), round(self._dwell.at[1] * (size[1] - 1))
            made.append(Pointer(Rect(x - side // 2, y - side // 2, side, side), self._dwell.frac))
        return tuple(made)


def _in_turn(buttons: Sequence[Button]) -> list[Button]:
    """What can be pressed: the obvious next thing first, then as the page reads, the way out last."""
    usable = [b for b in reversed(buttons) if b.is_enabled]
    return sorted(usable, key=lambda b: (not b.is_next, b.name == "leave"))


def _named(buttons: Sequence[Button], name: str | None) -> Button | None:
    return next((b for b in buttons if b.name == name and b.is_enabled), None) if name else None
