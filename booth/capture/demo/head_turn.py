"""How the demo sitter's flat picture turns: a depth for every part of her, and the way back from screen to portrait.

Owns the geometry of yaw, pitch and roll of the head on a body that stays; knows no colours. Lengths are portrait
pixels, angles as in `core.types.Pose`. The depth is the face mesh's own where it reaches, an ellipsoid over the hair.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

Pose3 = tuple[float, float, float]  # yaw, pitch, roll in degrees

GRID_PX = 4  # portrait pixels between nodes of the depth and weight fields
SIDE_PX = 512
HEAD_PX = (224.0, 120.0)  # middle of the head, about which it turns and nods
NECK_PX = (222.0, 188.0)  # where it tilts
EAR_DEPTH_PX = 40.0  # mesh z of the axis the head turns about
SKULL_PX = (76.0, 84.0, 52.0)  # half width, half height and depth of the ellipsoid over the hair
NECK_DEPTH_PX = 24.0
SOFT_PX = 5.0
STEPS = 7  # of the fixed-point search; an eighth changes nothing by a tenth of a pixel within the script's angles


class Turn:
    """Maps where something is seen back to where it is in the portrait."""

    def __init__(self, points_px: np.ndarray) -> None:
        """`points_px` (478, 3): the portrait's landmarks, z toward the viewer negative."""
        y, x = np.mgrid[0:SIDE_PX:GRID_PX, 0:SIDE_PX:GRID_PX].astype(np.float32)
        self.depth = _depth(points_px, x, y)
        self._fields = cv2.merge([_weight(x, y), self.depth])

    def seen_at(self, x: float, y: float, pose_deg: Pose3) -> tuple[float, float]:
        """Return where a point of the portrait's head is seen under (yaw, pitch, roll) degrees."""
        fields = self._fields[round(y / GRID_PX), round(x / GRID_PX)]
        dx, dy = _shift(np.array(x), np.array(y), fields[0], fields[1], pose_deg)
        return x + float(dx), y + float(dy)

    def portrait_at(self, x: np.ndarray, y: np.ndarray, pose_deg: Pose3) -> tuple[np.ndarray, np.ndarray]:
        """Return the portrait coordinates seen at float32 `x`, `y` (any equal shape) under (yaw, pitch, roll)."""
        from_x, from_y = x, y
        for _ in range(STEPS):
            here = cv2.remap(
                self._fields, from_x / GRID_PX, from_y / GRID_PX, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
            dx, dy = _shift(from_x, from_y, here[..., 0], here[..., 1], pose_deg)
            from_x, from_y = x - dx, y - dy
        return from_x, from_y


def _shift(
    x: np.ndarray, y: np.ndarray, weight: np.ndarray, depth: np.ndarray, pose_deg: Pose3
) -> tuple[np.ndarray, np.ndarray]:
    """How far each portrait point moves: turn and nod about the head's middle, then tilt about the neck."""
    yaw, pitch, roll = (math.radians(a) for a in pose_deg)
    turned_x = HEAD_PX[0] + (x - HEAD_PX[0]) * math.cos(yaw) + depth * math.sin(yaw)
    turned_y = HEAD_PX[1] + (y - HEAD_PX[1]) * math.cos(pitch) - depth * math.sin(pitch)
    off_x, off_y = turned_x - NECK_PX[0], turned_y - NECK_PX[1]
    seen_x = NECK_PX[0] + off_x * math.cos(roll) + off_y * math.sin(roll)
    seen_y = NECK_PX[1] - off_x * math.sin(roll) + off_y * math.cos(roll)
    return weight * (seen_x - x), weight * (seen_y - y)


def _depth(points_px: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Depth in front of the ears over the grid, smooth enough that 20 degrees fold nothing over."""
    spread = np.zeros(x.shape, np.float32)
    height = np.zeros(x.shape, np.float32)
    for px, py, pz in points_px:
        near = np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * SOFT_PX**2))
        spread += near
        height += near * max(EAR_DEPTH_PX - pz, 0.0)
    face = height / np.maximum(spread, 1e-3)
    r2 = ((x - HEAD_PX[0] - 2) / SKULL_PX[0]) ** 2 + ((y - 98.0) / SKULL_PX[1]) ** 2
    skull = SKULL_PX[2] * np.sqrt(np.clip(1 - r2, 0, 1))
    throat = NECK_DEPTH_PX * np.exp(-(((x - NECK_PX[0]) / 46) ** 2) - (np.clip(NECK_PX[1] - y, 0, None) / 30) ** 2)
    share = np.clip(spread * 2.5, 0, 1)
    relief = face * share + np.maximum(skull, throat) * (1 - share)
    field: np.ndarray = cv2.GaussianBlur(relief.astype(np.float32), (0, 0), SOFT_PX / GRID_PX)
    return field


def _weight(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """1 on the head, 0 on the body, between them over the neck; the helmet's ring stays with the body."""
    aside = np.abs(x - NECK_PX[0])
    start = np.interp(aside, (40, 60), (176, 140)).astype(np.float32)
    length = np.interp(aside, (40, 60), (36, 22)).astype(np.float32)
    u = np.clip((y - start) / length, 0, 1)
    field: np.ndarray = cv2.GaussianBlur(1 - u * u * (3 - 2 * u), (0, 0), SOFT_PX / GRID_PX)
    return field
