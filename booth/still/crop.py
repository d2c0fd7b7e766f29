"""Where a portrait is cut, from the geometry of the face. Plans only; `warp.py` moves the pixels.

All lengths of a crop are shares of its own height, so one crop gives the same portrait at any size.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from booth.config.params.finish import BrandParams, CorrectParams
from booth.core.faults import Fault
from booth.core.types import Face

EYES_LEFT_ON_IMAGE, EYES_RIGHT_ON_IMAGE = (33, 133), (362, 263)  # corners of both eyes in the face mesh
HAIR_MARGIN_FRAC = 0.015  # air kept above the hair, of the crop's height
CHIN_MARGIN_FRAC = 0.02
SHIFT_COST = 3.0  # of moving the eye line against the same share of shrinking: a set is seen by its eye line first
MIN_ZOOM = 0.45  # a crop is never shrunk below this share of its height to stay inside
EYE_SHIFTS = np.linspace(-0.3, 0.3, 151)  # of the crop's height, tried when the eye line cannot be kept
TOUCHING_SHARE = 0.003  # an edge of the frame with more of the sitter on it than this may not be extended


@dataclass(frozen=True, slots=True)
class CropSpec:
    """One way of cutting. `head_height_frac` counts the landmarks' box, forehead to chin, not the hair."""

    name: str
    aspect: float  # width / height; 0 keeps the whole picture
    eye_line_frac: float = 0.46
    head_height_frac: float = 0.5
    centre_x_frac: float = 0.5
    is_round: bool = False
    size_mm: tuple[float, float] | None = None
    note: str = ""


CROPS: Mapping[str, CropSpec] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            CropSpec("full", 0),
            CropSpec("headshot", 4 / 5),
            CropSpec("square", 1, 0.45, 0.52),
            CropSpec("avatar", 1, 0.47, 0.52, is_round=True),
            CropSpec("badge", 3 / 4, 0.45, 0.52, size_mm=(25.5, 34)),
            CropSpec(
                "banner", 16 / 9, 0.43, 0.52, centre_x_frac=0.3, note="Room for text is to the right of the face."
            ),
            CropSpec(
                "passport",  # ICAO 9303: the face 70-80 % of the height with its hair, eyes 50-70 % from below
                35 / 45,
                0.45,
                0.56,
                size_mm=(35, 45),
                note="Proportions like a passport photograph; this is not an official check.",
            ),
            CropSpec("print", 10 / 15, 0.4, 0.4, size_mm=(100, 150)),
            CropSpec("strip", 1, 0.45, 0.48, size_mm=(47, 47), note="One picture of a 2x6 inch strip."),
        )
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class FaceGeometry:
    """What a crop needs to know of a face, in pixels of the source; y of the top and chin after levelling."""

    roll_deg: float  # > 0: head turned counter-clockwise in the image
    eyes_px: tuple[float, float]
    points_px: np.ndarray  # (478, 2) float32


@dataclass(frozen=True, slots=True, eq=False)
class CropPlan:
    """A cut: `matrix` (2, 3) takes source pixel centres to output pixel centres."""

    spec: CropSpec
    matrix: np.ndarray
    size_px: tuple[int, int]
    scale: float  # output pixels a source pixel, never above 1 unless asked
    levelled_deg: float  # how far the picture was turned, clockwise where positive
    needs_canvas: tuple[float, float, float] = (0.0, 0.0, 0.0)  # px of the source beyond its left, top, right edge
    notes: tuple[str, ...] = ()

    @property
    def stays_inside(self) -> bool:
        """True when no backdrop has to be made beyond the source's edges."""
        return max(self.needs_canvas) < 0.5

    def undo(self, points_px: np.ndarray) -> np.ndarray:
        """Take (N, 2) points of the output back to the source."""
        turn, move = self.matrix[:, :2], self.matrix[:, 2]
        moved: np.ndarray = (points_px - move) @ np.linalg.inv(turn).T
        return moved

    def apply(self, points_px: np.ndarray) -> np.ndarray:
        """Take (N, 2) points of the source to the output."""
        moved: np.ndarray = points_px @ self.matrix[:, :2].T + self.matrix[:, 2]
        return moved


