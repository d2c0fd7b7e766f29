"""A plain wall as its own photograph of the empty place: what it looks like beside the sitter is what lies behind them.

Most offices and studios have one. What the networks miss of hair before it is easily told from it, because its colour
is known at every pixel. A shadow on it is smooth and goes into the wall; strands are not and stay out of it. Where the
place is not plain, nothing is known and the matte stays as it was.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.color import REC709_LUMA
from booth.perception.clean_plate import FittedPlate, carried_inward

SIDE_PX = 320  # longest side of the picture on which the wall is measured
AWAY_FACES = 0.12  # from the networks' outline: nearer, what differs from the wall is the sitter's own hair
WALL_FACES = 0.3  # width of the median that is the wall: strands are thinner, shadows and lamps wider
PLAIN_RMS, BUSY_RMS = 0.012, 0.03  # coded 0..1, about the wall: surely one up to the first, none from the second
BRIGHT, DARK_SHARE = 0.5, 0.3  # coded light of a wall below which it has to be plainer, down to that share
GUESSED = 0.002  # variance added: a wall is guessed where nobody sees it, so hair of its colour tells nothing
DOUBTFUL_ALPHA = 0.1  # 0..1: a wall guessed a little wrong looks like so much of a sitter, and that is no hair
HAIR, CLOTH, HAIR_FACES = 1, 4, 0.13  # classes of a parsing; how far beside cloth only hair is looked for
STRAND_FACES = 0.05  # half a width of what is still a strand
DEEPEST = 0.78  # of the wall's coded light, .56 of its linear: what is darker is hair rather than a shadow
HAZE_PX, HAZE_MOST = 640, (0.3, 0.6)  # longest side on which haze is looked for; alpha up to which it is, and is none
GAP_FACES = 0.05  # hair hangs on the sitter: what the wall adds beyond a gap of this is a thing behind them
ADDED_LEAST, SITTER_LEAST = 0.04, 0.5  # alpha from which something was added, and of the sitter that it hangs on
MIN_PLAIN_FRAC = 0.25  # share of the certain room that has to be plain
UNKNOWN = 100.0  # variance of what is no wall: never believed


def wall_plate(rgb: np.ndarray, kept: np.ndarray, face_px: float) -> FittedPlate | None:
    """Return the wall behind a sitter as a fitted plate, or None where there is none.

    `rgb` (H, W, 3) uint8; `kept` (h, w) float32 0..1, the networks' matte; `face_px` the face's height in its pixels.
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, SIDE_PX / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    face_cells = face_px * size[1] / kept.shape[0]
    seen = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    room = cv2.resize((kept < 0.02).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    away = cv2.erode(room, _disc(AWAY_FACES * face_cells), borderValue=1).astype(np.float32)
    if not away.any():
        return None
    wall = _wall(seen, room > 0, away, face_cells)
    shaded = np.clip(wall * _shadow(seen, wall, room, face_cells)[..., None] + np.float32(0.5), 0, 255)
    off = ((seen.astype(np.float32) - wall) ** 2).mean(-1) / np.float32(255**2)
    variance = carried_inward(off, away)
    light = wall.astype(np.float32) @ REC709_LUMA * np.float32(1 / 255)
    rms = np.sqrt(variance) / np.clip(light / np.float32(BRIGHT), DARK_SHARE, 1)
    plain = np.clip((BUSY_RMS - rms) / np.float32(BUSY_RMS - PLAIN_RMS), 0, 1)
    if float(plain[away > 0].mean()) < MIN_PLAIN_FRAC:
        return None
    known = np.where(plain > 0, (variance + GUESSED) / np.maximum(plain, np.float32(1e-3)), np.float32(UNKNOWN))
    behind = cv2.resize(shaded.astype(np.uint8), (width, height), interpolation=cv2.INTER_CUBIC)
    return FittedPlate(behind, known.astype(np.float32), DOUBTFUL_ALPHA)


def off_cloth(parsing: np.ndarray, shape: tuple[int, ...], face_px: float) -> np.ndarray:
    """Return (h, w) float32 of `shape`: 0 beside cloth where no hair is near, else 1.

    A hair over a shirt before a wall has neither's colour, and would be drawn in the shirt's. `parsing` (h, w) uint8 at
    any size, 1 is hair and 4 cloth; `face_px` the face's height in pixels of `shape`.
    """
    reach = _disc(HAIR_FACES * face_px * parsing.shape[0] / shape[0])
    hair, cloth = (cv2.dilate((parsing == one).astype(np.uint8), reach).astype(np.float32) for one in (HAIR, CLOTH))
    near = cv2.blur(np.maximum(hair, 1 - cloth), (5, 5))
    return cv2.resize(near, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)


def without_haze(alpha: np.ndarray, before: np.ndarray, face_px: float) -> np.ndarray:
    """Return the matte (H, W) float32 without what the wall added that is no hair.

    A lamp's edge or a grain of wood differs from the wall as hair does: it is faint and wider than a strand, which a
    lock is not, or hangs on nothing. `before` (H, W) float32 is the matte without the wall, `face_px` the face's height
    in its pixels.
    """
    height, width = alpha.shape
    scale = min(1.0, HAZE_PX / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    added = cv2.resize(np.maximum(alpha - before, 0), size, interpolation=cv2.INTER_AREA)
    wide = cv2.morphologyEx(added, cv2.MORPH_OPEN, _disc(STRAND_FACES / 2 * face_px * scale))
    low, high = HAZE_MOST
    wide *= np.clip((high - wide) / (high - low), 0, 1)
    sitter = cv2.resize(before, size, interpolation=cv2.INTER_AREA) > SITTER_LEAST
    loose = _loose(added, sitter, face_px * scale)
    if not wide.any() and not loose.any():
        return alpha
    full = (width, height)
    least, haze = np.minimum(alpha, before), cv2.resize(cv2.GaussianBlur(wide, (0, 0), 1.0), full)
    hanging = alpha - cv2.resize(loose.astype(np.float32), full) * (alpha - least)
    return np.maximum(hanging - haze, least)


def _loose(added: np.ndarray, sitter: np.ndarray, face_cells: float) -> np.ndarray:
    """Return (h, w) bool: what was added, (h, w) float32, and does not hang on the sitter, (h, w) bool."""
    some = added > ADDED_LEAST
    joined = cv2.dilate((some | sitter).astype(np.uint8), _disc(GAP_FACES / 2 * face_cells))
    n, labels = cv2.connectedComponents(joined, connectivity=8)
    hangs = np.bincount(labels[sitter], minlength=n) > 0
    near: np.ndarray = ~hangs[labels] & (joined > 0)
    return near


def _wall(seen: np.ndarray, room: np.ndarray, away: np.ndarray, face_cells: float) -> np.ndarray:
    """Return (h, w, 3) uint8: the wall, carried under the sitter from what is certain, beside them its median."""
    carried = np.stack([_carried(seen[..., c].astype(np.float32), away) for c in range(3)], axis=-1)
    filled = np.where(room[..., None], seen, np.clip(carried + 0.5, 0, 255).astype(np.uint8))
    side = 2 * max(1, round(WALL_FACES * face_cells / 2)) + 1
    return cv2.GaussianBlur(cv2.medianBlur(filled, min(side, 99)), (0, 0), max(1.0, side / 6))


def _shadow(seen: np.ndarray, wall: np.ndarray, room: np.ndarray, face_cells: float) -> np.ndarray:
    """Return (h, w) float32: what is left of the wall's light beside the sitter, `DEEPEST`..1.

    A closing takes out what is dark and thinner than its reach: strands are, shadows are not.
    """
    room = cv2.erode(room, np.ones((3, 3), np.uint8), borderValue=1)  # a cell on the outline is half sitter
    light, bare = (p.astype(np.float32) @ REC709_LUMA for p in (seen, wall))
    ratio = light / np.maximum(bare, np.float32(1)) * room
    reach = _disc(STRAND_FACES * face_cells)
    bright = np.where(cv2.dilate(room, reach) > 0, cv2.dilate(ratio, reach), np.float32(1))
    softly = cv2.GaussianBlur(cv2.erode(bright, reach), (0, 0), max(0.5, STRAND_FACES * face_cells / 3))
    return np.clip(softly, DEEPEST, 1).astype(np.float32)


def _carried(plane: np.ndarray, sure: np.ndarray) -> np.ndarray:
    """Return a plane (h, w) float32 with what is not sure filled from what is, nearest first."""
    return carried_inward(plane, sure, start=float(plane[sure > 0].mean()))


def _disc(radius: float) -> np.ndarray:
    n = 2 * max(1, round(radius)) + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (n, n))
