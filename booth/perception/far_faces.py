"""Faces of a group that the whole frame is too coarse for: looked for in square parts of it, while some are missing.

The detector sees 128 pixels of whatever it is given. In a 16:9 frame it misses faces below a fifth of the height (of 12
pictures with three faces of 110 px in 720 it found none in any, of 180 px all), which several people side by side
easily have; in a square part of the frame the same face is 1.8 times as large.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from booth.core.types import Box, Face, frozen
from booth.guidance.face_measures import YAW_DRIFT
from booth.perception.face_tracker import FaceTracker, pose_of

PROBE_S = 0.4  # one part of the frame is looked at so often while faces are missing: some 4 % of a core
STEP_HEIGHTS = 0.6  # parts begin at most so far apart, in frame heights: a face that small lies wholly within one
APART_FACES = 0.5  # two faces nearer than this, of the larger one's height, are one
IN_A_PART = 2  # faces that are followed in one part
HALF_FOV_TAN = math.tan(math.radians(63.0) / 2)  # of the camera that the tracker's matrices take for granted


@dataclass(frozen=True, slots=True)
class Part:
    """A square part of a frame, from `left_px` on, over all its height."""

    left_px: int
    size_px: int

    def of(self, rgb: np.ndarray) -> np.ndarray:
        """Cut it out of an (H, W, 3) picture."""
        return np.ascontiguousarray(rgb[:, self.left_px : self.left_px + self.size_px])

    def in_frame(self, face: Face, width_px: int) -> Face:
        """Return a face found in this part as the tracker would tell it of the whole frame."""
        share = self.size_px / width_px
        points = face.landmarks * np.array([share, 1.0, share], np.float32)
        points[:, 0] += self.left_px / width_px
        aside = (2 * self.left_px + self.size_px - width_px) / self.size_px * HALF_FOV_TAN
        matrix = np.array(face.matrix, np.float32)
        x, z = float(matrix[0, 3]), float(matrix[2, 3])
        matrix[0, 3] = x - aside * z
        bent = YAW_DRIFT * (math.atan2(-float(matrix[0, 3]), -z) - math.atan2(-x, -z))
        cos, sin = math.cos(bent), math.sin(bent)
        matrix[:3, :3] = np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]], np.float32) @ matrix[:3, :3]
        low, high = points[:, :2].min(0), points[:, :2].max(0)
        box = Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        return replace(face, landmarks=frozen(points), matrix=frozen(matrix), pose=pose_of(matrix), box=box)


def parts_of(width_px: int, height_px: int) -> tuple[Part, ...]:
    """Return the square parts that cover a frame wider than high; none for others."""
    spare = width_px - height_px
    if spare <= 0.1 * height_px:
        return ()
    n = math.ceil(spare / (STEP_HEIGHTS * height_px)) + 1
    return tuple(Part(round(spare * i / (n - 1)), height_px) for i in range(n))


class GroupTracker:
    """A tracker that finds `wanted` people; one instance a source, closed with `close()`. Asked as a FaceTracker is.

    While the whole frame shows fewer, one part after the other is looked at, and one in which somebody was found that
    the frame does not show is followed in every frame.
    """

    def __init__(
        self, *, video: bool, max_faces: int, wanted: int, make: Callable[..., FaceTracker] = FaceTracker
    ) -> None:
        self._video, self._wanted, self._make = video, wanted, make
        self._whole = make(video=video, max_faces=max_faces)
        self._near: dict[Part, FaceTracker] = {}
        self._awake: set[Part] = set()
        self._next, self._next_s = 0, -1e9

    def find(self, rgb: np.ndarray, t_s: float = 0.0) -> tuple[Face, ...]:
        """Return the faces in an (H, W, 3) uint8 picture, those of the whole frame first. `t_s` counts for video."""
        found = self._whole.find(rgb, t_s)
        if len(found) >= self._wanted:
            self._awake.clear()
            return found
        height, width = rgb.shape[:2]
        for part in self._due(parts_of(width, height), t_s):
            seen = self._tracker(part).find(part.of(rgb), t_s)
            fresh = [f for f in (part.in_frame(one, width) for one in seen) if not _is_among(f, found, width / height)]
            (self._awake.add if fresh else self._awake.discard)(part)
            found = (*found, *fresh)
        return found

    def _due(self, parts: tuple[Part, ...], t_s: float) -> list[Part]:
        """Return the parts to look at now: those with somebody in them, and the next one in turn where it is time."""
        self._awake &= set(parts)
        if not self._video or not parts:
            return list(parts)
        due = [part for part in parts if part in self._awake]
        if not self._next_s - PROBE_S <= t_s < self._next_s:
            self._next_s, self._next = t_s + PROBE_S, (self._next + 1) % len(parts)
            due += [parts[self._next]] if parts[self._next] not in due else []
        return due

    def _tracker(self, part: Part) -> FaceTracker:
        if part not in self._near:
            self._near[part] = self._make(video=self._video, max_faces=IN_A_PART)
        return self._near[part]

    def close(self) -> None:
        """Free the models; must happen before the interpreter shuts down."""
        for tracker in (self._whole, *self._near.values()):
            tracker.close()


def _is_among(face: Face, others: tuple[Face, ...], aspect: float) -> bool:
    """Tell whether a face stands where another one does; `aspect` is the frame's width over its height."""
    a = face.box
    for other in others:
        b = other.box
        apart = math.hypot((a.x0 + a.x1 - b.x0 - b.x1) / 2 * aspect, (a.y0 + a.y1 - b.y0 - b.y1) / 2)
        if apart < APART_FACES * max(a.y1 - a.y0, b.y1 - b.y0):
            return True
    return False
