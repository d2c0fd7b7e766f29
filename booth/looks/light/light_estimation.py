"""Finds the light that is already on the face: a few soft lamps, by robust non-negative least squares.

Only luminance: a colour cast of the room cannot be told from the colour of the skin.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
import numpy as np

from booth.core.color import REC709_LUMA
from booth.looks.light.head_fit import FittedHead
from booth.looks.light.head_model import Head, part_of
from booth.looks.light.lamp_lookup import LampReader
from booth.looks.light.light_spec import Lamp, ambient


def _soft(az_deg: float, el_deg: float) -> Lamp:
    return Lamp(az_deg=az_deg, el_deg=el_deg, dist_cm=160, radius_cm=60)


CANDIDATES: tuple[Lamp, ...] = (
    ambient(1.0), _soft(0, 5), _soft(0, 70), _soft(-70, 15), _soft(70, 15), _soft(-35, 35), _soft(35, 35),
    _soft(0, -30),
)  # fmt: skip
FLAT: tuple[Lamp, ...] = (ambient(0.45), msgspec.structs.replace(_soft(0, 5), strength=0.55))
PRIOR = np.array([0.45, 0.55, 0, 0, 0, 0, 0, 0])
PULL = 0.05  # toward flat light, against the spread of skin
ROBUST = 0.15  # log-luminance misfit that is a beard, a brow, a mole
TRIES = 4
N_SAMPLES = 420
SETTLE_S = 0.4
EVERY_S = 0.12  # how often the light is looked at again
SHOWN = 0.35  # nz of a vertex that faces the camera well enough to judge


def _solver() -> Callable[..., tuple[np.ndarray, float]]:
    """Return the solver; loaded late, since it is a fifth of a still's start and other commands never ask for it."""
    from scipy.optimize import nnls

    found: Callable[..., tuple[np.ndarray, float]] = nnls
    return found


def weights_of(luminance: np.ndarray, lamps_on: np.ndarray) -> np.ndarray:
    """Return (8,) strengths of CANDIDATES by linear `luminance` (k,) at vertices where each gives `lamps_on` (k, 8)."""
    seen = luminance / np.median(luminance)
    table = lamps_on / np.median(lamps_on @ PRIOR)
    pull = PULL * np.sqrt(len(seen)) * np.eye(len(PRIOR))
    trust, found, nnls = np.ones(len(seen)), PRIOR, _solver()
    for _ in range(TRIES):
        weight = np.sqrt(trust) / np.maximum(table @ found, 0.2)
        found, _ = nnls(np.vstack([table * weight[:, None], pull]), np.concatenate([seen * weight, pull @ PRIOR]))
        misfit = np.log(np.maximum(seen, 1e-3) / np.maximum(table @ found, 1e-3))
        misfit -= np.median(misfit)
        trust = 1 / (1 + (misfit / ROBUST) ** 2)
    return found


class LightFinder:
    """Watches one sitter's light; smooth in time."""

    def __init__(self, head: Head, *, still: bool) -> None:
        _solver()  # now, not in the middle of a session
        self._still = still
        low, high = head.marks[:, 1].min() + 0.5, head.marks[:, 1].max() + 0.5
        y = head.vertices[:, 1]
        good = (head.skin > 0.95) & ~head.is_eye & (y > low) & (y < high)
        index = np.flatnonzero(good)
        self._index = index[:: max(1, len(index) // N_SAMPLES)]
        self._reader = LampReader(part_of(head, self._index))  # it asks for the light where it looks, not everywhere
        self._weights: np.ndarray | None = None
        self._goal: np.ndarray | None = None
        self._looked_s = self._t_s = 0.0

    def reset(self) -> None:
        """Start afresh: another sitter."""
        self._weights = self._goal = None

    def due(self, t_s: float) -> bool:
        """Return True when `look` should be called with this frame."""
        return self._goal is None or self._still or not 0 <= t_s - self._looked_s < EVERY_S

    def estimate(self, placed: FittedHead, luminance: np.ndarray, skin_rgb: np.ndarray, t_s: float) -> None:
        """Judge the light from `luminance` (n,) linear at every vertex (0 where it lies outside the picture)."""
        seen = luminance[self._index]
        here = replace(placed, points=placed.points[self._index], normals=placed.normals[self._index])
        good = (here.normals[:, 2] > SHOWN) & (seen > 0)
        self._looked_s = t_s
        if good.sum() < 60:
            return
        lit = np.empty((len(seen), 3), np.float32)
        lamps_on = np.stack(
            [self._reader.irradiance((c,), here, skin_rgb, lit)[good] @ REC709_LUMA for c in CANDIDATES], 1
        )
        self._goal = weights_of(seen[good].astype(float), lamps_on.astype(float))

    def lamps(self, t_s: float) -> tuple[Lamp, ...]:
        """Return the lamps found so far, steadied; flat light before the first look."""
        if self._goal is None:
            return FLAT
        dt_s = t_s - self._t_s
        if self._weights is None or self._still or dt_s < 0:
            self._weights = self._goal
        else:
            self._weights = self._weights + (1 - np.exp(-dt_s / SETTLE_S)) * (self._goal - self._weights)
        self._t_s = t_s
        found = zip(CANDIDATES, self._weights, strict=True)
        return tuple(msgspec.structs.replace(c, strength=min(float(w), 2.0)) for c, w in found if w > 1e-3)
