"""Smooth runs of colour: free gradients, high key and low key."""

from __future__ import annotations

import math

import numpy as np

from booth.looks.backdrop.backdrop_spec import Gradient, HighKey, LowKey
from booth.looks.backdrop.lattice import fbm, key_of
from booth.looks.backdrop.paper import size_of, textured
from booth.looks.backdrop.plane import Plane
from booth.looks.backdrop.tone import enlarged, hex_linear, to_coded

_WORK_FACE_PX = 90.0
_KNEE = 0.18  # mixes are made in light to this power: even to the eye, and hues stay clean between the ends


def run(colours: tuple[str, ...], t: np.ndarray) -> np.ndarray:
    """Return (H, W, 3) float32 linear light along `t` (H, W) 0..1 through one to four colours."""
    knots = np.stack([hex_linear(c) for c in colours]) + 1e-4
    if len(knots) == 1:
        return np.broadcast_to(knots[0], (*t.shape, 3)).astype(np.float32)
    even = knots ** (1 / 3)  # cube root: near to lightness
    at = np.linspace(0, 1, len(knots))
    eased = t if len(knots) > 2 else t * t * (3 - 2 * t) * 0.6 + t * 0.4  # no visible end to the run
    mixed = np.stack([np.interp(eased, at, even[:, c]) for c in range(3)], -1)
    return (mixed**3 - 1e-4).astype(np.float32)


def paint_gradient(spec: Gradient, plane: Plane, seed: int) -> np.ndarray:
    """Return (H, W, 3) float32 sRGB-coded gradient; radial ones are centred on the head."""
    work = plane.at(_WORK_FACE_PX, 720)
    x, y = work.axes()
    half_w, half_h = work.half
    if spec.shape == "radial":
        t = np.hypot((x - work.head_x) / 1.15, y - work.head_y - 0.15) / (0.95 * math.hypot(half_w, half_h))
    else:
        c, s = math.cos(math.radians(spec.angle_deg)), math.sin(math.radians(spec.angle_deg))
        reach = abs(c) * half_w + abs(s) * half_h
        t = (x * c + y * s) / reach * 0.5 + 0.5
    rgb = enlarged(to_coded(run(spec.colours, np.clip(t, 0, 1).astype(np.float32))), size_of(plane))
    return textured(rgb, plane, 0.5, seed)


def paint_highkey(spec: HighKey, plane: Plane, seed: int) -> np.ndarray:
    """Return (H, W, 3) float32 sRGB-coded white: 255 behind the head, a little less toward the corners."""
    work = plane.at(_WORK_FACE_PX, 720)
    x, y = work.axes()
    r2 = np.square((x - work.head_x) / 1.3) + np.square(y - work.head_y)
    fall = 1 - np.exp(-r2 / 9.0)
    shade = spec.shade * (0.13 * fall + 0.05 * np.clip((y - work.head_y) / 2.5, 0, 1) ** 2)
    shade = shade * (1 + 0.08 * fbm(work, 1.4, key_of(seed, 9), 2))
    cast = 1 + 0.03 * spec.warmth * np.array([0.4, 0.0, -1.0], np.float32)
    coolness = 1 + shade[..., None] * np.array([-0.12, -0.02, 0.1], np.float32)
    light = np.clip((1.0 - shade)[..., None] * coolness * cast, 0, 1)
    return enlarged(to_coded(light), size_of(plane))


def paint_lowkey(spec: LowKey, plane: Plane, seed: int) -> np.ndarray:
    """Return (H, W, 3) float32 sRGB-coded black with a glow behind the shoulders, so that dark hair shows."""
    work = plane.at(_WORK_FACE_PX, 720)
    x, y = work.axes()
    dx = (x - work.head_x - 0.7 * spec.side) / 1.35
    dy = y - work.head_y - 0.35
    glow = np.exp(-np.sqrt(1 + (dx * dx + dy * dy) / 1.1) + 1)
    breath = 1 + 0.12 * fbm(work, 1.1, key_of(seed, 10), 3)
    light = 0.003 + 0.13 * spec.glow * glow**1.6 * breath
    rgb = enlarged(to_coded(light[..., None] * hex_linear(spec.colour) / 0.3), size_of(plane))
    return textured(rgb, plane, 1.0, seed)
