"""A place as it was photographed all round: an equirectangular picture in linear light, and the directions in it.

Azimuth counts from the middle column to image right, elevation from the horizon upward; degrees unless named otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

LIGHT_PX = (64, 32)  # cells of 5.6 degrees: finer than the softest lamp that is made of them
SHARE_OF_NEIGHBOURS = (
    0.25  # a pixel darker than this share of the median round it is ringing of a resize, not the place
)
RINGING_NEAR = 8.0  # times the median: only round sources this strong are pixels taken for ringing
RING_PX, RING_BELOW = 7, -0.05  # how far a ring reaches; light less than nothing, beyond rounding, is one anyway
FILLS = ((1.5, 1.0), (3.75, 0.05), (9.4, 0.05))  # a hole is filled from so many pixels round it, the nearest first


@dataclass(frozen=True, slots=True, eq=False)
class Panorama:
    """What is seen and what shines from every direction. Arrays are read-only."""

    picture: np.ndarray  # (H, 2H, 3) float32 linear light, 1.0 is of no meaning: an exposure is chosen later
    light: np.ndarray  # (32, 64, 3) float32: the same light in coarse cells, its sources in full


def cells_of(picture: np.ndarray) -> np.ndarray:
    """Return (32, 64, 3) float32 mean light of an equirectangular picture; negative ringing cancels the positive."""
    small = cv2.resize(np.asarray(picture, np.float32), LIGHT_PX, interpolation=cv2.INTER_AREA)
    return np.maximum(small, 0)


def without_ringing(picture: np.ndarray) -> np.ndarray:
    """Return an (H, W, 3) picture without the dark rings that a sharp resize leaves round a strong source."""
    clean = np.maximum(picture, 0).astype(np.float32)
    holes = _rings(clean, picture.min(2))
    if not holes.any():
        return clean
    kept = (~holes).astype(np.float32)[..., None]
    total = np.zeros((*clean.shape[:2], 4), np.float32)
    for reach_px, weight in FILLS:
        total += np.float32(weight) * cv2.GaussianBlur(np.dstack([clean * kept, kept]), (0, 0), reach_px)
    filled = total[..., :3] / np.maximum(total[..., 3:], 1e-6)
    return np.where(holes[..., None], filled, clean).astype(np.float32)


def _rings(clean: np.ndarray, lowest: np.ndarray) -> np.ndarray:
    """Return (H, W) bool: where light was subtracted, with a pixel round it, but never the source itself."""
    level = clean.max(2)
    near = cv2.dilate(level, np.ones((RING_PX, RING_PX), np.uint8))
    root = np.clip(np.sqrt(level) * 16, 0, 255).astype(np.uint8)  # a median of 7 x 7 wants bytes
    middle = (cv2.medianBlur(root, RING_PX).astype(np.float32) / 16) ** 2
    is_dark = (level < SHARE_OF_NEIGHBOURS * middle) & (near > RINGING_NEAR * middle)
    holes = cv2.dilate((is_dark | (lowest < RING_BELOW)).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    is_source = level >= RINGING_NEAR * np.maximum(middle, 1e-3)
    out: np.ndarray = holes & ~is_source
    return out


def directions(size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return azimuths (W,) and elevations (H,) in radians of the pixel centres of a picture of that size."""
    width, height = size
    az = ((np.arange(width) + 0.5) / width - 0.5) * 2 * math.pi
    el = (0.5 - (np.arange(height) + 0.5) / height) * math.pi
    return az.astype(np.float32), el.astype(np.float32)


def solid_angles(size: tuple[int, int]) -> np.ndarray:
    """Return (H, 1) steradians of a pixel in each row; they sum to 4 pi over the picture."""
    width, height = size
    edges = np.sin((0.5 - np.arange(height + 1) / height) * math.pi)
    return ((edges[:-1] - edges[1:]) * 2 * math.pi / width).astype(np.float32)[:, None]
