"""The sun round the face: where a lamp's direction stands on the screen, and which direction a finger there means.

Round the face as on a clock is where round the lens axis the lamp stands; near the face is in front, far out is beside
and behind the sitter. Directions are unmirrored: azimuth > 0 is from image right, which the mirror shows on the left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from booth.draw.scene import Rect

NEAR_DEG, FAR_DEG = 8.0, 125.0  # off the lens axis, at the face's edge and at the outer end
GROW, REACH = 1.14, 2.1  # of the face's oval: where the orbit begins and where it ends
SQUEEZED = 0.7  # of the way out where a border is so near that the orbit has to begin within the oval


@dataclass(frozen=True, slots=True)
class Orbit:
    """An oval on the screen and the box the sun may not leave, in pixels."""

    x: float
    y: float
    half_w: float
    half_h: float
    bounds: Rect
    avoid: tuple[Rect, ...] = ()  # boxes the sun goes round by standing nearer

    def at(self, az_deg: float, el_deg: float) -> tuple[float, float]:
        """Return the screen pixel of a direction."""
        az, el = math.radians(az_deg), math.radians(el_deg)
        right, up, near = math.sin(az) * math.cos(el), math.sin(el), math.cos(az) * math.cos(el)
        off_deg = math.degrees(math.acos(max(-1.0, min(1.0, near))))
        flat = math.hypot(right, up)
        way = (-right / flat, -up / flat) if flat > 1e-6 else (0.0, -1.0)
        begin, end = self._span(way)
        out = (min(max(off_deg, NEAR_DEG), FAR_DEG) - NEAR_DEG) / (FAR_DEG - NEAR_DEG)
        far = begin + out * (end - begin)
        return self.x + way[0] * far, self.y + way[1] * far

    def aim(self, x: float, y: float) -> tuple[float, float]:
        """Return azimuth and elevation in degrees of the lamp that a point of the screen means."""
        dx, dy = x - self.x, y - self.y
        length = math.hypot(dx, dy)
        way = (dx / length, dy / length) if length > 1e-6 else (0.0, -1.0)
        begin, end = self._span(way)
        out = min(1.0, max(0.0, (length - begin) / max(end - begin, 1e-6)))
        off = math.radians(NEAR_DEG + out * (FAR_DEG - NEAR_DEG))
        right, up, near = -way[0] * math.sin(off), -way[1] * math.sin(off), math.cos(off)
        return math.degrees(math.atan2(right, near)), math.degrees(math.asin(max(-1.0, min(1.0, up))))

    def _span(self, way: tuple[float, float]) -> tuple[float, float]:
        """Return how far from the middle the orbit begins and ends in a direction of the screen."""
        edge = 1 / math.hypot(way[0] / self.half_w, way[1] / self.half_h)
        end = max(1.0, min(REACH * edge, self._room(way)))
        return min(GROW * edge, SQUEEZED * end), end

    def _room(self, way: tuple[float, float]) -> float:
        """Return the distance to the border of the box in a direction."""
        box, room = self.bounds, math.inf
        for place, low, high, step in ((self.x, box.x, box.right, way[0]), (self.y, box.y, box.bottom, way[1])):
            if abs(step) > 1e-9:
                room = min(room, ((high if step > 0 else low) - place) / step)
        return min([room, *(_entry(self.x, self.y, way, box) for box in self.avoid)])


def _entry(x: float, y: float, way: tuple[float, float], box: Rect) -> float:
    """Return how far from a point, in a direction, a box begins; infinity where it isn't met."""
    first, last = 0.0, math.inf
    for place, low, high, step in ((x, box.x, box.right, way[0]), (y, box.y, box.bottom, way[1])):
        if abs(step) < 1e-9:
            if not low <= place < high:
                return math.inf
            continue
        near, far = sorted(((low - place) / step, (high - place) / step))
        first, last = max(first, near), min(last, far)
    return first if 0 < first <= last else math.inf
