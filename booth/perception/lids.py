"""Eyes from their pixels: the strip of both eyes, and whether there is an eye at all.

The tracker draws open eyes under dark glasses and hands. A real eye has dark (iris) or bright (white) rows between the
lids that skin has not. Whether the lids are open is judged by `lid_model` from the same strip.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.color import REC709_LUMA, SRGB8_TO_LINEAR
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

SPAN_PX = 120.0  # iris to iris
WIDTH_PX, HEIGHT_PX = 232, 124
EYES_AT = (116.0, 50.0)
IRIS_PX = 0.186 * SPAN_PX  # 11.7 of 63 mm
UPPER, LOWER = dict(zip(IRISES, UPPER_LIDS, strict=True)), dict(zip(IRISES, LOWER_LIDS, strict=True))
CORNERS = {RIGHT_IRIS: RIGHT_EYE_CORNERS, LEFT_IRIS: LEFT_EYE_CORNERS}

TELLING_STOPS = 0.8  # iris or white must differ this much from the lids' skin to tell rows apart
FLOOR = 0.002  # linear; below this the camera sees noise
RIM_STOPS = 1.6  # creases, lashes and shadows under the brow differ less from the skin beside them
JOIN_PX = 4  # a gap this small is a catchlight or a lash


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


def _columns(strip: Strip, x: float, offsets: tuple[float, float]) -> np.ndarray:
    """Return the columns between two offsets from `x` in iris widths, at least one."""
    low, high = (round(x + o * IRIS_PX) for o in offsets)
    low, high = min(max(0, low), WIDTH_PX - 1), min(WIDTH_PX - 1, high)
    return strip.stops[:, low : max(low, high) + 1]


def _skin(column: np.ndarray, upper: float, lower: float) -> tuple[float, float]:
    """Return the level of the skin above the upper and below the lower lid in one column of levels."""
    above = column[max(0, int(upper - 0.9 * IRIS_PX)) : max(1, int(upper - 0.2 * IRIS_PX))]
    below = column[int(lower + 0.35 * IRIS_PX) : int(lower + IRIS_PX)]
    return _bare(above), _bare(below)


def _bare(skin: np.ndarray) -> float:
    """Return the level of a stretch of skin; of its brighter half where the rim of spectacles darkens the other."""
    middle = len(skin) // 2
    near, far = _median(skin[:middle]), _median(skin[middle:])
    return max(near, far) if middle and abs(near - far) > RIM_STOPS else _median(skin)


def _median(values: np.ndarray) -> float:
    middle = len(values) // 2
    return float(np.partition(values, middle)[middle]) if len(values) else 0.0


def _row_level(columns: np.ndarray, share: float) -> np.ndarray:
    """Return each row's level at a share of its sorted values."""
    return np.sort(columns, axis=1)[:, int(share * (columns.shape[1] - 1))]


def _read(strip: Strip, iris: int) -> EyePixels:
    x, y = strip.points[iris]
    upper, lower = strip.points[UPPER[iris], 1], strip.points[LOWER[iris], 1]
    # A head on its side may put an eye outside the strip: what is there then says "nothing seen", it does not fail.
    top = min(max(0, int(min(upper, y - 0.45 * IRIS_PX) - 0.35 * IRIS_PX)), HEIGHT_PX - 2)
    bottom = min(HEIGHT_PX, max(top + 2, int(max(lower, y + 0.45 * IRIS_PX) + 0.35 * IRIS_PX)))
    iris_level = _row_level(_columns(strip, x, (-0.42, 0.42)), 0.12)  # beside the catchlight
    skin = min(_skin(iris_level, upper, lower))
    rows = iris_level[top:bottom]
    dark_stops = skin - float(np.sort(rows)[:2].mean())
    seen = np.clip((skin - rows) / max(dark_stops, 1e-3), 0, 1) if dark_stops > TELLING_STOPS else np.zeros(len(rows))
    white_stops = 0.0
    for side in ((-0.85, -0.65), (0.65, 0.85)):
        stops, white = _white(_row_level(_columns(strip, x, side), 0.6), upper, lower, slice(top, bottom))
        white_stops = max(white_stops, stops)
        if stops > TELLING_STOPS:
            seen = np.maximum(seen, white)
    first, last = _longest(seen > 0.5)
    band = (last - first) / IRIS_PX
    above, below = ((y - top - first) / IRIS_PX, (top + last - y) / IRIS_PX) if band else (0.0, 0.0)
    return EyePixels(band, above, below, dark_stops, white_stops, _under_stops(strip, iris))


def _white(level: np.ndarray, upper: float, lower: float, rows: slice) -> tuple[float, np.ndarray]:
    skin = max(_skin(level, upper, lower))
    stops = float(level[rows].max()) - skin
    return stops, np.clip((level[rows] - skin) / max(stops, 1e-3), 0, 1)


def _longest(on: np.ndarray) -> tuple[int, int]:
    """Return first and past-last row of the longest run, small gaps joined; (0, 0) when there is none."""
    rows = np.flatnonzero(on)
    if not len(rows):
        return 0, 0
    parts = np.split(rows, np.flatnonzero(np.diff(rows) > JOIN_PX) + 1)
    best = max(parts, key=len)
    return int(best[0]), int(best[-1]) + 1


def _under_stops(strip: Strip, iris: int) -> float:
    """Compare the skin a quarter of the eye distance below the eye, where a lens would be, with the cheek below it."""
    x, y = strip.points[list(CORNERS[iris])].mean(0)
    left, right = max(0, int(x - 0.12 * SPAN_PX)), int(x + 0.12 * SPAN_PX)
    under = strip.stops[int(y + 0.20 * SPAN_PX) : int(y + 0.26 * SPAN_PX), left:right]
    cheek = strip.stops[int(y + 0.50 * SPAN_PX) : int(y + 0.60 * SPAN_PX), left:right]
    if not under.size or not cheek.size:
        return 0.0
    return _median(cheek.ravel()) - _median(under.ravel())
