"""What a lens does to things out of focus: every point becomes an even disc, not a Gaussian spot.

Works on linear light: only then do lamps stay bright when they are spread. Owns kernels, disc blur and single discs.
"""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np

_DIRECT_PX = 72.0  # wider discs are blurred on a reduced picture; their edge stays sharper than a tenth of them


def _aperture(x: np.ndarray, y: np.ndarray, blades: int, edge: float) -> np.ndarray:
    """Return how much of each place (in radii) the pupil lets through: a disc, or rounded blades; `edge` is soft."""
    radius = np.hypot(x, y)
    if blades >= 5:
        sector = 2 * math.pi / blades
        turn = np.mod(np.arctan2(y, x), sector) - sector / 2
        chord = np.cos(sector / 2) / np.cos(turn)
        radius = radius / (0.35 * chord + 0.65)  # blades are curved: a third of the way to a polygon
    through: np.ndarray = np.clip((1 - radius) / edge + 0.5, 0, 1)
    return through


@lru_cache(maxsize=64)
def disc_kernel(diameter_px: float, blades: int = 0, rim: float = 0.12) -> np.ndarray:
    """Return the (n, n) float32 kernel of sum 1 of a disc; `rim` brightens its edge a little, as most lenses do."""
    radius = max(diameter_px / 2, 0.5)
    n = 2 * math.ceil(radius + 0.5) + 1
    axis = (np.arange(n) - n // 2) / radius
    x, y = np.meshgrid(axis, axis)
    weight = _aperture(x, y, blades, 1 / radius) * (1 + rim * (x * x + y * y))
    kernel: np.ndarray = (weight / weight.sum()).astype(np.float32)
    return kernel


def disc_blur(linear: np.ndarray, diameter_px: float, blades: int = 0, most_px: float = _DIRECT_PX) -> np.ndarray:
    """Return float32 (H, W) or (H, W, C) light spread over a disc of that diameter; borders are mirrored.

    Below one pixel nothing changes; discs wider than `most_px` are made on a reduced picture. Light is kept:
    the mean away from the borders is the same.
    """
    if diameter_px <= 1:
        return linear
    height, width = linear.shape[:2]
    if diameter_px > most_px and min(height, width) > 16:
        k = most_px / diameter_px * 0.75
        small = (max(8, round(width * k)), max(8, round(height * k)))
        reduced = cv2.resize(linear, small, interpolation=cv2.INTER_AREA)
        spread = disc_blur(reduced, diameter_px * small[0] / width, blades, most_px)
        return cv2.resize(spread, (width, height), interpolation=cv2.INTER_CUBIC)
    kernel = disc_kernel(round(diameter_px, 2), blades)
    return cv2.filter2D(linear, cv2.CV_32F, kernel, borderType=cv2.BORDER_REFLECT_101)


def add_disc(
    linear: np.ndarray, centre_px: tuple[float, float], diameter_px: float, light: np.ndarray, cat_eye: float
) -> None:
    """Add one out-of-focus point of light to `linear` (H, W, 3) float32, in place.

    `light` (3,) is what the disc adds where it is full. `cat_eye` 0..1 clips discs away from the middle of the picture,
    as a lens barrel does.
    """
    height, width = linear.shape[:2]
    radius = max(diameter_px / 2, 0.75)
    cx, cy = centre_px
    x0, x1 = max(0, math.floor(cx - radius - 1)), min(width, math.ceil(cx + radius + 2))
    y0, y1 = max(0, math.floor(cy - radius - 1)), min(height, math.ceil(cy + radius + 2))
    if x0 >= x1 or y0 >= y1:
        return
    x = ((np.arange(x0, x1, dtype=np.float32) - cx) / radius)[None, :]
    y = ((np.arange(y0, y1, dtype=np.float32) - cy) / radius)[:, None]
    r2 = x * x + y * y
    edge = max(1.2 / radius, 0.035)
    cover = np.clip((1 - np.sqrt(r2)) / edge + 0.5, 0, 1)
    if cat_eye > 0:
        reach = math.hypot(width, height) / 2
        dx, dy = (cx - width / 2) / reach * cat_eye, (cy - height / 2) / reach * cat_eye
        second = np.hypot(x + dx, y + dy)  # the barrel's rim, seen from the side: a disc pushed toward the middle
        cover *= np.clip((1.06 - second) / edge + 0.5, 0, 1)
    cover *= 0.86 + 0.2 * r2
    linear[y0:y1, x0:x1] += cover[..., None] * light


@lru_cache(maxsize=32)
def _nested_boxes(diameter_px: float) -> tuple[tuple[int, int, float], ...]:
    """Return (width, height, signed area) of boxes that add up to a staircase disc: a union of nested rectangles."""
    radius = diameter_px / 2
    angles = (math.pi / 8, math.pi / 4, 3 * math.pi / 8) if diameter_px > 5 else (math.pi / 4,)
    grow = 1.0 + 0.06 * (len(angles) > 1)  # a staircase through points of the circle lies inside it
    sides = {(_odd(2 * radius * grow * math.cos(a)), _odd(2 * radius * grow * math.sin(a))) for a in angles}
    steps = sorted(sides, reverse=True)
    union = [(w, h, float(w * h)) for w, h in steps]
    overlap = [(b[0], a[1], -float(b[0] * a[1])) for a, b in zip(steps, steps[1:], strict=False)]
    return tuple(union + overlap)


def _odd(length_px: float) -> int:
    return max(1, 2 * round((length_px - 1) / 2) + 1)


def disc_boxes(linear: np.ndarray, diameter_px: float) -> np.ndarray:
    """Return `linear` spread over a staircase disc of five boxes: the live stand-in for `disc_blur`, at any width."""
    if diameter_px <= 1:
        return linear
    boxes = _nested_boxes(round(diameter_px, 1))
    area = sum(signed for _, _, signed in boxes)
    total = np.zeros_like(linear)
    for width, height, signed in boxes:
        spread = cv2.boxFilter(linear, -1, (width, height), borderType=cv2.BORDER_REFLECT_101)
        cv2.scaleAdd(spread, signed / area, total, total)
    return total
