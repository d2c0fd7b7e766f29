"""A city after sunset, kilometres away: towers as soft shapes, every lamp a disc."""

from __future__ import annotations

import cv2
import numpy as np

from booth.looks.backdrop.backdrop_spec import Skyline
from booth.looks.backdrop.lattice import fbm, hash01, key_of, scatter
from booth.looks.backdrop.out_of_focus import Dice, Sheet, add_lights, rendered
from booth.looks.backdrop.plane import Plane, disc_faces

_FAR_M = 900.0
_SKIES = {
    "dusk": (((0.028, 0.06, 0.17), (0.1, 0.15, 0.3), (0.55, 0.36, 0.29), (0.95, 0.5, 0.2)), 1.0),
    "night": (((0.006, 0.009, 0.02), (0.011, 0.015, 0.03), (0.03, 0.028, 0.035), (0.06, 0.042, 0.03)), 0.35),
}  # light from the zenith to the horizon, and how much of it the towers' faces get
_TINTS = np.array([
    (1.0, 0.58, 0.22), (1.0, 0.72, 0.4), (1.0, 0.86, 0.66), (0.82, 0.92, 1.0), (1.0, 0.42, 0.1), (0.55, 0.78, 1.0),
], np.float32)  # tungsten, warm, neutral, daylight tubes, sodium, screens  # fmt: skip
_TINT_SHARES = np.array([0.3, 0.56, 0.76, 0.9, 0.97, 1.01])
_TRAFFIC = np.array([(1.0, 0.07, 0.03), (1.0, 0.93, 0.82), (1.0, 0.5, 0.06), (0.1, 0.9, 0.45)], np.float32)
_TRAFFIC_SHARES = np.array([0.42, 0.8, 0.95, 1.01])
_SHORE = 0.62  # faces below mid-frame where the ground begins


def _sky(plane: Plane, hour: str, seed: int) -> np.ndarray:
    from scipy.interpolate import PchipInterpolator  # late: a tenth of the booth's start, for one backdrop

    _, y = plane.axes()
    steps, _ = _SKIES[hour]
    at = np.array([-1.9, -0.75, 0.05, 0.5])
    smooth = PchipInterpolator(at, np.log(np.array(steps)))  # a kink would show as a line across the sky
    column = np.exp(smooth(np.clip(y[:, 0], at[0], at[-1])))
    cloud = fbm(plane, 1.7, key_of(seed, 1), 3)
    sky: np.ndarray = (column[:, None, :] * (1 + 0.16 * cloud[..., None])).astype(np.float32)
    return sky


def _towers(plane: Plane, seed: int, row: int) -> tuple[list[tuple[float, float, float]], float]:
    """Return towers (x0, x1, top) in faces of one of three rows, nearest last, and how hazy the row is 0..1."""
    half_w, _ = plane.half
    pitch, tall, haze = ((0.46, 0.75, 0.8), (0.66, 1.15, 0.5), (1.0, 0.95, 0.2))[row]
    towers = []
    for i in range(int(-half_w / pitch) - 2, int(half_w / pitch) + 2):
        dice = Dice(key_of(seed, 2, row, i))
        if dice.roll() < (0.1, 0.22, 0.3)[row]:
            continue
        x0 = (i + dice.roll(0, 0.5)) * pitch
        top = 0.42 - tall * dice.roll(0.15, 1.0) ** 1.5
        towers.append((x0, x0 + pitch * dice.roll(0.5, 0.95), top))
    return towers, haze


