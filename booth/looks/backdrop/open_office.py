"""A long office with a window wall at its end: daylight and towers outside, or the evening with its lamps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from booth.looks.backdrop.backdrop_spec import Office
from booth.looks.backdrop.lattice import fbm, hash01, key_of, noise, scatter
from booth.looks.backdrop.out_of_focus import Dice, Sheet, add_lights, at_m, quad_m, rendered
from booth.looks.backdrop.plane import Plane, disc_faces

_CEILING_M, _FLOOR_M, _WALL_M, _END_M = -1.25, 1.5, 2.1, 13.0  # from the camera's axis; the end wall's distance
_NEAR_M = 2.6
_SHELL_M = 8.5  # ceiling, floor and wall are blurred as at their middle
_CLOTHS = ((0.05, 0.08, 0.12), (0.16, 0.06, 0.035), (0.09, 0.09, 0.09))  # chairs
_Light = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class _Hour:
    """The light (linear) of an hour: sky from the zenith to the horizon, and of the room's parts."""

    zenith: _Light
    horizon: _Light
    tower: _Light
    ceiling: _Light
    floor: _Light
    wall: _Light
    strip: _Light  # lamps sunk into the ceiling
    glow: _Light  # what hangs in the air and the lens
    leaf: float  # how lit plants and pots are


_HOURS = {
    "day": _Hour(
        (0.85, 1.0, 1.2), (1.5, 1.55, 1.55), (0.34, 0.42, 0.5), (0.42, 0.43, 0.43), (0.15, 0.145, 0.14),
        (0.4, 0.385, 0.36), (1.44, 1.57, 1.68), (0.9, 0.98, 1.05), 1.0,
    ),
    "evening": _Hour(
        (0.02, 0.03, 0.07), (0.09, 0.075, 0.09), (0.02, 0.024, 0.035), (0.24, 0.2, 0.155), (0.07, 0.056, 0.043),
        (0.2, 0.155, 0.11), (0.72, 0.6, 0.48), (0.24, 0.2, 0.16), 0.35,
    ),
}  # fmt: skip


def _outside(plane: Plane, light: str, seed: int) -> np.ndarray:
    """Return the light (H, W, 3) of the world beyond the glass: sky, towers in haze, and their windows at night."""
    hour = _HOURS[light]
    _, y = plane.axes()
    zenith, horizon = (np.array(c, np.float32) for c in (hour.zenith, hour.horizon))
    mix = np.clip((y + 1.2) / 1.5, 0, 1)[..., None]
    sky = (zenith + (horizon - zenith) * mix) * (1 + 0.1 * fbm(plane, 1.2, key_of(seed, 1), 3)[..., None])
    sheet = Sheet(plane)
    stone = np.array(hour.tower, np.float32)
    for i in range(-9, 9):
        dice = Dice(key_of(seed, 2, i))
        x0, wide, top = (i + dice.roll(0, 0.4)) * 0.52, dice.roll(0.26, 0.5), 0.25 - 1.05 * dice.roll() ** 1.7
        shade = stone * dice.roll(0.55, 1.35)
        sheet.box(x0, top, x0 + wide, 2, shade)
        for k in range(int((0.7 - top) / 0.09)):
            sheet.box(x0, top + 0.04 + k * 0.09, x0 + wide, top + 0.075 + k * 0.09, shade * dice.roll(0.5, 1.0))
    return sheet.over(np.broadcast_to(sky, sheet.rgba[..., :3].shape).astype(np.float32), 0.0)


def _shell(plane: Plane, light: str) -> Sheet:
    """Return ceiling, floor and right wall as they run from the camera to the end."""
    hour = _HOURS[light]
    sheet = Sheet(plane)
    near, end = _NEAR_M, _END_M
    ceiling, floor, wall = (np.array(part, np.float32) for part in (hour.ceiling, hour.floor, hour.wall))
    for k in range(14):  # panels are brighter toward the windows
        a, b = (near * (end / near) ** (t / 14) for t in (k, k + 1))
        lift = 0.6 + 0.75 * (k / 13) ** 1.5
        for y_m, tone in ((_CEILING_M, ceiling), (_FLOOR_M, floor)):
            sheet.polygon(quad_m([(-9, y_m, a), (9, y_m, a), (9, y_m, b), (-9, y_m, b)]), tone * lift)
        corners = [(_WALL_M, _CEILING_M, a), (_WALL_M, _CEILING_M, b), (_WALL_M, _FLOOR_M, b), (_WALL_M, _FLOOR_M, a)]
        is_door = k in (4, 7, 11)
        sheet.polygon(quad_m(corners), wall * lift * (0.5 if is_door else 1.0))
    strip = np.array(hour.strip, np.float32)
    for x_m in (-3.6, -1.5, 0.6):
        for k in range(5):
            a, b = 4.0 + 1.9 * k, 5.2 + 1.9 * k
            y_m = _CEILING_M + 0.01
            sheet.polygon(quad_m([(x_m, y_m, a), (x_m + 0.16, y_m, a), (x_m + 0.16, y_m, b), (x_m, y_m, b)]), strip)
    return sheet


