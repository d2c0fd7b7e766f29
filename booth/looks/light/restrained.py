"""Corrects a face and keeps a look's light within what the picture bears: metering, fill and shaping in one place.

The engine works the lamps out; this turns what they would do into what is laid. Mirror and still go through here alike.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from booth.core.color import REC709_LUMA, SRGB8_TO_LINEAR
from booth.core.types import Face
from booth.looks.light.cell_grid import CellGrid
from booth.looks.light.change import Limits, SkinCells, skin_cells
from booth.looks.light.correction import (
    FILL_FROM_STOPS,
    NOTHING,
    Correction,
    Metering,
    fill_stops,
    gain_stops,
    side_gap_stops,
)
from booth.looks.light.face_parts import eye_white
from booth.looks.light.shape import CRISP_FROM, Applied, Patch, Shaper, applied_of, bearing, corrected

SKIN_RANGE = (0.03, 0.75)  # linear light of a channel of skin, as far as it is believed


class Restrained:
    """Watches one sitter; steady in time. `still=True` takes each picture by itself."""

    def __init__(self, *, still: bool) -> None:
        self._metering, self._shaper = Metering(still=still), Shaper(still=still)
        self.reset()

    def reset(self) -> None:
        """Start afresh: another sitter."""
        self._metering.reset()
        self._shaper.reset()
        self._skin: SkinCells | None = None
        self._grid: CellGrid | None = None
        self._correction, self._gap_stops = NOTHING, 0.0
        self.applied = Applied()

    @property
    def is_needed(self) -> bool:
        """True when the face last watched has something to correct, with or without a look's light."""
        return not self._correction.is_nothing or self._gap_stops > FILL_FROM_STOPS

    def rests(self, t_s: float) -> bool:
        """Return True while there is nothing to correct and it is not time to look again."""
        return not self._metering.due(t_s) and not self.is_needed

    def watch(
        self, rgb: np.ndarray, face: Face, grids: tuple[CellGrid, CellGrid], small: np.ndarray, t_s: float
    ) -> bool:
        """Look at an (H, W, 3) uint8 picture; False where too little skin shows to correct or to restrain anything.

        The correction is judged on the second of the grids, which is of one size in mirror and still; `small` is the
        picture on the first.
        """
        grid, judging = grids
        size = rgb.shape[1], rgb.shape[0]
        self.applied = Applied()
        self._grid, self._size, self._face = grid, size, face
        self._skin = skin_cells(face, replace(grid, side=grid.side // 2), size)
        if self._skin is None:
            return False
        if self._metering.due(t_s):
            cells = skin_cells(face, judging, size)
            if cells is not None:
                linear = SRGB8_TO_LINEAR[small if judging == grid else judging.cut(rgb)]
                self._metering.look(linear, cells, eye_white(rgb, face), t_s)
                self._gap_stops = side_gap_stops(linear @ REC709_LUMA, cells, judging.cells_per_cm)
        self._correction = self._metering.correction(t_s)
        return True

    def field(
        self,
        layers: tuple[np.ndarray, np.ndarray, np.ndarray],
        skin_rgb: np.ndarray,
        wanted: tuple[float, Limits],
        t_s: float,
    ) -> np.ndarray:
        """Return the field (g, g, 6) to lay for the last picture watched; what was done is in `applied`.

        layers  (g, g, 6) gain and gloss of the lamps as they are, (g, g, 3) uint8 the picture, (g, g, 3) the light
                already on the head
        wanted  the strength asked for, 0 for no lamps, and the limits of the change

        A soft field has nothing finer than a centimetre in it: it is shaped on half as many cells each way.
        """
        assert self._grid is not None
        strength, limits = wanted
        packed, small, under = layers
        side, grid, skin = packed.shape[0], self._grid, self._skin
        if strength <= CRISP_FROM:
            half = (side // 2, side // 2)
            grid = replace(grid, side=side // 2)
            packed, small, under = (cv2.resize(x, half, interpolation=cv2.INTER_AREA) for x in layers)
        else:
            skin = skin_cells(self._face, grid, self._size)
        assert skin is not None
        patch = _patch(SRGB8_TO_LINEAR[small], under, grid, skin, skin_rgb, self._correction)
        applied = 0.0
        if strength > 0:
            out, applied = self._shaper.shaped(packed, patch, strength, limits, t_s)
        else:
            out = corrected(patch)
        self.applied = applied_of(patch, strength, applied, self._correction.lift_stops)
        return out if out.shape[0] == side else cv2.resize(out, (side, side), interpolation=cv2.INTER_LINEAR)


def _patch(  # noqa: PLR0913 - gathers one picture's facts
    linear: np.ndarray,
    under: np.ndarray,
    grid: CellGrid,
    skin: SkinCells,
    skin_rgb: np.ndarray,
    correction: Correction,
) -> Patch:
    fill = fill_stops(under @ REC709_LUMA, linear @ REC709_LUMA, skin, grid.cells_per_cm)
    stops = gain_stops(correction, skin)
    gain = np.exp2(np.median(np.broadcast_to(stops, linear.shape)[skin.mask], axis=0))
    return Patch(
        linear=linear,
        stops=stops if fill is None else stops + fill[..., None],
        fill=fill,
        black=correction.black,
        skin=skin,
        skin_rgb=np.clip(skin_rgb * gain, *SKIN_RANGE).astype(np.float32),
        cells_per_cm=grid.cells_per_cm,
        bears=bearing(linear, skin, correction.lift_stops, fill),
    )
