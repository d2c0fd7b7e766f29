"""Where a portrait is cut, from the geometry of the face. Plans only; `warp.py` moves the pixels.

All lengths of a crop are shares of its own height, so one crop gives the same portrait at any size.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from booth.config.params.finish import BrandParams, CorrectParams
from booth.core.faults import Fault
from booth.core.landmarks import LEFT_EYE_CORNERS, RIGHT_EYE_CORNERS
from booth.core.types import Face
from booth.guidance.face_measures import measure
from booth.still.cut import ANY_EDGE, CLOSED, TIGHTER_MAX_FRAC, Aim, Cut, Edges, Fit, Levelled, fit_cut
from booth.still.size import NATIVE, Sizing, output_size

EYES_LEFT_ON_IMAGE, EYES_RIGHT_ON_IMAGE = RIGHT_EYE_CORNERS, LEFT_EYE_CORNERS
LEAD_FROM_DEG = 6.0  # of yaw: a head turned less looks into the lens
LEAD_GAZE_FROM_DEG = 8.0  # of gaze: of people who look into the lens 98 in a hundred read less, by some degrees
GAZE_EYES_PX = 45.0  # between the eyes: nearer, an iris has less than eight pixels and says too little
LEAD_FRAC_A_DEG, LEAD_MAX_FRAC = 0.002, 0.05  # of the width, left free before the face for each degree beyond these
LEVELLED_SHARES = (1.0, 0.5, 0.0)  # of a tilt, undone where there is room for it
LEAST_GAIN_FRAC = 0.005  # of the size: for less than this no head is left leaning
TURNED_DEG = 12.0  # a head turned this far away from a banner's room for text has that room on its other side
LINKEDIN, LINKEDIN_PX = "linkedin", (1584, 396)  # a crop's name, and what LinkedIn asks of a background picture


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
                LINKEDIN,  # hangs behind a profile, whose own picture lies over its left
                LINKEDIN_PX[0] / LINKEDIN_PX[1],
                0.45,
                0.62,
                centre_x_frac=0.68,
                note="Room for the profile picture is to the left of the face.",
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
    yaw_deg: float = 0.0  # > 0: nose toward image right
    gaze_deg: float = 0.0  # > 0: eyes toward image right; 0 into the lens, or where it cannot be told


@dataclass(frozen=True, slots=True, eq=False)
class CropPlan:
    """A cut: `matrix` (2, 3) takes source pixel centres to output pixel centres."""

    spec: CropSpec
    matrix: np.ndarray
    size_px: tuple[int, int]
    scale: float  # output pixels a source pixel; above 1 pixels are made that no camera saw
    levelled_deg: float  # how far the picture was turned, clockwise where positive
    needs_canvas: tuple[float, float, float] = (0.0, 0.0, 0.0)  # px of the source beyond its left, top, right edge
    notes: tuple[str, ...] = ()
    fit: Fit = Fit()

    @property
    def stays_inside(self) -> bool:
        """True when no backdrop has to be made beyond the source's edges."""
        return max(self.needs_canvas) < 0.5

    @property
    def is_enlarged(self) -> bool:
        """True when pixels are made that no camera saw."""
        return self.scale > 1.0005

    def native(self) -> CropPlan:
        """Return the same cut with the source's own pixels where this one is enlarged."""
        if not self.is_enlarged:
            return self
        back = 1 / self.scale
        matrix = self.matrix * back
        matrix[:, 2] += 0.5 * back - 0.5
        size = max(1, round(self.size_px[0] * back)), max(1, round(self.size_px[1] * back))
        return replace(self, matrix=matrix, size_px=size, scale=1.0)

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
    tilt_deg = (face.pose.roll_deg + line_deg) / 2
    seen = measure(face, *size_px)
    gaze_deg = seen.gaze_x_deg if seen.eye_distance_px >= GAZE_EYES_PX else 0.0
    return FaceGeometry(tilt_deg, (float(middle[0]), float(middle[1])), points, face.pose.yaw_deg, gaze_deg)


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
    sizing: Sizing = NATIVE,
) -> CropPlan:
    """Decide the cut of a picture whose matte is `alpha` (H, W), float 0..1 or uint8.

    With `may_extend` (the backdrop is replaced) it may reach past edges that the sitter does not touch. Where even so
    no cut holds hair and chin, it reaches past any edge, and the notes say so. Raises Fault `size.too_large`.
    """
    tilt = tilt_to_undo(face.roll_deg, correct)
    if spec.aspect == 0:
        return whole_plan(alpha.shape, tilt, spec, sizing)
    edges = Edges.of(alpha) if may_extend else CLOSED
    want = sizing.want_px
    aspect = spec.aspect if want is None else want[0] / want[1]

    def at(turn_deg: float) -> tuple[Levelled, Aim]:
        level = Levelled.of(face.eyes_px, face.points_px, alpha, turn_deg)
        high = level.face_height / spec.head_height_frac
        return level, Aim(high, aspect, spec.eye_line_frac, _centre_x_frac(spec, face))

    found = least_tight(at, tilt, edges)
    if found is None:
        raise Fault("crop.no_room", f"The face is too near the edge for the crop {spec.name}.", "Use the crop full.")
    level, cut, fit, is_forced = found
    return planned(level, cut, spec, sizing, fit, forced=is_forced)


