"""Several people in one still: which of the faces found they are, and the retouch of each, told as one."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from booth.config.params.finish import RetouchParams
from booth.core.types import Box, Face
from booth.still.authenticity import UNTOUCHED, Authenticity
from booth.still.record import StageEntry
from booth.still.retouch import retouch_sitter

LIKE_SHARE = 0.25  # of the largest face's area: a smaller one stands twice as far away and is not one of them
MIN_FACE_PX = 40  # a smaller face cannot be finished
NEAR_FACES = 0.75  # how far from where it was seen a face may be found, in its height


def chosen_people(faces: Sequence[Face], height_px: int, most: int, places: Sequence[Box] = ()) -> tuple[Face, ...]:
    """Return the faces that are in the portrait, largest first: those at `places`, else the largest `most` alike."""
    large = sorted(faces, key=lambda face: -face.box.area)
    large = [face for face in large if (face.box.y1 - face.box.y0) * height_px >= MIN_FACE_PX]
    if places:
        found = [_at(place, large) for place in places]
        return tuple(face for face in large if any(face is one for one in found))
    return tuple(face for face in large if face.box.area >= LIKE_SHARE * large[0].box.area)[:most]


def _at(place: Box, faces: Sequence[Face]) -> Face | None:
    """Return the face nearest to a place where one was seen, None where none is near."""
    near = min(faces, key=lambda face: _away(face.box, place), default=None)
    return near if near is not None and _away(near.box, place) <= NEAR_FACES else None


def _away(box: Box, place: Box) -> float:
    """Return the distance of two boxes' middles in the place's own widths and heights."""
    wide, high = max(place.x1 - place.x0, 1e-6), max(place.y1 - place.y0, 1e-6)
    return math.hypot((box.x0 + box.x1 - place.x0 - place.x1) / 2 / wide,
                      (box.y0 + box.y1 - place.y0 - place.y1) / 2 / high)  # fmt: skip


def retouch_people(
    rgb: np.ndarray,
    people: Sequence[Face],
    parsing: np.ndarray,
    wanted: tuple[RetouchParams, float],
    stages: list[StageEntry],
) -> Authenticity:
    """Retouch everybody in an (H, W, 3) float32 0..1 picture in place; adds to `stages` what was done, once each.

    Returns the figure of whose face was changed most.
    """
    params, strength = wanted
    figure = UNTOUCHED
    told: dict[str, StageEntry] = {}
    for face in people:
        done = retouch_sitter(rgb, face, parsing, params, strength)
        if done is None:
            continue
        figure = max(figure, done.authenticity, key=lambda one: one.over(params))
        for stage in done.stages:
            told[stage.name] = stage if stage.name not in told else _most(told[stage.name], stage)
    stages += told.values()
    return figure


def _most(one: StageEntry, other: StageEntry) -> StageEntry:
    """Return one entry for the same thing done to two people, with the larger of each amount."""
    names = dict.fromkeys((*one.amounts, *other.amounts))
    return StageEntry(one.name, one.says, {n: max(one.amounts.get(n, 0.0), other.amounts.get(n, 0.0)) for n in names})
