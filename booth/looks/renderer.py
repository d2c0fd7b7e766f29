"""Where a look is put on a picture: light, then backdrop, then grade. Mirror and still go through here alike.

One LookRenderer belongs to one thread: it keeps the plates, tables and buffers of a look until it changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import cv2
import numpy as np

from booth.core.color import POWER_LAW_GAMMA, REC709_LUMA
from booth.core.compiled import read_only
from booth.looks import composite as compose
from booth.looks import edge_colors as edge
from booth.looks.backdrop.backdrop_spec import Backdrop, RoomBackdrop, Transparent, Untouched
from booth.looks.backdrop.grain import Grain, dither_u8, grain_tile, measure_grain, sampled
from booth.looks.backdrop.harmony import edge_light, harmonise
from booth.looks.backdrop.paint import paint
from booth.looks.canvas import Canvas, as_8bit
from booth.looks.composite_still import Grading, Layers, compose_still
from booth.looks.grade import colour_matrix, tone_table
from booth.looks.hung import PLATE_SEED, STILL_PLATE_PX, at_most, hung_picture
from booth.looks.light.engine import apply
from booth.looks.light.group_light import GroupLight
from booth.looks.light.shape import Applied
from booth.looks.look import Look
from booth.looks.parallax import Drift, ShiftedPlate, margin_px, shift_of
from booth.looks.quality import DrawnFrames
from booth.looks.room_plate import BackdropPlate, RoomPlates, kept_8bit, kept_of
from booth.looks.sitter_light import STILL_GRID_PX, SitterLight
from booth.looks.spill import spill_map, take_spill

EDGE_MAP_PX = (160, 90)  # maps of the edge are this small: they hold nothing but blurred colour
WRAP_REACH_FACES = 0.05  # how far the backdrop's light reaches round the edge
MIN_GRAIN = 1.2 / 255  # a sitter with less noise than this stands before a clean backdrop
SCENE_STOPS, SCENE_BALANCE = 0.12, 0.03  # caps on how far a scene may move the sitter's exposure and white balance
HOT_LIGHT = 0.004  # below one 8-bit step of light there is nothing to add
ROOM_LASTS = 3  # the real room behind is worked out so many times less often than the edge's colours


@dataclass(frozen=True, slots=True, eq=False)
class EdgeMaps:
    """What the sitter's edge takes from both sides in the mirror, all (90, 160) cells."""

    fore: np.ndarray  # (h, w, 3) float32 0..1, the sitter's own colour
    behind: np.ndarray  # (h, w, 3) float32 0..1, the old room's
    wrap: np.ndarray  # (h, w, 3) float32 0..1, the backdrop's light round the edge
    hot: np.ndarray  # (h, w) bool: where that light is anything at all


