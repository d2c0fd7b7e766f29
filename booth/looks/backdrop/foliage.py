"""A park or garden in sun: leaves at four depths, sky through the gaps, a lawn in light and shade."""

from __future__ import annotations

import math

import numpy as np

from booth.looks.backdrop.backdrop_spec import Foliage
from booth.looks.backdrop.lattice import fbm, hash01, key_of, noise, scatter
from booth.looks.backdrop.out_of_focus import Sheet, add_lights, rendered
from booth.looks.backdrop.plane import Plane, disc_faces, faces_per_metre

_PALETTES = {
    "summer": ((0.008, 0.019, 0.009), (0.04, 0.078, 0.024), (0.14, 0.215, 0.052), (0.44, 0.53, 0.15)),
    "autumn": ((0.02, 0.013, 0.008), (0.105, 0.048, 0.014), (0.33, 0.15, 0.032), (0.66, 0.4, 0.1)),
    "lawn": ((0.012, 0.02, 0.008), (0.045, 0.07, 0.02), (0.15, 0.19, 0.05), (0.36, 0.4, 0.13)),
}  # leaf in deep shade, in shade, in light, with the sun through it
_GAP = {"summer": (0.95, 1.0, 0.8), "autumn": (1.0, 0.93, 0.74)}
_TURN = {"summer": (0.1, 0.0, -0.1), "autumn": (0.12, -0.3, -0.25)}  # how far hues of trees wander, in log light
_LEAF_M = 0.075
_DEPTHS_M = (
    (16.0, 0.17, 0.9),
    (8.0, 0.14, 0.62),
    (4.6, 0.16, 0.0),
)  # distance, cell in faces, share of cells with a leaf
_OUTLINE = np.array([
    (math.cos(a) * 0.5, math.sin(a) * 0.27 * (1 - 0.35 * math.cos(a))) for a in np.linspace(0, 2 * math.pi, 10)[:-1]
], np.float32)  # a leaf's outline, one long, its tip at the left  # fmt: skip


def _palette(season: str, sunlit: np.ndarray) -> np.ndarray:
    """Return (..., 3) light for how sunlit a leaf is, 0 deep shade to 1 with the sun through it."""
    steps = np.array(_PALETTES[season], np.float32)
    return np.stack([np.interp(sunlit, [0, 0.4, 0.75, 1], steps[:, c]) for c in range(3)], -1).astype(np.float32)


def _wood(plane: Plane, season: str, seed: int) -> np.ndarray:
    """Return the light of the far wood and the lawn: broad clouds of leaf, darker under the crowns."""
    _, y = plane.axes()
    crowns = fbm(plane, 1.15, key_of(seed, 1), 4, 0.55)
    sunlit = 0.4 + 0.26 * crowns - 0.1 * np.clip((y + 0.1) / 0.7, -0.8, 1)
    light = _palette(season, np.clip(sunlit, 0, 1))
    shade = noise(plane, (1.5, 0.24), key_of(seed, 2)) + 0.5 * noise(plane, (0.6, 0.12), key_of(seed, 3))
    lawn = _palette("lawn", np.clip(0.55 + 0.17 * shade, 0.12, 0.95))
    turning = fbm(plane, 0.8, key_of(seed, 12), 3)[..., None] * np.array(_TURN[season], np.float32)
    light *= np.exp(turning)
    edge = np.clip((y - 0.5 - 0.07 * noise(plane, 0.9, key_of(seed, 4))) / 0.09, 0, 1)[..., None]
    return (light * (1 - edge) + lawn * edge).astype(np.float32)


