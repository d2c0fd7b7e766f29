"""A screen before a sitter as a lamp: where a part of it stands, how large it looks and how much of it arrives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from booth.config.params.kiosk import ScreenParams
from booth.core.types import Face
from booth.looks.light.light_spec import Lamp

PORTION = 0.45  # of the screen's width or height that lights up
# Left and right, top and bottom as the sitter sees the screen: x and y of the middle, width, height, shares of it.
PARTS: Mapping[str, tuple[float, float, float, float]] = MappingProxyType(
    {
        "left": (PORTION / 2, 0.5, PORTION, 1.0),
        "right": (1 - PORTION / 2, 0.5, PORTION, 1.0),
        "top": (0.5, PORTION / 2, 1.0, PORTION),
        "bottom": (0.5, 1 - PORTION / 2, 1.0, PORTION),
    }
)


def lamp_of_part(part: str, face: Face, screen: ScreenParams, aspect: float) -> tuple[Lamp, float]:
    """Return the lamp that a part of the screen is for this face, and its light there against the others'.

    `aspect` is the screen's width over its height. The face's place comes from the tracker's matrix (cm, seen from the
    lens); the screen's from the profile: its width, and where the lens sits beside it. The sitter faces the screen, so
    their left is image right.
    """
    x, y, wide, high = PARTS[part]
    width_cm = screen.width_mm / 10
    height_cm = width_cm / aspect
    at = np.array([-(x - screen.lens_x) * width_cm, -(y - screen.lens_y) * height_cm, 0.0])
    ray = at - face.matrix[:3, 3].astype(float)
    away = float(np.linalg.norm(ray))
    area = wide * width_cm * high * height_cm
    lamp = Lamp(
        az_deg=math.degrees(math.atan2(ray[0], ray[2])),
        el_deg=math.degrees(math.asin(ray[1] / away)),
        dist_cm=min(1000.0, max(30.0, away)),
        radius_cm=min(300.0, max(1.0, math.sqrt(area / math.pi))),
    )
    return lamp, area * max(0.05, float(ray[2]) / away) / away**2


def widest_deg(lamps: tuple[Lamp, ...]) -> float:
    """Return by how many degrees the outermost two lamps stand apart, as seen from the face."""
    ways = [
        (
            math.sin(math.radians(k.az_deg)) * math.cos(math.radians(k.el_deg)),
            math.sin(math.radians(k.el_deg)),
            math.cos(math.radians(k.az_deg)) * math.cos(math.radians(k.el_deg)),
        )
        for k in lamps
    ]
    least = min(sum(a * b for a, b in zip(one, other, strict=True)) for one in ways for other in ways)
    return math.degrees(math.acos(max(-1.0, min(1.0, least))))
