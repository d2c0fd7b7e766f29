"""A sitter made of the mean head itself: no model, no picture of anyone."""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.types import Face
from booth.looks.light import kernels
from booth.looks.light.head_model import load_head
from booth.looks.scoring import face_of

SIZE_PX = (640, 480)
PX_PER_CM = 14.0
EYES = ((33, 133, 159, 145, 468), (362, 263, 386, 374, 473))


def turn(yaw_deg: float) -> np.ndarray:
    """Return the head-to-camera matrix of a turned head; yaw > 0 points the nose to image right."""
    y = np.radians(yaw_deg)
    return np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]], np.float32)


def a_face(yaw_deg: float = 0.0, *, shift_px: tuple[float, float] = (0, 0), noise_px: np.ndarray | None = None) -> Face:
    """Return the face the tracker would see of the mean head in a 640 x 480 picture."""
    width, height = SIZE_PX
    marks = load_head().marks @ turn(yaw_deg).T * PX_PER_CM
    points = np.zeros((478, 3), np.float32)
    points[:468] = marks * (1, -1, -1) + (width / 2 + shift_px[0], height / 2 - 10 + shift_px[1], 0)
    for outer, inner, upper, lower, iris in EYES:
        middle = points[[outer, inner, upper, lower]].mean(0)
        radius = np.linalg.norm(points[outer] - points[inner]) * 0.2
        points[iris] = middle
        points[iris + 1 : iris + 5] = middle + radius * np.array([[1, 0, 0], [0, -1, 0], [-1, 0, 0], [0, 1, 0]])
        points[upper, 1], points[lower, 1] = middle[1] - 0.8 * radius, middle[1] + 0.8 * radius
    if noise_px is not None:
        points += noise_px
    matrix = np.eye(4, dtype=np.float32)
    matrix[:3, :3] = turn(yaw_deg)
    return face_of(points, matrix, SIZE_PX)


def a_picture(light: np.ndarray | None = None, yaw_deg: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return (480, 640, 3) uint8 of the mean head and its alpha; `light` (n,) linear at each vertex, plain if None."""
    head = load_head()
    width, height = SIZE_PX
    light = 0.30 + 0.12 * (head.vertices @ turn(yaw_deg).T)[:, 2] / 11 if light is None else light
    at = head.vertices @ turn(yaw_deg).T * PX_PER_CM * (1, -1, 1) + (width / 2, height / 2 - 10, 0)
    depth, out = np.empty((width, width), np.float32), np.zeros((width, width, 1), np.float32)
    kernels.draw(at.astype(np.float32), head.faces, light[:, None].astype(np.float32), depth, out)
    alpha = ((depth > -1e8) * 255).astype(np.uint8)[:height]
    linear = np.where(alpha[..., None] > 0, out[:height] * np.array([1.0, 0.72, 0.6], np.float32), 0.05)
    coded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 1e-6) ** (1 / 2.4) - 0.055)
    return np.round(np.clip(coded, 0, 1) * 255).astype(np.uint8), cv2.GaussianBlur(alpha, (0, 0), 1.2)


def luma(rgb: np.ndarray) -> np.ndarray:
    """Return (H, W) float32 of an 8-bit picture, 0..255."""
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)


def face_part(face: Face, shrink_px: int = 12) -> np.ndarray:
    """Return (480, 640) bool: the inside of the landmarks' hull."""
    mask = np.zeros(SIZE_PX[::-1], np.uint8)
    hull = cv2.convexHull(np.round(face.points_px(*SIZE_PX)[:468]).astype(np.int32))
    cv2.fillConvexPoly(mask, hull, 1)
    return cv2.erode(mask, np.ones((shrink_px, shrink_px), np.uint8)) > 0
