"""Sharpness of the eyes and movement of the face. Sharpness varies by skin: it is compared within a session only."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.landmarks import EYES, LEFT_EYE, MOTION_POINTS, RIGHT_EYE
from booth.core.types import Face

PATCH_PX = (160, 112)


def eye_sharpness(rgb: np.ndarray, face: Face) -> float | None:
    """Return the 95th percentile gradient on the sharper eye over its contrast, None where the eyes are cut or tiny.

    Monotone in blur and hardly moved by noise; the variance of the Laplacian rises 83 % with noise and is of no use.
    """
    height_px, width_px = rgb.shape[:2]
    points = face.points_px(width_px, height_px)
    ied_px = float(np.hypot(*(points[list(LEFT_EYE)].mean(0) - points[list(RIGHT_EYE)].mean(0))))
    found = [_one_eye(rgb, points[list(eye)].mean(0), ied_px) for eye in EYES]
    return max((v for v in found if v is not None), default=None)


def _one_eye(rgb: np.ndarray, centre: np.ndarray, ied_px: float) -> float | None:
    half_w, half_h = 0.34 * ied_px, 0.24 * ied_px
    x0, y0, x1, y1 = (int(v) for v in (centre[0] - half_w, centre[1] - half_h, centre[0] + half_w, centre[1] + half_h))
    if x0 < 0 or y0 < 0 or x1 > rgb.shape[1] or y1 > rgb.shape[0] or x1 - x0 < 12:
        return None
    grey = cv2.cvtColor(np.ascontiguousarray(rgb[y0:y1, x0:x1]), cv2.COLOR_RGB2GRAY)
    shrink = x1 - x0 > PATCH_PX[0]
    patch = cv2.resize(grey, PATCH_PX, interpolation=cv2.INTER_AREA if shrink else cv2.INTER_LINEAR)
    dx, dy = cv2.Sobel(patch, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(patch, cv2.CV_32F, 0, 1, scale=0.125)
    steep = np.partition(cv2.magnitude(dx, dy).ravel(), int(0.95 * dx.size))[int(0.95 * dx.size)]
    return float(steep) / (float(patch.std()) + 1e-3)


@dataclass(frozen=True, slots=True, eq=False)
class Stance:
    """Where a face was at one time, to tell how fast it moves."""

    t_s: float
    points: np.ndarray  # (9, 2) in picture heights
    ied: float

    @classmethod
    def of(cls, face: Face, t_s: float, aspect: float) -> Stance:
        """Take note of a face in a picture of that width over height."""
        points = face.landmarks[list(MOTION_POINTS), :2] * np.array([aspect, 1.0], np.float32)
        return cls(t_s, points, float(np.hypot(*(points[2:4].mean(0) - points[:2].mean(0)))))


def motion(before: Stance | None, now: Stance) -> float | None:
    """Return the face's movement in inter-eye distances a second, None without a recent picture before."""
    if before is None or not 0 < now.t_s - before.t_s < 0.5:
        return None
    moved = float(np.hypot(*(now.points - before.points).T).mean())
    return moved / max(now.ied, 1e-6) / (now.t_s - before.t_s)
