"""A finger or the mouse between touch and release: a press where it stays, a swipe where it goes.

A button answers on release, so that a swipe that begins on a tile does not choose it, and a finger that slides off
presses nothing. What was touched on one page is never pressed on the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from booth.draw.scene import Button
from booth.session.state_machine import State

SWIPE_FRAC = 0.10  # of the screen's width: a finger that went farther, and more across than up, meant to swipe


@dataclass(frozen=True, slots=True)
class Touch:
    """Where and on what page a finger came down, and on which button."""

    x: float
    y: float
    state: State
    name: str | None


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
