"""The empty place as evidence for the mirror's matte, on the matte's own coarse grid: a fraction of a millisecond.

The arithmetic is the still's (`plate_edges`), with box means for everything that is carried from the certain room or
from the sitter. It is steadied in time where the whole matte is, pixel by pixel, in `matte_pixels`.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.compiled import numba, read_only
from booth.perception.matte_crop import CropWindow

ROOM_MOST, SITTER_LEAST = 0.05, 0.9  # coarse alpha of certain room and of the sitter
ROOM_BOX_FACES, FORE_BOX_FACES = 1.2, 0.3  # how far exposure and the sitter's colour are carried, face heights
OUTSIDE_FACES, INSIDE_FACES = 0.12, 0.03  # from the outline: where the plate may decide
NOISE = 0.02  # standard deviation of a coded colour 0..1 between two frames of one place
DOUBT = 0.1  # distance between the sitter's colour and the room's at which either half is believed
VARIES = 4.0  # weight of the place's disagreement with its plate
SAME_BOX = 5  # cells over which a place must look like its plate to be furniture
TEXTURE = 0.035  # standard deviation of the plate over that box: a shirt may have a wall's colour, not its pattern
ISLAND_ALPHA, ISLAND_DIFFERS_FRAC = 0.25, 0.2  # alpha of a piece; less of it unlike the plate, and it is furniture
LEAST_ROOM_FRAC = 0.05  # of the grid: less certain room tells nothing
MOST_OFF = 0.08  # root mean square of the certain room's disagreement from which the plate is not used
GAIN_RANGE = (0.25, 4.0)
QUARTER = 4

_NEXT = np.ones((3, 3), np.uint8)

_jit = numba.njit(cache=True, nogil=True, fastmath=True)


@dataclass(frozen=True, slots=True, eq=False)
class Behind:
    """The empty place under a window of the frame, on the matte's grid."""

    rgb: np.ndarray  # (h, w, 3) float32 0..1
    low: np.ndarray  # the same at a quarter of the grid
    texture: np.ndarray  # (h, w) float32: its variance round each cell


class LivePlate:
    """One plate, reduced once for all the frames that it serves."""

    def __init__(self, plate: np.ndarray, sketch_px: tuple[int, int]) -> None:
        """`plate` (H, W, 3) uint8; `sketch_px` the width and height of the picture that is cut to windows."""
        self._of = plate
        self._small = cv2.resize(plate, sketch_px, interpolation=cv2.INTER_AREA)
        self._placed: tuple[tuple[CropWindow, tuple[int, ...]], Behind] | None = None

    def is_of(self, plate: np.ndarray) -> bool:
        """True when this is that plate."""
        return self._of is plate

    def under(self, window: CropWindow, size: tuple[int, int], shape: tuple[int, ...]) -> Behind:
        """Return the plate under a window of a frame of `size` on a grid of `shape`, kept while it stays put."""
        key = (window, shape)
        if self._placed is None or self._placed[0] != key:
            height, width = self._small.shape[:2]
            part = window.scaled(width / size[0], height / size[1]).cut(self._small)
            rgb = cv2.resize(part, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR) * np.float32(1 / 255)
            grey = rgb[..., 1]
            texture = cv2.blur(grey * grey, (9, 9)) - cv2.blur(grey, (9, 9)) ** 2
            self._placed = (key, Behind(rgb, _quarter(rgb), texture))
        return self._placed[1]


def with_plate(coarse: np.ndarray, guide: np.ndarray, behind: Behind, face_cells: float) -> np.ndarray:
    """Return the coarse matte (h, w) float32 0..1 with the empty place as evidence; as it was where that is no help.

    `guide` (h, w, 3) float32 0..1 is the frame on the same grid; `face_cells` the face's height in cells. What is
    carried from the certain room and from the sitter is worked out at a quarter of the grid.
    """
    low, alpha = _quarter(guide), _quarter(coarse)
    room = (cv2.dilate(alpha, _NEXT) < ROOM_MOST).astype(np.float32)
    if float(room.mean()) < LEAST_ROOM_FRAC:
        return coarse
    wide, near = (_odd(faces * face_cells / QUARTER) for faces in (ROOM_BOX_FACES, FORE_BOX_FACES))
    gain = _gain(low, behind.low, room, wide)
    off = ((low - behind.low * gain) ** 2).sum(-1)
    usual = float((off * room).sum() / room.sum())
    if usual > MOST_OFF**2:
        return coarse
    sitter = (alpha > SITTER_LEAST).astype(np.float32)
    fore = cv2.blur(cv2.merge([*cv2.split(low * sitter[..., None]), sitter]), (near, near))
    carried = cv2.blur(cv2.merge([off * room, room]), (near, near))
    size = coarse.shape[::-1]
    gain, fore, carried = (cv2.resize(m, size, interpolation=cv2.INTER_LINEAR) for m in (gain, fore, carried))
    fitted, away = np.empty_like(guide), np.empty(coarse.shape, np.float32)
    _fit(read_only(guide), read_only(behind.rgb), read_only(gain), fitted, away)
    same = cv2.blur(away, (SAME_BOX, SAME_BOX))
    out, is_plain = np.empty_like(coarse), np.empty(coarse.shape, np.uint8)
    inputs = (guide, fitted, fore, away, carried, same, behind.texture, _zone(coarse, face_cells), coarse)
    _weigh(tuple(read_only(np.ascontiguousarray(each)) for each in inputs), np.float32(usual), out, is_plain)
    return _without_islands(out, is_plain)


