"""Where a portrait of several people is cut: round all of them, wide where one alone would be cut upright.

One face is planned exactly as `crop.py` plans it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from booth.config.params.finish import BrandParams, CorrectParams
from booth.core.faults import Fault
from booth.core.types import Face
from booth.still.crop import (
    CropPlan,
    CropSpec,
    crop_spec,
    geometry_of,
    least_tight,
    plan_crop,
    planned,
    tilt_to_undo,
    whole_plan,
)
from booth.still.cut import CLOSED, Aim, Edges, Levelled
from booth.still.official import official_crops
from booth.still.size import NATIVE, Sizing

HEAD_SHARE = {2: 0.86, 3: 0.76, 4: 0.70}  # of the head height that a crop asks of one: shoulders are three faces wide
SIDE_FACES = 0.95  # room beside the outer faces' middles, in face heights: the nearer shoulder
WIDEST = 16 / 9  # a free crop grows as wide as this before the heads get smaller
WIDE = {2: 5 / 4, 3: 3 / 2, 4: 16 / 9}  # width over height of a portrait that one alone would have upright


@dataclass(frozen=True, slots=True)
class CropWish:
    """What is wanted of a cut beside the people in it."""

    name: str
    brand: BrandParams = BrandParams()
    correct: CorrectParams = CorrectParams()
    may_extend: bool = False
    sizing: Sizing = NATIVE


def plan_people(faces: Sequence[Face], alpha: np.ndarray, wish: CropWish) -> CropPlan:
    """Plan the cut round one or several faces of a picture whose matte is `alpha` (H, W), float 0..1 or uint8.

    Raises Fault `crop.unknown`, `crop.no_room` or `size.too_large`.
    """
    size = alpha.shape[1], alpha.shape[0]
    spec = crop_spec(wish.name, wish.brand)
    if len(faces) == 1:
        geometry = geometry_of(faces[0], size)
        return plan_crop(geometry, spec, alpha, wish.correct, may_extend=wish.may_extend, sizing=wish.sizing)
    spec = group_spec(spec, len(faces), wish.brand)
    heads = [geometry_of(face, size) for face in faces]
    tilt = tilt_to_undo(sum(head.roll_deg for head in heads) / len(heads), wish.correct)
    if spec.aspect == 0:
        return whole_plan(alpha.shape, tilt, spec, wish.sizing)
    edges = Edges.of(alpha) if wish.may_extend else CLOSED
    want = wish.sizing.want_px
    aspect = spec.aspect if want is None else want[0] / want[1]
    may_widen = want is None and spec.name == "headshot"  # every other crop has the shape of its paper or page

    def at(turn_deg: float) -> tuple[Levelled, Aim]:
        level, span = together([Levelled.of(head.eyes_px, head.points_px, alpha, turn_deg) for head in heads])
        high = level.face_height / spec.head_height_frac
        shape = min(max(aspect, span / high), max(aspect, WIDEST)) if may_widen else aspect
        return level, Aim(max(high, span / shape), shape, spec.eye_line_frac, 0.5)

    found = least_tight(at, tilt, edges)
    if found is None:
        raise Fault("crop.no_room", f"The faces are too near the edge for the crop {spec.name}.", "Use the crop full.")
    level, cut, fit, is_forced = found
    return planned(level, cut, spec, wish.sizing, fit, forced=is_forced)


def group_spec(spec: CropSpec, n_people: int, brand: BrandParams) -> CropSpec:
    """Return a crop made for one as it is for several: wide, the heads smaller, never round or official."""
    if spec.aspect == 0:
        return spec
    n_people = min(n_people, max(WIDE))
    if spec.name in official_crops():
        spec = crop_spec("headshot", brand)
    aspect = spec.aspect if spec.aspect >= 1 else max(1 / spec.aspect, WIDE[n_people])
    head = spec.head_height_frac * HEAD_SHARE[n_people]
    size_mm = None if spec.size_mm is None or spec.aspect >= 1 else (spec.size_mm[1], spec.size_mm[0])
    return replace(spec, aspect=aspect, head_height_frac=head, is_round=False, size_mm=size_mm, centre_x_frac=0.5)


def together(each: Sequence[Levelled]) -> tuple[Levelled, float]:
    """Return the heads as one, seen from the middle of the outer eyes, and the width wanted round them, px."""
    places = np.array([one.eyes for one in each])
    low, high = places.min(0), places.max(0)
    middle = np.array([(low[0] + high[0]) / 2, float(places[:, 1].mean())])
    moved = [(one, (np.array(one.eyes) - middle) @ one.turn.T) for one in each]
    face_height = max(one.face_height for one in each)
    tops = [None if one.hair_top is None else one.hair_top + by[1] for one, by in moved]
    left = min(moved, key=lambda pair: pair[1][0])
    right = max(moved, key=lambda pair: pair[1][0])
    level = replace(
        each[0],
        eyes=(float(middle[0]), float(middle[1])),
        face_height=face_height,
        chin=max(one.chin + float(by[1]) for one, by in moved),
        hair_top=None if any(top is None for top in tops) else min(float(top) for top in tops if top is not None),
        hair_left=_side(left[0].hair_left, left[0], float(left[1][0]), -1),
        hair_right=_side(right[0].hair_right, right[0], float(right[1][0]), 1),
    )
    span = float(right[1][0] - left[1][0]) + SIDE_FACES * (left[0].face_height + right[0].face_height)
    return level, span if math.isfinite(span) else face_height


def _side(hair: float | None, head: Levelled, by: float, side: int) -> float:
    """Return how far a head reaches to its outer side, in the group's coordinates.

    Where the matte shows no end of it there, half a face beyond the eyes is held.
    """
    least = side * 0.5 * head.face_height
    return by + (least if hair is None else min(hair, least) if side < 0 else max(hair, least))
