"""Relief read from the picture: skin that faces the camera is turned by little, however bright a patch of it is."""

from __future__ import annotations

import numpy as np

from booth.looks.light.kernels import NORMAL, SEEN, SKIN, UNDER
from booth.looks.light.surface_detail import read_detail

SIDE, CELLS_PER_CM = 96, 8.0


def forehead(slope: float) -> np.ndarray:
    """Return cells of skin that all lean `slope` to image right, under even light."""
    cells = np.zeros((SIDE, SIDE, SEEN + 1), np.float32)
    cells[..., SKIN], cells[..., UNDER : UNDER + 3] = 1, 0.5
    cells[..., NORMAL], cells[..., NORMAL + 2] = np.sin(np.arctan(slope)), np.cos(np.arctan(slope))
    return cells


def turned_deg(slope: float) -> float:
    """Return the largest turn sideways that a brighter patch gives such skin."""
    cells, picture = forehead(slope), np.full((SIDE, SIDE, 3), 150, np.uint8)
    picture[40:56, 40:56] = 165
    before = np.degrees(np.arctan(slope))
    read_detail(cells, picture, np.ones((SIDE, SIDE), np.float32), np.ones((SIDE, SIDE), np.float32), CELLS_PER_CM)
    after = np.degrees(np.arctan2(cells[..., NORMAL], cells[..., NORMAL + 2]))
    return float(np.abs(after - before).max())


def test_a_bright_patch_on_a_forehead_is_no_plateau() -> None:
    assert turned_deg(0.15) < 3.0


def test_skin_that_leans_is_turned_a_little() -> None:
    assert 0.2 < turned_deg(1.0) < 4.0
