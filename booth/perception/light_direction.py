"""Where the strongest real light stands, from how it falls on one face.

A mean head's relief (assets/head) tells what a lamp from each direction leaves on cheeks, brow, nose and chin, and
what the head hides from it. The direction whose lamp, with light from everywhere, explains the skin best is taken.
Only the shape of the shading counts: it is divided by its own median, so how dark the skin is plays no part.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from booth.core.assets import asset
from booth.core.landmarks import LEFT_BROW, LEFT_EYE, LIPS_COARSE, RIGHT_BROW, RIGHT_EYE
from booth.core.types import Face
from booth.perception.aligned_face import HEIGHT_PX, WIDTH_PX, AlignedFace

HEAD = ("head", "head.npz")
FIRST_EL_DEG, FIRST_AZ_DEG, STEP_DEG = -60.0, -180.0, 10.0  # where the head's table begins, and its steps
CLEAR_CM = 0.9  # marks nearer than this to eyes, brows and lips are not plain skin
NEIGHBOURS = 3  # vertices of the head that stand for one mark
SOFT = 0.35  # sine of half the width of a window or a lamp's shade
FROM_BEHIND = -0.65  # nearness of a direction below which it lights nothing that the camera sees
SHOWN = 0.3  # nearness of a mark's normal below which the camera sees it too flat
ROUNDS, ROBUST = 3, 0.15  # log misfit that is a beard, a mole, a strand of hair
EVEN = 0.05  # spread of errors over which directions are averaged, against the best one's
FEWEST = 60
EXPLAINS = 0.6  # share of the shading that one lamp has to explain more than light from everywhere does


@dataclass(frozen=True, slots=True)
class Dominant:
    """The strongest light. Azimuth > 0 from image right, elevation > 0 from above, 180 degrees behind the sitter."""

    azimuth_deg: float
    elevation_deg: float
    share: float  # 0..1: its light on skin that faces it, against that with the light from everywhere


@dataclass(frozen=True, slots=True, eq=False)
class _Relief:
    """What the mean head knows at the marks that show skin."""

    marks: np.ndarray  # (k,) indices of landmarks
    normals: np.ndarray  # (k, 3) in the head's own frame
    sky: np.ndarray  # (k,) light from everywhere
    lit: np.ndarray  # (2, k, d) float64: light of a lamp from each direction, and its square
    ways: np.ndarray  # (d, 3) unit directions, head's frame


@cache
def _relief() -> _Relief:
    with np.load(asset(*HEAD)) as stored:
        vertices, faces, marks = stored["vertices"], stored["faces"].astype(np.int64), stored["marks"]
        seen, sky = stored["seen"], stored["sky"]
    kept = _plain_skin(marks)
    near = np.argsort(((vertices[None] - marks[kept][:, None]) ** 2).sum(-1), axis=1)[:, :NEIGHBOURS]
    normals = _normals(vertices, faces)[near].mean(1)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    ways = _directions(seen.shape[1], seen.shape[2])
    cosine = np.einsum("kc,eac->kea", normals, ways)
    soft = np.where(cosine >= SOFT, cosine, np.clip(cosine + SOFT, 0, None) ** 2 / (4 * SOFT))
    lit = soft * (seen[near].astype(np.float32).mean(1) / 255)
    useful = ways[..., 2] > FROM_BEHIND
    table = lit[:, useful].astype(np.float32).astype(float)
    return _Relief(kept, normals, sky[near].mean(1) / 255, np.stack([table, table**2]), ways[useful])


def _plain_skin(marks: np.ndarray) -> np.ndarray:
    parts = sorted({*RIGHT_EYE, *LEFT_EYE, *RIGHT_BROW, *LEFT_BROW, *LIPS_COARSE})
    away = np.sqrt(((marks[:, None] - marks[parts][None]) ** 2).sum(-1)).min(1)
    return np.flatnonzero(away > CLEAR_CM)


def _normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    corner = vertices[faces]
    across = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    out = np.zeros_like(vertices)
    for side in range(3):
        np.add.at(out, faces[:, side], across)
    return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)


def _directions(rows: int, columns: int) -> np.ndarray:
    """Return (rows, columns, 3) unit directions of the head's table."""
    el = np.radians(FIRST_EL_DEG + STEP_DEG * np.arange(rows))[:, None]
    az = np.radians(FIRST_AZ_DEG + STEP_DEG * np.arange(columns))[None]
    return np.stack([np.sin(az) * np.cos(el), np.sin(el) + 0 * az, np.cos(az) * np.cos(el)], -1)


