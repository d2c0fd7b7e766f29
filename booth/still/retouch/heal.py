"""Takes a small thing off a surface: the light from around it, the texture from right beside it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

DIRECTIONS = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1))
CLEAR = 0.98  # share of a texture's source that must itself be free of what goes


@dataclass(frozen=True, slots=True, eq=False)
class Healed:
    """The change that takes one thing away at full strength: (h, w, 3) float32 at a place (x, y) of its picture."""

    at: tuple[int, int]
    change: np.ndarray


def eager(strength: float) -> float:
    """The share of a small thing that goes: twice as fast as the strength grows, since half of it is still there."""
    return 1 - (1 - strength) ** 2


def lay_on(picture: np.ndarray, one: Healed, share: float, scale: tuple[float, float]) -> None:
    """Add `share` of a change to the picture its copy was made from, in place; finer texture passes through it.

    `scale` is the picture's width and height by the copy's.
    """
    (fx, fy), (x, y), (rows, columns) = scale, one.at, one.change.shape[:2]
    x0, y0 = int(x * fx), int(y * fy)
    x1, y1 = (
        min(int((x + columns) * fx) + 1, picture.shape[1]),
        min(int((y + rows) * fy) + 1, picture.shape[0]),
    )
    corner = (x0 + 0.5) / fx - 0.5 - x, (y0 + 0.5) / fy - 0.5 - y
    back = np.array([[1 / fx, 0, corner[0]], [0, 1 / fy, corner[1]]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    part = picture[y0:y1, x0:x1]
    part += cv2.warpAffine(one.change * np.float32(share), back, (x1 - x0, y1 - y0), flags=flags)
    np.clip(part, 0, 1, out=part)


def heal(rgb: np.ndarray, core: np.ndarray, at: tuple[int, int], thick_px: float) -> Healed | None:
    """Return what takes `core` off an (H, W, 3) float32 picture, or None where nothing clear lies beside it.

    `core` (h, w) bool is the thing itself inside of its box, whose corner is `at` (x, y); `thick_px` is its thickness.
    """
    rim = max(round(0.35 * thick_px), 1)
    reach = round(2.5 * thick_px) + 3 * rim + 4
    (x, y), (h, w) = at, core.shape
    x0, y0 = max(x - reach, 0), max(y - reach, 0)
    part = rgb[y0 : y + h + reach, x0 : x + w + reach]
    hole = np.zeros(part.shape[:2], np.uint8)
    hole[y - y0 : y - y0 + h, x - x0 : x - x0 + w] = core
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * rim + 1, 2 * rim + 1))
    hole = cv2.dilate(hole, kernel)
    clear = (1 - cv2.dilate(hole, kernel)).astype(np.float32)
    sigma = max(0.7 * thick_px + rim, 1.2)
    weight = cv2.GaussianBlur(clear, (0, 0), sigma)
    if weight[hole > 0].min() < 0.01:
        return None
    low = cv2.GaussianBlur(part * clear[..., None], (0, 0), sigma) / np.maximum(weight, 1e-3)[..., None]
    texture = _texture(part - low, clear, hole, round(thick_px) + 3 * rim)
    if texture is None:
        return None
    soft = cv2.GaussianBlur(hole.astype(np.float32), (0, 0), 0.4 * rim + 0.3)
    return Healed((x0, y0), ((low + texture - part) * soft[..., None]).astype(np.float32))


def _texture(high: np.ndarray, clear: np.ndarray, hole: np.ndarray, step: int) -> np.ndarray | None:
    """The fine differences of the nearest clear ground, moved over the hole; the calmest of the clear ones wins."""
    inside = hole > 0
    best, least = None, np.inf
    for dx, dy in DIRECTIONS:
        move = np.array([[1, 0, -dx * step], [0, 1, -dy * step]], np.float32)
        size = hole.shape[1], hole.shape[0]
        if cv2.warpAffine(clear, move, size)[inside].mean() < CLEAR:
            continue
        moved = cv2.warpAffine(high, move, size)
        rough = float(np.abs(moved[inside]).mean())
        if rough < least:
            best, least = moved, rough
    return best
