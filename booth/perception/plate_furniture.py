"""What a still's networks took for the sitter although the empty place shows it: furniture, and it goes.

A shirt may have a wall's colour but not its pattern. Where a patterned place looks as its plate does there is no
sitter, however sure the networks are; a plain piece of the same thing goes too once it hangs on nothing.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.perception.clean_plate import FittedPlate

GRID_PX = 320  # longest side of the maps; furniture is wider than a strand
BOX_FACES = 0.06  # side of the box over which a pattern is compared, in face heights
PATTERN = 0.04  # standard deviation of a coded colour 0..1 from which a box has a pattern
SAME = 0.45  # of that deviation: as far as a box may be off its plate and is the same
DIFFERS = 0.05  # root mean square of a box that is not as its plate, pattern or none
PIECE_ALPHA, PIECE_DIFFERS_FRAC = 0.25, 0.2  # alpha of a piece; less of it unlike the plate, and it is furniture
PATTERNED_FRAC = 0.3  # of a piece that is as its plate: with so much pattern all of it is furniture, with less a shirt
SURE_LEAST = 0.02  # of the sitter's area: less furniture than this is an outline's own error


def without_furniture(alpha: np.ndarray, rgb: np.ndarray, plate: FittedPlate, face_px: float) -> np.ndarray:
    """Return the matte (H, W) float32 0..1 without furniture.

    `rgb` (H, W, 3) uint8 is the picture, `face_px` the face's height in its pixels.
    """
    height, width = alpha.shape
    scale = min(1.0, GRID_PX / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    seen, known = (cv2.resize(p, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255 for p in (rgb, plate.rgb))
    small = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
    side = 2 * max(1, round(BOX_FACES * face_px * scale / 2)) + 1
    pattern = np.sqrt(np.maximum(_box(known * known, side) - _box(known, side) ** 2, 0).mean(-1))
    off = np.sqrt(_box((seen - known) ** 2, side).mean(-1))
    things = (pattern > PATTERN) & (off < SAME * pattern) & (small > PIECE_ALPHA)
    if np.count_nonzero(things) < SURE_LEAST * np.count_nonzero(small > PIECE_ALPHA):
        return alpha
    is_same = off < DIFFERS
    things = _with_loose_pieces(small, _whole(things, is_same & (small > PIECE_ALPHA)), is_same)
    gone = cv2.GaussianBlur(cv2.dilate(things.astype(np.float32), np.ones((3, 3), np.uint8)), (0, 0), 0.7)
    kept: np.ndarray = alpha * (1 - cv2.resize(gone, (width, height), interpolation=cv2.INTER_LINEAR))
    return kept


def _box(values: np.ndarray, side: int) -> np.ndarray:
    return cv2.blur(values, (side, side))


def _whole(things: np.ndarray, is_same: np.ndarray) -> np.ndarray:
    """Return (h, w) bool: the things with their plain parts; both as their plate, `is_same` (h, w) bool."""
    n, labels = cv2.connectedComponents((is_same | things).astype(np.uint8), connectivity=4)
    shares = np.bincount(labels[things], minlength=n) / np.bincount(labels.ravel(), minlength=n)
    is_thing = shares > PATTERNED_FRAC
    is_thing[0] = False
    found: np.ndarray = things | is_thing[labels]
    return found


def _with_loose_pieces(alpha: np.ndarray, things: np.ndarray, is_same: np.ndarray) -> np.ndarray:
    """Return (h, w) bool: the things and what hangs on nothing without them, none of it unlike the plate."""
    left = ((alpha > PIECE_ALPHA) & ~things).astype(np.uint8)
    n, labels, stats, _ = cv2.connectedComponentsWithStats(left, connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    is_thing = np.bincount(labels[~is_same], minlength=n) < PIECE_DIFFERS_FRAC * areas
    is_thing[0] = False
    if n > 1:
        is_thing[1 + int(areas[1:].argmax())] = False
    found: np.ndarray = things | is_thing[labels]
    return found
