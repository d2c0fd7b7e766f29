"""F3: the tracked points of every face over the mirror."""

from __future__ import annotations

import numpy as np

from booth.core.types import FrameAnalysis
from booth.draw.frame_transform import FrameTransform
from booth.draw.theme import Colour


def draw_mesh(transform: FrameTransform, analysis: FrameAnalysis, colour: Colour, dot_px: int) -> None:
    """Set a small square on each of the 478 points of each face."""
    for face in analysis.faces:
        at = np.round(transform.points(face.landmarks[:, :2])).astype(int)
        for dx in range(dot_px):
            for dy in range(dot_px):
                x, y = at[:, 0] + dx, at[:, 1] + dy
                inside = (
                    (x >= transform.rect.x)
                    & (x < transform.rect.right)
                    & (y >= transform.rect.y)
                    & (y < transform.rect.bottom)
                )
                transform.canvas[y[inside], x[inside]] = colour
