"""Line drawings on a grid of 24 by 24, drawn at any size."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import cv2
import numpy as np

from booth.draw.theme import Colour

_GRID = 24
_STROKE = 2.0  # on the grid
_SHIFT = 4  # fractional bits of cv2 coordinates


_DRAWINGS: Mapping[str, str] = MappingProxyType(
    {
        "close": "6,6 18,18 | 18,6 6,18",
        "check": "5,12.5 10,17.5 19.5,7",
        "right": "4,12 20,12 | 13.5,5.5 20,12 13.5,18.5",
        "left": "20,12 4,12 | 10.5,5.5 4,12 10.5,18.5",
        "up": "12,20 12,4 | 5.5,10.5 12,4 18.5,10.5",
        "down": "12,4 12,20 | 5.5,13.5 12,20 18.5,13.5",
        "next": "9,5 16,12 9,19",
        "previous": "15,5 8,12 15,19",
        "closer": "4,9 4,4 9,4 | 15,4 20,4 20,9 | 20,15 20,20 15,20 | 9,20 4,20 4,15 | o 12,12 3,3 0,360",
        "back": "9,4 9,9 4,9 | 20,9 15,9 15,4 | 15,20 15,15 20,15 | 4,15 9,15 9,20",
        "tilt_right": "o 12,14 7.5,7.5 200,320 | 18.6,4.4 17.8,9.2 13,8.6",
        "tilt_left": "o 12,14 7.5,7.5 220,340 | 5.4,4.4 6.2,9.2 11,8.6",
        "letter": "3.5,19 9,5 14.5,19 | 5.5,14 12.5,14 | o 18,16 2.8,2.8 0,360 | 20.8,12.5 20.8,19",
        "contrast": "o 12,12 8.5,8.5 0,360 | 12,3.5 12,20.5 | 14.2,4.5 14.2,19.5 | 16.4,5.5 16.4,18.5 | 18.6,8 18.6,16",
        "lower": "4,3.5 20,3.5 20,20.5 4,20.5 4,3.5 | 7,13 17,13 | 7,16.8 10.7,16.8 | 13.3,16.8 17,16.8",
        "eye": "o 12,16.5 11,10.5 205,335 | o 12,7.5 11,10.5 25,155 | o 12,12 2.6,2.6 0,360",
        "clock": "o 12,12 8.5,8.5 0,360 | 12,7 12,12 15.5,14",
        "lock": "5.5,11 18.5,11 18.5,20 5.5,20 5.5,11 | 8,11 8,8 | o 12,8 4,4 180,360 | 16,8 16,11",
        "person": "o 12,8 4,4 0,360 | o 12,21 8,8 185,355",
        "people": "o 8,8.5 3.4,3.4 0,360 | o 8,20 6.4,7 185,355 | o 16.5,9.5 2.9,2.9 0,360 | o 16.8,20 5.4,6.2 230,355",
        "camera": "3.5,8 8,8 9.5,5 14.5,5 16,8 20.5,8 20.5,19 3.5,19 3.5,8 | o 12,13.2 3.4,3.4 0,360",
        "ruler": "3.5,9 20.5,9 20.5,16 3.5,16 3.5,9 | 7.5,9 7.5,12 | 12,9 12,13 | 16.5,9 16.5,12",
        "again": "o 12,12 8,8 -60,215 | 19.5,3 16.2,5.2 18.6,8.8",
        "undo": "9.5,4 4.5,9 9.5,14 | 4.5,9 14,9 | o 14,14.2 5.2,5.2 -90,90 | 14,19.4 8,19.4",
        "trash": "4.5,7 19.5,7 | 9,7 9.6,4 14.4,4 15,7 | 6.5,7 7.5,20 16.5,20 17.5,7",
        "save": "12,4 12,15 | 7,10.5 12,15.5 17,10.5 | 4.5,16 4.5,20 19.5,20 19.5,16",
        "sun": "o 12,12 4,4 0,360 | 19,12 21.5,12 | 5,12 2.5,12 | 12,5 12,2.5 | 12,19 12,21.5"
        " | 17,17 18.7,18.7 | 7,17 5.3,18.7 | 7,7 5.3,5.3 | 17,7 18.7,5.3",
        "warning": "12,4 21,19.5 3,19.5 12,4 | 12,10 12,14 | o 12,16.8 0.3,0.3 0,360",
        "smile": "o 12,12 8.5,8.5 0,360 | o 12,12.5 4.5,4.5 20,160 | o 9,9.5 0.3,0.3 0,360 | o 15,9.5 0.3,0.3 0,360",
        "erase": "9,5.5 20.5,5.5 20.5,18.5 9,18.5 3.5,12 9,5.5 | 11.5,9.5 16.5,14.5 | 16.5,9.5 11.5,14.5",
        "printer": "7,9 7,4 17,4 17,9 | 7,17 4,17 4,9 20,9 20,17 17,17 | 7,14 17,14 17,20 7,20 7,14",
        "mail": "3.5,6 20.5,6 20.5,18 3.5,18 3.5,6 | 3.5,6.5 12,13 20.5,6.5",
        "info": "o 12,12 8.5,8.5 0,360 | 12,11 12,16.5 | o 12,7.8 0.3,0.3 0,360",
        "edit": "4,20 5,15.5 16,4.5 19.5,8 8.5,19 4,20 | 13.5,7 17,10.5",
        "space": "4,11 4,16 20,16 20,11",
        "dot": "o 12,12 1,1 0,360 | o 12,12 5,5 0,360",
    }
)
"""Lines parted by bars: points `x,y x,y`, or an arc `o centre radii from,to` in degrees clockwise from the right."""

ICON_NAMES: frozenset[str] = frozenset(_DRAWINGS)


def _line(text: str) -> np.ndarray:
    """Read one line of a drawing as (n, 2) float grid points."""
    is_arc = text.startswith("o")
    pairs = np.array([pair.split(",") for pair in text.removeprefix("o").split()], np.float32)
    if not is_arc:
        return pairs
    centre, radii, (start, end) = pairs
    angles = np.radians(np.linspace(start, end, 41))
    return np.asarray(centre + radii * np.stack([np.cos(angles), np.sin(angles)], 1), np.float32)


@lru_cache(maxsize=128)
def icon_rgba(name: str, size_px: int, colour: Colour) -> np.ndarray:
    """Return an icon as (size, size, 4) uint8 with alpha; KeyError for a name that is not in ICON_NAMES."""
    over = 4  # drawn larger, then averaged: smoother than cv2's own edges
    big = np.zeros((size_px * over, size_px * over), np.uint8)
    scale = size_px * over / _GRID
    lines = [np.round(_line(text.strip()) * scale * 2**_SHIFT).astype(np.int32) for text in _DRAWINGS[name].split("|")]
    cv2.polylines(big, lines, False, 255, max(1, round(_STROKE * scale)), cv2.LINE_AA, _SHIFT)
    alpha = cv2.resize(big, (size_px, size_px), interpolation=cv2.INTER_AREA)
    rgba = np.empty((size_px, size_px, 4), np.uint8)
    rgba[..., :3], rgba[..., 3] = colour, alpha
    rgba.flags.writeable = False
    return rgba
