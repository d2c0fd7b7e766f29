"""Noise, white balance and exposure of a photograph, each measured first and changed within a cap.

The face's own brightness and colour are never evidence: a correction toward one brightness of face would lighten dark
skin and darken light skin. What counts is the backdrop, the whites of the eyes and what is clipped.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.config.params.finish import CorrectParams
from booth.core.color import REC709_WEIGHTS, SRGB8_TO_LINEAR, linear_to_srgb, srgb_to_linear
from booth.core.landmarks import EYES, IRIS_RINGS, IRISES
from booth.core.types import Face

TILE_PX = 48
TILES_A_SIDE = 12
ATROUS_NOISE = (0.889, 0.2)  # share of white noise in the first two levels of a B3 spline (Starck & Murtagh 2006)
CHROMA_NOISE = 1.6  # colour noise is wiped harder: it carries no pores
NEUTRAL_LOG = 0.18  # a backdrop farther than this from grey (log of red or blue over green) has a colour of its own
MIN_BACKDROP_SHARE = 0.03
WHITE_LEVEL = 0.35  # linear; the brightest thing that is not skin reaches this in a well exposed portrait
SMALLEST_STOPS = 0.03
CLIPPED_FROM = 0.02  # share of the sitter at the top from which nothing is lifted any more
SMALL_PX = 512


@dataclass(frozen=True, slots=True)
class Correction:
    """What a photograph needs: gains of red, green and blue in linear light, and stops of exposure."""

    gains: tuple[float, float, float] = (1.0, 1.0, 1.0)
    exposure_stops: float = 0.0

    @property
    def is_nothing(self) -> bool:
        """True when no code value would change."""
        return self.exposure_stops == 0 and self.gains == (1.0, 1.0, 1.0)


def noise_sigma(rgb: np.ndarray) -> float:
    """Measure the noise of an (H, W, 3) uint8 picture in 1/255, on its quietest quarter, so texture counts little."""
    height, width = rgb.shape[:2]
    measured = []
    for y in np.linspace(0, max(height - TILE_PX, 0), TILES_A_SIDE).astype(int):
        for x in np.linspace(0, max(width - TILE_PX, 0), TILES_A_SIDE).astype(int):
            green = rgb[y : y + TILE_PX, x : x + TILE_PX, 1].astype(np.float32)
            if not 12 < green.mean() < 243:  # clipped tiles are quiet for another reason
                continue
            diagonal = (green[:-1, :-1] - green[1:, :-1] - green[:-1, 1:] + green[1:, 1:]) / 2
            measured.append(float(np.median(np.abs(diagonal))) / 0.6745)
    return float(np.percentile(measured, 25)) if measured else 0.0


def denoise(rgb: np.ndarray, sigma: float, params: CorrectParams) -> float:
    """Shrink the two finest scales of a float32 0..1 picture in place by the measured noise; return how much of it.

    0.0 when the noise is below `denoise_from`: a clean picture is left as it is.
    """
    if sigma < params.denoise_from or params.denoise == 0:
        return 0.0
    band = 512
    halo = 8
    source = rgb.copy() if rgb.shape[0] > band else rgb
    for top in range(0, rgb.shape[0], band):
        low, high = max(0, top - halo), min(rgb.shape[0], top + band + halo)
        quiet = _shrunk_detail(np.ascontiguousarray(source[low:high]), sigma * params.denoise / 255)
        rgb[top : top + band] = quiet[top - low : top - low + min(band, rgb.shape[0] - top)]
    return params.denoise


def _shrunk_detail(rgb: np.ndarray, sigma: float) -> np.ndarray:
    coded = cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb)
    planes = []
    for index, plane in enumerate(cv2.split(coded)):
        level = sigma * (1.0 if index == 0 else CHROMA_NOISE)
        kept = np.zeros_like(plane)
        for scale, share in enumerate(ATROUS_NOISE):
            smooth = _b3(plane, 2**scale)
            detail = plane - smooth
            limit = 1.5 * level * share
            kept += np.sign(detail) * np.maximum(np.abs(detail) - limit, 0)
            plane = smooth
        planes.append(plane + kept)
    return np.clip(cv2.cvtColor(cv2.merge(planes), cv2.COLOR_YCrCb2RGB), 0, 1)


def _b3(plane: np.ndarray, step: int) -> np.ndarray:
    kernel = np.zeros(4 * step + 1, np.float32)
    kernel[::step] = (1 / 16, 1 / 4, 3 / 8, 1 / 4, 1 / 16)
    return cv2.sepFilter2D(plane, -1, kernel, kernel, borderType=cv2.BORDER_REFLECT)


def measure_correction(rgb: np.ndarray, alpha: np.ndarray, face: Face, params: CorrectParams) -> Correction:
    """Find white balance and exposure of an (H, W, 3) uint8 picture with its matte (H, W), 0..1 or uint8."""
    scale = min(1.0, SMALL_PX / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    person = cv2.resize(alpha, small.shape[1::-1], interpolation=cv2.INTER_AREA).astype(np.float32)
    person /= 255 if alpha.dtype == np.uint8 else 1
    linear = SRGB8_TO_LINEAR[small]
    backdrop = linear[(person < 0.02) & (small.max(2) < 250) & (small.max(2) > 25)]
    if len(backdrop) < MIN_BACKDROP_SHARE * person.size:
        backdrop = np.empty((0, 3), np.float32)
    whites = eye_white_pixels(rgb, face)
    gains = _balance(backdrop, whites, params.white_balance_max)
    return Correction(gains, _exposure(linear, person, backdrop, whites, params.exposure_max_stops))


def correction_table(correction: Correction) -> np.ndarray:
    """Return the (256, 3) float32 table from 8-bit codes to corrected sRGB-coded 0..1."""
    codes = np.arange(256) / 255
    if correction.is_nothing:
        return np.repeat(codes[:, None], 3, axis=1).astype(np.float32)
    lit = srgb_to_linear(codes)[:, None] * np.array(correction.gains) * 2**correction.exposure_stops
    return linear_to_srgb(np.clip(lit, 0, 1)).astype(np.float32)


def eye_white_pixels(rgb: np.ndarray, face: Face) -> np.ndarray:
    """Return the (N, 3) linear pixels of both eye whites, the brighter half; empty when the eyes are small."""
    points = face.points_px(rgb.shape[1], rgb.shape[0])
    found = []
    for ring, centre, (rim, *_) in zip(EYES, IRISES, IRIS_RINGS, strict=True):
        polygon = points[list(ring)]
        low = np.floor(polygon.min(0)).astype(int) - 1
        high = np.ceil(polygon.max(0)).astype(int) + 2
        if high[0] - low[0] < 20 or (low < 0).any() or high[0] > rgb.shape[1] or high[1] > rgb.shape[0]:
            continue
        patch = rgb[low[1] : high[1], low[0] : high[0]]
        mask: np.ndarray = np.zeros(patch.shape[:2], np.uint8)
        cv2.fillPoly(mask, [np.round(polygon - low).astype(np.int32)], 255)
        mask = cv2.erode(mask, np.ones((3, 3), np.uint8))
        radius = 1.2 * float(np.hypot(*(points[rim] - points[centre])))
        cv2.circle(mask, tuple(int(v) for v in np.round(points[centre] - low)), round(radius), 0, -1)
        found.append(_palest(patch[mask > 0]))
    return np.concatenate(found) if found else np.empty((0, 3), np.float32)


def _palest(pixels: np.ndarray) -> np.ndarray:
    if len(pixels) < 12:
        return np.empty((0, 3), np.float32)
    linear = SRGB8_TO_LINEAR[pixels]
    light = linear.mean(1)
    kept: np.ndarray = linear[(light >= np.median(light)) & (pixels.max(1) < 250)]
    return kept


def _balance(backdrop: np.ndarray, whites: np.ndarray, cap: float) -> tuple[float, float, float]:
    """Gains that pull the evidence toward grey: what both agree on, half of what only one says, never past the cap."""
    told = [_cast(pixels) for pixels in (backdrop, whites)]
    casts = [c for c in told if c is not None and np.abs(c).max() < NEUTRAL_LOG]
    if not casts:
        return 1.0, 1.0, 1.0
    if len(casts) == 1:
        shared = casts[0] / 2
    else:
        agree = np.sign(casts[0]) == np.sign(casts[1])
        shared = np.where(agree, np.sign(casts[0]) * np.minimum(np.abs(casts[0]), np.abs(casts[1])), 0)
    limit = np.log1p(cap)
    red, blue = np.exp(-np.clip(shared, -limit, limit))
    of_red, of_green, of_blue = REC709_WEIGHTS
    level = 1 / (of_red * red + of_green + of_blue * blue)  # grey keeps its luminance
    if max(abs(red - 1), abs(blue - 1)) < 0.004:  # below one code value
        return 1.0, 1.0, 1.0
    return float(red * level), float(level), float(blue * level)


def _cast(pixels: np.ndarray) -> np.ndarray | None:
    """Log of red over green and blue over green; None without enough pixels."""
    if len(pixels) < 12:
        return None
    red, green, blue = np.maximum(np.median(pixels, axis=0), 1e-4)
    cast: np.ndarray = np.log(np.array([red / green, blue / green]))
    return cast


def _exposure(linear: np.ndarray, person: np.ndarray, backdrop: np.ndarray, whites: np.ndarray, cap: float) -> float:
    """Stops to add: up when nothing that is not skin is bright; none where the sitter is clipped already."""
    clipped = float((linear[person > 0.5].max(1) > 0.985).mean()) if (person > 0.5).any() else 0.0
    if clipped > CLIPPED_FROM:  # what is burnt stays burnt: darker it would only be grey
        return 0.0
    bright = [np.percentile(p.mean(1), 90) for p in (backdrop, whites) if len(p)]
    if not bright or max(bright) >= WHITE_LEVEL:
        return 0.0
    wanted = 0.7 * np.log2(WHITE_LEVEL / max(max(bright), 1e-4))
    room = -np.log2(max(float(np.percentile(linear.max(2), 99.5)), 1e-3))
    return _seen(max(0.0, min(float(wanted), float(room), cap)))


def _seen(stops: float) -> float:
    """The stops where anyone could see them, else none."""
    return stops if stops >= SMALLEST_STOPS else 0.0
