"""Whose pixels they are: the sitter's, another person's, or nobody's. Works on coarse mattes and faces."""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.types import Face
from booth.perception.matte_crop import CropWindow

PRESENT = 0.35  # coarse alpha from here on may hold together a person
ROOM_MOST = 0.02  # coarse alpha that counts as none
BIT_FRAC = 0.05  # of the sitter: smaller pieces apart from them are the room
BIT_SURE = 0.9  # mean alpha of a piece that may stay
ALONE_FRAC = 0.05  # of the frame: a person without a face is at least this large
MIN_FRAC = 0.01  # of the frame: less of somebody who was there is nobody
ALONE_SURE = 0.9
LEAN_FACES = 0.07  # half the thickness of a bridge that does not make a thing part of the sitter; a wrist is .3
TORSO_REACH = 0.28  # how much less a step below the chin counts than a step aside: bodies are taller than wide

Placed = tuple[CropWindow, tuple[int, int]]
"""Where a coarse matte lies: its window and the picture's width and height in pixels."""


def _grid(shape: tuple[int, ...], placed: Placed) -> tuple[np.ndarray, np.ndarray]:
    """Return x (1, w) and y (h, 1) of the cells' centres in pixels of the picture."""
    window = placed[0]
    x = window.x0 + (np.arange(shape[1], dtype=np.float32) + 0.5) * (window.width / shape[1])
    y = window.y0 + (np.arange(shape[0], dtype=np.float32) + 0.5) * (window.height / shape[0])
    return x[None], y[:, None]


def _distance(face: Face, at: tuple[np.ndarray, np.ndarray], size: tuple[int, int]) -> np.ndarray:
    """Return how far each cell is from a person, in their own face heights; the torso below the face is near."""
    box = face.box
    face_h = max(4.0, (box.y1 - box.y0) * size[1])
    across = (at[0] - (box.x0 + box.x1) / 2 * size[0]) / face_h
    down = (at[1] - (box.y0 + box.y1) / 2 * size[1]) / face_h
    down = np.where(down > 0, down * TORSO_REACH, down * 0.8)
    return np.hypot(across, down)


def leave_out(coarse: np.ndarray, placed: Placed, kept: tuple[Face, ...], others: tuple[Face, ...]) -> np.ndarray:
    """Return the coarse matte without what is nearer to another person than to those who are kept."""
    at = _grid(coarse.shape, placed)
    own = _distance(kept[0], at, placed[1])
    for face in kept[1:]:
        own = np.minimum(own, _distance(face, at, placed[1]))
    for other in others:
        nearer = _distance(other, at, placed[1]) - own
        coarse = coarse * np.clip(nearer / 0.12 + 0.5, 0, 1).astype(np.float32)
    return coarse


def _pieces(coarse: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return labels (h, w), areas (n,) in cells and mean alphas (n,) of what holds together; 0 is the room."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((coarse > PRESENT).astype(np.uint8), connectivity=4)
    areas = stats[:, cv2.CC_STAT_AREA].astype(np.float32)
    sums = np.bincount(labels.ravel(), weights=coarse.ravel(), minlength=len(areas))
    return labels, areas, sums / np.maximum(areas, 1)


def _only(coarse: np.ndarray, labels: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """Return the coarse matte with just the kept pieces and the soft rim round them."""
    kept = keep[labels].astype(np.uint8)
    if kept.sum() == (labels > 0).sum() and not ((coarse > ROOM_MOST) & (labels == 0)).any():
        return coarse
    rim = cv2.dilate(kept, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))).astype(np.float32)
    foreign = ((labels > 0) & (kept == 0)).astype(np.float32)
    return coarse * cv2.blur(rim, (3, 3)) * (1 - foreign)


def keep_sitter(  # noqa: PLR0913 - who is kept, who is not, and where
    coarse: np.ndarray,
    placed: Placed,
    face: Face,
    others: tuple[Face, ...],
    everybody: bool = False,
    company: tuple[Face, ...] = (),
) -> np.ndarray:
    """Return the coarse matte of the sitter and their `company`, or with `everybody` of all who are sure and large.

    No floating pieces, no furniture that only leans on the sitter, no small holes.
    """
    few = cv2.resize(coarse, None, fx=1 / 3, fy=1 / 3, interpolation=cv2.INTER_AREA)  # whose it is needs no detail
    kept = _kept(few, placed, (face, *company), others, everybody)
    if kept is few:
        return coarse
    share = np.where(few > ROOM_MOST, np.minimum(kept / np.maximum(few, ROOM_MOST), 1), 1)
    added = np.maximum(kept - few, 0)
    share, added = (cv2.resize(m, coarse.shape[::-1], interpolation=cv2.INTER_LINEAR) for m in (share, added))
    return np.minimum(coarse * share + added, 1)


