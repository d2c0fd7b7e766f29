"""The outline of a pose over the mirror: it fills from the foot as the body comes nearer to it."""

from __future__ import annotations

import numpy as np

from booth.core.types import Face
from booth.draw.frame_transform import FrameTransform
from booth.draw.theme import Colour
from booth.guidance.pose_guide import Point

_DARK: Colour = (20, 18, 16)
STEPS = 24  # points between two of the outline's


def draw_silhouette(
    transform: FrameTransform, outline: tuple[Point, ...], face: Face, fill: float, colours: tuple[Colour, Colour]
) -> None:
    """Draw neck and shoulders of a pose below a face: all of it faintly, the share `fill` 0..1 from the foot brightly.

    `outline` is in face heights from the face's middle, unmirrored; `colours` are those of the outline and its filling.
    """
    width = max(2.0, transform.length(face.box.y1 - face.box.y0) * 0.02)
    for line in _sides(outline):
        path = _on_screen(transform, line, face)
        transform.lines([path], _DARK, width * 2.2, 0.3)
        transform.lines([path], colours[0], width, 0.45)
        full = path[: max(2, round(fill * len(path)))]
        if fill > 0.02:
            transform.lines([full], colours[1], width * 1.7, 0.95)


def _sides(outline: tuple[Point, ...]) -> list[np.ndarray]:
    """Return both sides of the outline, each from the foot up to the neck, (n, 2)."""
    points = np.array(outline, np.float32).reshape(-1, 2)
    half = len(points) // 2
    return [side for side in (points[:half], points[half:][::-1]) if len(side) > 1]


def _on_screen(transform: FrameTransform, line: np.ndarray, face: Face) -> np.ndarray:
    """Return a line as (n, 2) screen pixels, its corners rounded."""
    box = face.box
    high = box.y1 - box.y0
    wide = high * transform.frame_size[1] / transform.frame_size[0]
    along = np.linspace(0, len(line) - 1, STEPS * (len(line) - 1) + 1)
    smooth = np.stack([np.interp(along, np.arange(len(line)), line[:, i]) for i in (0, 1)], 1)
    kernel = np.ones(STEPS // 2 * 2 + 1) / (STEPS // 2 * 2 + 1)
    padded = np.pad(smooth, ((STEPS // 2, STEPS // 2), (0, 0)), mode="edge")
    smooth = np.stack([np.convolve(padded[:, i], kernel, "valid") for i in (0, 1)], 1)
    x = (box.x0 + box.x1) / 2 + smooth[:, 0] * wide
    y = (box.y0 + box.y1) / 2 + smooth[:, 1] * high
    return np.array([transform.at(float(a), float(b)) for a, b in zip(x, y, strict=True)], np.float32)
