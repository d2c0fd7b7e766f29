"""Pressing without hands: the nose points, and a button on which it stays is pressed.

The pointer goes with the nose, in faces, from where the nose was when the page settled; so it is the same near and far,
and for those who turn the head as for those who lean. Pure: time and places are arguments.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from booth.draw.scene import Rect

HALF_SCREEN_FACES = (
    0.28,
    0.20,
)  # of the nose's way from the middle to an edge: some 15 degrees of turning, 10 of nodding
REST_S = 0.6  # the page settles: the nose is where the middle will be
SMOOTH_S = 0.12  # heads tremble; a pointer that lags more feels heavy
_LEAVE_FRAC = 0.08  # of a button's size it may be left by without the ring starting over


@dataclass(frozen=True, slots=True)
class Nose:
    """Where the nose's tip is: x, y in heights of the frame, seen as in a mirror, and the face's height likewise."""

    x: float
    y: float
    face_h: float


@dataclass(frozen=True, slots=True)
class DwellTarget:
    """Something that can be pressed."""

    name: str
    rect: Rect


@dataclass(frozen=True, slots=True)
class Dwell:
    """The pointer and what it rests on. `at` is 0..1 of the screen; `frac` is how much of the wait has passed."""

    at: tuple[float, float] | None = None
    on: str | None = None
    frac: float = 0.0
    pressed: str | None = None  # what this very step presses
    _rest: tuple[float, float] | None = None
    _began_s: float | None = None
    _now_s: float = 0.0
    _since_s: float = 0.0
    _spent: str | None = None  # was pressed and has not been left since

    def step(
        self, nose: Nose | None, targets: Sequence[DwellTarget], size: tuple[int, int], now_s: float, dwell_s: float
    ) -> Dwell:
        """Return what the next look at the nose leads to; without a nose nothing is pointed at."""
        if nose is None:
            return Dwell(_rest=self._rest, _began_s=self._began_s, _now_s=now_s)
        began_s = now_s if self._began_s is None else self._began_s
        if self._rest is None or now_s - began_s < REST_S:
            return Dwell(at=(0.5, 0.5), _rest=(nose.x, nose.y), _began_s=began_s, _now_s=now_s)
        rest, at = self._pointed(nose, now_s)
        moved = replace(self, at=at, pressed=None, _rest=rest, _began_s=began_s, _now_s=now_s)
        return moved._rested(_under(targets, at, size, self.on), now_s, dwell_s)

    def _pointed(self, nose: Nose, now_s: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """Where the middle is and where the nose points; past an edge the middle comes along."""
        assert self._rest is not None
        share = 1 - math.exp(-max(0.0, now_s - self._now_s) / SMOOTH_S)
        before = self.at or (0.5, 0.5)
        rest, at = [], []
        for seen, middle, was, half in zip((nose.x, nose.y), self._rest, before, HALF_SCREEN_FACES, strict=True):
            way = (seen - middle) / (max(nose.face_h, 1e-6) * half)  # 1: from the middle to the edge
            over = way - max(-1.0, min(1.0, way))
            rest.append(middle + over * nose.face_h * half)
            at.append(was + share * (0.5 + 0.5 * max(-1.0, min(1.0, way)) - was))
        return (rest[0], rest[1]), (at[0], at[1])

    def _rested(self, on: str | None, now_s: float, dwell_s: float) -> Dwell:
        if on is None:
            return replace(self, on=None, frac=0.0, _spent=None)
        if on != self.on:
            return replace(self, on=on, frac=0.0, _since_s=now_s, _spent=self._spent if on == self._spent else None)
        if on == self._spent:
            return replace(self, frac=0.0)
        frac = min(1.0, (now_s - self._since_s) / dwell_s)
        if frac < 1.0:
            return replace(self, frac=frac)
        return replace(self, frac=0.0, pressed=on, _spent=on)


def _under(
    targets: Sequence[DwellTarget], at: tuple[float, float], size: tuple[int, int], was: str | None
) -> str | None:
    """Return the first target below the pointer; the one it was on reaches a little farther."""
    x, y = at[0] * (size[0] - 1), at[1] * (size[1] - 1)
    for target in targets:
        margin = round(_LEAVE_FRAC * min(target.rect.w, target.rect.h)) if target.name == was else 0
        if target.rect.inset(-margin).has(x, y):
            return target.name
    return None