def _quarter(values: np.ndarray) -> np.ndarray:
    size = (max(4, values.shape[1] // QUARTER), max(4, values.shape[0] // QUARTER))
    return cv2.resize(values, size, interpolation=cv2.INTER_AREA)


def _odd(cells: float) -> int:
    return 2 * max(1, round(cells / 2)) + 1


def _gain(seen: np.ndarray, known: np.ndarray, room: np.ndarray, box: int) -> np.ndarray:
    """Return (h, w, 3) float32: how much brighter the certain room is than its plate, round each place."""
    share = room[..., None]
    above, below = seen * share, known * share
    usual = (above.sum((0, 1)) + np.float32(1e-3)) / (below.sum((0, 1)) + np.float32(1e-3))
    near = (cv2.blur(above, (box, box)) + np.float32(1e-4)) / (cv2.blur(below, (box, box)) + np.float32(1e-4))
    weight = np.minimum(5 * cv2.blur(room, (box, box)), 1)[..., None]
    return np.clip(usual + weight * (near - usual), *GAIN_RANGE).astype(np.float32)


def _zone(coarse: np.ndarray, face_cells: float) -> np.ndarray:
    """Return (h, w) float32: 1 by the outline, 0 beyond where the plate may decide."""
    inside = (coarse > 0.5).astype(np.uint8)
    out = cv2.distanceTransform(1 - inside, cv2.DIST_L2, 3) * np.float32(1 / (OUTSIDE_FACES * face_cells))
    deep = cv2.distanceTransform(inside, cv2.DIST_L2, 3) * np.float32(1 / max(1.5, INSIDE_FACES * face_cells))
    return np.clip(3 * (1 - np.maximum(out, deep)), 0, 1)


def _without_islands(alpha: np.ndarray, is_plain: np.ndarray) -> np.ndarray:
    """Return the matte (h, w) float32 without pieces beside the largest that look like the plate, `is_plain` (h, w).

    Where furniture has no pattern a piece of it stays when the rest is taken away; it hangs on nothing then.
    """
    n, labels, stats, _ = cv2.connectedComponentsWithStats((alpha > ISLAND_ALPHA).astype(np.uint8), connectivity=8)
    if n <= 2:
        return alpha
    areas = stats[:, cv2.CC_STAT_AREA]
    n_unlike = np.bincount(labels[is_plain == 0], minlength=n)
    is_thing = n_unlike < ISLAND_DIFFERS_FRAC * areas
    is_thing[[0, 1 + int(areas[1:].argmax())]] = False
    if is_thing.any():
        near = cv2.dilate(is_thing[labels].astype(np.uint8), _NEXT) > 0
        alpha[near & (labels == 0) | is_thing[labels]] = 0
    return alpha


@_jit
def _fit(guide, behind, gain, fitted, off):  # type: ignore[no-untyped-def]
    """Write the plate under this exposure, and how far the frame is off it, squared."""
    for y in range(off.shape[0]):
        for x in range(off.shape[1]):
            total = np.float32(0)
            for c in range(3):
                fitted[y, x, c] = behind[y, x, c] * gain[y, x, c]
                total += (guide[y, x, c] - fitted[y, x, c]) ** 2
            off[y, x] = total


@_jit
def _weigh(inputs, usual_off, out, is_plain):  # type: ignore[no-untyped-def]
    """Write the matte: what lies between room and sitter by its colour, and no furniture; and what is as the plate."""
    guide, fitted, fore, off, carried, same, texture, zone, coarse = inputs
    noise, one, zero = np.float32(3 * NOISE * NOISE), np.float32(1), np.float32(0)
    doubt, third = np.float32(DOUBT * DOUBT), np.float32(1 / 3)
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            a0, share = coarse[y, x], zone[y, x]
            weight = carried[y, x, 1]
            near = min(weight * np.float32(6), one)
            variance = usual_off + near * (carried[y, x, 0] / max(weight, np.float32(1e-4)) - usual_off)
            plain = same[y, x] < noise + variance * 2
            is_plain[y, x] = plain
            if a0 > zero and plain and texture[y, x] > np.float32(TEXTURE * TEXTURE):
                out[y, x] = zero
                continue
            if share <= 0 or fore[y, x, 3] < np.float32(0.02):
                out[y, x] = a0
                continue
            power, along = np.float32(1e-6), zero
            for c in range(3):
                way = fore[y, x, c] / fore[y, x, 3] - fitted[y, x, c]
                power += way * way
                along += way * (guide[y, x, c] - fitted[y, x, c])
            least = np.sqrt(max(off[y, x] - noise - variance, zero) / power)
            solved = min(max(max(along / power, least), zero), one)
            trust = share * power / (power + doubt + np.float32(VARIES) * variance * third)
            out[y, x] = a0 + trust * (solved - a0)
