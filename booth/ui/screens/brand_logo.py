"""The brand's logo on the pages of a visit beside the first: small, and only where nothing else stands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from booth.draw.scene import Button, Image, Rect, Scene, Text
from booth.draw.theme import LayoutGrid
from booth.session.state_machine import State

LOGO_STATES = frozenset({State.CONSENT, State.PEOPLE, State.REVIEW, State.SHARE, State.GOODBYE})
HIGH_UNITS, WIDE_UNITS = 7.0, 26.0  # at most, hundredths of the screen's short side
LEAST_UNITS = 4.0  # a logo that would be lower is left out


def add_logo(scene: Scene, grid: LayoutGrid, rgb: np.ndarray) -> Scene:
    """Return the page with an (h, w, 3) uint8 logo at the first free place: beside the way out, else a corner."""
    taken = [_used(item, grid) for item in scene.items if hasattr(item, "rect")]
    for units in (HIGH_UNITS, (HIGH_UNITS + LEAST_UNITS) / 2, LEAST_UNITS):
        scale = min(grid.px(units) / rgb.shape[0], grid.px(WIDE_UNITS) / rgb.shape[1])
        w, h = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
        for box in _places(grid, w, h):
            if not any(box.overlaps(other) for other in taken):
                return replace(scene, items=(*scene.items, Image("logo", box, rgb, contain=True)))
    return scene


def _places(grid: LayoutGrid, w: int, h: int) -> tuple[Rect, ...]:
    margin, low = grid.margin, grid.h - grid.margin - h
    right = grid.w - margin - w
    beside = right - grid.button_h - grid.gap  # the way out is in the corner
    boxes = (
        Rect(beside, margin, w, h), Rect((grid.w - w) // 2, margin, w, h), Rect(margin, margin, w, h),
        Rect(margin, low, w, h), Rect(right, low, w, h), Rect((grid.w - w) // 2, low, w, h),
    )  # fmt: skip
    return tuple(box.turned(grid.w) for box in boxes) if grid.is_rtl else boxes


def _used(item: object, grid: LayoutGrid) -> Rect:
    """The box of an item; of a text only what its lines cover, with a little room beside them."""
    rect: Rect = item.rect  # type: ignore[attr-defined]
    if isinstance(item, Text) and item.align != "centre":
        wide = min(rect.w, item.setting.width_px + grid.gap)
        is_right = (item.align == "end") != grid.is_rtl
        return Rect(rect.right - wide if is_right else rect.x, rect.y, wide, rect.h)
    return rect.inset(-grid.gap // 2) if isinstance(item, Button) else rect
