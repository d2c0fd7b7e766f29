"""A brick wall behind the sitter, a lamp raking over it: rounded bricks, sunk mortar, shadows in the joints."""

from __future__ import annotations

import numpy as np

from booth.looks.backdrop.backdrop_spec import Brick
from booth.looks.backdrop.lattice import fbm, hash01, key_of, noise
from booth.looks.backdrop.out_of_focus import rendered
from booth.looks.backdrop.plane import WORK_FACE_PX, WORK_H_PX, Plane, disc_faces, faces_per_metre
from booth.looks.bokeh import disc_blur

_DISTANCE_M = 2.9
_WORK_SHARE = 0.7  # the lens leaves nothing finer
_FACES = faces_per_metre(_DISTANCE_M)
_LONG, _HIGH, _JOINT = 0.225 * _FACES, 0.075 * _FACES, 0.011 * _FACES  # brick and joint together, and the joint
_SUNK = 0.055  # depth of the joint, in faces; a little more than real, as raked joints are
_WALLS = {
    "red": (
        ((0.23, 0.075, 0.042), (0.29, 0.11, 0.065), (0.15, 0.05, 0.034), (0.34, 0.155, 0.095)),
        (0.33, 0.29, 0.24),
        0.3,
    ),
    "grey": (
        ((0.15, 0.145, 0.14), (0.22, 0.21, 0.2), (0.1, 0.098, 0.098), (0.26, 0.24, 0.22)),
        (0.27, 0.26, 0.25),
        0.22,
    ),
    "white": (((0.66, 0.645, 0.61), (0.7, 0.69, 0.66), (0.6, 0.58, 0.54), (0.72, 0.71, 0.69)), (0.62, 0.6, 0.56), 0.1),
}  # four clays, the mortar, and how much bricks vary


def _courses(plane: Plane, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return height (H, W) 0 in the joint to 1 on the face, and the brick's column and row (H, W) int."""
    x, y = plane.axes()
    wobble_x, wobble_y = (0.0045 * noise(plane, (0.5, 0.16), key_of(seed, k)) for k in (1, 2))
    chipped = 0.2 * fbm(plane, 0.06, key_of(seed, 3), 3, 0.6)
    v = (y + wobble_y + 0.07) / _HIGH
    row = np.floor(v).astype(np.int32)
    u = (x + wobble_x + 0.2) / _LONG + 0.5 * (row % 2) + 0.05 * np.sin(row * 12.9898).astype(np.float32)
    column = np.floor(u).astype(np.int32)
    to_end = np.minimum(u - column, 1 - (u - column)) * _LONG
    to_bed = np.minimum(v - row, 1 - (v - row)) * _HIGH
    inside = np.minimum(to_end, to_bed) - _JOINT / 2
    rounding = _JOINT * 0.75
    height = np.clip(inside / rounding + 0.45 + chipped, 0, 1)
    return (height * height * (3 - 2 * height)).astype(np.float32), column, row


def _per_brick(column: np.ndarray, row: np.ndarray, seed: int) -> list[np.ndarray]:
    """Return two numbers 0..1 of each brick, (H, W) float32, looked up rather than worked out at every pixel."""
    i0, j0 = int(column.min()), int(row.min())
    i, j = np.meshgrid(np.arange(i0, int(column.max()) + 1), np.arange(j0, int(row.max()) + 1))
    flat = (row - j0) * i.shape[1] + (column - i0)
    return [hash01(i, j, key_of(seed, 5, k)).ravel()[flat] for k in range(2)]


def _raking(plane: Plane, height: np.ndarray, side: float) -> np.ndarray:
    """Return (H, W) light from one side and above: by slope, and cast across the joints."""
    from_x, from_y = (side if abs(side) > 0.15 else 0.15), -0.5
    dx = np.gradient(height, axis=1) * plane.x_px * _SUNK
    dy = np.gradient(height, axis=0) * plane.y_px * _SUNK
    lamp = np.array([from_x, from_y, 0.75]) / np.linalg.norm([from_x, from_y, 0.75])
    facing = (-dx * lamp[0] - dy * lamp[1] + lamp[2]) / np.sqrt(1 + dx * dx + dy * dy)
    shadow = np.zeros_like(height)
    for step in (0.25, 0.5, 0.75, 1.0):  # a brick's edge shades the joint beside it
        shift = (round(-from_y * step * _SUNK * plane.y_px), round(-from_x * step * _SUNK * plane.x_px))
        shadow = np.maximum(shadow, np.roll(height, shift, (0, 1)) - step * 0.6)
    lit = 1 - 0.75 * np.clip(shadow - height, 0, 1)
    light: np.ndarray = (0.3 + 0.95 * np.clip(facing, 0, 1.4) / lamp[2] * lit).astype(np.float32)
    return light


def paint_brick(spec: Brick, plane: Plane, seed: int, quality: str) -> np.ndarray:
    """Return (H, W, 3) float32 sRGB-coded brickwork."""
    work = plane.at(WORK_FACE_PX[quality] * _WORK_SHARE, WORK_H_PX[quality])
    clays, mortar, vary = _WALLS[spec.colour]
    height, column, row = _courses(work, seed)
    r = _per_brick(column, row, seed)
    clay = np.array(clays, np.float32)[np.minimum((r[0] ** 1.2 * 4).astype(int), 3)]
    clay *= (1 + vary * (r[1] - 0.5) * 2)[..., None]
    clay *= (
        1 + 0.8 * vary * fbm(work, 0.16, key_of(seed, 6), 4, 0.65) + 0.3 * vary * fbm(work, 1.1, key_of(seed, 7), 3)
    )[..., None]
    burnt = np.clip(noise(work, (0.5, 0.25), key_of(seed, 8)) * 0.7 - 0.55, 0, 1)[..., None] * vary
    clay *= 1 - burnt
    bed = np.array(mortar, np.float32) * (1 + 0.1 * fbm(work, 0.08, key_of(seed, 9), 3))[..., None]
    face = np.clip(height * 2.2 - 0.5, 0, 1)[..., None]
    light = (bed + (clay - bed) * face) * _raking(work, height, spec.side)[..., None]
    x, y = work.axes()
    fall = 1 / (1 + (np.square((x - 2.4 * spec.side) / 1.3) + np.square(y + 0.8)) / 16)
    seen = disc_blur(
        (light * (0.22 + 0.88 * fall)[..., None]).astype(np.float32),
        disc_faces(_DISTANCE_M, spec.f_number) * work.face_px,
    )
    return rendered(seen, work, plane)