def _kept(
    coarse: np.ndarray, placed: Placed, faces: tuple[Face, ...], others: tuple[Face, ...], everybody: bool
) -> np.ndarray:
    coarse = leave_out(coarse, placed, faces, others) if others else coarse
    grid = _grid(coarse.shape, placed)
    labels, areas, sure = _pieces(coarse)
    near, keep = np.zeros(coarse.shape, bool), np.zeros(len(areas), bool)
    for face in faces:
        here = _distance(face, grid, placed[1]) < 0.5
        own = np.bincount(labels[here], minlength=len(areas))
        own[0] = 0
        near |= here
        keep |= own > 0.2 * own.max()
    if not keep.any():
        return coarse
    if everybody:
        keep |= (areas > BIT_FRAC * areas[keep].sum()) & (sure > BIT_SURE)
    else:
        least_cells = min(_face_cells(face, coarse.shape, placed) for face in faces)
        coarse = _without_leaning(coarse, near, round(LEAN_FACES * least_cells))
    keep[0] = False
    return _filled(_only(coarse, labels, keep))


def _face_cells(face: Face, shape: tuple[int, ...], placed: Placed) -> float:
    return (face.box.y1 - face.box.y0) * placed[1][1] * shape[0] / placed[0].height


def _without_leaning(coarse: np.ndarray, near: np.ndarray, radius: int) -> np.ndarray:
    """Return the matte without masses joined to the sitter only by a bridge thinner than twice `radius` cells."""
    radius = max(1, radius)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    thick = cv2.erode((coarse > PRESENT).astype(np.uint8), disc, borderType=cv2.BORDER_REPLICATE)
    n, labels, stats, _ = cv2.connectedComponentsWithStats(thick, connectivity=4)
    own = np.bincount(labels[near], minlength=n)
    own[0] = 0
    if n < 3 or not own.any():
        return coarse
    foreign = own == 0
    foreign[0] = False
    if not foreign.any():
        return coarse
    grown = cv2.dilate(foreign[labels].astype(np.uint8), cv2.dilate(disc, np.ones((3, 3), np.uint8)))
    kept = cv2.dilate((labels > 0).astype(np.uint8) - foreign[labels].astype(np.uint8), disc)
    return np.where((grown > 0) & (kept == 0), np.float32(0), coarse)


def _filled(coarse: np.ndarray) -> np.ndarray:
    """Return the matte with small holes closed: what is sitter all round is sitter; a crook of the arm is larger."""
    holes = (coarse < 0.5).astype(np.uint8)
    n, labels, stats, _ = cv2.connectedComponentsWithStats(holes, connectivity=8)
    small = stats[:, cv2.CC_STAT_AREA] < 0.002 * coarse.size
    small[0] = False
    if n < 2 or not small.any():
        return coarse
    return np.where(small[labels], np.float32(1), coarse)


def somebody(coarse: np.ndarray, placed: Placed) -> np.ndarray | None:
    """Return the matte of a person whose face is not seen, or None when nobody is there.

    They are large, sure and stand on the picture's foot; furniture seldom is all three, so callers who can ask more.
    """
    labels, areas, sure = _pieces(coarse)
    keep = (areas > ALONE_FRAC * coarse.size) & (sure > ALONE_SURE)
    keep &= np.isin(np.arange(len(areas)), labels[-2:])
    keep[0] = False
    return _only(coarse, labels, keep) if keep.any() else None


def still_there(coarse: np.ndarray, before: np.ndarray | None) -> np.ndarray | None:
    """Return the matte of whoever overlaps the matte `before`, their face turned away, or None.

    `coarse` and `before` cover the whole frame at any two sizes; None before is nobody now: a mirror shows no ghosts.
    """
    if before is None:
        return None
    labels, areas, _ = _pieces(coarse)
    seen = cv2.resize(before, coarse.shape[::-1], interpolation=cv2.INTER_LINEAR) > 0.5
    overlap = np.bincount(labels[seen], minlength=len(areas))
    keep = (overlap > 0.3 * areas) & (areas > MIN_FRAC * coarse.size)
    keep[0] = False
    return _only(coarse, labels, keep) if keep.any() else None
