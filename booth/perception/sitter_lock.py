"""Keeps the frame with one person: the sitter stays the sitter while they are there, whoever walks past."""

from __future__ import annotations

import math
from dataclasses import dataclass

from booth.core.types import Box, Face

PATIENCE_S = 1.0  # a sitter lost this long has left
REACH = 0.75  # of the face's height: how far a face may be from where it was and still be the same


@dataclass(frozen=True, slots=True)
class SitterLock:
    """Where the sitter was last seen; `step` puts their face first."""

    box: Box | None = None
    seen_s: float = 0.0

    def step(self, faces: tuple[Face, ...], t_s: float, aspect: float) -> tuple[SitterLock, tuple[Face, ...]]:
        """Return the lock and the faces, the sitter's first; empty while the sitter is away but may come back."""
        lock = self if self.box is None or t_s - self.seen_s <= PATIENCE_S else SitterLock()
        if not faces:
            return lock, ()
        first = lock._again(faces, t_s, aspect) if lock.box is not None else max(faces, key=standing)
        if first is None:
            return lock, ()
        others = sorted((f for f in faces if f is not first), key=lambda f: -f.box.area)
        return SitterLock(first.box, t_s), (first, *others)

    def _again(self, faces: tuple[Face, ...], t_s: float, aspect: float) -> Face | None:
        """Find the face that is where the sitter was, allowing more way for more time and a like size."""
        assert self.box is not None
        near = min(faces, key=lambda f: face_distance(f.box, self.box, aspect))  # type: ignore[arg-type]
        reach = REACH * (1 + 2 * (t_s - self.seen_s)) * (self.box.y1 - self.box.y0)
        alike = 0.5 < (near.box.y1 - near.box.y0) / max(self.box.y1 - self.box.y0, 1e-6) < 2.0
        return near if alike and face_distance(near.box, self.box, aspect) <= reach else None


def face_distance(a: Box, b: Box, aspect: float) -> float:
    """Return how far the middles of two boxes are apart, in heights of a frame of that width over height."""
    across = ((a.x0 + a.x1) - (b.x0 + b.x1)) / 2 * aspect
    return math.hypot(across, ((a.y0 + a.y1) - (b.y0 + b.y1)) / 2)


def standing(face: Face) -> float:
    """Rank a face by size, nearness to the middle counting a little."""
    off = abs((face.box.x0 + face.box.x1) / 2 - 0.5)
    return face.box.area * (1.2 - 0.8 * off)