def crop_spec(name: str, brand: BrandParams) -> CropSpec:
    """Return a crop by name, the brand's own where it is the brand's; Fault `crop.unknown`."""
    from booth.still.official import official_crops

    spec = CROPS.get("full" if name == "none" else name)
    if spec is None and name in official_crops():
        return official_crops()[name].spec(name)
    if spec is None:
        known = ", ".join((*CROPS, *official_crops()))
        raise Fault("crop.unknown", f"There is no crop called {name}.", f"Crops: {known}.")
    if name == "headshot":
        return replace(spec, eye_line_frac=brand.eye_line_frac, head_height_frac=brand.head_height_frac)
    return spec


def geometry_of(face: Face, size_px: tuple[int, int]) -> FaceGeometry:
    """Measure a face in a picture of that size.

    The tilt is the mean of the head's matrix and the line through the eyes: on 46 frontal portraits these differ by up
    to 1.3 degrees, since faces are not symmetrical, and the mean is within .65 of both.
    """
    points = face.points_px(*size_px)
    left, right = points[list(EYES_LEFT_ON_IMAGE)].mean(0), points[list(EYES_RIGHT_ON_IMAGE)].mean(0)
    line_deg = math.degrees(math.atan2(left[1] - right[1], right[0] - left[0]))
    middle = (left + right) / 2
    return FaceGeometry((face.pose.roll_deg + line_deg) / 2, (float(middle[0]), float(middle[1])), points)


def tilt_to_undo(roll_deg: float, params: CorrectParams) -> float:
    """How far to turn a picture so that the head stands upright: none for a small tilt, never past the cap."""
    if abs(roll_deg) < params.level_from_deg:
        return 0.0
    return float(np.clip(roll_deg, -params.level_max_deg, params.level_max_deg))


