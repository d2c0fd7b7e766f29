"""What the same features cost the obvious way, and the least any such booth must do: the two ends of the bench's scale.

Floor: decode, face landmarks and person segmenter on the whole frame. Naive: the same models one after the other, numpy
float blending, a mesh light at full size, `surfarray` to the screen. Neither is used by the booth itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from booth.core.clock import WallClock, processor_s, stopwatch_ms
from booth.core.types import Face

KEY_DIRECTION = np.array([0.42, -0.5, 0.76], np.float32)  # image right, up, toward the camera
AMBIENT, KEY = 0.45, 0.75


def decode(coded: np.ndarray) -> np.ndarray:
    """Return the RGB picture of one MJPG frame."""
    return cv2.cvtColor(cv2.imdecode(coded, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def mesh_light(rgb: np.ndarray, face: Face, triangles: np.ndarray) -> np.ndarray:
    """Shade every triangle of the mesh by its slope to the key, smooth it, multiply in linear light, at full size."""
    height, width = rgb.shape[:2]
    points = face.landmarks * np.array([width, height, width], np.float32)
    a, b, c = (points[triangles[:, i]] for i in range(3))
    normals = np.cross(b - a, c - a)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-6
    normals *= np.sign(-normals[:, 2:3])
    facing = np.clip(normals @ (KEY_DIRECTION * np.array([1, 1, -1], np.float32)), 0, None)
    gain = np.ones((height, width), np.float32)
    for triangle, shade in zip(points[triangles][:, :, :2].astype(np.int32), AMBIENT + KEY * facing, strict=True):
        cv2.fillConvexPoly(gain, triangle, float(shade))
    gain = cv2.GaussianBlur(gain, (0, 0), 8)
    linear = (rgb.astype(np.float32) / 255) ** 2.2 * gain[..., None]
    return (np.clip(linear, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)


def float_blend(rgb: np.ndarray, alpha: np.ndarray, plate: np.ndarray) -> np.ndarray:
    """Blend by numpy floats, the way every tutorial does."""
    a = alpha.astype(np.float32)[..., None]
    return (rgb * a + plate * (1 - a)).astype(np.uint8)


class Laps:
    """Milliseconds per named stage, frame after frame."""

    def __init__(self) -> None:
        self.stages: dict[str, list[float]] = {}
        self.totals: list[float] = []
        self.processor: list[float] = []  # of all threads, a frame
        self._processor_s = processor_s()
        self._clock = WallClock()
        self._frame_ms = 0.0

    def lap(self, name: str, step: Callable[..., Any], *inputs: Any) -> Any:
        """Run one step, note what it took under its name, and return what it gave."""
        start_s = self._clock.now_s()
        result = step(*inputs)
        spent = stopwatch_ms(start_s)
        self.stages.setdefault(name, []).append(spent)
        self._frame_ms += spent
        return result

    def end(self) -> None:
        """The frame is done."""
        self.totals.append(self._frame_ms)
        self._frame_ms = 0.0
        now_s = processor_s()
        self.processor.append((now_s - self._processor_s) * 1e3)
        self._processor_s = now_s

    def clear(self) -> None:
        """Forget what was timed until now."""
        for noted in (self.stages, self.totals, self.processor):
            noted.clear()
        self.begin()

    def begin(self) -> None:
        """A turn begins: what the processor did until now was for something else."""
        self._processor_s = processor_s()
