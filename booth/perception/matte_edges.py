"""The matte's edge, solved by colour: between the sitter's colour and the room's at that place, where does a pixel lie?

The networks know an outline to within some hundredths of a face and see neither single strands nor the wall between
them. The colours on both sides of that outline do: each pixel near it is a mixture of what is surely sitter beside it
and what is surely room behind it, and its alpha is solved for. How far that is trusted follows from how far apart the
two colours are, against how much each of them varies there: before a plain wall nearly wholly, in front of a
bookshelf hardly. With a photograph of the empty place see `plate_edges`.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.compiled import numba, read_only
from booth.core.types import frozen

GRID_PX = 320  # longest side of the maps of colours; finer changes nothing
SURE_ROOM, SURE_SITTER = 0.02, 0.98  # alpha of the networks
AWAY_FACES = 0.03  # colours are taken from what is sure within this distance all round, in face heights
SPREAD_FACES = (0.8, 0.25, 0.08, 0.03)  # how far colours are carried, nearest last
ENOUGH = 0.15  # share of sure pixels in reach from which a nearer colour replaces a farther one
# Fitted on people laid over plain walls and over cluttered places, see docs/decisions.md; deviations of coded 0..1.
REACH_FACES, CLUTTER_REACH_FACES = 0.06, 0.02  # from the networks' outline: beyond it they are believed
PLAIN, CLUTTERED = 0.02, 0.06  # standard deviation of the room's colour
NOISE, CLUTTER_NOISE = 0.025, 0.11  # of a colour, beyond its variance beside the outline
DOUBT_NEAR, CLUTTER_DOUBT_NEAR = 0.12, 0.15  # standard deviation of the networks' alpha by the outline
DOUBT_MIXED, CLUTTER_DOUBT_MIXED = 0.35, 0.06  # the same where they say half
FORE_VARIES, BACK_VARIES, OFF_WAY = 1.5, 4.0, 1.5  # weights: of both variances, of how far off the way between
ROUNDS = 2  # the mixture's own variance depends on alpha
SOFT_PX = 0.6  # camera noise is not hair
LEAST, MOST = 0.015, 0.985  # alpha below and above which nothing is left of the other side
FARTHEST_FACES = 0.1  # distances are told up to this

_jit = numba.njit(cache=True, nogil=True, fastmath=True)
_inline = numba.njit(cache=True, nogil=True, fastmath=True, inline="always")

_FORE, _BACK, _FORE_VAR, _BACK_VAR, _AWAY = 0, 3, 6, 9, 12  # first channels of the maps


@dataclass(frozen=True, slots=True, eq=False)
class EdgeColors:
    """What is known beside the outline, at a grid's size: colours, their variance, and how far the outline is."""

    maps: np.ndarray
    """(h, w, 13) float32: the sitter's colour 0..2, the room's 3..5, variances of both 6..8 and 9..11, distance from
    the outline 12 in face heights; colours are coded 0..1."""

    def __post_init__(self) -> None:
        frozen(self.maps)


def edge_colors(rgb: np.ndarray, kept: np.ndarray, face_px: float) -> EdgeColors:
    """Return the colours on both sides of an outline.

    `rgb` (H, W, 3) uint8; `kept` (H, W) float32 0..1, the networks' matte; `face_px` the face's height in pixels.
    """
    height, width = kept.shape
    scale = min(1.0, GRID_PX / max(height, width))
    grid = (max(8, round(width * scale)), max(8, round(height * scale)))
    away = max(1, round(AWAY_FACES * face_px))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * away + 1, 2 * away + 1))
    picture = rgb.astype(np.float32) * np.float32(1 / 255)
    sides = []
    for side in (kept > SURE_SITTER, kept < SURE_ROOM):
        sure = cv2.erode(side.astype(np.uint8), disc, borderValue=1)
        sides.append(_carried_over(picture, sure.astype(np.float32), grid, face_px * scale))
    away_map = cv2.resize(_away(kept, face_px), grid, interpolation=cv2.INTER_AREA)
    (fore, fore_var), (back, back_var) = sides
    return EdgeColors(np.dstack([fore, back, fore_var, back_var, away_map]).astype(np.float32))


def _away(kept: np.ndarray, face_px: float) -> np.ndarray:
    """Return (H, W) float32: the distance from the outline in face heights, at most `FARTHEST_FACES`."""
    inside = (kept > 0.5).astype(np.uint8)
    away = np.maximum(cv2.distanceTransform(inside, cv2.DIST_L2, 3), cv2.distanceTransform(1 - inside, cv2.DIST_L2, 3))
    return np.minimum(away / np.float32(face_px), np.float32(FARTHEST_FACES))


