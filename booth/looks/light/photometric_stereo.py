"""The screen as a light: a sitter's own normals from a few pictures lit from known sides (photometric stereo).

Needs consent and a warning beforehand; who shows the patterns and when is not this module's business, but it checks
that they were gentle: no more than three changes a second.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from booth.core.color import SRGB8_TO_LINEAR
from booth.core.faults import Fault
from booth.core.types import Face, frozen
from booth.looks.light.cell_grid import grid_over
from booth.looks.light.head_fit import FittedHead, HeadFitter
from booth.looks.light.head_model import load_head
from booth.looks.light.lamp_lookup import LampReader, toward
from booth.looks.light.light_spec import Lamp

FEWEST = 3
CHANGES_PER_S = 3.0  # WCAG 2.3.1: no more than three flashes in any second
GRID_PX = 224
ROUNDS = 4  # of normal, then albedo, then normal again
PRIOR = 0.06  # weight of the fitted head's normal against a lamp seen in full
DIM = 0.04  # light from a lamp, relative to facing it, below which a vertex cannot judge it
WIDEST_DEG = 45.0  # a normal further off the fitted head's is a hair, a frame or a reflection


@dataclass(frozen=True, slots=True, eq=False)
class Flash:
    """One picture under one pattern: the face seen in it, the lamp the pattern amounts to, and when."""

    rgb: np.ndarray  # (H, W, 3) uint8 sRGB
    face: Face
    lamp: Lamp
    t_s: float


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """One flash at every vertex, in the head's own frame."""

    light: np.ndarray  # (n,) linear luminance, what was there without the flash taken off
    ways: np.ndarray  # (n, 3) unit directions to the lamp
    power: np.ndarray  # (n,) share of the lamp seen, distance included
    bounce: np.ndarray  # (n,) light thrown back, for white skin
    usable: np.ndarray  # (n,) bool


def check_gentle(flashes: Sequence[Flash]) -> None:
    """Raise Fault `flash.fast` for patterns changing more than three times a second, `flash.few` for too few."""
    if len(flashes) < FEWEST:
        raise Fault(
            "flash.few", f"{len(flashes)} flashes are too few.", f"Take at least {FEWEST} from different sides."
        )
    times = sorted(flash.t_s for flash in flashes)
    if any(later - first < 1.0 / CHANGES_PER_S * 0.999 for first, later in zip(times, times[1:], strict=False)):
        raise Fault("flash.fast", "The screen would flash too fast.", "Keep a third of a second between patterns.")


def _luminance(rgb: np.ndarray, face: Face, fitter: HeadFitter) -> tuple[FittedHead, np.ndarray]:
    height, width = rgb.shape[:2]
    placed = fitter.place(face, (width, height), 0.0)
    grid = grid_over(placed, GRID_PX)
    return placed, grid.luminance_at(grid.cut(rgb), placed)


def _seen(flash: Flash, dark: np.ndarray | None, reader: LampReader, fitter: HeadFitter) -> _Seen:
    placed, light = _luminance(flash.rgb, flash.face, fitter)
    top = SRGB8_TO_LINEAR[250]
    usable = (light > 0) & (light < top) & (placed.normals[:, 2] > 0.1)
    if dark is not None:
        light = np.maximum(light - dark, 0)
    way = toward(flash.lamp.az_deg, flash.lamp.el_deg)
    ray = way * flash.lamp.dist_cm - placed.points
    away = np.linalg.norm(ray, axis=1, keepdims=True)
    ray /= away
    power = reader.seen(flash.lamp, placed) * np.maximum(ray @ way, 0) * (flash.lamp.dist_cm / away[:, 0]) ** 2
    bounce = reader.bounce(flash.lamp, placed).copy()
    return _Seen(light, ray @ placed.turn, power, bounce, usable)


def normals_from_flashes(
    flashes: Sequence[Flash], dark: tuple[np.ndarray, Face] | None = None, albedo: float = 0.3
) -> np.ndarray:
    """Return (n, 3) unit normals of this sitter in the head's frame, for `Relighter.field(normals=...)`.

    `dark` is a picture without a pattern and the face in it: the room's own light, taken off every flash. `albedo` is
    the skin's linear luminance, for the light it throws on itself. Fault `flash.few` or `flash.fast` for flashes that
    cannot or must not be used.
    """
    check_gentle(flashes)
    head = load_head()
    fitter, reader = HeadFitter(head, still=True), LampReader(head)
    room = _luminance(*dark, fitter)[1] if dark is not None else None
    seen = [_seen(flash, room, reader, fitter) for flash in flashes]
    placed = fitter.place(flashes[0].face, (flashes[0].rgb.shape[1], flashes[0].rgb.shape[0]), 0.0)
    first = (placed.normals @ placed.turn).astype(np.float64)
    return frozen(_solved(seen, first, albedo).astype(np.float32))


def _solved(seen: Sequence[_Seen], first: np.ndarray, albedo: float) -> np.ndarray:
    """Return normals (n, 3): weighted least squares on what each lamp gave, held by the fitted head's own."""
    light, ways = np.stack([s.light for s in seen]), np.stack([s.ways for s in seen])  # (k, n), (k, n, 3)
    power, bounce = np.stack([s.power for s in seen]), albedo * np.stack([s.bounce for s in seen])
    usable = np.stack([s.usable for s in seen])
    normal = first.copy()
    for _ in range(ROUNDS):
        cosine = np.maximum((ways * normal).sum(-1), 0)
        direct = power * cosine
        trust = (usable & (direct > DIM)) * np.minimum(power, 1) ** 2
        expected = direct + bounce
        colour = (trust * light * expected).sum(0) / np.maximum((trust * expected**2).sum(0), 1e-6)
        given = (light / np.maximum(colour, 1e-4) - bounce) / np.maximum(power, 0.05)
        weights = trust[..., None]
        pull = PRIOR * np.eye(3)
        matrix = np.einsum("kni,knj->nij", weights * ways, ways) + pull
        target = (weights * given[..., None] * ways).sum(0) + PRIOR * first
        normal = np.linalg.solve(matrix, target[..., None])[..., 0]
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-6)
    lost = (normal * first).sum(1) < math.cos(math.radians(WIDEST_DEG))
    normal[lost] = first[lost]
    return normal
