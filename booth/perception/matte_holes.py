"""The wall seen through loose hair: gaps between curls that the networks draw as hair, told by the wall's own colour.

Only before a plain wall that differs clearly from the hair, only where the parsing says hair or nothing, only what
hangs together with the open wall across single strands, and only below the brow: there hair hangs loose. Above it lies
on the head, and what has the wall's colour is a highlight. A matte can lose by this, never gain; skin and clothes are
not looked at.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.landmarks import BROW_MIDDLES, IRISES
from booth.core.types import Face

HAIR = 1
SURE_ROOM, SURE_HAIR = 0.02, 0.98
GRID_PX = 160  # longest side of the map of the wall's colour
WALL_REACH_FACES = 0.35  # how far round a place the wall is known from
PLAIN = (0.035, 0.06)  # standard deviation of the wall's coded colour: below it is plain, above anything but
MIN_CONTRAST = 0.3  # between wall and hair, coded colour: less tells nothing
WALL_LIKE = (0.12, 0.5)  # share of the way from the wall's colour to the hair's: gap, and strand
OFF_WALL = (0.16, 0.28)  # off that way altogether: a third colour is no gap
STRAND_FACES = 0.02  # gaps behind strands no wider than this hang together
MIN_PATCH_FACES = 0.03  # side of the smallest patch worth opening
MIN_HAIR_PX = 200
MARGIN_FACES = 0.1  # round the hair: single strands may lie beyond what is told to be hair
MIN_WALL = 0.01  # share of wall in reach, below which nothing is known of its colour


def open_gaps(rgb: np.ndarray, kept: np.ndarray, parsing: np.ndarray, face: Face) -> np.ndarray:
    """Return the matte (H, W) float32 0..1 of an (H, W, 3) uint8 picture, lowered where the wall shows through hair.

    `kept` is the matte so far, `parsing` (h, w) uint8 the parts of the person.
    """
    face_px = (face.box.y1 - face.box.y0) * kept.shape[0]
    parts = cv2.resize(parsing, kept.shape[::-1], interpolation=cv2.INTER_NEAREST)
    is_hair = parts == HAIR
    if np.count_nonzero(is_hair) < MIN_HAIR_PX or not (kept < SURE_ROOM).any():
        return kept
    x, y, width, height = cv2.boundingRect(is_hair.astype(np.uint8))
    edge = round(MARGIN_FACES * face_px)
    part = np.s_[max(0, y - edge) : y + height + edge, max(0, x - edge) : x + width + edge]
    wall, plain = (cv2.resize(low, kept.shape[::-1])[part] for low in _wall(rgb, kept, face_px))
    picture = rgb[part].astype(np.float32) * np.float32(1 / 255)
    sure = is_hair[part] & (kept[part] > SURE_HAIR)
    if not sure.any() or not plain.any():
        return kept
    may = plain * (is_hair[part] | (parts[part] == 0)) * _below_brow(face, kept.shape[0])[part[0], None]
    gap = _wall_like(picture, wall, np.median(picture[sure], axis=0)) * may
    gap *= _hangs_together(gap > 0.5, kept[part], face_px)
    out = kept.copy()
    np.minimum(kept[part], 1 - gap, out=out[part])
    return out


def _below_brow(face: Face, height_px: int) -> np.ndarray:
    """Return (height,) 0..1 by row: 0 above the brows, 1 from the eyes down."""
    brow, eyes = (float(face.landmarks[list(marks), 1].mean()) * height_px for marks in (BROW_MIDDLES, IRISES))
    rows = np.arange(height_px, dtype=np.float32)
    return np.clip((rows - brow) / np.float32(max(1.0, eyes - brow)), 0, 1)


def _wall_like(picture: np.ndarray, wall: np.ndarray, hair: np.ndarray) -> np.ndarray:
    """Return how much of each pixel (H, W) 0..1 is wall, on the way from the wall's colour to the hair's."""
    way, off = hair - wall, picture - wall
    contrast = np.sqrt(np.einsum("ijk,ijk->ij", way, way))
    along = np.einsum("ijk,ijk->ij", off, way) / np.maximum(contrast, np.float32(1e-3))
    beside = np.sqrt(np.maximum(np.einsum("ijk,ijk->ij", off, off) - along**2, 0))
    share = along / np.maximum(contrast, np.float32(1e-3))
    return (contrast > MIN_CONTRAST) * _falling(beside, OFF_WALL) * _falling(share, WALL_LIKE)


def _wall(rgb: np.ndarray, kept: np.ndarray, face_px: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the wall's colour carried behind the sitter (h, w, 3), and how plain it is there (h, w) 0..1; small."""
    height, width = kept.shape
    scale = GRID_PX / max(height, width)
    grid = (max(2, round(width * scale)), max(2, round(height * scale)))
    room = cv2.erode((kept < SURE_ROOM).astype(np.uint8), np.ones((5, 5), np.uint8))
    low = cv2.resize(rgb, grid, interpolation=cv2.INTER_AREA).astype(np.float32) * np.float32(1 / 255)
    share = (cv2.resize(room, grid, interpolation=cv2.INTER_NEAREST) > 0).astype(np.float32)[..., None]
    sigma = max(1.0, WALL_REACH_FACES * face_px * scale)

    def spread(values: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(values, (0, 0), sigma).reshape(grid[1], grid[0], -1)

    weight = spread(share)
    mean = spread(low * share) / np.maximum(weight, np.float32(1e-5))
    squares = spread(low**2 * share) / np.maximum(weight, np.float32(1e-5))
    deviation = np.sqrt(np.maximum(squares - mean**2, 0)).max(2)
    return mean, _falling(deviation, PLAIN) * (weight[..., 0] > MIN_WALL)


def _falling(value: np.ndarray, ramp: tuple[float, float]) -> np.ndarray:
    return np.clip((ramp[1] - value) / np.float32(ramp[1] - ramp[0]), 0, 1)


def _hangs_together(gap: np.ndarray, kept: np.ndarray, face_px: float) -> np.ndarray:
    """Return where gaps, bridged across single strands, reach the open wall, softened at their rims; (H, W) 0..1."""
    strand = max(1, round(STRAND_FACES * face_px))
    ring = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * strand + 1, 2 * strand + 1))
    least = max(2, round(MIN_PATCH_FACES * face_px / 2))
    patches = cv2.morphologyEx(gap.astype(np.uint8), cv2.MORPH_OPEN, np.ones((least, least), np.uint8))
    open_wall = kept < SURE_ROOM
    reached = cv2.dilate((patches.astype(bool) | open_wall).astype(np.uint8), ring)
    _, labels = cv2.connectedComponents(reached)
    outside = np.unique(labels[open_wall])
    joined = np.isin(labels, outside[outside > 0]) & (cv2.dilate(patches, ring) > 0)
    return cv2.blur(joined.astype(np.float32), (3, 3))
