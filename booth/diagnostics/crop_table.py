"""Every photograph through every crop: how often a cut is tighter than asked, and whether it cuts hair or chin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from booth.config.params.finish import BrandParams, CorrectParams
from booth.core.faults import Fault
from booth.core.types import Face
from booth.still.crop import CROPS, CropPlan, crop_spec, geometry_of, plan_crop
from booth.still.cut import TIGHTER_MAX_FRAC, Levelled
from booth.still.develop_still import StillModels, find_sitter
from booth.still.open_picture import open_picture

BAR_FRAC = 0.02  # of the cuts may be tighter than asked by more than the tolerance
SPANS_FRAC = 0.01  # of the photograph: a cut that ends nearer to two opposite edges takes all there is between them
CUT_FRAC = 0.003  # of the cut's height: less of a head outside than this is the matte's own uncertainty


@dataclass(frozen=True, slots=True, eq=False)
class Sitter:
    """A photograph as a crop sees it."""

    name: str
    face: Face
    alpha: np.ndarray  # (H, W) uint8


@dataclass(frozen=True, slots=True)
class Row:
    """One photograph through one crop."""

    name: str
    crop: str
    tighter_frac: float
    cuts: tuple[str, ...]  # hair, side, chin: what of the head the photograph shows and the cut does not
    notes: tuple[str, ...]
    is_extended: bool
    is_cut_already: bool  # the photograph itself cuts the hair
    is_whole: bool  # nothing more is in the photograph, from top to foot or from side to side

    @property
    def is_too_tight(self) -> bool:
        """True when it is tighter than asked by more than the tolerance."""
        return self.tighter_frac > TIGHTER_MAX_FRAC + 1e-6


def sitters(files: Iterable[Path], models: StillModels) -> Iterator[Sitter]:
    """Find the sitter of each photograph; those without a face to finish are passed over."""
    for path in files:
        try:
            opened = open_picture(path)
            face, _ = find_sitter(opened.rgb, models)
        except Fault:
            continue
        alpha = models.matte(opened.rgb, face).alpha
        shown = alpha if opened.alpha is None else alpha * (opened.alpha.astype(np.float32) / 255)
        yield Sitter(path.name, face, np.clip(shown * 255 + 0.5, 0, 255).astype(np.uint8))


def rows_of(sitter: Sitter, *, may_extend: bool) -> Iterator[Row]:
    """Plan every crop of a photograph but the whole of it."""
    size = sitter.alpha.shape[1], sitter.alpha.shape[0]
    geometry, correct = geometry_of(sitter.face, size), CorrectParams()
    turned: dict[float, Levelled] = {}
    for name in (name for name in CROPS if name != "full"):
        plan = plan_crop(geometry, crop_spec(name, BrandParams()), sitter.alpha, correct, may_extend=may_extend)
        if plan.levelled_deg not in turned:
            turned[plan.levelled_deg] = Levelled.of(
                geometry.eyes_px, geometry.points_px, sitter.alpha, plan.levelled_deg
            )
        level = turned[plan.levelled_deg]
        row = plan.fit.tighter_frac, _cuts(plan, level), plan.notes, not plan.stays_inside, level.hair_top is None
        yield Row(sitter.name, name, *row, _spans(plan, size))


def _spans(plan: CropPlan, size: tuple[int, int]) -> bool:
    """Tell whether a cut takes all that its photograph has from top to foot or from side to side."""
    corners = plan.undo(np.array([(x, y) for x in (0, plan.size_px[0]) for y in (0, plan.size_px[1])]) - 0.5) + 0.5
    low, high = corners.min(0), corners.max(0)
    slack = SPANS_FRAC * np.array(size)
    return bool(((low <= slack) & (high >= size - slack)).any())


def _cuts(plan: CropPlan, level: Levelled) -> tuple[str, ...]:
    width, height = plan.size_px
    slack = CUT_FRAC * height + 1
    ends = {
        "hair": (0.0, level.hair_top),
        "chin": (0.0, level.chin),
        "left side": (level.hair_left, 0.0),
        "right side": (level.hair_right, 0.0),
    }
    found = []
    for what, (x, y) in ends.items():
        if x is not None and y is not None:
            at = plan.apply(np.array([level.to_source(x, y)]) - 0.5)[0]
            inside = (-slack <= at[1] <= height + slack) if "side" not in what else (-slack <= at[0] <= width + slack)
            if not inside:
                found.append(what)
    return tuple(found)


def table(rows: list[Row]) -> list[str]:
    """Return the table's lines, one crop a line, and below them each cut that is too tight with its reason."""
    lines = ["| crop | cuts | tighter > 3 % | tightest | extended | hair or chin cut |", "|---|---|---|---|---|---|"]
    for crop in dict.fromkeys(row.crop for row in rows):
        part = [row for row in rows if row.crop == crop]
        n_tight, n_cut = sum(row.is_too_tight for row in part), sum(bool(row.cuts) for row in part)
        extended = sum(row.is_extended for row in part) / len(part)
        worst = max(row.tighter_frac for row in part)
        lines.append(f"| {crop} | {len(part)} | {n_tight} | {worst:.0%} | {extended:.0%} | {n_cut} |")
    tight = [row for row in rows if row.is_too_tight]
    cut = [row for row in rows if row.cuts]
    share, by_photograph = len(tight) / len(rows), sum(row.is_cut_already for row in tight)
    whole_ones = sum(row.is_whole for row in tight)
    whole = (
        f"{len(tight)} of {len(rows)} cuts ({share:.1%}; bar {BAR_FRAC:.0%}) are tighter than asked, "
        f"{by_photograph} of them of photographs that cut the hair themselves, "
        f"{whole_ones} take all that the photograph has from top to foot or from side to side"
    )
    lines += ["", whole, f"{len(cut)} cuts lose hair or chin that the photograph shows (bar 0)", ""]
    lines += [f"{row.name} {row.crop}: {' '.join(n for n in row.notes if 'tighter' in n)}" for row in tight]
    lines += [f"{row.name} {row.crop}: cuts {', '.join(row.cuts)}" for row in cut]
    return lines
