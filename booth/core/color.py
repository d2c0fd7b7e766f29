"""sRGB and linear light, luminance and luma: the formulas of the standards, once.

Coded values are what an sRGB picture holds (0..1, or 8-bit codes 0..255). Linear light is proportional to the light of
the scene, 1.0 the brightest a picture can hold. The functions keep the dtype of float32 and float64 arrays.
Channels are in the order red, green, blue. Compiled loops (numba) do not call these: they read tables made here.
"""

from __future__ import annotations

import numpy as np

from booth.core.types import frozen

# The transfer function of sRGB (IEC 61966-2-1): straight near black, a power above. Shares of full scale, no unit.
SRGB_SLOPE = 12.92  # of the straight part, coded per linear
SRGB_POWER = 2.4
SRGB_SCALE, SRGB_OFFSET = 1.055, 0.055
SRGB_CODED_KNEE = 0.04045  # where the straight part ends, coded
SRGB_LINEAR_KNEE = 0.0031308  # the same in linear light

POWER_LAW_GAMMA = 2.2
"""Exponent of the usual short form of the sRGB curve, within 0.04 of it. For measures that were tuned with it."""

REC709_WEIGHTS = (0.2126, 0.7152, 0.0722)
"""Shares of red, green and blue in the luminance of linear light (ITU-R BT.709, and so of sRGB); their sum is 1."""

REC601_WEIGHTS = (0.299, 0.587, 0.114)
"""Shares of red, green and blue in the luma of coded values (ITU-R BT.601, as in JPEG); their sum is 1."""

REC709_LUMA = frozen(np.array(REC709_WEIGHTS, np.float32))
"""(3,) float32: `linear @ REC709_LUMA` is luminance, 0..1 for linear light of 0..1."""

REC601_LUMA = frozen(np.array(REC601_WEIGHTS, np.float32))
"""(3,) float32: `coded @ REC601_LUMA` is luma, in the range of the coded values."""


def srgb_to_linear(coded: np.ndarray) -> np.ndarray:
    """Return linear light of sRGB-coded values of any shape; 0..1 to 0..1, below 0 straight on (IEC 61966-2-1)."""
    power = ((np.maximum(coded, 0) + SRGB_OFFSET) / SRGB_SCALE) ** SRGB_POWER
    linear: np.ndarray = np.where(coded <= SRGB_CODED_KNEE, coded / SRGB_SLOPE, power)
    return linear


def linear_to_srgb(linear: np.ndarray) -> np.ndarray:
    """Return sRGB-coded values of linear light of any shape; 0..1 to 0..1, below 0 straight on (IEC 61966-2-1)."""
    power = SRGB_SCALE * np.maximum(linear, 0) ** (1 / SRGB_POWER) - SRGB_OFFSET
    coded: np.ndarray = np.where(linear <= SRGB_LINEAR_KNEE, linear * SRGB_SLOPE, power)
    return coded


def power_law_to_linear(coded: np.ndarray) -> np.ndarray:
    """Return linear light 0..1 of coded values 0..1 of any shape by the power `POWER_LAW_GAMMA`."""
    linear: np.ndarray = coded**POWER_LAW_GAMMA
    return linear


def luminance(linear: np.ndarray) -> np.ndarray:
    """Return the luminance (...) of linear light (..., 3), Rec. 709 weights."""
    light: np.ndarray = linear @ REC709_LUMA
    return light


def luma(coded: np.ndarray) -> np.ndarray:
    """Return the luma (...) of sRGB-coded values (..., 3), Rec. 601 weights."""
    level: np.ndarray = coded @ REC601_LUMA
    return level


def decode_table(steps: int = 255) -> np.ndarray:
    """Return (steps + 1,) float32: linear light of the coded values i / steps; by default of all 8-bit codes."""
    return srgb_to_linear(np.arange(steps + 1) / steps).astype(np.float32)


def encode_table_8bit(steps: int) -> np.ndarray:
    """Return (steps + 1,) uint8: the 8-bit code of linear light i / steps, rounded."""
    return np.round(linear_to_srgb(np.arange(steps + 1) / steps) * 255).astype(np.uint8)


def encode_root_table(steps: int) -> np.ndarray:
    """Return (steps + 1,) float32: coded values by the root of linear light, (i / steps) squared.

    By the root the curve is nearly straight: entries read with linear interpolation then stay close to the formula.
    """
    return linear_to_srgb((np.arange(steps + 1) / steps) ** 2).astype(np.float32)


SRGB8_TO_LINEAR = frozen(decode_table())
"""(256,) float32: linear light 0..1 of each 8-bit sRGB code; `SRGB8_TO_LINEAR[rgb]` decodes a uint8 picture."""
