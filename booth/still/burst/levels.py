"""How strong something usually is at each brightness: a camera's noise grows with the light."""

from __future__ import annotations

import numpy as np

N_LEVELS = 16  # brightnesses told apart
STEP = 3  # pixels: every third in each direction is sample enough
USUAL_PERCENTILE = 40  # leaves edges and what moves out
MIN_SAMPLES = 150  # at one brightness
DEFAULT = 4.0  # variance in 8-bit levels where nothing can be told


def curve_of(
    energy: np.ndarray, luma: np.ndarray, where: np.ndarray | None = None, percentile: float = USUAL_PERCENTILE
) -> np.ndarray:
    """Return the usual level of `energy` (H, W) at each of 16 brightnesses of `luma` (H, W) 0..255, (16,) float32."""
    e, y = energy[::STEP, ::STEP], (np.clip(luma[::STEP, ::STEP], 0, 255).astype(np.int32) >> 4)
    seen = np.ones_like(y, bool) if where is None else where[::STEP, ::STEP]
    curve = np.full(N_LEVELS, np.nan)
    for level in range(N_LEVELS):
        part = e[seen & (y == level)]
        if part.size > MIN_SAMPLES:
            curve[level] = np.percentile(part, percentile)
    known = ~np.isnan(curve)
    if not known.any():
        return np.full(N_LEVELS, DEFAULT, np.float32)
    full = np.interp(np.arange(N_LEVELS), np.arange(N_LEVELS)[known], curve[known])
    return np.convolve(np.pad(full, 1, mode="edge"), [0.25, 0.5, 0.25], "valid").astype(np.float32)


def at_brightness(curve: np.ndarray, luma: np.ndarray) -> np.ndarray:
    """Look a curve of `curve_of` up for a picture (H, W) 0..255; float32."""
    table = np.interp(np.arange(256), np.arange(N_LEVELS) * 16 + 8, curve).astype(np.float32)
    found: np.ndarray = table[np.clip(luma, 0, 255).astype(np.uint8)]
    return found
