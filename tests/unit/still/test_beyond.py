"""Past the photograph's edge the room goes on: no streaks, nothing of the sitter, and what was photographed stays."""

from __future__ import annotations

import numpy as np
import pytest

from booth.still.beyond import FADE_FRAC, carry_on_room
from booth.still.crop import CROPS, CropPlan
from booth.still.warp import warp_alpha, warp_rgb

SOURCE = (200, 240)  # height, width
ABOVE_PX = 60


def a_plan(above_px: float = ABOVE_PX) -> CropPlan:
    """A cut of the photograph that begins so far above it."""
    matrix = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, above_px]])
    size = (SOURCE[1], SOURCE[0])
    return CropPlan(CROPS["headshot"], matrix, size, 1.0, 0.0, (0.0, above_px, 0.0))


def a_photograph() -> tuple[np.ndarray, np.ndarray]:
    """A striped room, and a head that is cut by the top edge."""
    rgb = np.full((*SOURCE, 3), (120, 130, 140), np.uint8)
    rgb[:, ::8] = (90, 100, 110)
    alpha = np.zeros(SOURCE, np.uint8)
    alpha[:150, 90:150] = 255
    rgb[alpha > 0] = (30, 10, 10)
    return rgb, alpha


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_the_room_goes_on_without_streaks_and_without_the_sitter(kind: type) -> None:
    rgb, alpha = a_photograph()
    unit = 1 if kind is np.uint8 else np.float32(1 / 255)
    cut = np.ascontiguousarray((warp_rgb(rgb, a_plan()) * unit).astype(kind))
    matte = warp_alpha(alpha if kind is np.uint8 else alpha.astype(np.float32) / 255, a_plan())
    filled = carry_on_room(cut, matte, SOURCE[::-1], a_plan()) / unit
    far = filled[: ABOVE_PX - int(FADE_FRAC * SOURCE[0]) - 3].astype(float)
    assert far.std(axis=1).max() < 8, "no column of the last row is drawn out"
    assert np.abs(far - (116, 126, 136)).max() < 16, "the room's colours, not the head's"


def test_what_was_photographed_stays_to_the_bit() -> None:
    rgb, alpha = a_photograph()
    filled = carry_on_room(warp_rgb(rgb, a_plan()).copy(), warp_alpha(alpha, a_plan()), SOURCE[::-1], a_plan())
    assert np.array_equal(filled[ABOVE_PX:], rgb[:-ABOVE_PX])


def test_a_cut_that_stays_inside_is_left_alone() -> None:
    rgb, alpha = a_photograph()
    plan = a_plan(0.0)
    cut = np.ascontiguousarray(warp_rgb(rgb, plan))
    assert carry_on_room(cut, warp_alpha(alpha, plan), SOURCE[::-1], plan) is cut
    assert np.array_equal(cut, rgb)


def test_a_sitter_who_fills_the_photograph_leaves_no_hole() -> None:
    rgb, _ = a_photograph()
    whole = np.full(SOURCE, 255, np.uint8)
    filled = carry_on_room(warp_rgb(rgb, a_plan()).copy(), whole, SOURCE[::-1], a_plan())
    assert np.isfinite(filled).all() and filled.shape == (*SOURCE, 3)