def _carried_over(
    picture: np.ndarray, sure: np.ndarray, grid: tuple[int, int], face_cells: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean colour and its variance, (h, w, 3) each, carried from sure pixels to everywhere."""
    weight = cv2.resize(sure, grid, interpolation=cv2.INTER_AREA)
    known = picture * sure[..., None]
    values = np.dstack([cv2.resize(each, grid, interpolation=cv2.INTER_AREA) for each in (known, known * picture)])
    out: np.ndarray | None = None
    for reach in SPREAD_FACES:
        sigma = max(0.7, reach * face_cells)
        share = cv2.GaussianBlur(weight, (0, 0), sigma)[..., None]
        near = np.dstack([cv2.GaussianBlur(v, (0, 0), sigma) for v in (values[..., :3], values[..., 3:])])
        near /= np.maximum(share, np.float32(1e-5))
        out = near if out is None else out + np.clip(share / np.float32(ENOUGH), 0, 1) * (near - out)
    assert out is not None
    mean = out[..., :3]
    return mean, np.maximum(out[..., 3:] - mean * mean, 0)


def solve_edges(rgb: np.ndarray, prior: np.ndarray, colors: EdgeColors) -> np.ndarray:
    """Return the matte (H, W) float32 0..1 with its edge solved by colour.

    `rgb` (H, W, 3) uint8; `prior` (H, W) float32 0..1, the matte so far.
    """
    soft = cv2.GaussianBlur(rgb, (3, 3), SOFT_PX)
    out = np.empty(prior.shape, np.float32)
    _solve(read_only(soft), read_only(prior), read_only(colors.maps), out)
    return out


@_inline
def _at(maps, iy, ix, fy, fx, channel):  # type: ignore[no-untyped-def]
    """A map's value between its four cells."""
    above = maps[iy, ix, channel] + fx * (maps[iy, ix + 1, channel] - maps[iy, ix, channel])
    below = maps[iy + 1, ix, channel] + fx * (maps[iy + 1, ix + 1, channel] - maps[iy + 1, ix, channel])
    return above + fy * (below - above)


@_inline
def _stepped(alpha):  # type: ignore[no-untyped-def]
    """Nothing is left of what is next to nothing."""
    t = (alpha - np.float32(LEAST)) / np.float32(MOST - LEAST)
    return min(max(t, np.float32(0)), np.float32(1))


@_inline
def _between(clutter, plain, share):  # type: ignore[no-untyped-def]
    return np.float32(clutter) + share * np.float32(plain - clutter)


@_inline
def _doubt(a0, away, plain):  # type: ignore[no-untyped-def]
    """The standard deviation of the networks' alpha at a distance from their outline, before a wall so plain."""
    one, zero = np.float32(1), np.float32(0)
    near = max(one - away / np.float32(REACH_FACES), zero)
    close = max(one - away / np.float32(CLUTTER_REACH_FACES), zero)
    mixed = 2 * np.sqrt(max(a0 * (one - a0), zero)) * min(3 * near, one)
    beside = max(np.float32(DOUBT_NEAR) * near * plain, np.float32(CLUTTER_DOUBT_NEAR) * close)
    return max(beside, _between(CLUTTER_DOUBT_MIXED, DOUBT_MIXED, plain) * mixed)


@_jit
def _solve(rgb, prior, maps, out):  # type: ignore[no-untyped-def]  # noqa: C901 - one pass over the pixels
    """Write the solved matte; see `solve_edges`."""
    height, width = prior.shape
    h, w = maps.shape[0], maps.shape[1]
    sy, sx = np.float32(h) / height, np.float32(w) / width
    half, one, zero, unit = np.float32(0.5), np.float32(1), np.float32(0), np.float32(1 / 255)
    way, off = np.empty(3, np.float32), np.empty(3, np.float32)
    for y in range(height):
        ly = min(max((y + half) * sy - half, zero), np.float32(h - 1.001))
        iy = int(ly)
        fy = ly - np.float32(iy)
        for x in range(width):
            lx = min(max((x + half) * sx - half, zero), np.float32(w - 1.001))
            ix = int(lx)
            fx = lx - np.float32(ix)
            a0, away = prior[y, x], _at(maps, iy, ix, fy, fx, _AWAY)
            if away >= np.float32(REACH_FACES):
                out[y, x] = a0
                continue
            spread = zero
            for c in range(3):
                spread += _at(maps, iy, ix, fy, fx, _BACK_VAR + c) * np.float32(1 / 3)
            power, along = np.float32(1e-6), zero
            for c in range(3):
                back = _at(maps, iy, ix, fy, fx, _BACK + c)
                way[c] = _at(maps, iy, ix, fy, fx, _FORE + c) - back
                off[c] = rgb[y, x, c] * unit - back
                power += way[c] * way[c]
                along += off[c] * way[c]
            solved = min(max(along / power, zero), one)
            beside, fore_var, back_var = zero, zero, zero
            for c in range(3):
                beside += (off[c] - solved * way[c]) ** 2
                part = way[c] * way[c] / power
                fore_var += part * _at(maps, iy, ix, fy, fx, _FORE_VAR + c)
                back_var += part * _at(maps, iy, ix, fy, fx, _BACK_VAR + c)
            deviation = np.sqrt(spread)
            plain = min(max((np.float32(CLUTTERED) - deviation) / np.float32(CLUTTERED - PLAIN), zero), one)
            trust = power * _doubt(a0, away, plain) ** 2
            noise = _between(CLUTTER_NOISE, NOISE, plain)
            a = a0
            for _ in range(ROUNDS):
                variance = noise * noise + np.float32(FORE_VARIES) * a * a * fore_var + np.float32(OFF_WAY) * beside
                variance += np.float32(BACK_VARIES) * (one - a) * (one - a) * back_var
                a = (trust * solved + variance * a0) / (trust + variance)
            out[y, x] = _stepped(a)