def plan_crop(
    face: FaceGeometry,
    spec: CropSpec,
    alpha: np.ndarray,
    correct: CorrectParams,
    *,
    may_extend: bool = False,
    want_px: tuple[int, int] | None = None,
) -> CropPlan:
    """Decide the cut of a picture whose matte is `alpha` (H, W), float 0..1 or uint8.

    The crop shifts sideways first, then shrinks about the eye line, then moves the eye line, until it is inside the
    picture and cuts neither hair nor chin. With `may_extend` (the backdrop is replaced) it may reach past edges that
    the sitter does not touch. `want_px` is the size asked for; where there are not as many pixels the cut is smaller.
    """
    tilt = tilt_to_undo(face.roll_deg, correct)
    if spec.aspect == 0:
        return _whole(alpha.shape, tilt, spec, want_px)
    level = _Levelled.of(face, alpha, tilt)
    open_edges = _open_edges(alpha) if may_extend else (False, False, False)
    aspect = spec.aspect if want_px is None else want_px[0] / want_px[1]
    cut, notes = _fit(level, spec, aspect, open_edges)
    return _planned(level, cut, spec, want_px, notes)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A rectangle in levelled coordinates: origin at the eyes, y down, in source pixels."""

    x: float
    y: float
    width: float
    height: float

    def corners(self) -> tuple[tuple[float, float], ...]:
        """The four corners."""
        right, below = self.x + self.width, self.y + self.height
        return (self.x, self.y), (right, self.y), (self.x, below), (right, below)


@dataclass(frozen=True, slots=True, eq=False)
class _Levelled:
    """The source seen from the eyes, turned upright."""

    tilt_deg: float
    eyes: tuple[float, float]
    turn: np.ndarray  # (2, 2): levelled = turn @ (source - eyes)
    size: tuple[int, int]
    face_height: float
    hair_top: float | None  # negative: above the eyes; None where the source itself cuts it
    chin: float

    @classmethod
    def of(cls, face: FaceGeometry, alpha: np.ndarray, tilt_deg: float) -> _Levelled:
        a = math.radians(tilt_deg)
        turn = np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])
        y = (face.points_px - np.array(face.eyes_px)) @ turn[1]
        height, width = alpha.shape
        level = cls(tilt_deg, face.eyes_px, turn, (width, height), float(np.ptp(y)), None, float(y.max()))
        return replace(level, hair_top=_hair_top(alpha, level))

    def to_source(self, x: float, y: float) -> tuple[float, float]:
        """Take a levelled point to source pixels."""
        sx, sy = np.array([x, y]) @ self.turn  # the inverse of a turn is its transpose
        return float(sx) + self.eyes[0], float(sy) + self.eyes[1]


def _hair_top(alpha: np.ndarray, level: _Levelled) -> float | None:
    """Height of the sitter's highest point near the head, against the eyes; None when the frame cuts it."""
    step = max(1, alpha.shape[0] // 500)
    solid = alpha[::step, ::step] > (127 if alpha.dtype == np.uint8 else 0.5)
    rows, columns = np.nonzero(solid)
    across, up = level.turn @ (np.stack([columns, rows]) * step - np.array(level.eyes)[:, None])
    near = (np.abs(across) < 0.75 * level.face_height) & (up < 0)
    if not near.any() or bool((rows[near] == 0).any()):
        return None
    highest: float = up[near].min()
    return float(highest - step)


def _open_edges(alpha: np.ndarray) -> tuple[bool, bool, bool]:
    """Tell of the left, top and right edge whether the sitter stays clear of it; a wisp of hair is no obstacle."""
    solid = 127 if alpha.dtype == np.uint8 else 0.5
    left, top, right = ((edge > solid).mean() <= TOUCHING_SHARE for edge in (alpha[:, :2], alpha[:2], alpha[:, -2:]))
    return bool(left), bool(top), bool(right)


def _fit(
    level: _Levelled, spec: CropSpec, aspect: float, open_edges: tuple[bool, bool, bool]
) -> tuple[_Cut, tuple[str, ...]]:
    """Find the cut nearest to the spec that stays inside; what had to give is said in the notes."""
    full = level.face_height / spec.head_height_frac
    for margin in (1.0, 0.0):
        if full >= _least_height(level, spec.eye_line_frac, margin):
            exact = _placed(level, spec, full, (aspect, spec.eye_line_frac), open_edges)
            if exact is not None:
                return exact, ()
    for loose in (0.0, None):
        best = _nearest(level, spec, full, aspect, open_edges, loose)
        if best is not None:
            return best[0], _fit_notes(best[1], best[2], loose is not None)
    raise Fault("crop.no_room", f"The face is too near the edge for the crop {spec.name}.", "Use the crop full.")


def _nearest(
    level: _Levelled,
    spec: CropSpec,
    full: float,
    aspect: float,
    open_edges: tuple[bool, bool, bool],
    margin: float | None,
) -> tuple[_Cut, float, float] | None:
    """Search eye lines for the cut that costs least; moving the eye line costs `SHIFT_COST` times its share."""
    best: tuple[float, tuple[_Cut, float, float]] | None = None
    for shift in EYE_SHIFTS[np.argsort(np.abs(EYE_SHIFTS), kind="stable")]:
        if best is not None and SHIFT_COST * abs(float(shift)) >= best[0]:
            break
        found = _largest(level, spec, full, (aspect, spec.eye_line_frac + float(shift)), open_edges, margin)
        if found is not None:
            cost = abs(1 - found[1]) + SHIFT_COST * abs(float(shift))
            if best is None or cost < best[0] - 1e-9:
                best = (cost, (*found, float(shift)))
    return None if best is None else best[1]


def _fit_notes(zoom: float, shift: float, keeps_head: bool) -> tuple[str, ...]:
    notes = []
    if abs(zoom - 1) > 0.005:
        notes.append(f"Cut {100 * abs(1 - zoom):.0f} % {'tighter' if zoom < 1 else 'wider'} than the crop asks.")
    if abs(shift) > 0.0025:
        notes.append(
            f"The eye line is {100 * abs(shift):.1f} % {'lower' if shift > 0 else 'higher'} than the crop asks."
        )
    if not keeps_head:
        notes.append("The picture is too tight to keep all of the head.")
    return tuple(notes)


def _largest(
    level: _Levelled,
    spec: CropSpec,
    full: float,
    shape: tuple[float, float],
    open_edges: tuple[bool, bool, bool],
    margin: float | None,
) -> tuple[_Cut, float] | None:
    """The cut nearest to `full` height for one (aspect, eye line), with its zoom; None where nothing fits."""
    aspect, eye_line = shape
    if not 0.1 < eye_line < 0.9:
        return None
    least = 0.0 if margin is None else _least_height(level, eye_line, margin)
    top, bottom = max(full, least), max(MIN_ZOOM * full, least)
    if (cut := _placed(level, spec, top, shape, open_edges)) is not None:
        return cut, top / full
    if _placed(level, spec, bottom, shape, open_edges) is None:
        return None
    for _ in range(24):
        middle = (top + bottom) / 2
        fits = _placed(level, spec, middle, shape, open_edges) is not None
        top, bottom = (top, middle) if fits else (middle, bottom)
    cut = _placed(level, spec, bottom, shape, open_edges)
    return None if cut is None else (cut, bottom / full)


def _least_height(level: _Levelled, eye_line: float, margin: float) -> float:
    """The smallest crop that holds hair top and chin, with that much of their margins."""
    below = level.chin / max(1 - eye_line - margin * CHIN_MARGIN_FRAC, 0.05)
    above = 0.0 if level.hair_top is None else -level.hair_top / max(eye_line - margin * HAIR_MARGIN_FRAC, 0.05)
    return max(below, above)


def _placed(
    level: _Levelled,
    spec: CropSpec,
    height: float,
    shape: tuple[float, float],
    open_edges: tuple[bool, bool, bool],
) -> _Cut | None:
    """Put a cut of that height on the eye line, moved sideways as little as needed; None when it leaves the picture."""
    aspect, eye_line = shape
    width = aspect * height
    cut = _Cut(-spec.centre_x_frac * width, -eye_line * height, width, height)
    left_open, top_open, right_open = open_edges
    frame_w, frame_h = level.size
    cos = float(level.turn[0, 0])
    across = [level.to_source(*corner)[0] for corner in cut.corners()]
    least = -math.inf if left_open else -min(across) / cos
    most = math.inf if right_open else (frame_w - max(across)) / cos
    if least > most + 1e-6:
        return None
    cut = replace(cut, x=cut.x + float(np.clip(0.0, least, max(least, most))))
    down = [level.to_source(*corner)[1] for corner in cut.corners()]
    too_high = not top_open and min(down) < -1e-6
    return None if too_high or max(down) > frame_h + 1e-6 else cut


def _planned(
    level: _Levelled, cut: _Cut, spec: CropSpec, want_px: tuple[int, int] | None, notes: tuple[str, ...]
) -> CropPlan:
    size, scale, told = _output_size(cut.width, cut.height, want_px)
    trimmed = np.array([cut.width - size[0] / scale, cut.height - size[1] / scale]) / 2
    turn = level.turn * scale
    # to output edges, then from pixel edges to pixel centres: both sides count centres at whole numbers
    move = -turn @ (np.array(level.eyes) - 0.5) - (np.array([cut.x, cut.y]) + trimmed) * scale - 0.5
    if level.tilt_deg == 0 and scale == 1:
        move = np.round(move)  # whole pixels: the cut is a copy, not a resampling
    matrix = np.column_stack([turn, move])
    spec_note = (spec.note,) if spec.note else ()
    return CropPlan(spec, matrix, size, scale, level.tilt_deg, _beyond(level, cut), (*notes, *told, *spec_note))


def _beyond(level: _Levelled, cut: _Cut) -> tuple[float, float, float]:
    xs, ys = zip(*(level.to_source(*corner) for corner in cut.corners()), strict=True)
    return max(0.0, -min(xs)), max(0.0, -min(ys)), max(0.0, max(xs) - level.size[0])


def _output_size(
    width: float, height: float, want_px: tuple[int, int] | None
) -> tuple[tuple[int, int], float, tuple[str, ...]]:
    """Choose the output's size and scale: what is asked, but never more pixels than there are."""
    if want_px is not None and want_px[1] <= height + 0.5:
        return want_px, want_px[1] / height, ()
    size = max(1, int(width + 1e-6)), max(1, int(height + 1e-6))
    if want_px is None:
        return size, 1.0, ()
    return size, 1.0, (f"Asked for {want_px[0]}x{want_px[1]} pixels; the picture holds {size[0]}x{size[1]}.",)


def _whole(shape: tuple[int, ...], tilt: float, spec: CropSpec, want_px: tuple[int, int] | None) -> CropPlan:
    """Keep the whole picture; levelled, the largest upright part of the same proportions."""
    height, width = shape[:2]
    a = math.radians(abs(tilt))
    inner = 1 / max(math.cos(a) + math.sin(a) * height / width, math.cos(a) + math.sin(a) * width / height)
    aspect = width / height if want_px is None else want_px[0] / want_px[1]
    cut_h = inner * min(height, width / aspect)
    turn = np.array([[math.cos(math.radians(tilt)), -math.sin(math.radians(tilt))],
                     [math.sin(math.radians(tilt)), math.cos(math.radians(tilt))]])  # fmt: skip
    middle = (width / 2, height / 2)
    level = _Levelled(tilt, middle, turn, (width, height), 1.0, None, 0.0)
    cut = _Cut(-aspect * cut_h / 2, -cut_h / 2, aspect * cut_h, cut_h)
    return _planned(level, cut, spec, want_px, ())
