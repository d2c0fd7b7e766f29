"""Lays the mean head on a tracked face: pose at once, shape steadied over time.

The pose is a least-squares fit of 468 points and hardly trembles, so it is never delayed and shadows keep up with a
turning head; the shape trembles but belongs to the sitter, so it may be averaged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from booth.core.landmarks import N_SURFACE
from booth.core.types import Face
from booth.looks.light.head_model import Head
from booth.looks.light.kernels import vertex_normals

SHOULDERS_TURN = 0.25  # shoulders follow a turned head this far; a guess that suits a seated sitter
NECK_PIVOT_CM = np.array([0.0, -9.0, -4.0], np.float32)
SETTLE_S = 0.12  # time constant of the shape at rest
STILL_LEVEL, MOVING_LEVEL = 1.5, 4.0  # change of the shape, in its usual tremble, that is noise / an expression
TREMBLE = 0.135  # root mean square step of the shape under half a pixel of noise on a face 290 px high
GAP_S = 0.5  # after a longer gap the shape starts afresh


@dataclass(frozen=True, slots=True, eq=False)
class FittedHead:
    """The head where the sitter's is: camera axes, cm about the head's origin, and where that lies in the picture."""

    points: np.ndarray  # (n, 3) float32 cm
    normals: np.ndarray  # (n, 3) float32
    turn: np.ndarray  # (3, 3) float32, head to camera
    turn_body: np.ndarray  # (3, 3) float32, shoulders to camera
    centre_px: tuple[float, float]
    px_per_cm: float


def lay_on(model: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, float, np.ndarray]:
    """Return rotation, scale and shift that lay `model` (n, 3) on `seen` (n, 3) with least squares."""
    mid_m, mid_s = model.mean(0), seen.mean(0)
    centred = model - mid_m
    u, d, vt = np.linalg.svd((seen - mid_s).T @ centred)
    sign = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    turn = (u * sign) @ vt
    scale = float((d * sign).sum() / (centred**2).sum())
    return turn.astype(np.float32), scale, mid_s - scale * turn @ mid_m


def _about_vertical(angle_rad: float) -> np.ndarray:
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]], np.float32)


class HeadFitter:
    """Follows one sitter; holds the steadied shape and the buffers."""

    def __init__(self, head: Head, *, still: bool) -> None:
        self._head, self._still = head, still
        self._shape: np.ndarray | None = None
        self._t_s = 0.0
        self._normals = np.zeros_like(head.vertices)

    def reset(self) -> None:
        """Start afresh with the next face: another sitter."""
        self._shape = None

    def place(self, face: Face, size_px: tuple[int, int], t_s: float, normals: np.ndarray | None = None) -> FittedHead:
        """Return the head laid on `face` in a picture of that width and height; `normals` replace its own."""
        width, height = size_px
        axes = np.array([width, -height, -width], np.float32)
        seen = face.landmarks[:N_SURFACE] * axes
        turn, scale, shift = lay_on(self._head.marks, seen)
        off = ((seen - shift) / scale) @ turn - self._head.marks
        shape = self._steady(self._head.follow_in @ off.astype(np.float32).ravel(), t_s)
        own = self._head.vertices + (self._head.follow_out @ shape).reshape(-1, 3)
        yaw = float(np.arctan2(turn[0, 2], turn[2, 2]))
        body = _about_vertical(SHOULDERS_TURN * yaw)
        with_head = self._head.with_head[:, None]
        low = (own - NECK_PIVOT_CM) @ body.T + turn @ NECK_PIVOT_CM
        points = np.ascontiguousarray(with_head * (own @ turn.T) + (1 - with_head) * low, np.float32)
        if normals is None:
            vertex_normals(points, self._head.faces, self._normals)
        else:
            np.matmul(normals, turn.T, out=self._normals)
        return FittedHead(points, self._normals, turn, body, (float(shift[0]), float(-shift[1])), scale)

    def _steady(self, shape: np.ndarray, t_s: float) -> np.ndarray:
        """Return the shape averaged over time: slowly at rest, at once when the face moves."""
        dt_s = t_s - self._t_s
        if self._still or self._shape is None or not 0 <= dt_s < GAP_S:
            self._shape, self._t_s = shape, t_s
            return shape
        step = shape - self._shape
        moved = (float(np.sqrt(np.mean(step**2))) / TREMBLE - STILL_LEVEL) / (MOVING_LEVEL - STILL_LEVEL)
        rest = 1 - np.exp(-dt_s / SETTLE_S)
        follow = rest + (1 - rest) * min(max(moved, 0.0), 1.0)
        self._shape, self._t_s = self._shape + np.float32(follow) * step, t_s
        return self._shape