def dominant_light(chip: AlignedFace, face: Face) -> Dominant | None:
    """Return where the strongest light on the face stands, or None where no single one does or too little is seen."""
    relief = _relief()
    at = np.round(chip.points[relief.marks]).astype(int)
    inside = (at >= 0).all(1) & (at[:, 0] < WIDTH_PX) & (at[:, 1] < HEIGHT_PX)
    x, y = np.clip(at[:, 0], 1, WIDTH_PX - 2), np.clip(at[:, 1], 1, HEIGHT_PX - 2)
    steps = (-1, 0, 1)
    light = sum(chip.luminance[y + dy, x + dx] for dy in steps for dx in steps) / 9
    turn = face.matrix[:3, :3].astype(float)
    turn = turn / np.maximum(np.linalg.norm(turn, axis=0), 1e-9)
    shown = inside & chip.inside[y, x] & ((relief.normals @ turn.T)[:, 2] > SHOWN)
    if int(shown.sum()) < FEWEST:
        return None
    found = _fitted(light[shown].astype(float) + 1e-4, relief, np.flatnonzero(shown))
    if found is None:
        return None
    trust, share = found
    way = turn @ (trust[:, None] * relief.ways).sum(0)
    way /= np.linalg.norm(way)
    elevation_deg = math.degrees(math.asin(min(1.0, max(-1.0, float(way[1])))))
    return Dominant(math.degrees(math.atan2(way[0], way[2])), elevation_deg, share)


def _fitted(light: np.ndarray, relief: _Relief, rows: np.ndarray) -> tuple[np.ndarray, float] | None:
    """Return how much each direction is to be trusted (d,), summing to 1, and the lamp's share; None for no lamp.

    For every direction at once: the two strengths, none below zero, that explain the light with least relative error.
    `light` (n,) is that on the marks `rows` (n,); the others' weight is none, which is cheaper than to leave them out.
    """
    sky, (lit, squared) = relief.sky[rows], relief.lit
    seen = light / np.median(light)
    steady, expected = np.ones(len(seen)), seen
    weights = np.zeros((3, len(lit)))
    for _ in range(ROUNDS):
        weight = steady / np.maximum(expected, 0.15) ** 2
        sky_sky, sky_seen, seen_seen = weight @ sky**2, weight @ (sky * seen), weight @ seen**2
        weights[:, rows] = weight * sky, weight, weight * seen
        (sky_lit, lit_seen), lit_lit = weights[::2] @ lit, weights[1] @ squared
        crossed = np.maximum(sky_sky * lit_lit - sky_lit**2, 1e-9)
        ambient = (lit_lit * sky_seen - sky_lit * lit_seen) / crossed
        key = np.where(
            ambient < 0, lit_seen / np.maximum(lit_lit, 1e-9), (sky_sky * lit_seen - sky_lit * sky_seen) / crossed
        )
        ambient = np.where(key < 0, sky_seen / sky_sky, np.maximum(ambient, 0))
        key = np.maximum(key, 0)
        error = (
            seen_seen
            - 2 * (ambient * sky_seen + key * lit_seen)
            + ambient**2 * sky_sky
            + 2 * ambient * key * sky_lit
            + key**2 * lit_lit
        )
        best = int(error.argmin())
        expected = np.maximum(ambient[best] * sky + key[best] * lit[rows, best], 0.05)
        misfit = np.log(np.maximum(seen, 1e-3) / expected)
        steady = 1 / (1 + ((misfit - np.median(misfit)) / ROBUST) ** 2)
    if 1 - error[best] / max(seen_seen - sky_seen**2 / sky_sky, 1e-9) < EXPLAINS:
        return None
    trust = np.exp(-(error - error[best]) / max(float(error[best]) * EVEN, 1e-9))
    return trust / trust.sum(), float(key[best] / max(key[best] + ambient[best], 1e-9))