def _leaves(sheet: Sheet, season: str, seed: int, depth: int) -> None:
    """Paint one depth's leaves, in clusters that leave openings."""
    plane = sheet.plane
    distance_m, cell, share = _DEPTHS_M[depth]
    size = _LEAF_M * faces_per_metre(distance_m) * (1.6, 1.25, 1.0)[depth]
    x, y, ij = scatter(plane, cell, key_of(seed, 5, depth), margin=size)
    r = [hash01(ij[:, 0], ij[:, 1], key_of(seed, 6, depth, k)) for k in range(5)]
    boughs = _sampled(fbm(plane, (1.0, 0.95, 1.5)[depth], key_of(seed, 7, depth), 3), plane, x, y)
    open_middle = (0.0, 0.0, 1.1)[depth] * np.exp(-np.square(x / 1.7)) + (0.0, 0.2, 0.3)[depth] * (y > 0.35)
    keep = r[0] < share + (0.3, 0.45, 0.9)[depth] * boughs - open_middle
    sun = _sampled(noise(plane, 0.7, key_of(seed, 8, depth)), plane, x, y)
    sunlit = np.clip(0.38 + 0.2 * sun - 0.1 * y + 0.6 * (r[1] - 0.5) + 0.35 * (r[2] > 0.86) + 0.09 * depth, 0, 1)
    hue = (r[4] - 0.5)[:, None] * 2.5 * np.array(_TURN[season], np.float32)
    light = _palette(season, sunlit) * np.exp(hue)
    r, x, y, light = [a[keep] for a in r], x[keep], y[keep], light[keep]
    angle = 2.2 * r[3] + 0.4 + math.pi * (r[4] > 0.5)
    c, s = np.cos(angle)[:, None], np.sin(angle)[:, None]
    long = _OUTLINE[:, 0] * (size * (0.7 + 0.6 * r[4]))[:, None]
    wide = _OUTLINE[:, 1] * (size * (0.5 + 0.7 * r[2]))[:, None]
    outlines = np.stack([c * long - s * wide + x[:, None], s * long + c * wide + y[:, None]], -1)
    sheet.polygons(outlines, light)


def _sampled(field: np.ndarray, plane: Plane, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    px, py = plane.px(x, y)
    col = np.clip(np.round(px), 0, plane.width_px - 1).astype(int)
    row = np.clip(np.round(py), 0, plane.height_px - 1).astype(int)
    found: np.ndarray = field[row, col]
    return found


def _glints(plane: Plane, season: str, seed: int, depth: int) -> np.ndarray:
    """Return gaps in the crowns and wet-bright leaves as lamp rows: in swarms, few of them strong."""
    x, y, ij = scatter(plane, (0.085, 0.12, 0.2)[depth], key_of(seed, 9, depth), margin=0.3)
    r = [hash01(ij[:, 0], ij[:, 1], key_of(seed, 10, depth, k)) for k in range(4)]
    swarm = _sampled(fbm(plane, 1.3, key_of(seed, 11), 3), plane, x, y)
    height = np.clip(0.75 - 0.6 * y, 0.05, 1) * (y < 0.55)
    keep = r[0] < np.clip(0.24 + 0.34 * swarm, 0.03, 0.75) * height * (1.0, 0.5, 0.16)[depth]
    x, y, swarm, r = x[keep], y[keep], swarm[keep], [a[keep] for a in r]
    gap = np.array(_GAP[season], np.float32)
    leaf = np.array(_PALETTES[season][3], np.float32) * 1.6
    strong = np.clip(r[2] ** 16 * (0.7 + 0.4 * swarm), 0, 1)
    tint = leaf + (gap - leaf) * np.clip(r[1] ** 2 + 0.8 * strong, 0, 1)[:, None]
    bright = 0.01 + 0.075 * r[2] ** 3 + 0.5 * strong**1.2
    place = np.stack([x, y, 0.88 + 0.2 * r[3]], 1)
    return np.concatenate([place, tint * bright[:, None]], 1).astype(np.float32)


def paint_foliage(spec: Foliage, plane: Plane, seed: int, quality: str) -> np.ndarray:
    """Return (H, W, 3) float32 sRGB-coded leaves far out of focus."""
    work = plane.work(quality)
    wood = Sheet(work)
    wood.rgba[..., :3] = _wood(work, spec.season, seed)
    wood.rgba[..., 3] = 1
    light = wood.over(np.zeros_like(wood.rgba[..., :3]), disc_faces(30.0, spec.f_number))
    for depth, (distance_m, _, _) in enumerate(_DEPTHS_M):
        disc = disc_faces(distance_m, spec.f_number)
        sheet = Sheet(work)
        _leaves(sheet, spec.season, seed, depth)
        light = sheet.over(light, disc)
        add_lights(light, work, _glints(work, spec.season, seed, depth), disc)
    return rendered(light * 1.15, work, plane)
