"""The matte solved before a room that is known: a photograph of the empty place says what is behind every pixel.

Alpha is how far a pixel lies on the way from the empty place's colour to the sitter's own, and at least how far it
lies off the former: what the empty place does not show is sitter, whatever its colour. Where both colours are alike,
or the place is not as it was, the matte without a plate stands.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.compiled import numba, read_only
from booth.perception.clean_plate import FittedPlate

OUTSIDE_FACES = 0.12  # from the networks' outline: how far hair may lie outside of what they saw
INSIDE_FACES = 0.02  # and how far room inside; deeper, what looks like the room is a shirt of its colour
NOISE = 0.02  # standard deviation of a coded colour 0..1 between two pictures of one place
DOUBT = 25 / 255  # distance of the sitter's colour from the room's at which either half is believed
VARIES = 4.0  # weight of the place's disagreement with its plate
FORE_PX = 2.0  # softening of the sitter's own colour: single strands share it
SOFT_PX = 0.6  # camera noise is not hair

_jit = numba.njit(cache=True, nogil=True, fastmath=True)
_inline = numba.njit(cache=True, nogil=True, fastmath=True, inline="always")


def plate_zone(kept: np.ndarray, face_px: float) -> np.ndarray:
    """Return (h, w) float32: 1 where the plate may decide, falling to 0; `kept` (h, w) float32 0..1, the networks'."""
    inside = (kept > 0.5).astype(np.uint8)
    out = cv2.distanceTransform(1 - inside, cv2.DIST_L2, 3) / np.float32(face_px * OUTSIDE_FACES)
    deep = cv2.distanceTransform(inside, cv2.DIST_L2, 3) / np.float32(face_px * INSIDE_FACES)
    return np.clip(4 * (1 - np.maximum(out, deep)), 0, 1)


def solve_with_plate(
    rgb: np.ndarray, prior: np.ndarray, fore: np.ndarray, zone: np.ndarray, plate: FittedPlate
) -> np.ndarray:
    """Return the matte (H, W) float32 0..1 of an (H, W, 3) uint8 picture whose empty place is known.

    `prior` (H, W) float32, the matte without the plate; `fore` (h, w, 3) float32 0..1, the sitter's own colours at any
    size; `zone` (h, w) float32 of `plate_zone`.
    """
    seen, behind = (cv2.GaussianBlur(picture, (3, 3), SOFT_PX) for picture in (rgb, plate.rgb))
    soft = cv2.GaussianBlur(fore, (0, 0), FORE_PX)
    out = np.empty(prior.shape, np.float32)
    inputs = (seen, behind, prior, soft, zone, plate.variance)
    _solve(*(read_only(np.ascontiguousarray(each)) for each in inputs), np.float32(plate.doubtful_alpha), out)
    return out


@_inline
def _cell(at, n):  # type: ignore[no-untyped-def]
    """The cell before a place between cells, and how far on it is."""
    at = min(max(at, np.float32(0)), np.float32(n - 1.001))
    return int(at), at - np.float32(int(at))


@_inline
def _of(values, y, x):  # type: ignore[no-untyped-def]
    """A map's value between its four cells; y and x are cells and shares."""
    iy, fy = y
    ix, fx = x
    above = values[iy, ix] + fx * (values[iy, ix + 1] - values[iy, ix])
    below = values[iy + 1, ix] + fx * (values[iy + 1, ix + 1] - values[iy + 1, ix])
    return above + fy * (below - above)


@_jit
def _solve(rgb, plate, prior, fore, zone, varies, least_alpha, out):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Write the matte; see `solve_with_plate`."""
    height, width = prior.shape
    half, one, zero, unit = np.float32(0.5), np.float32(1), np.float32(0), np.float32(1 / 255)
    zy, zx = np.float32(zone.shape[0]) / height, np.float32(zone.shape[1]) / width
    fy, fx = np.float32(fore.shape[0]) / height, np.float32(fore.shape[1]) / width
    vy, vx = np.float32(varies.shape[0]) / height, np.float32(varies.shape[1]) / width
    noise, doubt = np.float32(3 * NOISE * NOISE), np.float32(DOUBT * DOUBT)
    for y in range(height):
        at_y = np.float32(y) + half
        row_z, row_f, row_v = (
            _cell(at_y * zy - half, zone.shape[0]),
            _cell(at_y * fy - half, fore.shape[0]),
            _cell(at_y * vy - half, varies.shape[0]),
        )
        for x in range(width):
            at_x, a0 = np.float32(x) + half, prior[y, x]
            share = _of(zone, row_z, _cell(at_x * zx - half, zone.shape[1]))
            if share <= 0:
                out[y, x] = a0
                continue
            column = _cell(at_x * fx - half, fore.shape[1])
            power, along, off = np.float32(1e-6), zero, zero
            for c in range(3):
                back = plate[y, x, c] * unit
                way, away = _of(fore[:, :, c], row_f, column) - back, rgb[y, x, c] * unit - back
                power += way * way
                along += way * away
                off += away * away
            variance = _of(varies, row_v, _cell(at_x * vx - half, varies.shape[1]))
            least = np.sqrt(max(off - noise - 3 * variance, zero) / power)
            solved = min(max((max(along / power, least) - least_alpha) / (one - least_alpha), zero), one)
            trust = share * power / (power + doubt + np.float32(VARIES) * variance)
            out[y, x] = a0 + trust * (solved - a0)
