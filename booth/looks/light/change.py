"""What a light field will do to the light on a face, told on the grid before it is laid on the picture.

The figures are those of booth/diagnostics/light_change.py; the grid's cells take the place of its pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.color import REC709_LUMA
from booth.core.landmarks import CHEEKBONES, FACE_OVAL
from booth.core.types import Face
from booth.looks.light.cell_grid import CellGrid
from booth.looks.light.face_parts import NOT_SKIN

GENTLE = 0.6  # strengths up to this are a look's default
CONTRAST_GENTLE, CONTRAST_FULL, DARK_MORE = 0.48, 1.05, 0.4  # stops
EDGE_GENTLE, EDGE_FULL = 14.0, 30.0  # stops a face width
DARK_LIGHTS = ("lowkey", "split")
INSET_FACES = 0.022  # of a face's width is left out all round: 4.5 pixels of the 200 that the measure uses
BLUR_FACES = 0.01
DARKEST, BRIGHTEST = 0.02, 0.97  # linear: outside of this there is no light to compare with
FEWEST_CELLS = 80
SUB_CELL_BITS = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a field may change the light on a face; `Shaper` steps its strength down until it holds."""

    contrast_stops: float
    edge_stops: float  # a face width


def limits_of(light: str, strength: float) -> Limits:
    """Return the limits of a named light at the strength asked for, 0..1.

    Source: the requirement's bars for a default look, 90th percentile .6 and worst .9 stops of contrast and 20 stops a
    face width of edge, and 1.3 stops for any other; a look's grade and the picture's own pixels add about .12 and 4 on
    top, so the field stays that far below. Who asks for more than a default gets more; low key and split are meant to
    be dark on one side.
    """
    beyond = min(max((strength - GENTLE) / (1 - GENTLE), 0.0), 1.0)
    contrast = CONTRAST_GENTLE + beyond * (CONTRAST_FULL - CONTRAST_GENTLE)
    return Limits(contrast + DARK_MORE * (light in DARK_LIGHTS), EDGE_GENTLE + beyond * (EDGE_FULL - EDGE_GENTLE))


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a field will do, in the terms of `LightChange`."""

    contrast_stops: float
    edge_stops: float


@dataclass(frozen=True, slots=True, eq=False)
class SkinCells:
    """The cells of a grid that show plain skin."""

    mask: np.ndarray  # (g, g) bool
    index: np.ndarray  # (n,) into the flattened grid
    hull: np.ndarray  # (m,) the same of all within the face's outline, eyes and teeth included
    face_cells: float  # a face's width


def skin_cells(face: Face, grid: CellGrid, size_px: tuple[int, int]) -> SkinCells | None:
    """Return the cells inside the face without eyes, brows and lips; None where too few are left."""
    at = (face.points_px(*size_px) - (grid.left_px, grid.top_px)) * (grid.side / grid.side_px) - 0.5
    fixed = np.round(at * 2**SUB_CELL_BITS).astype(np.int32)
    mask = np.zeros((grid.side, grid.side), np.uint8)
    cv2.fillPoly(mask, [fixed[list(FACE_OVAL)]], 1, shift=SUB_CELL_BITS)
    hull = np.flatnonzero(mask)
    for hole in NOT_SKIN:
        cv2.fillConvexPoly(mask, cv2.convexHull(fixed[hole]), 0, shift=SUB_CELL_BITS)
    width = float(np.linalg.norm(at[CHEEKBONES[1]] - at[CHEEKBONES[0]]))
    inset = 2 * max(round(INSET_FACES * width), 1) + 1
    chosen = cv2.erode(mask, np.ones((inset, inset), np.uint8)) > 0
    index = np.flatnonzero(chosen)
    return SkinCells(chosen, index, hull, width) if len(index) >= FEWEST_CELLS else None


def foretell(before: np.ndarray, packed: np.ndarray, skin: SkinCells) -> Foretold:
    """Return the change that `packed` (g, g, 6), gain and gloss, makes to linear `before` (g, g, 3) on the skin."""
    after = np.clip(before * packed[..., :3] + packed[..., 3:], 0, 1)
    blur = BLUR_FACES * skin.face_cells
    was, now = before @ REC709_LUMA, after @ REC709_LUMA
    if blur > 0.4:
        was, now = cv2.GaussianBlur(was, (0, 0), blur), cv2.GaussianBlur(now, (0, 0), blur)
    index = skin.index
    told = index[(was.ravel()[index] > DARKEST) & (was.ravel()[index] < BRIGHTEST)]
    if len(told) < FEWEST_CELLS:
        return Foretold(0.0, 0.0)
    spread = [_spread(light.ravel()[told]) for light in (was, now)]
    change = np.log2((now + 1e-4) / (was + 1e-4)).astype(np.float32)
    slope = np.hypot(cv2.Sobel(change, cv2.CV_32F, 1, 0), cv2.Sobel(change, cv2.CV_32F, 0, 1)).ravel()[told]
    return Foretold(spread[1] - spread[0], quantile(slope, 0.98) / 8 * skin.face_cells)


def _spread(light: np.ndarray) -> float:
    return float(np.log2(max(quantile(light, 0.9), 1e-4) / max(quantile(light, 0.1), 1e-4)))


def quantile(values: np.ndarray, share: float) -> float:
    """Return the value below which that share of (n,) `values` lies, without straightening between two."""
    at = int(share * (len(values) - 1))
    return float(np.partition(values, at)[at])
