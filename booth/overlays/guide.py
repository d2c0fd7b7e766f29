"""Where to stand: the outline of head and shoulders, and the oval that glides from there onto the sitter's face."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from booth.core.types import Face
from booth.draw.frame_transform import FrameTransform, Stencil
from booth.draw.scene import Rect

HEAD_OVER_BOX = 1.46  # height of a head with hair over the landmarks' box (which ends below the hairline)
IDEAL_BOX = 0.36  # height of the landmarks' box in the frame for a head-and-shoulders crop
_HEAD_SHAPE = 0.78  # width over height of a head with hair
_EYES_IN_HEAD = 0.55  # eye line from the top of the head, in head heights
_FOLLOW_S = 0.22  # time constant with which the oval follows
_DASH = 0.035  # of the head's height
_SHOULDERS = 1.32  # half width of the shoulders in head heights


@dataclass(frozen=True, slots=True)
class Oval:
    """An upright ellipse in the frame: centre in 0..1, half height in frame heights, and when it was set."""

    x: float
    y: float
    half_h: float
    t_s: float = 0.0

    @property
    def half_w(self) -> float:
        """Half width in frame heights."""
        return self.half_h * _HEAD_SHAPE


def ideal_oval(eye_line_frac: float) -> Oval:
    """Return the oval where a head should be, its eyes on the wanted line."""
    height = IDEAL_BOX * HEAD_OVER_BOX
    return Oval(0.5, eye_line_frac + (0.5 - _EYES_IN_HEAD) * height, height / 2)


def oval_of(face: Face) -> Oval:
    """Return the oval round a tracked head."""
    box = face.box
    height = (box.y1 - box.y0) * HEAD_OVER_BOX
    return Oval((box.x0 + box.x1) / 2, box.y1 - height / 2 + 0.04 * height, height / 2)


def followed(now: Oval | None, target: Oval, t_s: float, *, at_once: bool) -> Oval:
    """Return the oval a little nearer to its target; it glides with a time constant of about a quarter second."""
    if now is None or at_once or not 0 <= t_s - now.t_s < 1:
        return replace(target, t_s=t_s)
    share = 1 - math.exp(-(t_s - now.t_s) / _FOLLOW_S)
    x, y, half_h = (a + share * (b - a) for a, b in zip(_place(now), _place(target), strict=True))
    return Oval(x, y, half_h, t_s)


def _place(oval: Oval) -> tuple[float, float, float]:
    return oval.x, oval.y, oval.half_h


def arc(
    transform: FrameTransform, oval: Oval, from_frac: float = 0.0, to_frac: float = 1.0, grow: float = 1.0
) -> np.ndarray:
    """Return part of the oval as (n, 2) screen pixels, clockwise on the screen from the top, `grow` times as large."""
    angles = 2 * np.pi * np.linspace(from_frac, to_frac, max(2, round(90 * (to_frac - from_frac)) + 1))
    x, y = transform.at(oval.x, oval.y)
    wide, high = transform.length(oval.half_w) * grow, transform.length(oval.half_h) * grow
    return np.stack([x + wide * np.sin(angles), y - high * np.cos(angles)], 1).astype(np.float32)


def _shoulders(transform: FrameTransform, oval: Oval) -> tuple[np.ndarray, np.ndarray]:
    """Neck and shoulder lines on both sides as screen pixels, from the head outward."""
    x, y = transform.at(oval.x, oval.y)
    head = transform.length(oval.half_h * 2)
    t = np.linspace(0, 1, 40)[:, None]
    a, b, c, d = (
        np.array(p) * head for p in ((0.21, 0.42), (0.24, 0.78), (_SHOULDERS * 0.82, 0.66), (_SHOULDERS, 1.30))
    )
    curve = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d
    right = (curve + (x, y)).astype(np.float32)
    left = (curve * (-1, 1) + (x, y)).astype(np.float32)
    return left, right


def _dashes(line: np.ndarray, dash_px: float) -> list[np.ndarray]:
    """Cut a line into dashes of about `dash_px` with gaps as long."""
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    n = max(1, round(along[-1] / (2 * dash_px)))
    starts = np.linspace(0, along[-1], n + 1)[:-1]
    at = starts[:, None] + np.linspace(0, along[-1] / n / 2, 4)[None]
    return [
        np.stack([np.interp(s, along, line[:, 0]), np.interp(s, along, line[:, 1])], 1).astype(np.float32) for s in at
    ]


def draw_shoulders(transform: FrameTransform, oval: Oval, width_px: float) -> None:
    """Draw the dashed outline of the shoulders below an oval that stands still: stand here."""
    size = transform.canvas.shape[1], transform.canvas.shape[0]
    transform.lay(_shoulder_stencil(size, transform.rect, transform.frame_size, replace(oval, t_s=0.0), width_px))


@lru_cache(maxsize=2)
def _shoulder_stencil(
    size: tuple[int, int], rect: Rect, frame_size: tuple[int, int], oval: Oval, width_px: float
) -> Stencil:
    transform = FrameTransform(np.empty((0, 0, 3), np.uint8), rect, frame_size)
    dash = transform.length(oval.half_h * 2) * _DASH
    dashes = [piece for line in _shoulders(transform, oval) for piece in _dashes(line, dash)]
    inside = [piece[(piece[:, 1] >= rect.y) & (piece[:, 1] < rect.bottom)] for piece in dashes]
    lines = [piece for piece in inside if len(piece) > 1]
    return Stencil.of(size, [(lines, (20, 18, 16), width_px * 2.2, 0.3), (lines, (255, 250, 242), width_px, 0.85)])
