"""Reads the baked tables for one lamp: what the head hides from it, and what it throws back."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from booth.looks.light.fit import Placed
from booth.looks.light.head import AZ_FIRST_DEG, BOUNCE_STEP_DEG, EL_FIRST_DEG, STEP_DEG, Head
from booth.looks.light.kernels import light_vertices, read_table
from booth.looks.light.spec import Lamp

BAKED_SOFT_RAD = math.atan2(28, 130)  # the lamp the tables were baked with
WIDER_RAD = math.radians(17)  # a lamp wider than this reads the table at its rim as well


def toward(az_deg: float, el_deg: float) -> np.ndarray:
    """Return the unit vector (x right, y up, z near) to that azimuth and elevation, float32."""
    a, e = math.radians(az_deg), math.radians(el_deg)
    return np.array([math.sin(a) * math.cos(e), math.sin(e), math.cos(a) * math.cos(e)], np.float32)


def _cells(direction: np.ndarray, step_deg: float, shape: tuple[int, ...]) -> list[tuple[int, int, float]]:
    """Return the four (row, column, weight) around a direction in a table of elevation by azimuth."""
    el = math.degrees(math.asin(min(max(float(direction[1]), -1.0), 1.0)))
    az = math.degrees(math.atan2(float(direction[0]), float(direction[2])))
    row = min(max((el - EL_FIRST_DEG) / step_deg, 0.0), shape[0] - 1.001)
    column = (az - AZ_FIRST_DEG) / step_deg % shape[1]
    r, c = int(row), int(column) % shape[1]
    wr, wc = row - r, column - int(column)
    after = (c + 1) % shape[1]
    return [(r, c, (1 - wr) * (1 - wc)), (r, after, (1 - wr) * wc), (r + 1, c, wr * (1 - wc)), (r + 1, after, wr * wc)]


def _spread(direction: np.ndarray, softness_rad: float) -> list[np.ndarray]:
    """Return the direction alone, or with four more toward the rim of a lamp wider than the baked one."""
    if softness_rad < WIDER_RAD:
        return [direction]
    side = np.cross(direction, np.array([0, 1, 0.01], np.float32))
    side /= np.linalg.norm(side)
    up = np.cross(side, direction)
    away = math.sqrt(softness_rad**2 - BAKED_SOFT_RAD**2) * 0.75
    tilted = [direction + away * s for s in (side, -side, up, -up)]
    return [direction, *(d / np.linalg.norm(d) for d in tilted)]


def _read(table: np.ndarray, direction: np.ndarray, step_deg: float, softness_rad: float, out: np.ndarray) -> None:
    around = _spread(direction, softness_rad)
    cells = [cell for d in around for cell in _cells(d, step_deg, table.shape)]
    rows = np.array([c[0] for c in cells], np.int32)
    columns = np.array([c[1] for c in cells], np.int32)
    weights = np.array([c[2] / len(around) for c in cells], np.float32)
    read_table(table, rows, columns, weights, out)


class LampReader:
    """Answers for one placed head; holds the buffers, so what it returns lasts until the next call."""

    def __init__(self, head: Head) -> None:
        self._head = head
        n = len(head.vertices)
        self._with_body = np.flatnonzero(head.with_head < 1)
        self._low = np.zeros(n, np.float32)
        self._seen, self._bounce, self._direct = (np.zeros(n, np.float32) for _ in range(3))

    def _blended(self, table: np.ndarray, step_deg: float, lamp: Lamp, placed: Placed, out: np.ndarray) -> np.ndarray:
        direction = toward(lamp.az_deg, lamp.el_deg)
        _read(table, placed.turn.T @ direction, step_deg, lamp.softness_rad, out)
        _read(table, placed.turn_body.T @ direction, step_deg, lamp.softness_rad, self._low)
        low = self._with_body
        share = self._head.with_head[low]
        out[low] = out[low] * share + self._low[low] * (1 - share)
        return out

    def seen(self, lamp: Lamp, placed: Placed) -> np.ndarray:
        """Return (n,) share of the lamp each vertex sees past the head."""
        return self._blended(self._head.seen, STEP_DEG, lamp, placed, self._seen)

    def bounce(self, lamp: Lamp, placed: Placed) -> np.ndarray:
        """Return (n,) light thrown back by white skin, for a lamp of strength 1."""
        return self._blended(self._head.bounce, BOUNCE_STEP_DEG, lamp, placed, self._bounce)

    def direct(self, lamp: Lamp, placed: Placed) -> np.ndarray:
        """Return (n,) direct light of an area lamp of strength 1."""
        spread = np.float32(math.sin(lamp.softness_rad))
        direction = toward(lamp.az_deg, lamp.el_deg)
        seen = self.seen(lamp, placed)
        light_vertices(placed.points, placed.normals, seen, direction, spread, np.float32(lamp.dist_cm), self._direct)
        return self._direct

    def irradiance(self, lamps: Sequence[Lamp], placed: Placed, skin_rgb: np.ndarray, out: np.ndarray) -> np.ndarray:
        """Write into out (n, 3) the light of all `lamps`, one bounce included, on skin of that linear colour."""
        out[:] = 0
        for lamp in lamps:
            colour = np.float32(lamp.strength) * np.array(lamp.colour, np.float32)
            if lamp.kind == "ambient":
                white, bounced = self._head.sky, self._head.sky_bounce
            else:
                white, bounced = self.direct(lamp, placed), self.bounce(lamp, placed)
            for channel in range(3):
                out[:, channel] += colour[channel] * white
                out[:, channel] += colour[channel] * skin_rgb[channel] * bounced
        return out