class LookRenderer:
    """Develops pictures with one look. `still=True` works on float pictures at full quality."""

    def __init__(self, look: Look, *, still: bool = False, grid_px: int = 160, beside: Executor | None = None) -> None:
        """`beside` works out a mirror's light and blurred room while the last ones still serve; None: at once."""
        self._still = still
        self._light = SitterLight(still=still, grid_px=grid_px, beside=beside)
        self._room = RoomPlates(beside)
        self._plates: dict[tuple[object, ...], BackdropPlate] = {}
        self._out: np.ndarray | None = None
        self._drift, self._shifted, self._drawn = Drift(), ShiftedPlate(), DrawnFrames()
        self._shown: tuple[np.ndarray, Sequence[int]] | None = None  # the plate in `_out` and the box drawn over it
        self._lit: np.ndarray | None = None  # the mirror's picture in its light, reused
        self._company = GroupLight(still=still, grid_px=STILL_GRID_PX if still else grid_px)
        self.edge_every, self.wraps = 2, True  # in the mirror; what a governor may change, as `light_every`
        self.set_look(look)

    @property
    def look(self) -> Look:
        """The look now in use."""
        return self._look

    @property
    def light_every(self) -> int:
        """Frames of the mirror that a light lasts, 1..; what a governor may change."""
        return self._light.every

    @light_every.setter
    def light_every(self, frames: int) -> None:
        self._light.every = frames

    @property
    def normals(self) -> np.ndarray | None:
        """The sitter's own relief from a flash calibration, or None."""
        return self._light.normals

    @normals.setter
    def normals(self, normals: np.ndarray | None) -> None:
        self._light.forget()  # nothing may be under way with the ones before
        self._light.normals = normals

    @property
    def applied(self) -> Applied:
        """What was done to the light of the last still."""
        return self._company.applied if self._company.was_used else self._light.applied

    def set_look(self, look: Look) -> None:
        """Change the look; what stays the same is kept."""
        self._look = look
        self._light.forget()
        self._edge: tuple[int, EdgeMaps] | None = None
        self._room.reset()
        self._matrix, self._table = colour_matrix(look.grade), tone_table(look.grade)
        self._is_plain = look.grade.is_plain

    def reset(self) -> None:
        """Let go of the last sitter: the next one's light is read anew."""
        self._light.reset()
        self._company.reset()
        self._drift.reset()
        self._edge = None
        self._room.reset()
        self._lit = self._out = self._shown = None  # the last sitter is in these pixels

    def develop(self, canvas: Canvas, *, t_s: float = 0.0) -> np.ndarray:
        """Return the finished picture: uint8 for the mirror (a buffer reused by the next call), float32 for the still.

        A still's pixels are used up: 24 megapixels are 290 MB, and each copy would be as much again.
        """
        if not self._still:
            canvas = replace(canvas, seq=self._drawn.number(canvas.seq))
        lit = self.light(canvas, t_s)
        if canvas.alpha is None or isinstance(self._look.backdrop, Untouched):
            return self._graded(lit)
        plate = self._plate(canvas, lit)
        if canvas.is_still:
            if canvas.hung is not None:
                self._plates.clear()  # it hangs by this very sitter, and is as large as a picture
            return self._compose_still(canvas, lit, plate)
        return self._compose_mirror(canvas, lit, self._moved(plate, canvas, t_s))

    def light(self, canvas: Canvas, t_s: float = 0.0) -> np.ndarray:
        """Return the picture with only the look's light put on it; the picture itself under `natural`."""
        self._company.was_used = bool(canvas.company)
        if canvas.company:
            return self._company.light(canvas, self._look, t_s, self.light_every)
        field = self._light.field(canvas, self._look, t_s)
        if field is None:
            return canvas.rgb
        return apply(field, canvas.rgb, canvas.alpha, out=self._scratch(canvas))

    def _scratch(self, canvas: Canvas) -> np.ndarray | None:
        """Where the lit picture may be written: over a still itself, into a buffer in the mirror before a backdrop."""
        if self._still:
            return canvas.rgb if canvas.rgb.flags.writeable else None
        if canvas.alpha is None or isinstance(self._look.backdrop, Untouched):
            return None  # it is what is handed out
        if self._lit is None or self._lit.shape != canvas.rgb.shape:
            self._lit = np.empty_like(canvas.rgb)
        return self._lit

    @property
    def _grading(self) -> Grading:
        return Grading(self._matrix, self._table, self._look.grade.vignette, self._is_plain)

    def _graded(self, lit: np.ndarray) -> np.ndarray:
        if self._is_plain:
            return lit
        loss = np.float32(self._look.grade.vignette)
        out = lit if self._still and lit.flags.writeable else np.empty_like(lit)
        grade = compose.grade_float if lit.dtype != np.uint8 else compose.grade_8bit
        grade(read_only(lit), self._matrix, self._table, loss, out)
        return out

    def _plate(self, canvas: Canvas, lit: np.ndarray) -> BackdropPlate:
        backdrop = self._look.backdrop
        if isinstance(backdrop, RoomBackdrop):
            return self._room.plate(canvas, backdrop, self._grading, lasts=ROOM_LASTS * self.edge_every)
        size = at_most(canvas.size, STILL_PLATE_PX) if self._still else canvas.size
        moved = shift_of(backdrop, canvas) if self._still else None
        key = (backdrop, self._look.grade, size, canvas.hung, moved)
        if key not in self._plates:
            self._plates.clear()
            self._plates[key] = self._painted(backdrop, size, canvas)
        return self._plates[key]

    def _painted(self, backdrop: Backdrop, size: tuple[int, int], canvas: Canvas) -> BackdropPlate:
        if self._still:
            picture = hung_picture(backdrop, size, canvas)
            light = edge_light(picture)
            return BackdropPlate(picture, picture, light, _tint(light, backdrop))
        margin = margin_px(backdrop, size[1], self._look.grade.vignette)
        picture = paint(backdrop, size, seed=PLATE_SEED, quality="mirror", margin_px=margin)
        light = edge_light(picture[margin : margin + size[1], margin : margin + size[0]])
        graded = np.empty_like(picture)
        loss = np.float32(self._look.grade.vignette)
        compose.grade_float(read_only(picture), self._matrix, self._table, loss, graded)
        return BackdropPlate(
            dither_u8(picture, PLATE_SEED), dither_u8(graded, PLATE_SEED), light, _tint(light, backdrop), margin
        )

    def _moved(self, plate: BackdropPlate, canvas: Canvas, t_s: float) -> BackdropPlate:
        """Return the piece of a wider plate that this frame shows."""
        if plate.margin_px == 0:
            return plate
        shift = self._drift.at(shift_of(self._look.backdrop, canvas), t_s)
        rgb, graded = self._shifted.pieces((plate.rgb, plate.graded), plate.margin_px, shift, canvas.size[1])
        return replace(plate, rgb=rgb, graded=graded, margin_px=0)

    def _compose_mirror(self, canvas: Canvas, lit: np.ndarray, plate: BackdropPlate) -> np.ndarray:
        assert canvas.alpha is not None
        maps = self._edge_colours(canvas, lit, plate)
        hot = maps.hot if self.wraps else np.zeros_like(maps.hot)
        pictures = tuple(map(read_only, (lit, canvas.alpha, plate.rgb)))
        kept = kept_8bit(canvas, plate)
        box = cv2.boundingRect(canvas.alpha)
        out = self._on_plate(plate.graded, box if kept is None else _round_both(box, kept[1]))
        loss = np.float32(self._look.grade.vignette)
        compose.compose_mirror(
            pictures,
            (maps.fore, maps.behind, maps.wrap),
            hot,
            plate.tint,
            self._matrix,
            self._table,
            loss,
            self._is_plain,
            box,
            out,
        )
        if kept is not None:
            grade = (self._matrix, self._table, loss, self._is_plain)
            compose.keep_own(pictures[0], pictures[1], read_only(kept[0]), grade, kept[1], out)
        return out

    def _on_plate(self, graded: np.ndarray, box: Sequence[int]) -> np.ndarray:
        """Return the mirror's buffer with the graded plate in it; only what the last sitter covered is laid anew."""
        if self._out is None or self._out.shape != graded.shape:
            self._out, self._shown = np.empty(graded.shape, np.uint8), None
        if self._shown is not None and self._shown[0] is graded:
            x, y, w, h = self._shown[1]
            self._out[y : y + h, x : x + w] = graded[y : y + h, x : x + w]
        else:
            np.copyto(self._out, graded)
        self._shown = graded, box
        return self._out

    def _edge_colours(self, canvas: Canvas, lit: np.ndarray, plate: BackdropPlate) -> EdgeMaps:
        """The sitter's and the room's blurred colours, read every few frames: they hardly change in one.

        Not in the frame whose light was worked out anew, where it can wait for the next: no frame bears both.
        """
        assert canvas.alpha is not None
        age = canvas.seq - self._edge[0] if self._edge is not None else 0
        is_busy = self._light.was_made_for(canvas.seq) and self.light_every > 1
        if self._edge is not None and 0 < age < self.edge_every + is_busy:
            return self._edge[1]
        fore, behind = edge.live_foreground(lit, canvas.alpha)
        wrap = self._wrap(canvas.alpha, plate.light, canvas.face_h_px)
        hot = cv2.dilate((wrap.max(2) > HOT_LIGHT).astype(np.uint8), None).view(bool)
        maps = EdgeMaps(fore, behind, wrap, hot)
        self._edge = (canvas.seq, maps)
        return maps

    def _compose_still(self, canvas: Canvas, lit: np.ndarray, plate: BackdropPlate) -> np.ndarray:
        assert canvas.alpha is not None
        out = lit if lit.flags.writeable else lit.copy()
        if not isinstance(self._look.backdrop, RoomBackdrop):
            spill = spill_map(out, canvas.alpha, canvas.face_h_px)
            if spill is not None:
                take_spill(out, spill)
        if isinstance(self._look.backdrop, Transparent):
            return self._graded(edge.still_foreground(out, canvas.alpha, out=out))
        grain = None if isinstance(self._look.backdrop, RoomBackdrop) else _grain_of(canvas)
        fore, behind = edge.still_colours(out, canvas.alpha)
        layers = Layers(
            fore=fore,
            behind=behind,
            plate=plate.rgb,
            wrap=self._wrap(canvas.alpha, plate.light, canvas.face_h_px),
            tint=plate.tint,
            grain=None if grain is None else grain_tile(grain.size_px, PLATE_SEED),
            grain_sigma=(0.0, 0.0, 0.0) if grain is None else grain.sigma,
            kept=kept_of(canvas, plate),
        )
        return compose_still(out, canvas.alpha, layers, self._grading)

    def _wrap(self, alpha: np.ndarray, light: np.ndarray, face_h_px: float) -> np.ndarray:
        """The light that reaches round the sitter's edge: strongest where little of the sitter is near."""
        low = cv2.resize(as_8bit(alpha), EDGE_MAP_PX, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        sigma = max(0.6, WRAP_REACH_FACES * face_h_px * EDGE_MAP_PX[1] / alpha.shape[0])
        away = 1 - cv2.GaussianBlur(low, (0, 0), sigma)
        colour = cv2.resize(light, EDGE_MAP_PX, interpolation=cv2.INTER_LINEAR)
        return colour * (np.float32(self._look.wrap) * away**2)[..., None]


def _round_both(one: Sequence[int], other: Sequence[int]) -> tuple[int, int, int, int]:
    """Return the box round two boxes (x, y, w, h); a box without height or width holds nothing."""
    if not all(one[2:]) or not all(other[2:]):
        x, y, w, h = one if all(one[2:]) else other
        return x, y, w, h
    x, y = min(one[0], other[0]), min(one[1], other[1])
    right, bottom = max(one[0] + one[2], other[0] + other[2]), max(one[1] + one[3], other[1] + other[3])
    return x, y, right - x, bottom - y


def _grain_of(canvas: Canvas) -> Grain | None:
    """The grain a replaced backdrop needs to look taken by the same camera; None where there is none to see."""
    assert canvas.alpha is not None
    grain = measure_grain(as_8bit(sampled(canvas.rgb)), as_8bit(sampled(canvas.alpha)))
    return grain if max(grain.sigma) >= MIN_GRAIN else None


def _tint(light: np.ndarray, backdrop: Backdrop) -> np.ndarray:
    """The small gains that set a sitter in a scene of this light; the sitter's own brightness plays no part."""
    if isinstance(backdrop, Transparent):
        return np.ones(3, np.float32)
    grey = np.full((2, 2, 3), 0.5, np.float32)
    gains = harmonise(grey, np.ones((2, 2), np.float32), light.reshape(-1, 3).mean(0), SCENE_STOPS, SCENE_BALANCE)
    gains = gains / min(float(gains @ REC709_LUMA), 1.0)  # a dark scene is no reason to darken a face
    return (gains ** np.float32(1 / POWER_LAW_GAMMA)).astype(np.float32)