def _face_on(sheet: Sheet, box_m: tuple[float, float, float, float], distance_m: float, light: np.ndarray) -> None:
    """Paint an upright rectangle (x0, y0, x1, y1) in metres that faces the camera."""
    x0, y0 = at_m(box_m[0], box_m[1], distance_m)
    x1, y1 = at_m(box_m[2], box_m[3], distance_m)
    sheet.box(x0, y0, x1, y1, light)


def _end_wall(plane: Plane, light: str, seed: int) -> Sheet:
    """Return the window wall's posts, rails and sill; open where the glass is."""
    sheet = Sheet(plane)
    metal = np.array(_HOURS[light].wall, np.float32) * 0.3
    for y_m, high in ((_CEILING_M, 0.16), (-0.42, 0.07), (0.72, 0.9)):
        _face_on(sheet, (-9.0, y_m, _WALL_M, y_m + high), _END_M, metal)
    start = -0.35 + Dice(key_of(seed, 3)).roll(0, 0.9)
    for k in range(-7, 3):
        x_m = start + 1.38 * k
        if x_m < _WALL_M:
            _face_on(sheet, (x_m, _CEILING_M, x_m + 0.09, 0.75), _END_M, metal)
    return sheet


def _desks(plane: Plane, light: str, seed: int, distance_m: float) -> Sheet:
    """Return one row of desks with what stands on and before them."""
    sheet = Sheet(plane)
    wood = np.array((0.3, 0.22, 0.15), np.float32) * (0.75 if light == "day" else 0.35)
    dice = Dice(key_of(seed, 4, int(distance_m * 10)))
    d = distance_m
    x_m = -5.0 + dice.roll(0, 0.7)
    while x_m < _WALL_M - 1.0:
        wide = dice.roll(1.3, 1.7)
        if dice.roll() < 0.86:
            top = [(x_m, 0.74, d + 0.5), (x_m + wide, 0.74, d + 0.5), (x_m + wide, 0.76, d), (x_m, 0.76, d)]
            sheet.polygon(quad_m(top), wood * 1.5)
            _face_on(sheet, (x_m, 0.76, x_m + wide, 1.45), d, wood * 0.5)
            for _ in range(1 + dice.pick(2)):
                _screen(sheet, x_m + dice.roll(0.1, wide - 0.7), d, light, dice)
            if dice.roll() < 0.7:
                _chair(sheet, x_m + dice.roll(0.2, wide - 0.6), d - 0.5, dice)
            if dice.roll() < 0.35:
                _plant(sheet, x_m + dice.roll(0, wide), d, light, dice)
        x_m += wide + dice.roll(0.1, 0.7)
    return sheet


def _screen(sheet: Sheet, x_m: float, distance_m: float, light: str, dice: Dice) -> None:
    shell = np.array((0.025, 0.026, 0.03), np.float32) * (1.6 if light == "day" else 1.0)
    is_lit = dice.roll() < 0.4
    glass = np.array((0.3, 0.42, 0.55), np.float32) * dice.roll(0.5, 1.2) if is_lit else shell
    _face_on(sheet, (x_m, 0.28, x_m + 0.58, 0.62), distance_m, shell)
    _face_on(sheet, (x_m + 0.015, 0.295, x_m + 0.565, 0.59), distance_m, glass)
    _face_on(sheet, (x_m + 0.26, 0.62, x_m + 0.32, 0.74), distance_m, shell)


