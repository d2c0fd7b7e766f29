"""How large a portrait a camera gives of a guest at a distance, before anybody stands there.

A face is .18 m from hairline to chin (Farkas, Anthropometry of the Head and Face, 1994: .187 m in men, .173 in women);
how much of the room a frame shows follows from the lens.
"""

from __future__ import annotations

import math

FACE_M = 0.18
ARM_M, STANDING_M = 0.6, 1.5  # a laptop at arm's length; a guest before a booth
SMALL_PX = 1000  # a portrait lower than this is no print: 13x18 cm at 150 dpi


def portrait_height_px(size_px: tuple[int, int], distance_m: float, lens_deg: float, head_height_frac: float) -> int:
    """Return the height in pixels of a portrait cut from a frame, at most the frame's own.

    `lens_deg` is the lens' diagonal angle of view; `head_height_frac` the face's share of the portrait's height.
    """
    width, height = size_px
    diagonal_m = 2 * distance_m * math.tan(math.radians(lens_deg) / 2)
    seen_m = diagonal_m * height / math.hypot(width, height)
    return round(min(1.0, FACE_M / head_height_frac / seen_m) * height)
