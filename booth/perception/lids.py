"""Eyes from their pixels: the strip of both eyes, and whether there is an eye at all.

The tracker draws open eyes under dark glasses and hands. A real eye has dark (iris) or bright (white) rows between the
lids that skin has not. Whether the lids are open is judged by `lid_model` from the same strip.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.color import REC709_LUMA, SRGB8_TO_LINEAR
from booth.core.compiled import read_only
from booth.core.landmarks import (
    IRISES,
    LEFT_EYE_CORNERS,
    LEFT_IRIS,
    LOWER_LIDS,
    RIGHT_EYE_CORNERS,
    RIGHT_IRIS,
    UPPER_LIDS,
)
from booth.core.types import Face
from booth.perception.aligned_face import brought_near
from booth.perception.eye_rows import read_rows

SPAN_PX = 120.0  # iris to iris
WIDTH_PX, HEIGHT_PX = 232, 124
EYES_AT = (116.0, 50.0)
IRIS_PX = 0.186 * SPAN_PX  # 11.7 of 63 mm
UPPER, LOWER = dict(zip(IRISES, UPPER_LIDS, strict=True)), dict(zip(IRISES, LOWER_LIDS, strict=True))
CORNERS = {RIGHT_IRIS: RIGHT_EYE_CORNERS, LEFT_IRIS: LEFT_EYE_CORNERS}

LOOKED_AT = ((-0.42, 0.42), (-0.85, -0.65), (0.65, 0.85))  # iris and white on both sides of it, in iris widths
BELOW_EYE = ((0.20, 0.26), (0.50, 0.60))  # skin where a lens would be and the cheek, in distances iris to iris
FLOOR = 0.002  # linear; below this the camera sees noise


@dataclass(frozen=True, slots=True)
class EyePixels:
    """One eye: band heights in iris widths, contrasts in stops against the skin of the lids."""

    shown: float  # height of the band that is not skin
    above: float  # from the iris' middle up to the band's top; < 0 where the lid covers the middle
    below: float
    dark_stops: float  # how much darker the iris is than the lids
    white_stops: float  # how much brighter the white is
    under_stops: float  # how much darker the skin just below the eye is than the cheek


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """Both eyes and the skin below, upright: log2 of linear light, its redness, and the landmarks in its pixels."""

    stops: np.ndarray  # (124, 232) float32
    red_stops: np.ndarray  # (124, 232) float32, log2 of linear red over green: skin is redder than eyes
    points: np.ndarray  # (478, 2)


def cut_strip(rgb: np.ndarray, face: Face) -> Strip:
    """Cut the strip of both eyes out of the (H, W, 3) uint8 picture the face was found in."""
    points = face.points_px(rgb.shape[1], rgb.shape[0]).astype(np.float64)
    middle = (points[list(RIGHT_EYE_CORNERS)].mean(0) + points[list(LEFT_EYE_CORNERS)].mean(0)) / 2
    across = points[LEFT_IRIS] - points[RIGHT_IRIS]
    span_px = max(float(np.hypot(*across)), 1e-6)
    scale = SPAN_PX / span_px
    source, origin, shrink = brought_near(rgb, middle, 1.5 * span_px, 1.2 * scale)
    cos, sin = across / span_px * scale
    turn = np.array([[cos, sin], [-sin, cos]])
    shift = np.array(EYES_AT) - turn @ middle
    matrix = np.column_stack([turn / shrink, turn @ origin + shift])
    strip = cv2.warpAffine(
        source, matrix, (WIDTH_PX, HEIGHT_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    light = cv2.GaussianBlur(cv2.LUT(strip, SRGB8_TO_LINEAR), (0, 0), 1.0) + FLOOR
    red_stops = np.log2(light[..., 0] / light[..., 1])
    return Strip(np.log2(cv2.transform(light, REC709_LUMA[None])), red_stops, points @ turn.T + shift)


def read_eyes(strip: Strip) -> tuple[EyePixels, EyePixels]:
    """Read both eyes, the sitter's right one first."""
    return _read(strip, RIGHT_IRIS), _read(strip, LEFT_IRIS)


def _columns(x: float, offsets: tuple[float, float]) -> tuple[int, int]:
    """Return first and past-last column between two offsets from `x` in iris widths, at least one column."""
    low, high = (round(x + o * IRIS_PX) for o in offsets)
    low, high = min(max(0, low), WIDTH_PX - 1), min(WIDTH_PX - 1, high)
    return low, max(low, high) + 1


def _within(start: float, stop: float, length: int) -> tuple[int, int]:
    """Return the bounds of [int(start):int(stop)] of so many, as a slice would take them."""
    return slice(int(start), int(stop)).indices(length)[:2]


def _read(strip: Strip, iris: int) -> EyePixels:
    x, y = strip.points[iris]
    upper, lower = strip.points[UPPER[iris], 1], strip.points[LOWER[iris], 1]
    # A head on its side may put an eye outside the strip: what is there then says "nothing seen", it does not fail.
    top = min(max(0, int(min(upper, y - 0.45 * IRIS_PX) - 0.35 * IRIS_PX)), HEIGHT_PX - 2)
    bottom = min(HEIGHT_PX, max(top + 2, int(max(lower, y + 0.45 * IRIS_PX) + 0.35 * IRIS_PX)))
    skin = (
        _within(max(0, int(upper - 0.9 * IRIS_PX)), max(1, int(upper - 0.2 * IRIS_PX)), HEIGHT_PX),
        _within(lower + 0.35 * IRIS_PX, lower + IRIS_PX, HEIGHT_PX),
    )
    columns = tuple(_columns(x, offsets) for offsets in LOOKED_AT)
    out = np.empty(5)
    read_rows(
        read_only(strip.stops), np.array(columns), np.array(skin), np.array((top, bottom)), _blocks(strip, iris), out
    )
    first, last = float(out[0]), float(out[1])
    band = (last - first) / IRIS_PX
    above, below = ((y - top - first) / IRIS_PX, (top + last - y) / IRIS_PX) if band else (0.0, 0.0)
    return EyePixels(band, above, below, *out[2:].tolist())


def _blocks(strip: Strip, iris: int) -> np.ndarray:
    """Return (2, 4) rows and columns of the skin a quarter of the eye distance below the eye and of the cheek below.

    Where a lens would be, the first is darker.
    """
    x, y = strip.points[list(CORNERS[iris])].mean(0)
    left, right = slice(max(0, int(x - 0.12 * SPAN_PX)), int(x + 0.12 * SPAN_PX)).indices(WIDTH_PX)[:2]
    return np.array([
        (*_within(y + near * SPAN_PX, y + far * SPAN_PX, HEIGHT_PX), left, right) for near, far in BELOW_EYE
    ])  # fmt: skip
