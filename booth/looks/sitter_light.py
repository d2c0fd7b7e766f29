"""The light field of one sitter: in the mirror worked out anew every few frames and carried with the face in between.

A head turning at 30 degrees a second turns one degree in that time, well within the light's own softness.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import replace

import numpy as np

from booth.core.revalidate import Revalidation
from booth.core.types import Box, Face
from booth.looks.backdrop.backdrop_spec import Untouched
from booth.looks.canvas import Canvas, as_8bit
from booth.looks.light.change import limits_of
from booth.looks.light.engine import LightField, Relighter
from booth.looks.light.shape import Applied
from booth.looks.look import Look

STILL_GRID_PX = 512
LIGHT_RESTS = 3  # a head at rest keeps its light so many times as long as one that moves
LIGHT_SERVES = 4  # so many times as long it serves while the next is worked out; older light is waited for
TURN_DEG, GROW_FRAC = 1.5, 0.025  # a head that turned, or came nearer, by more has moved: thrice the tracker's unrest


def carried(field: LightField, was: Face, face: Face) -> LightField:
    """Return a field moved with its face."""
    if was is face:
        return field
    by = (face.landmarks[:, :2] - was.landmarks[:, :2]).mean(0)
    roi, dx, dy = field.roi, float(by[0]), float(by[1])
    return replace(field, roi=Box(roi.x0 + dx, roi.y0 + dy, roi.x1 + dx, roi.y1 + dy))


class SitterLight:
    """Makes the light fields of one sitter after the other. One instance a renderer."""

    def __init__(self, *, still: bool, grid_px: int, beside: Executor | None = None) -> None:
        """`beside` works a mirror's light out while the last one still serves; None: at once."""
        self._still = still
        self.relighter = Relighter(grid_px=STILL_GRID_PX if still else grid_px, still=still)
        self.normals: np.ndarray | None = None  # the sitter's own, from a flash calibration
        self.every = 2  # frames of the mirror that a light lasts
        self._renewal: Revalidation[tuple[int, LightField | None, Face | None]] = Revalidation(beside)
        self._last: tuple[int, LightField | None, Face | None] | None = None  # of which frame, and with which face

    @property
    def applied(self) -> Applied:
        """What was done to the light of the last picture."""
        return self.relighter.applied

    def forget(self) -> None:
        """Let go of the last light: the next picture's is worked out for itself."""
        self._renewal.drop()
        self._last = None

    def reset(self) -> None:
        """Let go of the sitter: the next one's light is read anew."""
        self.forget()
        self.relighter.reset()

    def was_made_for(self, seq: int) -> bool:
        """Tell whether the light was worked out for this very frame, before it was drawn."""
        return self._last is not None and self._last[0] == seq

    def field(self, canvas: Canvas, look: Look, t_s: float) -> LightField | None:
        """Return the light for a picture at time `t_s`; None where nothing changes."""
        if self._still or canvas.face is None:
            self.forget()
            return self._made(canvas, look, t_s)[1]
        self._take()
        if not self._is_fresh(canvas):
            self._renewal.begin(self._made, canvas, look, t_s)
            self._take()
        if not self._serves(canvas):
            self._take(wait=True)
        assert self._last is not None
        _, field, face = self._last
        return None if field is None or face is None else carried(field, face, canvas.face)

    def _take(self, *, wait: bool = False) -> None:
        made = self._renewal.result(wait=wait)
        self._last = self._last if made is None else made

    def _is_fresh(self, canvas: Canvas) -> bool:
        if self._last is None or self._last[1] is None:
            return False
        age, rests = canvas.seq - self._last[0], LIGHT_RESTS * self.every if self.every > 1 else 1
        return 0 < age < rests and (age < self.every or not _has_moved(self._last[2], canvas.face))

    def _serves(self, canvas: Canvas) -> bool:
        return self._last is not None and 0 <= canvas.seq - self._last[0] <= LIGHT_SERVES * self.every

    def _made(self, canvas: Canvas, look: Look, t_s: float) -> tuple[int, LightField | None, Face | None]:
        """Work out the light of a picture; return the frame, its light and its face."""
        lamps = look.light.lamps_for(canvas.face)
        is_left_alone = isinstance(look.backdrop, Untouched) and not lamps
        limits = None if is_left_alone else limits_of(look.light.name, look.light.strength)
        if self._still and not lamps and not limits:
            return canvas.seq, None, canvas.face
        field = self.relighter.field(
            as_8bit(canvas.rgb),
            None if canvas.alpha is None else as_8bit(canvas.alpha),
            canvas.face,
            lamps,
            seq=canvas.seq,
            t_s=t_s,
            strength=look.light.strength,
            normals=self.normals,
            limits=limits,
        )
        return canvas.seq, field, canvas.face


def _has_moved(before: Face | None, now: Face | None) -> bool:
    """Tell whether a head turned or came nearer by so much that its light is another; where it is plays no part."""
    if before is None or now is None:
        return True
    turns = (getattr(now.pose, axis) - getattr(before.pose, axis) for axis in ("yaw_deg", "pitch_deg", "roll_deg"))
    grown = (now.box.y1 - now.box.y0) / max(before.box.y1 - before.box.y0, 1e-6) - 1
    return max(abs(turn) for turn in turns) > TURN_DEG or abs(grown) > GROW_FRAC
