"""The colour of the light, told from what is white or from the same skin twice, never from how dark the skin is.

The whites of the eyes are about as white in everyone; their least reddened pixels give the cast. Two mirrored patches
of one face are the same skin, so a difference in colour between them belongs to the light.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.color import REC709_LUMA, SRGB8_TO_LINEAR
from booth.core.landmarks import CHEEK_PAIRS, EYES, IRISES
from booth.core.types import Face
from booth.perception.aligned_face import AlignedFace

BEYOND_IRIS = 1.15  # radii of the iris that are left out
OPEN_IRISES = 0.8  # area between the lids below which an eye is as good as shut, in irises
WHITE_FEWEST_PX = 12
SHADE_FRAC, SHINE_FRAC = 0.4, 0.92  # darker is under the lid or a lash, brighter is a reflection
MIN_RED_FRAC = 0.2  # veins, lids and skin mixed in only ever add red
# What the least reddened fifth of the whites is under white light: the median of 23 people of all skin groups whose
# backdrop was white, log2 of linear red over blue.
WHITE_STOPS = 0.22
CAST_MOST_STOPS = 2.5
PATCH_PX = 3  # each way, on the chip
FEWEST_PAIRS = 4
DARK = 2e-3  # linear: below this a channel is noise
# Shadow on skin is lit by skin: one bounce makes it redder by up to what skin itself is, so that much is one light.
BOUNCE_PER_STOP = 0.6
TURNED_DEG = 16.0
_PAIRS = np.array(CHEEK_PAIRS)


def cast_stops(rgb: np.ndarray, face: Face) -> float | None:
    """Return the cast on the whites of the eyes in an (H, W, 3) uint8 picture: log2 red over blue, > 0 warm."""
    whites = [_white_of(rgb, face, ring, iris) for ring, iris in zip(EYES, IRISES, strict=True)]
    seen = np.concatenate(whites)
    if len(seen) < WHITE_FEWEST_PX:
        return None
    light = seen @ REC709_LUMA
    low, high = np.quantile(light, (SHADE_FRAC, SHINE_FRAC))
    seen = seen[(light >= low) & (light <= high)]
    if len(seen) < WHITE_FEWEST_PX // 2:
        return None
    red = np.log2((seen[:, 0] + DARK) / (seen[:, 2] + DARK))
    return float(np.clip(np.quantile(red, MIN_RED_FRAC) - WHITE_STOPS, -CAST_MOST_STOPS, CAST_MOST_STOPS))


def _white_of(rgb: np.ndarray, face: Face, ring: tuple[int, ...], iris: int) -> np.ndarray:
    """Return (n, 3) linear colours between the lids and outside the iris."""
    height_px, width_px = rgb.shape[:2]
    points = face.points_px(width_px, height_px)
    lids = points[list(ring)]
    radius = BEYOND_IRIS * float(np.linalg.norm(points[iris + 1 : iris + 5] - points[iris], axis=1).mean())
    if cv2.contourArea(lids) < OPEN_IRISES * np.pi * radius**2:
        return np.empty((0, 3), np.float32)
    x0, y0 = (max(0, int(v)) for v in lids.min(0))
    x1, y1 = (int(v) + 2 for v in lids.max(0))
    part = rgb[y0:y1, x0:x1]
    if part.size == 0:
        return np.empty((0, 3), np.float32)
    inside = np.zeros(part.shape[:2], np.uint8)
    cv2.fillPoly(inside, [np.round((lids - (x0, y0)) * 16).astype(np.int32)], 1, shift=4)
    centre = points[iris] - (x0, y0)
    y, x = np.ogrid[: part.shape[0], : part.shape[1]]
    white = (inside > 0) & ((x - centre[0]) ** 2 + (y - centre[1]) ** 2 > radius**2)
    return SRGB8_TO_LINEAR[part[white]]


def mixed_stops(chip: AlignedFace, face: Face) -> float | None:
    """Return by how much the light on one side of the face is warmer than on the other, log2 red over blue.

    > 0: image right is warmer. What a shadow reddens by itself is taken off. None for a face turned so far that the
    two sides are not seen alike.
    """
    if abs(face.pose.yaw_deg) > TURNED_DEG:
        return None
    pairs = np.round(chip.points[_PAIRS]).astype(int)  # (n, 2, 2) columns and rows
    pairs = pairs[_are_inside(chip, pairs).all(1)]
    if len(pairs) < FEWEST_PAIRS:
        return None
    left, right = _patches(chip, pairs[:, 0]), _patches(chip, pairs[:, 1])
    warmer = float(np.median(_warmth(right) - _warmth(left)))
    ratio = float(np.median(np.log2((right @ REC709_LUMA + DARK) / (left @ REC709_LUMA + DARK))))
    allowed = BOUNCE_PER_STOP * abs(ratio) if warmer * ratio < 0 else 0.0
    return float(np.sign(warmer)) * max(0.0, abs(warmer) - allowed)


def _are_inside(chip: AlignedFace, at: np.ndarray) -> np.ndarray:
    """Tell of places (..., 2) whether a whole patch round them is on the chip and its middle in the picture."""
    rows, columns = chip.inside.shape
    x, y = at[..., 0], at[..., 1]
    fits = (x >= PATCH_PX) & (x < columns - PATCH_PX) & (y >= PATCH_PX) & (y < rows - PATCH_PX)
    return np.asarray(fits & chip.inside[np.clip(y, 0, rows - 1), np.clip(x, 0, columns - 1)])


def _patches(chip: AlignedFace, at: np.ndarray) -> np.ndarray:
    """Return the mean linear colours (n, 3) round places (n, 2)."""
    reach = np.arange(-PATCH_PX, PATCH_PX + 1)
    rows, columns = at[:, 1, None, None] + reach[:, None], at[:, 0, None, None] + reach
    return np.asarray(SRGB8_TO_LINEAR[chip.rgb[rows, columns]].mean((1, 2)))


def _warmth(colours: np.ndarray) -> np.ndarray:
    return np.log2((colours[:, 0] + DARK) / (colours[:, 2] + DARK))
