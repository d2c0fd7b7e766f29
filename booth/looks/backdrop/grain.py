"""The last eight bits: dither against banding, and grain as fine and as strong as the camera's own."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.color import luma

_TILE_PX = 512
_ROWS = 512  # rows worked on at once, so that 24 megapixels need no second float copy
_LEVELS = np.array([0.15, 0.4, 0.7], np.float32)  # coded luma at which the camera's noise is looked up
_MAD_TO_SIGMA = 1.4826
_KERNEL = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)  # Immerkaer 1996: blind to planes and edges
_KERNEL_GAIN = 6.0  # root of the kernel's sum of squares
_MIN_SAMPLES = 200
_SHARED, _OWN = np.float32(0.93), np.float32(0.36)  # of the grain in luma and in each channel for itself


def _tile(seed: int) -> np.ndarray:
    """Return (512, 512, 3) float32 triangular noise of -1..1, with no low frequencies in it."""
    white = np.random.default_rng(seed).random((_TILE_PX, _TILE_PX, 3), np.float32)
    return white - np.roll(white, (1, 1), (0, 1))  # a difference of neighbours: triangular and high-pass at once


def dither_u8(rgb: np.ndarray, seed: int) -> np.ndarray:
    """Return uint8 of a float picture 0..1 (H, W, 3), rounded with triangular high-pass noise of one level.

    The mean is kept and no step between levels can be seen; pure black and white stay pure. The same seed gives the
    same bytes.
    """
    height, width = rgb.shape[:2]
    tile = _tile(seed)
    across = np.tile(tile, (1, -(-width // _TILE_PX), 1))[:, :width]
    out = np.empty(rgb.shape, np.uint8)
    for top in range(0, height, _ROWS):
        rows = rgb[top : top + _ROWS]
        levels = np.clip(rows, 0, 1) * np.float32(255)
        # Noise that would be cut off at the ends would shift the mean: it fades where no room is left for it.
        room = np.minimum(np.minimum(levels, np.float32(255) - levels) * 2, 1)
        levels += across[: len(rows)] * room
        out[top : top + _ROWS] = cv2.convertScaleAbs(np.maximum(levels, 0, out=levels))
    return out


@dataclass(frozen=True, slots=True)
class Grain:
    """A camera's noise as measured: standard deviations of coded luma 0..1 at dark, middle and light levels.

    `size_px` is how far the noise hangs together (1 is pixel by pixel; compressed video has 2 to 3).
    """

    sigma: tuple[float, float, float]
    size_px: float = 1.0

    def at(self, luma: np.ndarray) -> np.ndarray:
        """Return the standard deviation at coded luma values."""
        sigma: np.ndarray = np.interp(luma, _LEVELS, self.sigma).astype(np.float32)
        return sigma


def measure_grain(rgb: np.ndarray, alpha: np.ndarray | None = None) -> Grain:
    """Measure a frame's noise, uint8 (H, W, 3); where `alpha` (uint8) is given only the room counts, not the sitter.

    Robust: the median of a second-difference kernel, so edges and texture count little; clipped pixels not at all.
    """
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    keep = (grey > 0.02) & (grey < 0.97)
    if alpha is not None and (alpha < 16).mean() > 0.05:
        keep &= alpha < 16
    fine = np.abs(cv2.filter2D(grey, -1, _KERNEL)) / _KERNEL_GAIN
    quiet = keep & (cv2.boxFilter(fine, -1, (9, 9)) <= np.quantile(fine[keep], 0.75) if keep.any() else keep)
    overall = _sigma(fine[quiet])
    bands = zip((0.0, 0.28, 0.55), (0.28, 0.55, 1.01), strict=True)
    sigma = [_sigma(fine[quiet & (grey >= a) & (grey < b)], overall) for a, b in bands]
    return Grain((sigma[0], sigma[1], sigma[2]), _size_px(grey, quiet, overall))


def _sigma(residual: np.ndarray, default: float = 0.0) -> float:
    return float(np.median(residual) * _MAD_TO_SIGMA) if residual.size >= _MIN_SAMPLES else default


def _size_px(grey: np.ndarray, quiet: np.ndarray, fine_sigma: float) -> float:
    """Compare the noise of pixels with the noise of 2 x 2 means: white noise halves, coarser noise does not."""
    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    where = cv2.resize(quiet.astype(np.uint8), (half.shape[1], half.shape[0]), interpolation=cv2.INTER_NEAREST) > 0
    coarse = _sigma((np.abs(cv2.filter2D(half, -1, _KERNEL)) / _KERNEL_GAIN)[where])
    return float(np.clip(2 * coarse / fine_sigma, 1, 3)) if fine_sigma > 1e-5 else 1.0


def grain_tile(size_px: float, seed: int) -> np.ndarray:
    """Return (512, 512, 3) float32 noise of unit strength that hangs together over `size_px`, mostly luma; it tiles."""
    rng = np.random.default_rng(seed)
    shared, own = (
        rng.standard_normal((_TILE_PX, _TILE_PX, 1), np.float32),
        rng.standard_normal((_TILE_PX, _TILE_PX, 3), np.float32),
    )
    softness = 0.42 * (size_px - 1)
    if softness > 0.05:
        shared, own = (_softened_tile(n, softness) for n in (shared, own))
    tile: np.ndarray = _SHARED * shared + _OWN * own
    return tile


def _softened_tile(white: np.ndarray, sigma_px: float) -> np.ndarray:
    margin = 8
    wide = np.pad(white, ((margin, margin), (margin, margin), (0, 0)), mode="wrap")
    soft = _softened(wide, sigma_px).reshape(wide.shape)
    return np.ascontiguousarray(soft[margin:-margin, margin:-margin])


def sampled(picture: np.ndarray, tile_px: int = 96, tiles: int = 10) -> np.ndarray:
    """Return a mosaic of tiles spread over a large picture, enough to measure its grain by; a small one is returned."""
    height, width = picture.shape[:2]
    if height < tile_px * tiles or width < tile_px * tiles:
        return picture
    ys, xs = (np.linspace(0, side - tile_px, tiles).astype(int) for side in (height, width))
    return np.concatenate([np.concatenate([picture[y : y + tile_px, x : x + tile_px] for x in xs], 1) for y in ys])


def match_grain(rgb: np.ndarray, grain: Grain, seed: int) -> np.ndarray:
    """Return the float picture (H, W, 3) 0..1 with the camera's grain laid on it, mostly in luma.

    `seed` should change with the frame in a film and stay in a still.
    """
    rng = np.random.default_rng(seed)
    out = np.empty_like(rgb)
    softness = 0.42 * (grain.size_px - 1)  # Gaussian that leaves 2 x 2 means the measured share
    for top in range(0, len(rgb), _ROWS):
        rows = rgb[top : top + _ROWS]
        levels = luma(rows)
        shared = rng.standard_normal(levels.shape, np.float32)
        own = rng.standard_normal(rows.shape, np.float32)
        if softness > 0.05:
            shared, own = (_softened(n, softness) for n in (shared, own))
        out[top : top + _ROWS] = rows + grain.at(levels)[..., None] * (_SHARED * shared[..., None] + _OWN * own)
    return np.clip(out, 0, 1, out=out)


def _softened(white: np.ndarray, sigma_px: float) -> np.ndarray:
    soft = cv2.GaussianBlur(white, (0, 0), sigma_px)
    return soft / max(float(soft.std()), 1e-6)
