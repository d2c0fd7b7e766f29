"""The square of cells over the sitter on which light is worked out, and the ways between cells, pixels and cm."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from booth.core.color import SRGB8_TO_LINEAR, luminance
from booth.core.compiled import read_only
from booth.core.types import Box
from booth.looks.light.head_fit import FittedHead
from booth.looks.light.kernels import shrink

SIDE_CM = 46.0  # head, neck and shoulders; what lies beyond has the light of the edge
TAP_PX, MAX_TAPS = 3.0, 8  # a cell is the mean of pixels this far apart: all light needs, at a ninth of the reads
DOWN_CM = 3.0  # the square's middle below the head's own


@dataclass(frozen=True, slots=True)
class CellGrid:
    """`side` cells square over `side_px` pixels from (left_px, top_px); whole pixels, maybe outside the picture."""

    side: int
    left_px: int
    top_px: int
    side_px: int
    centre_px: tuple[float, float]  # where the head's origin lies in the picture
    px_per_cm: float

    @property
    def cells_per_cm(self) -> float:
        """Grid cells in a centimetre of the sitter."""
        return self.px_per_cm * self.side / self.side_px

    @property
    def places_cm(self) -> np.ndarray:
        """(3,) float32: cm right of the head's origin of column 0, cm above it of row 0, cm per cell."""
        half = 0.5 * self.side_px / self.side
        right = (self.left_px + half - self.centre_px[0]) / self.px_per_cm
        above = (self.centre_px[1] - self.top_px - half) / self.px_per_cm
        return np.array([right, above, 1 / self.cells_per_cm], np.float32)

    def columns_rows(self, placed: FittedHead) -> np.ndarray:
        """Return (n, 3) float32 column, row and nearness, in cells, of the placed head's vertices."""
        right, above, cell_cm = self.places_cm
        out = np.empty_like(placed.points)
        out[:, 0] = (placed.points[:, 0] - right) / cell_cm
        out[:, 1] = (above - placed.points[:, 1]) / cell_cm
        out[:, 2] = placed.points[:, 2] / cell_cm
        return out

    def box(self, size_px: tuple[int, int]) -> Box:
        """Return the square in 0..1 of a picture of that width and height."""
        width, height = size_px
        return Box(
            self.left_px / width,
            self.top_px / height,
            (self.left_px + self.side_px) / width,
            (self.top_px + self.side_px) / height,
        )

    def cut(self, picture: np.ndarray) -> np.ndarray:
        """Return the square of a uint8 picture shrunk to cells; outside the picture its edge goes on."""
        out = np.empty((self.side, self.side, *picture.shape[2:]), np.uint8)
        taps = min(max(math.ceil(self.side_px / self.side / TAP_PX), 2), MAX_TAPS)
        solid = read_only(picture if picture.ndim == 3 else picture[..., None])
        shrink(solid, self.left_px, self.top_px, self.side_px, taps, out if out.ndim == 3 else out[..., None])
        return out

    def luminance_at(self, small: np.ndarray, placed: FittedHead) -> np.ndarray:
        """Return (n,) linear luminance of the cut picture at each vertex, 0 outside the grid."""
        cells = np.round(self.columns_rows(placed)[:, :2]).astype(int)
        inside = ((cells >= 0) & (cells < self.side)).all(1)
        out = np.zeros(len(cells), np.float32)
        seen = SRGB8_TO_LINEAR[small[cells[inside, 1], cells[inside, 0]]]
        out[inside] = luminance(seen)
        return out


def grid_over(placed: FittedHead, side: int) -> CellGrid:
    """Lay a grid of `side` cells over a placed head."""
    side_px = max(4 * round(SIDE_CM * placed.px_per_cm / 4), 16)
    x, y = placed.centre_px
    left = round(x - side_px / 2)
    top = round(y + DOWN_CM * placed.px_per_cm - side_px / 2)
    return CellGrid(side, left, top, side_px, placed.centre_px, placed.px_per_cm)
