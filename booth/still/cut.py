"""Where a cut lies in its picture: the nearest to what a crop asks that the picture, the sitter and the head allow.

What gives way, in this order: the middle (the cut moves sideways), the picture's edge (a made backdrop goes on beyond
the sides that the sitter does not touch), a twentieth of the size, the eye line (less headroom, or more where the
picture ends soon below), then the size. Hair and chin never do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

TIGHTER_MAX_FRAC = 0.03  # a cut this much tighter than asked still is the crop that was asked for
HAIR_MARGIN_FRAC = 0.015  # air kept above the hair, of the crop's height
CHIN_MARGIN_FRAC = 0.02
HAIR_SIDE_DOWN = 0.6  # hair counts sideways down to this share of the way from eyes to chin; below it may fall anywhere
HAIR_SIDE_FACES = 1.2  # and no further from the eyes than this
EDGE_CHIN_FACES = 0.01  # a chin nearer than this to the picture's foot, or beyond it, counts as standing here
# Of moving the eye line against the same share of shrinking: within the tolerance a set is seen by its eye line first,
# beyond it a head that fills the picture is worse than one that stands high or low in it
SHIFT_COST, SHIFT_COST_BEYOND = 3.0, 0.3
MIN_ZOOM = 0.3  # a crop is never shrunk below this share of its height
EYE_SHIFTS = np.linspace(-0.3, 0.3, 151)  # of the crop's height, tried when the eye line cannot be kept
TOUCHING_SHARE = 0.003  # of an edge: more of the sitter on it than this is no wisp of hair
# A tip of hair at the picture's top, of its width and height: narrow, and little is missing; a cut head lacks far more
TIP_WIDTH_FRAC, TIP_MISSING_FRAC, TIP_BELOW_FRAC = 0.06, 0.008, 0.03
OFF_CENTRE_FRAC = 0.05  # of the cut's width: a face this far from its place still looks placed; beyond, extend
WIDER = np.array([1.02, 1.05])  # tried where the head needs more than was asked and a turned picture more than that
SEARCH_STEPS = 20  # halvings: a millionth of the height


@dataclass(frozen=True, slots=True)
class Aim:
    """What a crop asks for one face."""

    height: float  # px of the source
    aspect: float  # width over height
    eye_line_frac: float
    centre_x_frac: float


@dataclass(frozen=True, slots=True)
class Cut:
    """A rectangle in levelled coordinates: origin at the eyes, y down, in source pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Fit:
    """How near a cut is to what was asked; shares of the cut's own height or width."""

    zoom: float = 1.0  # the cut's height over the height asked: below 1 is tighter
    eye_shift_frac: float = 0.0  # > 0: the eyes stand lower than asked
    off_centre_frac: float = 0.0  # > 0: the face stands further right than asked
    why: tuple[str, ...] = ()  # what was in the way of the cut asked: top, bottom, left, right

    @property
    def tighter_frac(self) -> float:
        """How much tighter than asked, 0..1."""
        return max(0.0, 1 - self.zoom)


@dataclass(frozen=True, slots=True)
class Edges:
    """How far a cut may reach beyond its picture: rows of the source down to which a side is clear of the sitter."""

    left_row: float = -math.inf
    right_row: float = -math.inf
    is_top_open: bool = False

    @classmethod
    def of(cls, alpha: np.ndarray) -> Edges:
        """Read them off a matte (H, W), float 0..1 or uint8."""
        solid = 127 if alpha.dtype == np.uint8 else 0.5
        left, right = (_first_touched(edge.max(1) > solid) for edge in (alpha[:, :2], alpha[:, -2:]))
        is_clear = bool((alpha[:2] > solid).mean() <= TOUCHING_SHARE)
        return cls(left, right, is_clear or ends_in_a_tip(alpha > solid))


CLOSED = Edges()  # stay inside the picture
ANY_EDGE = Edges(math.inf, math.inf, True)  # reach wherever it takes


