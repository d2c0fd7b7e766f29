"""Several people in one picture, each lit by themselves: a light field a face, laid on through that person's matte."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.types import Box, Face
from booth.looks.backdrop.backdrop_spec import Untouched
from booth.looks.canvas import Canvas, as_8bit
from booth.looks.light.change import limits_of
from booth.looks.light.engine import LightField, Relighter, apply
from booth.looks.light.shape import Applied
from booth.looks.look import Look
from booth.looks.sitter_light import carried

SHARE_PX = 320  # longer side of the map of whose pixels they are
TORSO_REACH = 0.28  # how much less a step below the face counts than one aside: bodies are taller than wide
SOFT_FACES = 0.12  # in this many face heights one person's light turns into the next one's


@dataclass(slots=True, eq=False)
class _Lit:
    """One person's light: who makes it, and the last field with the frame and face that it was made for."""

    relighter: Relighter
    seq: int = 0
    field: LightField | None = None
    face: Face | None = None


class GroupLight:
    """Lights the people of a Canvas one after the other. One instance a renderer; made where it is first needed."""

    def __init__(self, *, still: bool, grid_px: int) -> None:
        self._still, self._grid_px = still, grid_px
        self._people: list[_Lit] = []
        self.was_used = False  # in the last picture

    def reset(self) -> None:
        """Let go of everybody."""
        self._people, self.was_used = [], False

    @property
    def applied(self) -> Applied:
        """What was done to the last picture: of the person whose light was changed most."""
        each = [lit.relighter.applied for lit in self._people]
        return max(each, key=lambda one: (one.applied, one.lift_stops), default=Applied())

    def light(self, canvas: Canvas, look: Look, t_s: float, every: int) -> np.ndarray:
        """Return the picture with the look's light on everybody; a live field serves `every` frames."""
        assert canvas.face is not None
        faces = (canvas.face, *canvas.company)
        if len(self._people) != len(faces):
            self._people = [_Lit(Relighter(self._grid_px, still=self._still)) for _ in faces]
        fields = [
            self._field_of(lit, face, canvas, look, (t_s, every)) for lit, face in zip(self._people, faces, strict=True)
        ]
        if not any(fields):
            return canvas.rgb
        is_scratch = self._still and canvas.rgb.flags.writeable
        out = canvas.rgb if is_scratch else canvas.rgb.copy()
        for field, share in zip(fields, person_shares(faces, canvas.size), strict=True):
            if field is not None:
                apply(field, out, _of_person(canvas.alpha, share, out), out=out)
        return out

    def _field_of(
        self, lit: _Lit, face: Face, canvas: Canvas, look: Look, when: tuple[float, int]
    ) -> LightField | None:
        t_s, every = when
        is_fresh = not self._still and lit.face is not None and 0 < canvas.seq - lit.seq < every
        if is_fresh and lit.field is not None and lit.face is not None:
            return carried(lit.field, lit.face, face)
        lamps = look.light.lamps_for(face)
        is_left_alone = isinstance(look.backdrop, Untouched) and not lamps
        limits = None if is_left_alone else limits_of(look.light.name, look.light.strength)
        alpha = None if canvas.alpha is None else as_8bit(canvas.alpha)
        lit.field = lit.relighter.field(
            as_8bit(canvas.rgb),
            alpha,
            face,
            lamps,
            seq=canvas.seq,
            t_s=t_s,
            strength=look.light.strength,
            limits=limits,
        )
        lit.seq, lit.face = canvas.seq, face
        return lit.field


def person_shares(faces: tuple[Face, ...], size_px: tuple[int, int]) -> list[np.ndarray]:
    """Return for each face how much each pixel of a picture of that width and height is that person's, if anybody's.

    (h, w) float32 0..1 each, of a map no larger than `SHARE_PX`; they add up to 1.
    """
    scale = min(1.0, SHARE_PX / max(size_px))
    width, height = max(2, round(size_px[0] * scale)), max(2, round(size_px[1] * scale))
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width)[None] * size_px[0]
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None] * size_px[1]
    away = np.stack([_distance(face.box, x, y, size_px) for face in faces])
    weight = np.exp((away.min(0) - away) * np.float32(4 / SOFT_FACES))
    return list((weight / weight.sum(0)).astype(np.float32))


def _distance(box: Box, x: np.ndarray, y: np.ndarray, size_px: tuple[int, int]) -> np.ndarray:
    """Return how far each pixel is from a person, in their own face heights; the torso below the face is near."""
    face_h = max(4.0, (box.y1 - box.y0) * size_px[1])
    across = (x - (box.x0 + box.x1) / 2 * size_px[0]) / face_h
    down = (y - (box.y0 + box.y1) / 2 * size_px[1]) / face_h
    return np.hypot(across, np.where(down > 0, down * TORSO_REACH, down * 0.8))


def _of_person(alpha: np.ndarray | None, share: np.ndarray, picture: np.ndarray) -> np.ndarray | None:
    """Return one person's part of the matte, of the kind of the picture; None without a matte."""
    if alpha is None:
        return None
    whole = cv2.resize(share, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    own = alpha * whole
    return own.astype(np.uint8) if picture.dtype == np.uint8 else own.astype(np.float32)
