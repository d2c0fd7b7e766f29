"""Reads the baked tables for one lamp: what the head hides from it, and what it throws back."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from booth.looks.light.harmonics import on_normals
from booth.looks.light.head_fit import FittedHead
from booth.looks.light.head_model import BOUNCE_STEP_DEG, STEP_DEG, Head
from booth.looks.light.kernels import light_vertices, read_table
from booth.looks.light.light_spec import Lamp

BAKED_SOFT_RAD = math.atan2(28, 130)  # the lamp the tables were baked with
FEATHER = 0.35  # of a key is kept off the chest by aiming it at the face
HARMONIC_EVEN = np.float32(0.5 / math.sqrt(math.pi))  # an even sky of 1 in the first harmonic, the other way round
WIDER_RAD = math.radians(17)  # a lamp wider than this reads the table at its rim as well


def toward(az_deg: float, el_deg: float) -> np.ndarray:
    """Return the unit vector (x right, y up, z near) to that azimuth and elevation, float32."""
    a, e = math.radians(az_deg), math.radians(el_deg)
    return np.array([math.sin(a) * math.cos(e), math.sin(e), math.cos(a) * math.cos(e)], np.float32)


def _wider(softness_rad: float) -> np.float32:
    """Return how far off the middle a lamp wider than the baked one is read as well; 0 for others."""
    if softness_rad < WIDER_RAD:
        return np.float32(0)
    return np.float32(0.75 * math.sqrt(softness_rad**2 - BAKED_SOFT_RAD**2))


class LampReader:
    """Answers for one placed head; holds the buffers, so what it returns lasts until the next call."""

    def __init__(self, head: Head) -> None:
        self._head = head
        n = len(head.vertices)
        self._with_body = np.flatnonzero(head.with_head < 1)
        self._low = np.zeros(n, np.float32)
        self._seen, self._bounce, self._direct = (np.zeros(n, np.float32) for _ in range(3))

    def _blended(
        self, table: np.ndarray, step_deg: float, lamp: Lamp, placed: FittedHead, out: np.ndarray
    ) -> np.ndarray:
        direction = toward(lamp.az_deg, lamp.el_deg)
        wider = _wider(lamp.softness_rad)
        read_table(table, placed.turn.T @ direction, step_deg, wider, out)
        read_table(table, placed.turn_body.T @ direction, step_deg, wider, self._low)
        low = self._with_body
        share = self._head.with_head[low]
        out[low] = out[low] * share + self._low[low] * (1 - share)
        return out

    def seen(self, lamp: Lamp, placed: FittedHead) -> np.ndarray:
        """Return (n,) share of the lamp each vertex sees past the head."""
        return self._blended(self._head.seen, STEP_DEG, lamp, placed, self._seen)

    def aimed(self, lamp: Lamp, placed: FittedHead) -> np.ndarray:
        """Return (n,) share of a studio lamp each vertex gets: it is aimed at the face and feathered off the chest."""
        out = self.seen(lamp, placed)
        low = self._with_body
        out[low] *= 1 - FEATHER * (1 - self._head.with_head[low])
        return out

    def bounce(self, lamp: Lamp, placed: FittedHead) -> np.ndarray:
        """Return (n,) light thrown back by white skin, for a lamp of strength 1."""
        return self._blended(self._head.bounce, BOUNCE_STEP_DEG, lamp, placed, self._bounce)

    def direct(self, lamp: Lamp, placed: FittedHead) -> np.ndarray:
        """Return (n,) direct light of an area lamp of strength 1."""
        spread = np.float32(math.sin(lamp.softness_rad))
        direction = toward(lamp.az_deg, lamp.el_deg)
        seen = self.seen(lamp, placed)
        light_vertices(placed.points, placed.normals, seen, direction, spread, np.float32(lamp.dist_cm), self._direct)
        return self._direct

    def irradiance(
        self, lamps: Sequence[Lamp], placed: FittedHead, skin_rgb: np.ndarray, out: np.ndarray
    ) -> np.ndarray:
        """Write into out (n, 3) the light of all `lamps`, one bounce included, on skin of that linear colour."""
        out[:] = 0
        for lamp in lamps:
            colour = np.float32(lamp.strength) * np.array(lamp.colour, np.float32)
            if lamp.sh:
                self._add_harmonics(lamp, placed, skin_rgb, out)
                continue
            if lamp.kind == "ambient":
                white, bounced = self._head.sky, self._head.sky_bounce
            else:
                white, bounced = self.direct(lamp, placed), self.bounce(lamp, placed)
            for channel in range(3):
                out[:, channel] += colour[channel] * white
                out[:, channel] += colour[channel] * skin_rgb[channel] * bounced
        return out

    def _add_harmonics(self, lamp: Lamp, placed: FittedHead, skin_rgb: np.ndarray, out: np.ndarray) -> None:
        """Add smooth light that differs by direction to out (n, 3); the head shades it as it does an even sky."""
        terms = np.float32(lamp.strength) * np.array(lamp.sh, np.float32).reshape(-1, 3)
        even = terms[0] * HARMONIC_EVEN * skin_rgb.astype(np.float32)
        out += self._head.sky[:, None] * on_normals(terms, placed.normals) + self._head.sky_bounce[:, None] * even