def ends_in_a_tip(solid: np.ndarray) -> bool:
    """Tell whether a sitter, (H, W) bool, reaches their picture's top with hardly more than a tip of hair.

    The rise of a circle's cap over its chord says how much is missing: chords at the top and a little below give it.
    """
    height, width = solid.shape
    below_px = max(2, round(TIP_BELOW_FRAC * height))
    across, below = int(solid[:2].any(0).sum()), int(solid[below_px].sum()) if below_px < height else 0
    missing_px = below_px * across**2 / max(below**2 - across**2, 1)
    return across <= TIP_WIDTH_FRAC * width and missing_px <= TIP_MISSING_FRAC * height


def _first_touched(touched: np.ndarray) -> float:
    """The row from which on an edge is not clear; inf for one that always is."""
    seen = np.cumsum(touched)
    wisp = TOUCHING_SHARE * len(touched)
    return float(np.argmax(seen > wisp)) if seen[-1] > wisp else math.inf


@dataclass(frozen=True, slots=True, eq=False)
class Levelled:
    """The source seen from the eyes, turned upright. The head's ends are None where the source itself cuts them."""

    tilt_deg: float
    eyes: tuple[float, float]
    turn: np.ndarray  # (2, 2): levelled = turn @ (source - eyes)
    size: tuple[int, int]
    face_height: float
    chin: float
    hair_top: float | None = None  # negative: above the eyes
    hair_left: float | None = None
    hair_right: float | None = None

    @classmethod
    def of(cls, eyes_px: tuple[float, float], points_px: np.ndarray, alpha: np.ndarray, tilt_deg: float) -> Levelled:
        """Measure a head from its landmarks (478, 2) px and the matte (H, W) of its picture."""
        a = math.radians(tilt_deg)
        turn = np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])
        y = (points_px - np.array(eyes_px)) @ turn[1]
        height, width = alpha.shape
        chin = min(float(y.max()), height - eyes_px[1] - EDGE_CHIN_FACES * float(np.ptp(y)))
        level = cls(tilt_deg, eyes_px, turn, (width, height), float(np.ptp(y)), chin)
        return level._with_hair(alpha)

    def _with_hair(self, alpha: np.ndarray) -> Levelled:
        """Find the ends of the sitter's head near the face."""
        step = max(1, alpha.shape[0] // 500)
        solid = alpha[::step, ::step] > (127 if alpha.dtype == np.uint8 else 0.5)
        rows, columns = np.nonzero(solid[: self._head_rows(solid.shape[0], step)])
        across, down = self.turn @ (np.stack([columns, rows]) * step - np.array(self.eyes)[:, None])
        near = (np.abs(across) < 0.75 * self.face_height) & (down < 0)
        beside = (np.abs(across) < HAIR_SIDE_FACES * self.face_height) & (down < HAIR_SIDE_DOWN * self.chin)
        top = _end(down[near], -1, step) if near.any() and not (rows[near] == 0).any() else None
        is_whole = beside.any()
        left_cut, right_cut = (is_whole and (columns[beside] == edge).any() for edge in (0, solid.shape[1] - 1))
        left = _end(across[beside], -1, step) if is_whole and not left_cut else None
        right = _end(across[beside], 1, step) if is_whole and not right_cut else None
        return replace(self, hair_top=top, hair_left=left, hair_right=right)

    def _head_rows(self, n_rows: int, step: int) -> int:
        """Return how many of the matte's rows can hold hair: below the head nothing is looked for."""
        reach, deepest = HAIR_SIDE_FACES * self.face_height, max(HAIR_SIDE_DOWN * self.chin, 0.0)
        lowest = max(self.to_source(side * reach, deepest)[1] for side in (-1, 1))
        return min(n_rows, max(1, math.ceil(lowest / step) + 1))

    def to_source(self, x: float, y: float) -> tuple[float, float]:
        """Take a levelled point to source pixels."""
        sx, sy = np.array([x, y]) @ self.turn  # the inverse of a turn is its transpose
        return float(sx) + self.eyes[0], float(sy) + self.eyes[1]

    def reach(self, cut: Cut) -> tuple[float, float, float, float]:
        """How far a cut reaches in the source: left, top, right, bottom in pixels."""
        (a, b), (c, d) = self.turns
        right, below = cut.x + cut.width, cut.y + cut.height
        xs = sorted((cut.x * a, right * a)), sorted((cut.y * c, below * c))
        ys = sorted((cut.x * b, right * b)), sorted((cut.y * d, below * d))
        x, y = self.eyes
        return xs[0][0] + xs[1][0] + x, ys[0][0] + ys[1][0] + y, xs[0][1] + xs[1][1] + x, ys[0][1] + ys[1][1] + y

    @property
    def turns(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The turn as plain numbers: planning asks for them by the thousand."""
        cos, sin = math.cos(math.radians(self.tilt_deg)), math.sin(math.radians(self.tilt_deg))
        return (cos, -sin), (sin, cos)

    def least_height(self, aspect: float, eye_line: float, margin: float) -> float:
        """The smallest crop that holds hair and chin, with that much of their margins."""
        below = self.chin / max(1 - eye_line - margin * CHIN_MARGIN_FRAC, 0.05)
        above = 0.0 if self.hair_top is None else -self.hair_top / max(eye_line - margin * HAIR_MARGIN_FRAC, 0.05)
        left = -self.eyes[0] if self.hair_left is None else self.hair_left
        right = self.size[0] - self.eyes[0] if self.hair_right is None else self.hair_right
        is_seen = self.hair_left is not None or self.hair_right is not None
        return max(below, above, (right - left) / aspect if is_seen else 0.0)


def _end(values: np.ndarray, side: int, step: int) -> float:
    return float(values.min() - step) if side < 0 else float(values.max() + step)


def fit_cut(level: Levelled, aim: Aim, edges: Edges) -> tuple[Cut, Fit] | None:
    """Find the cut nearest to the aim; None where no cut within these edges holds the head."""
    for margin in (1.0, 0.0):
        if aim.height >= level.least_height(aim.aspect, aim.eye_line_frac, margin):
            exact = _placed(level, aim, aim.height, aim.eye_line_frac, edges)
            if exact is not None:
                return exact, _told(exact, aim, 1.0, 0.0, ())
    why = _in_the_way(level, aim, edges)
    for least_zoom, shift_cost in ((1 - TIGHTER_MAX_FRAC, SHIFT_COST), (MIN_ZOOM, SHIFT_COST_BEYOND)):
        found = _nearest(level, aim, edges, (least_zoom, shift_cost))
        if found is not None:
            cut, zoom, shift = found
            return cut, _told(cut, aim, zoom, shift, why)
    return None


def _told(cut: Cut, aim: Aim, zoom: float, shift: float, why: tuple[str, ...]) -> Fit:
    off = -cut.x / cut.width - aim.centre_x_frac
    return Fit(zoom, shift, off, why)


def _in_the_way(level: Levelled, aim: Aim, edges: Edges) -> tuple[str, ...]:
    """Name the edges that the cut asked for would pass and may not."""
    wide = aim.aspect * aim.height
    cut = Cut(-aim.centre_x_frac * wide, -aim.eye_line_frac * aim.height, wide, aim.height)
    left, top, right, bottom = level.reach(cut)
    lowest = min(bottom, level.size[1])
    passed = {
        "top": top < -0.5 and not edges.is_top_open,
        "bottom": bottom > level.size[1] + 0.5,
        "left": left < -0.5 and lowest > edges.left_row,
        "right": right > level.size[0] + 0.5 and lowest > edges.right_row,
    }
    return tuple(name for name, is_passed in passed.items() if is_passed)


def _nearest(level: Levelled, aim: Aim, edges: Edges, give: tuple[float, float]) -> tuple[Cut, float, float] | None:
    """Search eye lines for the cut that costs least; `give` is the least zoom and what moving the eye line costs."""
    least_zoom, shift_cost = give
    best: tuple[float, tuple[Cut, float, float]] | None = None
    for shift in EYE_SHIFTS[np.argsort(np.abs(EYE_SHIFTS), kind="stable")]:
        if best is not None and shift_cost * abs(float(shift)) >= best[0]:
            break
        found = _largest(level, aim, aim.eye_line_frac + float(shift), edges, least_zoom)
        if found is not None:
            cost = abs(1 - found[1]) + shift_cost * abs(float(shift))
            if best is None or cost < best[0] - 1e-9:
                best = (cost, (*found, float(shift)))
    return None if best is None else best[1]


def _largest(level: Levelled, aim: Aim, eye_line: float, edges: Edges, least_zoom: float) -> tuple[Cut, float] | None:
    """The cut nearest to the height asked for one eye line, with its zoom; None where nothing fits."""
    if not 0.1 < eye_line < 0.9:
        return None
    least = level.least_height(aim.aspect, eye_line, 0.0)
    top, bottom = max(aim.height, least), max(least_zoom * aim.height, least)
    for height in (top, *(WIDER * least if least > aim.height else ())):
        if (cut := _placed(level, aim, height, eye_line, edges)) is not None:
            return cut, height / aim.height
    if _placed(level, aim, bottom, eye_line, edges) is None:
        return None
    for _ in range(SEARCH_STEPS):
        middle = (top + bottom) / 2
        fits = _placed(level, aim, middle, eye_line, edges) is not None
        top, bottom = (top, middle) if fits else (middle, bottom)
    cut = _placed(level, aim, bottom, eye_line, edges)
    return None if cut is None else (cut, bottom / aim.height)


def _placed(level: Levelled, aim: Aim, height: float, eye_line: float, edges: Edges) -> Cut | None:
    """Put a cut of that height on the eye line, moved sideways as little as needed; None when it leaves the picture."""
    width = aim.aspect * height
    cut = Cut(-aim.centre_x_frac * width, -eye_line * height, width, height)
    left, _, right, bottom = level.reach(cut)
    cos = level.turns[0][0]
    is_open = bottom <= edges.left_row, bottom <= edges.right_row
    inside = -left / cos, (level.size[0] - right) / cos
    shift = _sideways(inside, is_open, OFF_CENTRE_FRAC * width)
    if shift is None:
        return None
    least = -math.inf if level.hair_right is None else level.hair_right - cut.x - width
    most = math.inf if level.hair_left is None else level.hair_left - cut.x
    if not is_open[0]:
        least = max(least, inside[0])
    if not is_open[1]:
        most = min(most, inside[1])
    if least > most + 1e-6:
        return None
    cut = replace(cut, x=cut.x + min(max(shift, least), most))
    _, top, _, bottom = level.reach(cut)
    is_too_high = top < -1e-6 and not edges.is_top_open
    return None if is_too_high or bottom > level.size[1] + 1e-6 else cut


def _sideways(inside: tuple[float, float], is_open: tuple[bool, bool], near: float) -> float | None:
    """How far to move a cut, px: `inside` is the least and the most that keeps it in the picture.

    A side that is open stops it only as far as the face still stands near its place.
    """
    least, most = inside
    if least > most + 1e-6:  # wider than the picture
        if not any(is_open):
            return None
        if all(is_open):
            shift = min(max(0.0, most), least)
            return math.copysign(min(abs(shift), near), shift)
        return most if is_open[0] else least
    shift = min(max(0.0, least), max(least, most))
    beyond = is_open[0] if shift > 0 else is_open[1]
    return math.copysign(min(abs(shift), near), shift) if beyond else shift