def _chair(sheet: Sheet, x_m: float, distance_m: float, dice: Dice) -> None:
    cloth = np.array(_CLOTHS[dice.pick(len(_CLOTHS))], np.float32)
    back = [(x_m, 0.5), (x_m + 0.42, 0.5), (x_m + 0.46, 1.15), (x_m - 0.04, 1.15)]
    sheet.polygon(quad_m([(x, y, distance_m) for x, y in back]), cloth)
    _face_on(sheet, (x_m + 0.02, 0.5, x_m + 0.4, 0.54), distance_m, cloth * 1.8)


def _plant(sheet: Sheet, x_m: float, distance_m: float, light: str, dice: Dice) -> None:
    lift = _HOURS[light].leaf
    root = np.array([x_m, 0.66])
    for _ in range(64):
        angle, reach = dice.roll(-1.35, 1.35), dice.roll(0.15, 0.6)
        tip = np.array([x_m + np.sin(angle) * reach, 0.62 - np.cos(angle) * reach])
        side = np.array([np.cos(angle), np.sin(angle)]) * 0.024
        middle = tip * 0.6 + root * 0.4
        green = np.array((0.07, 0.13, 0.06), np.float32) * dice.roll(0.25, 1.3) ** 2 * lift
        leaf = (root, middle + side, tip, middle - side)
        sheet.polygon(quad_m([(float(p[0]), float(p[1]), distance_m) for p in leaf]), green)
    pot = np.array((0.27, 0.25, 0.23), np.float32) * lift
    _face_on(sheet, (x_m - 0.1, 0.6, x_m + 0.1, 0.78), distance_m, pot)


def _lamps(light: str, seed: int) -> list[tuple[np.ndarray, float]]:
    """Return three rows of pendant lamps, farthest first: (lamp rows, distance in metres)."""
    rows = []
    strength = 0.6 if light == "day" else 1.1
    dice = Dice(key_of(seed, 9))
    shift = dice.roll(-0.5, 0.5)
    for distance_m in (11.0, 8.5, 6.2):
        lamps = []
        for x_m in (-2.9, -1.1, 0.9):
            x, y = at_m(x_m + shift + dice.roll(-0.12, 0.12), -0.66 + dice.roll(-0.08, 0.08), distance_m)
            full = strength * dice.roll(0.7, 1.1)
            lamps.append((x, y, 1.0, full, full * 0.74, full * 0.42))
        rows.append((np.array(lamps, np.float32), distance_m))
    return rows


def _city_lights(plane: Plane, seed: int) -> np.ndarray:
    x, y, ij = scatter(plane, 0.11, key_of(seed, 6), margin=0.3)
    r = [hash01(ij[:, 0], ij[:, 1], key_of(seed, 7, k)) for k in range(3)]
    keep = (r[0] < 0.3) & (y > -0.55) & (y < 0.6)
    tint = np.where(r[1][keep, None] < 0.65, np.array([1.0, 0.66, 0.32]), np.array([0.85, 0.93, 1.0]))
    bright = 0.02 + 0.5 * r[2][keep] ** 6
    return np.concatenate([np.stack([x[keep], y[keep], np.ones(keep.sum())], 1), tint * bright[:, None]], 1).astype(
        np.float32
    )


def paint_office(spec: Office, plane: Plane, seed: int, quality: str) -> np.ndarray:
    """Return (H, W, 3) float32 sRGB-coded office."""
    work = plane.work(quality)
    f = spec.f_number
    sheet = Sheet(work)
    sheet.rgba[..., :3], sheet.rgba[..., 3] = _outside(work, spec.light, seed), 1
    light = sheet.over(sheet.rgba[..., :3], disc_faces(200.0, f))
    if spec.light == "evening":
        add_lights(light, work, _city_lights(work, seed), disc_faces(200.0, f))
    light = _end_wall(work, spec.light, seed).over(light, disc_faces(_END_M, f))
    light = _shell(work, spec.light).over(light, disc_faces(_SHELL_M, f))
    for (rows, lamp_m), desk_m in zip(_lamps(spec.light, seed), (10.5, 7.6, 5.4), strict=True):
        add_lights(light, work, rows, disc_faces(lamp_m, f))
        light = _desks(work, spec.light, seed, desk_m).over(light, disc_faces(desk_m, f))
    haze = (
        0.02 * np.array(_HOURS[spec.light].glow, np.float32) * (1 + 0.2 * noise(work, 1.5, key_of(seed, 8)))[..., None]
    )
    return rendered(light + haze, work, plane)