def _windows(plane: Plane, tower: tuple[float, float, float], key: int) -> np.ndarray:
    """Return lit windows of a tower as lamp rows: whole floors are lit or dark together, few are very bright."""
    x0, x1, top = tower
    pitch_x, pitch_y = 0.055, 0.075
    floors, bays = max(1, int((0.85 - top) / pitch_y)), max(1, int((x1 - x0) / pitch_x))
    j, i = (index.ravel() for index in np.indices((floors, bays)))
    tenant = hash01(i // 4, j // 2, key_of(key, 1))
    lit = hash01(i, j, key_of(key, 2)) < np.where(tenant < 0.3, 0.34, 0.07)
    i, j = i[lit], j[lit]
    r = [hash01(i, j, key_of(key, k)) for k in (3, 4, 5)]
    bright = 0.01 + 0.05 * r[0] ** 4 + 0.5 * (r[2] > 0.94) * r[0] ** 2
    tint = _TINTS[np.searchsorted(_TINT_SHARES, r[1])]
    place = np.stack([x0 + (i + 0.5) * pitch_x, top + 0.06 + (j + 0.5) * pitch_y, np.ones(len(i))], 1)
    return np.concatenate([place, tint * bright[:, None]], 1).astype(np.float32)


def _street(plane: Plane, seed: int, strength: float) -> np.ndarray:
    """Return lamps of streets and quays as rows: a busy band under the towers, cars among them, thinning downward."""
    x, y, ij = scatter(plane, 0.13, key_of(seed, 4), margin=0.3)
    r = [hash01(ij[:, 0], ij[:, 1], key_of(seed, 5, k)) for k in range(5)]
    lanes = np.clip(1 - np.abs(y - 0.72 - 0.05 * np.sin(x * 1.3)) / 0.42, 0, 1)
    keep = r[0] < 0.42 * lanes + 0.03 * (y > 0.4)
    x, y, r = x[keep], y[keep], [a[keep] for a in r]
    is_car = (r[1] < 0.42) & (y > 0.55)
    car = _TRAFFIC[np.searchsorted(_TRAFFIC_SHARES, r[2])]
    lamp = _TINTS[np.searchsorted(_TINT_SHARES, r[2])]
    tint = np.where(is_car[:, None], car, lamp)
    bright = strength * (0.05 + 0.75 * r[3] ** 5 + 0.18 * r[3])
    place = np.stack([x, y, 0.92 + 0.1 * r[4]], 1)
    return np.concatenate([place, tint * bright[:, None]], 1).astype(np.float32)


def _add_wet_street(light: np.ndarray, plane: Plane) -> None:
    """Add what wet ground gives back of the lights above it, drawn out downward, in place."""
    row = int(np.clip(plane.px(0.0, _SHORE)[1], 0, plane.height_px))
    below = plane.height_px - row
    if below < 2 or row < below:
        return
    mirrored = light[row - below : row][::-1]
    smear = cv2.GaussianBlur(mirrored, (0, 0), sigmaX=0.05 * plane.face_px, sigmaY=0.3 * plane.face_px)
    fade = (
        np.linspace(1, 0.25, below, dtype=np.float32)[:, None, None]
        * np.clip(np.arange(below) / (0.2 * plane.face_px), 0, 1)[:, None, None]
    )
    light[row:] += 0.3 * smear * fade.astype(np.float32)


def paint_skyline(spec: Skyline, plane: Plane, seed: int, quality: str) -> np.ndarray:
    """Return (H, W, 3) float32 sRGB-coded city lights at dusk or night."""
    work = plane.work(quality)
    disc = disc_faces(_FAR_M, spec.f_number)
    steps, lit = _SKIES[spec.hour]
    light = _sky(work, spec.hour, seed)
    horizon = np.array(steps[3], np.float32)
    lamps = []
    for row in range(3):
        sheet = Sheet(work)
        towers, haze = _towers(work, seed, row)
        for n, (x0, x1, top) in enumerate(towers):
            dice = Dice(key_of(seed, 6, row, n))
            stone = np.array([0.035, 0.04, 0.06], np.float32) * lit * dice.roll(0.5, 1.5) + 0.002
            sheet.box(x0, top, x1, 3.0, stone * (1 - haze) + horizon * haze * dice.roll(0.26, 0.36))
            lamps.append(_windows(work, (x0, x1, top), key_of(seed, 7, row, n)))
        light = sheet.over(light, disc)
    ground = Sheet(work)
    ground.box(-40, _SHORE, 40, 9, np.array([0.014, 0.015, 0.022], np.float32) * (0.4 + lit))
    light = ground.over(light, disc * 1.3)
    lamps.append(_street(work, seed, 1.0 if spec.hour == "dusk" else 0.9))
    add_lights(light, work, np.concatenate(lamps), disc)
    _add_wet_street(light, work)
    return rendered(light, work, plane)
