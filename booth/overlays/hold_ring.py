"""The ring round the head that fills as things come right, and again, in the accent, while the pose is held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from booth.draw.frame_transform import FrameTransform, Stroke
from booth.draw.theme import Colour
from booth.overlays.guide import Oval, arc

_GROW = 1.04  # the ring stands a little off the head
_DARK: Colour = (20, 18, 16)


@dataclass(frozen=True, slots=True)
class RingFill:
    """How full the ring is, 0..1: gates that are open, the hold, and how strongly the empty track shows."""

    gates: float
    hold: float = 0.0
    track: float = 0.3


def draw_ring(
    transform: FrameTransform, oval: Oval, full: RingFill, colours: tuple[Colour, Colour], width_px: float
) -> None:
    """Draw the track, over it the share of gates that are open, over that the share of the hold.

    `colours` are those of the filling and of the hold; the hold is also wider, so that it shows without colour.
    """
    fill, accent = colours
    whole = arc(transform, oval, grow=_GROW)
    strokes = [Stroke([whole], _DARK, width_px + 4, 0.28), Stroke([whole], fill, width_px, full.track)]
    if full.gates > 0.01:
        strokes.append(Stroke([arc(transform, oval, 0.0, min(1.0, full.gates), _GROW)], fill, width_px, 0.95))
    if full.hold > 0.01:
        strokes.append(Stroke([arc(transform, oval, 0.0, min(1.0, full.hold), _GROW)], accent, width_px * 1.9))
    transform.strokes(strokes)


def draw_marker(transform: FrameTransform, oval: Oval, phase: float, colour: Colour, width_px: float) -> None:
    """Mark the head whom a sentence is for: a ring in the accent and a pointer above it; phase 0..1 moves it."""
    ring = arc(transform, oval, grow=_GROW)
    transform.lines([ring], _DARK, width_px * 2.4, 0.35)
    transform.lines([ring], colour, width_px * 1.6, 1.0)
    x, y = transform.at(oval.x, oval.y)
    size = transform.length(oval.half_h) * 0.16
    tip = np.array([x, y - transform.length(oval.half_h) * (_GROW + 0.06) - size * (0.2 + 0.3 * abs(2 * phase - 1))])
    line = np.stack([tip + (-size, -size), tip, tip + (size, -size)]).astype(np.float32)
    transform.lines([line], _DARK, width_px * 3.4, 0.45)
    transform.lines([line], colour, width_px * 2.4, 1.0)


def draw_chevrons(
    transform: FrameTransform, oval: Oval, towards: tuple[int, int], phase: float, colour: Colour, width_px: float
) -> None:
    """Draw three chevrons beside the ring that run `towards` (x, y on the screen, y down); phase 0..1 moves them."""
    x, y = transform.at(oval.x, oval.y)
    way = np.array(towards, np.float32)
    across = way[::-1].copy()
    size = transform.length(oval.half_h) * 0.2
    reach = transform.length(oval.half_w if towards[0] else oval.half_h) * _GROW + size * 1.6
    for i in range(3):
        tip = np.array([x, y]) + way * (reach + size * 0.95 * (i + 1))
        line = np.stack([tip - way * size + across * size, tip, tip - way * size - across * size]).astype(np.float32)
        bright = 0.35 + 0.65 * max(0.0, 1 - abs(((phase * 3 - i) % 3) - 0.75))
        transform.lines([line], _DARK, width_px * 2.0, 0.35 * bright)
        transform.lines([line], colour, width_px * 1.4, bright)
