"""A finger or the mouse between touch and release: a press where it stays, a swipe where it goes.

A button answers on release, so that a swipe that begins on a tile does not choose it, and a finger that slides off
presses nothing. What was touched on one page is never pressed on the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from booth.draw.scene import Button, Rect
from booth.session.state_machine import State

SETTLE_S = 0.4  # a finger on its way lands within this: what has come to its place later was not what it meant
SWIPE_FRAC = 0.10  # of the screen's width: a finger that went farther, and more across than up, meant to swipe


@dataclass(frozen=True, slots=True)
class Touch:
    """Where and on what page a finger came down, and on which button."""

    x: float
    y: float
    state: State
    name: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Since when each button of the page has stood in its place, in seconds of the page's clock."""

    since_s: Mapping[tuple[str, Rect], float] = field(default_factory=dict)
    state: State | None = None
    now_s: float = 0.0

    def step(self, buttons: Sequence[Button], state: State, now_s: float, in_state_s: float) -> Standing:
        """Return what follows from the next drawn page; a page that has just turned began `in_state_s` ago."""
        known = self.since_s if state is self.state else {}
        fresh_s = now_s if state is self.state else now_s - in_state_s
        return Standing({key: known.get(key, fresh_s) for key in ((b.name, b.rect) for b in buttons)}, state, now_s)

    def may_press(self, button: Button) -> bool:
        """True for a button that has stood there long enough to be what a finger meant."""
        return self.now_s - self.since_s.get((button.name, button.rect), self.now_s) >= SETTLE_S


def button_at(buttons: Sequence[Button], x: float, y: float) -> Button | None:
    """Return the front button under a point that can be pressed."""
    return next((b for b in buttons if b.is_enabled and b.rect.has(x, y)), None)


def released(touch: Touch, x: float, y: float, state: State, buttons: Sequence[Button]) -> Button | None:
    """Return the button that a release presses: the one that was touched, still there, still under the finger."""
    hit = button_at(buttons, x, y)
    is_same = hit is not None and touch.state is state and touch.name == hit.name
    return hit if is_same else None


def swiped(touch: Touch, x: float, y: float, width_px: int) -> str:
    """Return `next` for a swipe to the left, `previous` for one to the right, nothing for none."""
    dx, dy = x - touch.x, y - touch.y
    if abs(dx) < SWIPE_FRAC * width_px or abs(dx) < abs(dy):
        return ""
    return "next" if dx < 0 else "previous"
