"""Seamless paper: one colour, a pool of light behind the head, the roll's slow waves and the turn toward the floor."""

from __future__ import annotations

import numpy as np

from booth.looks.backdrop.backdrop_spec import Paper
from booth.looks.backdrop.lattice import fbm, key_of, noise, noise_bands
from booth.looks.backdrop.plane import Plane
from booth.looks.backdrop.tone import enlarged, hex_linear, photographed

COLOURS = {
    "white": "#f1f1ef",
    "bone": "#e3ddd0",
    "dove": "#bdbfc0",
    "pebble": "#8f9192",
    "slate": "#5c6166",
    "charcoal": "#3a3b3d",
    "black": "#161617",
    "sky": "#9db6cb",
    "navy": "#27374f",
    "sage": "#93a08c",
    "forest": "#2f4438",
    "blush": "#d3b2a6",
    "burgundy": "#5b2430",
    "ochre": "#b98a47",
    "cocoa": "#6b4f3f",
}  # each is the paper where the pool of light is brightest
_WORK_FACE_PX = 90.0  # nothing in the light or the roll is finer than a tenth of a face
_TOOTH = ((0.011, 0.0016), (0.0045, 0.0022), (0.0022, 0.0024))  # faces between knots, share of the light


def pool(plane: Plane, falloff: float, side: float) -> np.ndarray:
    """Return (H, W) float32 light on a flat ground from a lamp aimed behind the head: 1 in the pool, less outward.

    A spot of light falls off as the fourth power of the cosine; what is left comes off the room's walls.
    """
    x, y = plane.axes()
    dx = (x - plane.head_x - 0.55 * side) / 1.22  # a reflector throws a pool wider than high
    dy = y - plane.head_y - 0.1
    reach = 5.2 - 3.3 * falloff
    spot = 1 / np.square(1 + (dx * dx + dy * dy) / reach**2)
    room = 0.42 - 0.34 * falloff
    lean = 1 + 0.05 * side * np.clip((x - plane.head_x) / 2.5, -1, 1)
    return ((room + (1 - room) * spot) * lean).astype(np.float32)


def sweep(plane: Plane) -> np.ndarray:
    """Return (H, 1) float32 light as the paper turns from the wall to the floor, below the shoulders."""
    _, y = plane.axes()
    turn = np.clip((y - plane.head_y - 1.1) / 2.6, 0, 1)
    turn = turn * turn * (3 - 2 * turn)
    return (1 - 0.16 * turn).astype(np.float32)


def textured(rgb: np.ndarray, plane: Plane, strength: float, key: int) -> np.ndarray:
    """Multiply a coded picture of the plane's size by the fine tooth of paper or cloth, in place."""
    for octave, (cell, share) in enumerate(_TOOTH):
        if cell * plane.face_px > 1.05:
            for rows, grain in noise_bands(plane, cell, key_of(key, 40, octave)):
                grain *= np.float32(share * strength)
                grain += np.float32(1)
                rgb[rows] *= grain[..., None]
    return rgb


def paint_paper(spec: Paper, plane: Plane, seed: int) -> np.ndarray:
    """Return (H, W, 3) float32 sRGB-coded paper."""
    work = plane.at(_WORK_FACE_PX, 720)
    light = pool(work, spec.falloff, spec.side) * sweep(work)
    waves = 0.011 * noise(work, (2.6, 0.9), key_of(seed, 1)) + 0.006 * fbm(work, 0.55, key_of(seed, 2), 3)
    light *= 1 + spec.tooth * waves
    # The lamp's pool is a little warmer than the light that comes back off the room.
    depth = np.clip(1 - light, 0, 1)[..., None]
    tint = 1 + depth * np.array([-0.035, 0.0, 0.04], np.float32)
    rgb = enlarged(photographed(hex_linear(COLOURS[spec.colour]) * light[..., None] * tint), size_of(plane))
    return textured(rgb, plane, 2 * spec.tooth, seed)


def size_of(plane: Plane) -> tuple[int, int]:
    """Return the plane's (width, height) in pixels."""
    return plane.width_px, plane.height_px
