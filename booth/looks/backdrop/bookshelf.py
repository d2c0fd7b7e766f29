"""Shelves of books behind the sitter: rows of spines in runs and singles, gaps, piles, and the shadow of each board."""

from __future__ import annotations

import numpy as np

from booth.looks.backdrop.backdrop_spec import Bookshelf
from booth.looks.backdrop.lattice import fbm, key_of, noise
from booth.looks.backdrop.out_of_focus import Dice, Sheet, rendered
from booth.looks.backdrop.plane import Plane, disc_faces, faces_per_metre

_DISTANCE_M = 3.7
_FACES = faces_per_metre(_DISTANCE_M)
_SHELF_H, _BOARD, _BAY_W, _SIDE = 0.335 * _FACES, 0.024 * _FACES, 0.86 * _FACES, 0.022 * _FACES
_FIRST_Y, _FIRST_X = -0.62, -1.55  # where one board and one upright stand, in faces
_WOODS = {"oak": (0.3, 0.175, 0.085), "walnut": (0.085, 0.045, 0.024), "white": (0.62, 0.6, 0.56)}
_BINDINGS = np.array([
    (0.30, 0.045, 0.035), (0.16, 0.03, 0.035), (0.028, 0.05, 0.12), (0.06, 0.12, 0.2), (0.035, 0.085, 0.05),
    (0.022, 0.022, 0.026), (0.09, 0.06, 0.035), (0.24, 0.13, 0.055), (0.5, 0.42, 0.29), (0.48, 0.43, 0.35),
    (0.42, 0.26, 0.06), (0.1, 0.16, 0.16), (0.36, 0.14, 0.05), (0.2, 0.2, 0.21), (0.5, 0.48, 0.44), (0.11, 0.075, 0.12),
], np.float32)  # cloth, leather and paper bindings, linear  # fmt: skip
_BINDINGS += 0.22 * (_BINDINGS.mean(1, keepdims=True) - _BINDINGS)  # years of daylight
_GILT = np.array([0.62, 0.46, 0.2], np.float32)


def _spine(sheet: Sheet, box: tuple[float, float, float, float], colour: np.ndarray, dice: Dice) -> None:
    """Paint one book seen from its back: round across, with bands, a title block, and a darker joint on each side."""
    x0, y0, x1, y1 = box
    wide, high = x1 - x0, y1 - y0
    for at, shade in ((0.0, 0.66), (0.2, 1.06), (0.75, 0.8)):  # light comes from image left and above
        sheet.box(x0 + wide * at, y0, x1, y1, colour * shade)
    style = dice.roll()
    ink = (
        _GILT if style < 0.4 else colour * 0.4 if float(colour.max()) > 0.3 else np.array([0.6, 0.57, 0.5], np.float32)
    )
    inset = wide * 0.14
    if style < 0.75:
        top = y0 + high * dice.roll(0.12, 0.24)
        sheet.box(x0 + inset, top, x1 - inset, top + high * dice.roll(0.06, 0.26), colour + (ink - colour) * 0.55)
    if 0.2 < style < 0.6:
        for at in (0.07, 0.86):
            sheet.box(x0, y0 + high * at, x1, y0 + high * (at + 0.018), ink)
    if style > 0.85:
        foot = y1 - high * 0.16
        sheet.box(x0, foot, x1, y1 - high * 0.05, _BINDINGS[dice.pick(len(_BINDINGS))])


def _pile(sheet: Sheet, x0: float, floor: float, room: float, dice: Dice) -> float:
    """Paint a few books lying flat, and return how wide the pile is."""
    wide = min(room, dice.roll(0.42, 0.66))
    y = floor
    for _ in range(2 + dice.pick(4)):
        thick = dice.roll(0.06, 0.13)
        dx = dice.roll(0, 0.06)
        colour = _BINDINGS[dice.pick(len(_BINDINGS))]
        sheet.box(x0 + dx, y - thick, x0 + wide - dx * 0.5, y, colour * 0.9)
        sheet.box(x0 + dx, y - thick, x0 + wide - dx * 0.5, y - thick * 0.8, colour * 1.25)
        sheet.box(x0 + wide * 0.3, y - thick * 0.65, x0 + wide * 0.6, y - thick * 0.4, _GILT * 0.8)
        y -= thick
    return wide


def _leaning(sheet: Sheet, x0: float, floor: float, dice: Dice) -> float:
    """Paint one book that has slid against its neighbour, and return the width it takes."""
    thick, high, slope = dice.roll(0.07, 0.11), _SHELF_H * dice.roll(0.62, 0.78), dice.roll(0.16, 0.3)
    lean = high * slope
    corners = np.array([[x0 + lean, floor], [x0 + lean + thick, floor], [x0 + thick, floor - high], [x0, floor - high]])
    colour = _BINDINGS[dice.pick(len(_BINDINGS))]
    sheet.polygon(corners.astype(np.float32), colour)
    sheet.polygon((corners + [thick * 0.3, 0]).astype(np.float32) * 1.0, colour * 0.8)
    return lean + thick * 1.5


