"""The retouch of one sitter: measured, capped, and undone as far as the authenticity figure asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from booth.config.params.finish import RetouchParams
from booth.core.types import Face
from booth.still.authenticity import UNTOUCHED, Authenticity, authenticity
from booth.still.record import StageEntry
from booth.still.retouch.glare import find_glare
from booth.still.retouch.heal import Healed, eager, lay_on
from booth.still.retouch.lint import remove_lint
from booth.still.retouch.regions import FaceMap, face_map
from booth.still.retouch.spots import find_spots
from booth.still.retouch.tones import (
    bag_offset,
    blemish_offset,
    eye_white_offset,
    redness_offset,
    shine_offset,
    teeth_offset,
)

TRIES = 4
JUDGED = 2  # how much finer than the retouch's own copy the authenticity figure looks
SMALLEST = 0.02  # a strength below this is no retouch


@dataclass(frozen=True, slots=True)
class Retouched:
    """What a retouch came to: the strength it was let, the figure, and its parts for the record."""

    strength: float
    authenticity: Authenticity
    stages: tuple[StageEntry, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    name: str
    says: str
    offset: np.ndarray  # (h, w, 3) Lab at full strength, on the reduced copy
    eager: bool  # goes twice as fast: half a pimple is still a pimple


@dataclass(frozen=True, slots=True, eq=False)
class _Detail:
    """Small things that go whole, found on the fine copy."""

    name: str
    says: str
    healed: tuple[Healed, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    small: np.ndarray  # the reduced copy that the parts are of
    parts: tuple[_Part, ...]
    details: tuple[_Detail, ...]
    fine_px: tuple[int, ...]  # width and height of the copy that the details are of
    n_glare_left: int

    @property
    def is_empty(self) -> bool:
        return not self.parts and not self.details


def retouch_sitter(
    rgb: np.ndarray, face: Face, parsing: np.ndarray | None, params: RetouchParams, strength: float
) -> Retouched | None:
    """Retouch an (H, W, 3) float32 0..1 sRGB picture in place, face and clothes; None where nothing was to do.

    `strength` 0..1, where 0 leaves every bit as it is. `parsing` (h, w) holds a Canvas's labels; without it clothes
    are left alone.
    """
    if strength <= 0:
        return None
    done = retouch_face(rgb, face, parsing, params, strength)
    lint = remove_lint(rgb, face, parsing, strength) if params.lint else None
    if lint is None:
        return done
    return Retouched(strength, UNTOUCHED, (lint,)) if done is None else replace(done, stages=(*done.stages, lint))


def retouch_face(
    rgb: np.ndarray, face: Face, parsing: np.ndarray | None, params: RetouchParams, strength: float
) -> Retouched | None:
    """Retouch an (H, W, 3) float32 0..1 sRGB picture in place, the face's box only; None where nothing was to do.

    `strength` 0..1. Above a limit of `params` it is lowered until the face is inside of it, and the record says so.
    """
    at = face_map(face, (rgb.shape[1], rgb.shape[0]), parsing)
    if at is None or strength <= 0:
        return None
    x0, y0, x1, y1 = at.box
    patch = rgb[y0:y1, x0:x1]
    fine = _judged(patch, at)
    plan = _plan(cv2.resize(patch, at.size, interpolation=cv2.INTER_AREA), fine, at, params)
    if plan.is_empty:
        return None if not plan.n_glare_left else Retouched(strength, UNTOUCHED, (_glare_left(plan),))
    let, figure = _allowed(fine, plan, at, (params, strength))
    if figure.over(params) > 1:
        return Retouched(0.0, UNTOUCHED, (_refused(strength, 0.0),))
    _apply(patch, plan, let)
    told = [_entry(part, let, at) for part in plan.parts] + [_detail_entry(detail, let) for detail in plan.details]
    told += [_glare_left(plan)] if plan.n_glare_left else []
    told += [_refused(strength, let)] if let < strength else []
    return Retouched(let, figure, tuple(told))


def _judged(patch: np.ndarray, at: FaceMap) -> np.ndarray:
    """The copy the figure is worked out on: no more than `JUDGED` times as fine as what a retouch can change."""
    size = at.size[0] * JUDGED, at.size[1] * JUDGED
    return patch.copy() if patch.shape[1] <= size[0] else cv2.resize(patch, size, interpolation=cv2.INTER_AREA)


def _allowed(
    before: np.ndarray, plan: _Plan, at: FaceMap, wanted: tuple[RetouchParams, float]
) -> tuple[float, Authenticity]:
    """Lower the strength until the face is inside its limits; the last figure tells whether that was reached."""
    params, strength = wanted
    height, width = before.shape[:2]
    inside = cv2.resize(at.face, (width, height), interpolation=cv2.INTER_LINEAR) > 0.5
    face_h_px = at.face_h * height / at.size[1]
    let, figure = strength, UNTOUCHED
    for _ in range(TRIES):
        after = before.copy()
        _apply(after, plan, let)
        figure = authenticity(before, after, inside, face_h_px)
        over = figure.over(params)
        if over <= 1:
            break
        let = let * 0.95 / over if np.isfinite(over) else 0.0
        if let < SMALLEST:
            break
    return let, figure


def _plan(small: np.ndarray, fine: np.ndarray, at: FaceMap, params: RetouchParams) -> _Plan:
    parts = _parts(cv2.cvtColor(small, cv2.COLOR_RGB2Lab), at, params)
    glare, left = find_glare(fine, at) if params.glare else ([], 0)
    wanted = (_Detail("glare", "Reflections on the glasses were softened", tuple(glare)),)
    return _Plan(small, tuple(parts), tuple(d for d in wanted if d.healed), fine.shape[1::-1], left)


def _parts(lab: np.ndarray, at: FaceMap, params: RetouchParams) -> list[_Part]:
    spots = find_spots(lab, at)
    wanted: tuple[tuple[bool, str, str, Callable[[], np.ndarray | None]], ...] = (
        (params.blemish, "blemish", "Blemishes were softened", lambda: blemish_offset(lab, at, spots)),
        (params.redness, "redness", "Redness was lowered", lambda: redness_offset(lab, at, spots)),
        (params.shine, "shine", "Shine was lowered", lambda: shine_offset(lab, at, spots)),
        (params.under_eye, "under_eye", "The dark below the eyes was lifted", lambda: bag_offset(lab, at, spots)),
        (params.teeth, "teeth", "Teeth were made a little less yellow", lambda: teeth_offset(lab, at)),
        (params.eye_white, "eye_white", "Eye whites were made a little less red", lambda: eye_white_offset(lab, at)),
    )
    parts = []
    for is_on, name, says, offset_of in wanted:
        offset = offset_of() if is_on else None
        if offset is not None:
            parts.append(_Part(name, says, offset, eager=name == "blemish"))
    return parts


def _amount(part: _Part, strength: float) -> float:
    return eager(strength) if part.eager else strength


def _change(small: np.ndarray, parts: tuple[_Part, ...], strength: float) -> np.ndarray:
    """The smooth difference that the parts make on the reduced copy."""
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2Lab)
    there_and_back = cv2.cvtColor(lab, cv2.COLOR_Lab2RGB)  # its rounding is no retouch
    for part in parts:
        lab = lab + part.offset * np.float32(_amount(part, strength))
    changed: np.ndarray = cv2.cvtColor(lab, cv2.COLOR_Lab2RGB) - there_and_back
    return changed


def _apply(picture: np.ndarray, plan: _Plan, strength: float) -> None:
    """Put a plan on a float32 0..1 picture of any size in place; pores and lines pass through it."""
    size = picture.shape[1], picture.shape[0]
    if plan.parts:
        change = _change(plan.small, plan.parts, strength)
        picture += change if size == change.shape[1::-1] else cv2.resize(change, size, interpolation=cv2.INTER_CUBIC)
        np.clip(picture, 0, 1, out=picture)
    scale = size[0] / plan.fine_px[0], size[1] / plan.fine_px[1]
    for detail in plan.details:
        for one in detail.healed:
            lay_on(picture, one, eager(strength), scale)


def _entry(part: _Part, strength: float, at: FaceMap) -> StageEntry:
    size = np.sqrt((part.offset**2).sum(2)) * _amount(part, strength)
    inside = at.face > 0.5
    amounts = {
        "strength": round(strength, 3),
        "face_share": round(float((size[inside] > 1).mean()), 4),
        "most_de": round(float(size.max()), 2),
    }
    return StageEntry(f"retouch.{part.name}", part.says, amounts)


def _detail_entry(detail: _Detail, strength: float) -> StageEntry:
    amounts = {"strength": round(strength, 3), "count": float(len(detail.healed))}
    return StageEntry(f"retouch.{detail.name}", detail.says, amounts)


def _glare_left(plan: _Plan) -> StageEntry:
    says = "A reflection on the glasses could not be recovered"
    return StageEntry("retouch.glare_left", says, {"count": float(plan.n_glare_left)})


def _refused(wanted: float, let: float) -> StageEntry:
    says = "The retouch was held back to keep the face authentic"
    return StageEntry("retouch.held_back", says, {"wanted": round(wanted, 3), "strength": round(let, 3)})
