"""The backdrop as the pixel loops want it, and the real room as one: blurred, but for what stays beside the sitter."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.area_mean import reduced
from booth.core.compiled import read_only
from booth.core.revalidate import Revalidation
from booth.looks import composite as compose
from booth.looks.backdrop import own_edge
from booth.looks.backdrop.backdrop_spec import RoomBackdrop
from booth.looks.backdrop.harmony import edge_light
from booth.looks.backdrop.real_room import RoomBlur
from booth.looks.canvas import Canvas
from booth.looks.composite_still import Grading

ROOM_SERVES = 3  # times as long as it lasts a plate serves while the next is worked out; an older one is waited for


@dataclass(frozen=True, slots=True, eq=False)
class BackdropPlate:
    """A painted backdrop at one size: as painted, graded, and its light for the edge."""

    rgb: np.ndarray  # (H, W, 3) uint8 in the mirror, float32 0..1 in the still
    graded: np.ndarray
    light: np.ndarray  # (h, w, 3) float32 0..1
    tint: np.ndarray  # (3,) float32: gains on the sitter's coded colours that set them in the scene
    margin_px: int = 0  # both pictures are wider by this on every side
    plain: np.ndarray | None = None  # (h, w) float32: where a real room is plain, on the grid of `own_edge`


class RoomPlates:
    """Makes the plate of the real room; in the mirror it lasts some frames, as a room hardly moves."""

    def __init__(self, beside: Executor | None = None) -> None:
        """`beside` works the mirror's plate out while the last one still serves; None: at once."""
        self._blur = RoomBlur()
        self._renewal: Revalidation[tuple[int, BackdropPlate]] = Revalidation(beside)
        self._seen: tuple[int, BackdropPlate] | None = None  # in the mirror: of which frame, and the plate

    def reset(self) -> None:
        """Let go of the last frame's room."""
        self._renewal.drop()
        self._seen = None

    def plate(self, canvas: Canvas, backdrop: RoomBackdrop, grading: Grading, lasts: int) -> BackdropPlate:
        """Return the room behind this picture's sitter; in the mirror it is worked out anew every `lasts` frames."""
        assert canvas.alpha is not None
        if canvas.is_still:
            blurred = self._blur.blur(canvas.rgb, canvas.alpha, backdrop.blur, canvas.face_h_px)
            return BackdropPlate(blurred, blurred, edge_light(blurred), _own_tint(), plain=_plainness(canvas))
        self._take()
        if not self._serves(canvas, 1, lasts - 1):
            self._renewal.begin(self._made, canvas, backdrop, grading)
            self._take()
        if not self._serves(canvas, 0, ROOM_SERVES * lasts):
            self._take(wait=True)
        assert self._seen is not None
        return self._seen[1]

    def _take(self, *, wait: bool = False) -> None:
        made = self._renewal.result(wait=wait)
        self._seen = self._seen if made is None else made

    def _serves(self, canvas: Canvas, least: int, most: int) -> bool:
        """Tell whether the plate fits the picture and is so many frames old."""
        seen = self._seen
        return seen is not None and least <= canvas.seq - seen[0] <= most and seen[1].rgb.shape == canvas.rgb.shape

    def _made(self, canvas: Canvas, backdrop: RoomBackdrop, grading: Grading) -> tuple[int, BackdropPlate]:
        """Work out the mirror's plate; return the frame and it."""
        assert canvas.alpha is not None
        low = self._blur.blurred_low(canvas.rgb, canvas.alpha, backdrop.blur, canvas.face_h_px)
        blurred = graded = self._blur.enlarged_8bit(low, canvas.size)
        unit = low * np.float32(1 / 255)
        light = edge_light(unit)
        if not grading.is_plain:  # a blurred picture is as well graded while it is small
            compose.grade_float(read_only(unit), grading.matrix, grading.table, np.float32(grading.loss), unit)
            graded = self._blur.enlarged_8bit(unit * np.float32(255), canvas.size)
        return canvas.seq, BackdropPlate(blurred, graded, light, _own_tint(), plain=_plainness(canvas))


def kept_of(canvas: Canvas, plate: BackdropPlate) -> np.ndarray | None:
    """Return how much of the picture's own pixels stays beside the sitter, (h, w) float32 0..1; None: nothing does."""
    if plate.plain is None or canvas.face is None:
        return None
    assert canvas.alpha is not None
    grid = (plate.plain.shape[1], plate.plain.shape[0])
    if canvas.is_still and own_edge.is_on_white(_on_grid(canvas.rgb, grid)):
        return np.ones_like(plate.plain)
    if not plate.plain.any():
        return None
    return own_edge.kept(plate.plain, _on_grid(canvas.alpha, grid), canvas.face_h_px * grid[1] / canvas.size[1])


def kept_8bit(canvas: Canvas, plate: BackdropPlate) -> tuple[np.ndarray, Sequence[int]] | None:
    """Return the same at the picture's size, (H, W) uint8, and the box (x, y, w, h) round all that stays."""
    kept = kept_of(canvas, plate)
    if kept is None:
        return None
    low = (kept * 255 + 0.5).astype(np.uint8)
    x, y, w, h = cv2.boundingRect(low)
    (width, height), (across, down) = canvas.size, (canvas.size[0] / low.shape[1], canvas.size[1] / low.shape[0])
    left, top = int(max(0, (x - 1) * across)), int(max(0, (y - 1) * down))
    right, bottom = int(min(width, (x + w + 1) * across)), int(min(height, (y + h + 1) * down))
    return cv2.resize(low, canvas.size, interpolation=cv2.INTER_LINEAR), (left, top, right - left, bottom - top)


def _own_tint() -> np.ndarray:
    """Return the gains of their own room, in which nothing has to be set. Writable: the compiled loops want it so."""
    return np.ones(3, np.float32)


def _plainness(canvas: Canvas) -> np.ndarray:
    assert canvas.alpha is not None
    grid = own_edge.grid_size(canvas.size)
    low, matte = _on_grid(canvas.rgb, grid), _on_grid(canvas.alpha, grid)
    return own_edge.plainness(low, matte, canvas.face_h_px * grid[1] / canvas.size[1])


def _on_grid(picture: np.ndarray, grid: tuple[int, int]) -> np.ndarray:
    """Return a picture or matte as float32 0..1 on a small grid."""
    low = reduced(picture, grid)
    return low.astype(np.float32) * np.float32(1 / 255) if low.dtype == np.uint8 else low