def _row(sheet: Sheet, x0: float, x1: float, floor: float, dice: Dice) -> None:
    """Fill one shelf from upright to upright, left to right."""
    x = x0 + dice.roll(0.0, 0.03)
    tall = _SHELF_H - _BOARD
    while x < x1 - 0.07:
        kind = dice.roll()
        if kind < 0.035:
            x += dice.roll(0.1, 0.42)
        elif kind < 0.1 and x1 - x > 0.45:
            x += _pile(sheet, x, floor, x1 - x, dice) + 0.03
        elif kind < 0.16 and x1 - x > 0.45:
            x += _leaning(sheet, x, floor, dice)
        else:
            is_set = kind > 0.8
            colour, wide, high = _BINDINGS[dice.pick(len(_BINDINGS))], dice.roll(0.05, 0.15), dice.roll(0.66, 0.96)
            style_key = key_of(int(dice.roll() * 1e6), 3)
            for _ in range(3 + dice.pick(5) if is_set else 1):
                if x + wide > x1:
                    break
                y0 = floor - tall * (high if is_set else high * dice.roll(0.96, 1.0))
                _spine(sheet, (x, y0, x + wide, floor), colour * dice.roll(0.9, 1.1), Dice(style_key))
                x += wide + dice.roll(0.0, 0.006)


def _depth(plane: Plane) -> np.ndarray:
    """Return (H, W) light inside the shelves: dark under each board and in the corners by the uprights."""
    x, y = plane.axes()
    below = np.mod(y - _FIRST_Y, _SHELF_H) / _SHELF_H
    under = 0.34 + 0.66 * np.clip(below / 0.42, 0, 1) ** 0.8
    across = np.mod(x - _FIRST_X, _BAY_W) / _BAY_W
    corner = 0.7 + 0.3 * np.clip(np.minimum(across / 0.12, (1 - across) / 0.06), 0, 1)
    return (under * corner).astype(np.float32)


def _wood(plane: Plane, wood: str, seed: int) -> np.ndarray:
    grain = 0.16 * noise(plane, (1.4, 0.03), key_of(seed, 4)) + 0.1 * fbm(plane, 0.5, key_of(seed, 5), 3)
    return (np.array(_WOODS[wood], np.float32) * (1 + grain)[..., None]).astype(np.float32)


def _frame_mask(plane: Plane) -> np.ndarray:
    """Return (H, W) bool: the front edges of boards and uprights."""
    x, y = plane.axes()
    return (np.mod(y - _FIRST_Y + _BOARD, _SHELF_H) < _BOARD) | (np.mod(x - _FIRST_X + _SIDE, _BAY_W) < _SIDE)


def _lamp(plane: Plane) -> np.ndarray:
    """Return (H, W, 3) the room's light: a warm lamp from image left above, a cooler rest."""
    x, y = plane.axes()
    lamp = 1 / (1 + (np.square(x + 1.7) + np.square(y + 0.9)) / 7.0)
    warm = np.array([1.18, 0.98, 0.74], np.float32)
    return lamp[..., None] * warm * 0.95 + np.array([0.2, 0.22, 0.26], np.float32)


def paint_bookshelf(spec: Bookshelf, plane: Plane, seed: int, quality: str) -> np.ndarray:
    """Return (H, W, 3) float32 sRGB-coded shelves of books."""
    work = plane.work(quality)
    half_w, half_h = work.half
    wood = _wood(work, spec.wood, seed)
    sheet = Sheet(work)
    sheet.rgba[..., :3] = wood * 0.3
    for row in range(int((-half_h - _FIRST_Y) // _SHELF_H), int((half_h - _FIRST_Y) // _SHELF_H) + 1):
        floor = _FIRST_Y + (row + 1) * _SHELF_H - _BOARD
        for bay in range(int((-half_w - _FIRST_X) // _BAY_W), int((half_w - _FIRST_X) // _BAY_W) + 1):
            x0 = _FIRST_X + bay * _BAY_W
            _row(sheet, x0, x0 + _BAY_W - _SIDE, floor, Dice(key_of(seed, 6, row, bay)))
    light = sheet.rgba[..., :3] * _depth(work)[..., None]
    light = np.where(_frame_mask(work)[..., None], wood * 1.05, light) * _lamp(work)
    sheet.rgba[..., :3], sheet.rgba[..., 3] = light, 1
    return rendered(sheet.over(light, disc_faces(_DISTANCE_M, spec.f_number)), work, plane)
