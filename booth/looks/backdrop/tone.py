"""Colour arithmetic of the backdrops: coded and linear sRGB, hex names, and how a camera rolls off highlights.

Scenes are painted in linear light, where 1.0 is the brightest thing a camera keeps; lights may be far above it.
"""

from __future__ import annotations

import re

import cv2
import numpy as np

from booth.core.color import linear_to_srgb, srgb_to_linear
from booth.core.faults import Fault

SHOULDER = 0.55  # linear level where the film-like shoulder starts; below it the scene is kept as it is
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")


def to_linear(coded: np.ndarray) -> np.ndarray:
    """Return linear light of sRGB-coded float32 values 0..1 (IEC 61966-2-1)."""
    return srgb_to_linear(np.asarray(coded, np.float32))


def to_coded(linear: np.ndarray) -> np.ndarray:
    """Return sRGB-coded float32 of linear light; negative light counts as none, above 1 is clipped."""
    return linear_to_srgb(np.clip(np.asarray(linear, np.float32), 0, 1)).astype(np.float32)


def photographed(linear: np.ndarray) -> np.ndarray:
    """Return sRGB-coded float32 of a linear scene as a camera renders it: straight below, a soft shoulder to white."""
    room = 1 - SHOULDER
    rolled = SHOULDER + room * (1 - np.exp(-np.maximum(linear - SHOULDER, 0) / room))
    return to_coded(np.where(linear > SHOULDER, rolled, linear))


def hex_rgb(colour: str) -> np.ndarray:
    """Return (3,) float32 sRGB-coded 0..1 of `#rrggbb`; Fault `backdrop.colour` for anything else."""
    match = _HEX.fullmatch(colour.strip())
    if match is None:
        raise Fault("backdrop.colour", f"{colour!r} is not a colour.", "Write colours as #rrggbb.")
    return np.frombuffer(bytes.fromhex(match.group(1)), np.uint8).astype(np.float32) / 255


def hex_linear(colour: str) -> np.ndarray:
    """Return (3,) float32 linear light of `#rrggbb`."""
    return to_linear(hex_rgb(colour)).astype(np.float32)


def enlarged(rgb: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return the picture at (W, H): cubic when growing, area means when shrinking, float32 kept in 0..1."""
    shrinks = size[0] < rgb.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    out = cv2.resize(rgb, size, interpolation=how)
    return np.clip(out, 0, 1, out=out)