def least_tight(
    at: Callable[[float], tuple[Levelled, Aim]], tilt_deg: float, edges: Edges
) -> tuple[Levelled, Cut, Fit, bool] | None:
    """Find the cut that stays within the tolerance with the most of a tilt undone, else the least tight one.

    `at` gives the head and what is asked for it, with so many degrees undone. An unturned picture has more room:
    a head that leans a little is missed less than a crop that is tighter than asked. The last value is True where the
    cut had to reach past an edge that the sitter touches; None where there is no cut at all.
    """
    turns = [share * tilt_deg for share in LEVELLED_SHARES] if tilt_deg else [0.0]
    for is_forced in (False, True):
        best: tuple[Levelled, Cut, Fit, bool] | None = None
        for turn_deg in turns:
            level, aim = at(turn_deg)
            found = fit_cut(level, aim, ANY_EDGE if is_forced else edges)
            if found is None:
                continue
            if best is None or found[1].tighter_frac < best[2].tighter_frac - LEAST_GAIN_FRAC:
                best = (level, *found, is_forced)
            if found[1].tighter_frac <= TIGHTER_MAX_FRAC + 1e-6:
                break
        if best is not None:
            return best
    return None


def _centre_x_frac(spec: CropSpec, face: FaceGeometry) -> float:
    """Where across a cut the eyes stand: a head that is turned, or eyes that look aside, get room to look into."""
    if spec.centre_x_frac == 0.5:
        aside_deg = _beyond_deg(face.yaw_deg, LEAD_FROM_DEG) + _beyond_deg(face.gaze_deg, LEAD_GAZE_FROM_DEG)
        return 0.5 - min(max(LEAD_FRAC_A_DEG * aside_deg, -LEAD_MAX_FRAC), LEAD_MAX_FRAC)
    may_flip = spec.centre_x_frac < 0.5  # to the right of the middle a face makes room for what always lies at the left
    return 1 - spec.centre_x_frac if may_flip and face.yaw_deg < -TURNED_DEG else spec.centre_x_frac


def _beyond_deg(angle_deg: float, free_deg: float) -> float:
    return math.copysign(max(0.0, abs(angle_deg) - free_deg), angle_deg)


def _notes(spec: CropSpec, fit: Fit, beyond: tuple[float, float, float], *, forced: bool) -> tuple[str, ...]:
    """Say what had to give for this cut."""
    notes = []
    if abs(fit.zoom - 1) > 0.005:
        why = f": {_why(fit.why)}" if fit.zoom < 1 and fit.why else ""
        way = "tighter" if fit.zoom < 1 else "wider"
        notes.append(f"Cut {100 * abs(1 - fit.zoom):.0f} % {way} than the crop asks{why}.")
    if abs(fit.eye_shift_frac) > 0.0025:
        way = "lower" if fit.eye_shift_frac > 0 else "higher"
        notes.append(f"The eye line is {100 * abs(fit.eye_shift_frac):.1f} % {way} than the crop asks.")
    if abs(fit.off_centre_frac) > 0.02:
        notes.append(f"The face stands {100 * abs(fit.off_centre_frac):.0f} % off its place across.")
    sides = [name for name, px in zip(("left", "top", "right"), beyond, strict=True) if px >= 1]
    if sides:
        notes.append(f"The background goes on past the photograph's {' and '.join(sides)} edge.")
    if forced:
        notes.append("No cut inside the photograph holds the whole head.")
    return (*notes, *((spec.note,) if spec.note else ()))


def _why(edges: tuple[str, ...]) -> str:
    return f"the photograph ends at the {' and '.join(edges)}"


def planned(level: Levelled, cut: Cut, spec: CropSpec, sizing: Sizing, fit: Fit, *, forced: bool = False) -> CropPlan:
    """Return the plan of a cut that was found; `forced` where it had to reach past an edge that the sitter touches."""
    size, scale = output_size((cut.width, cut.height), cut.width / cut.height, sizing)
    trimmed = np.array([cut.width - size[0] / scale, cut.height - size[1] / scale]) / 2
    turn = level.turn * scale
    # to output edges, then from pixel edges to pixel centres: both sides count centres at whole numbers
    move = -turn @ (np.array(level.eyes) - 0.5) - (np.array([cut.x, cut.y]) + trimmed) * scale - 0.5
    if level.tilt_deg == 0 and scale == 1:
        move = np.round(move)  # whole pixels: the cut is a copy, not a resampling
    matrix = np.column_stack([turn, move])
    beyond = _beyond(level, cut)
    notes = _notes(spec, fit, beyond, forced=forced)
    return CropPlan(spec, matrix, size, scale, level.tilt_deg, beyond, notes, fit)


def _beyond(level: Levelled, cut: Cut) -> tuple[float, float, float]:
    left, top, right, _ = level.reach(cut)
    return max(0.0, -left), max(0.0, -top), max(0.0, right - level.size[0])


def whole_plan(shape: tuple[int, ...], tilt: float, spec: CropSpec, sizing: Sizing) -> CropPlan:
    """Keep the whole picture; levelled, the largest upright part of the same proportions."""
    height, width = shape[:2]
    a = math.radians(abs(tilt))
    inner = 1 / max(math.cos(a) + math.sin(a) * height / width, math.cos(a) + math.sin(a) * width / height)
    aspect = width / height if sizing.want_px is None else sizing.want_px[0] / sizing.want_px[1]
    cut_h = inner * min(height, width / aspect)
    turn = np.array([[math.cos(math.radians(tilt)), -math.sin(math.radians(tilt))],
                     [math.sin(math.radians(tilt)), math.cos(math.radians(tilt))]])  # fmt: skip
    middle = (width / 2, height / 2)
    level = Levelled(tilt, middle, turn, (width, height), 1.0, 0.0)
    cut = Cut(-aspect * cut_h / 2, -cut_h / 2, aspect * cut_h, cut_h)
    return planned(level, cut, spec, sizing, Fit())
