"""Where the real room is plain, its own pixels may stay beside the sitter: strands the matte missed stay with them.

A lens would blur a plain wall to the same wall, so nothing is lost by leaving it sharp close to the head; where the
room is busy nothing stays, and its things are blurred up to the outline.
"""

from __future__ import annotations

import cv2
import numpy as np

GRID_H_PX = 180  # of the maps, as of the mirror's blurred room
AWAY_FACES = 0.08  # from so far off the outline the room is judged: nearer, what differs is the sitter's own hair
MEAN_FACES, ACROSS_FACES = 0.3, 0.9  # widths of the room's local mean, and over which its unrest is judged
PLAIN, BUSY = 0.018, 0.045  # unrest, coded 0..1: all of it stays below the first, nothing above the second
NEAR_FACES, GONE_FACES = 0.10, 0.24  # distance from the outline: all stays up to the first, nothing beyond the second
CORNER_CELLS, PAPER_WHITE, WHITE_CORNERS = 2, 0.975, 2  # of a picture that was cut to a circle on white, coded 0..1
_FEW = np.float32(0.02)  # share of room in reach below which nothing is known of it


def grid_size(size_px: tuple[int, int]) -> tuple[int, int]:
    """Return width and height of the maps for a picture of `size_px`."""
    k = min(1.0, GRID_H_PX / size_px[1])
    return max(2, round(size_px[0] * k)), max(2, round(size_px[1] * k))


def plainness(low: np.ndarray, matte: np.ndarray, face_cells: float) -> np.ndarray:
    """Return (h, w) float32 0..1: 1 where the room hereabouts is plain, 0 where it is busy or not to be seen.

    `low` (h, w, 3) coded and `matte` (h, w) are both float32 0..1 on the grid; `face_cells` is a face's height there.
    """
    away = cv2.dilate(matte, _disc(AWAY_FACES * face_cells))
    room = (away < 0.02).astype(np.float32)
    side = _side(MEAN_FACES * face_cells)
    share = cv2.blur(room, side)
    mean = cv2.blur(low * room[..., None], side) / np.maximum(share, _FEW)[..., None]
    unrest = np.abs(low - mean).max(2) * room
    wide = _side(ACROSS_FACES * face_cells)
    known = cv2.blur(room, wide)
    level = cv2.blur(unrest, wide) / np.maximum(known, _FEW)
    plain = _fade(level, PLAIN, BUSY) * np.clip(known / _FEW - 1, 0, 1)
    return cv2.blur(plain, side)


def is_on_white(low: np.ndarray) -> bool:
    """Tell whether a picture was cut to a circle or another shape on white: its rim blurred would look torn.

    `low` (h, w, 3) as above. White cloth may fill the lower corners: one of the upper ones must be white too.
    """
    ends = slice(0, CORNER_CELLS), slice(-CORNER_CELLS, None)
    upper, lower = ([float(low[rows, columns].min()) > PAPER_WHITE for columns in ends] for rows in ends)
    return any(upper) and sum(upper) + sum(lower) >= WHITE_CORNERS


def kept(plain: np.ndarray, matte: np.ndarray, face_cells: float) -> np.ndarray:
    """Return (h, w) float32 0..1: how much of the picture's own pixels stays, by plainness and nearness."""
    distance = cv2.distanceTransform((matte < 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    near = _fade(distance, NEAR_FACES * face_cells, GONE_FACES * face_cells)
    out: np.ndarray = (plain * near).astype(np.float32)
    return out


def _fade(x: np.ndarray, full: float, none: float) -> np.ndarray:
    t = np.clip((none - x) / np.float32(none - full), 0, 1)
    out: np.ndarray = t * t * (3 - 2 * t)
    return out


def _side(length: float) -> tuple[int, int]:
    side = 2 * max(1, round(length / 2)) + 1
    return side, side


def _disc(radius: float) -> np.ndarray:
    n = 2 * max(1, round(radius)) + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (n, n))
