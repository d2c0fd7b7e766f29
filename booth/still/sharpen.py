"""Sharpening where it counts, and the last step to 8 bits."""

from __future__ import annotations

import cv2
import numpy as np

from booth.config.params.finish import CorrectParams
from booth.core.color import REC601_LUMA
from booth.core.landmarks import EYES
from booth.core.types import Face

HAIR = 1  # in a Canvas's parsing
RADIUS_FACES = 0.0035  # of the capture sharpening, in face heights
HALO_LIMIT = 0.05  # most an edge may be lifted or sunk, 0..1
OUTPUT_RADIUS_PX = 0.6
BAND_ROWS = 512
DITHER_SEED, DITHER_PX = 20, 256


def sharpen_capture(rgb: np.ndarray, face: Face, parsing: np.ndarray | None, alpha: np.ndarray, amount: float) -> bool:
    """Sharpen eyes and hair of a float32 0..1 picture in place; False when there was nothing to do."""
    if amount == 0:
        return False
    height, width = rgb.shape[:2]
    face_h_px = (face.box.y1 - face.box.y0) * height
    radius = float(np.clip(RADIUS_FACES * face_h_px, 0.6, 2.5))
    points = face.points_px(width, height)
    for ring in EYES:
        _sharpen_eye(rgb, points[list(ring)], radius, amount)
    if parsing is not None:
        _sharpen_hair(rgb, parsing, alpha, radius, amount * 0.7)
    return True


def _sharpen_eye(rgb: np.ndarray, ring: np.ndarray, radius: float, amount: float) -> None:
    reach = 0.5 * float(np.ptp(ring[:, 0]))
    low = np.maximum(np.floor(ring.min(0) - reach).astype(int), 0)
    high = np.ceil(ring.max(0) + reach).astype(int) + 1
    patch = rgb[low[1] : high[1], low[0] : high[0]]
    if min(patch.shape[:2]) < 8:
        return
    mask: np.ndarray = np.zeros(patch.shape[:2], np.float32)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(ring - low).astype(np.int32)), 1.0)
    mask = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3)), iterations=max(1, round(reach / 6)))
    _unsharp(patch, cv2.GaussianBlur(mask, (0, 0), max(reach / 6, 1)), radius, amount)


def _sharpen_hair(rgb: np.ndarray, parsing: np.ndarray, alpha: np.ndarray, radius: float, amount: float) -> None:
    hair = (parsing == HAIR).astype(np.float32)
    hair = cv2.resize(hair, (512, 512), interpolation=cv2.INTER_AREA)
    hair = cv2.GaussianBlur(hair, (0, 0), 4)
    if hair.max() < 0.2:
        return
    height, width = rgb.shape[:2]
    rows, columns = np.nonzero(hair.max(1) > 0.05)[0], np.nonzero(hair.max(0) > 0.05)[0]
    left, right = columns[0] * width // 512, min(width, (columns[-1] + 1) * width // 512 + 1)
    hair_at = cv2.resize(hair, (width, height), interpolation=cv2.INTER_LINEAR)
    for top in range(rows[0] * height // 512, min(height, (rows[-1] + 1) * height // 512 + 1), BAND_ROWS):
        band = slice(top, top + BAND_ROWS)
        # the matte's soft rim stays as it is: sharpening a mixed pixel draws a line round the head
        mask = hair_at[band, left:right] * np.maximum(0, 2 * alpha[band, left:right] - 1)
        _unsharp(rgb[band, left:right], mask, radius, amount)


def sharpen_output(rgb: np.ndarray, scale: float, amount: float) -> float:
    """Sharpen a float32 0..1 picture in place for its size: fully where it was shrunk to half, a third where not."""
    share = amount * float(np.clip(2 * (1 - scale), 1 / 3, 1))
    if amount == 0:
        return 0.0
    height, halo = rgb.shape[0], 3
    above = rgb[:0]
    for top in range(0, height, BAND_ROWS):
        end = min(height, top + BAND_ROWS)
        skip = len(above)
        wide = np.concatenate([above, rgb[top : min(height, end + halo)]])
        above = rgb[max(0, end - halo) : end].copy()
        _unsharp(wide, None, OUTPUT_RADIUS_PX, share)
        rgb[top:end] = wide[skip : skip + end - top]
    return share


def _unsharp(patch: np.ndarray, mask: np.ndarray | None, radius: float, amount: float) -> None:
    """Add the detail of the luma to all channels alike: no colour fringes."""
    luma = cv2.transform(patch, REC601_LUMA[None])
    detail = luma - cv2.GaussianBlur(luma, (0, 0), radius)
    np.clip(detail * amount, -HALO_LIMIT, HALO_LIMIT, out=detail)
    if mask is not None:
        detail *= mask
    patch += detail.reshape(*patch.shape[:2], 1)
    np.clip(patch, 0, 1, out=patch)


def to_eight_bit(rgb: np.ndarray) -> np.ndarray:
    """Round a float32 0..1 picture to uint8 with half a code of noise, so that smooth backdrops show no bands.

    A value that is a code already stays that code. The noise is the same every time.
    """
    noise = np.random.default_rng(DITHER_SEED).random((DITHER_PX, DITHER_PX, 3), np.float32)
    noise = noise * np.float32(0.98) + np.float32(0.01)
    height, width = rgb.shape[:2]
    wide = np.tile(noise, (1, -(-width // DITHER_PX), 1))[:, :width]
    out = np.empty(rgb.shape, np.uint8)
    for top in range(0, height, DITHER_PX):
        band = rgb[top : top + DITHER_PX] * np.float32(255)
        band += wide[: len(band)]
        out[top : top + DITHER_PX] = np.clip(band, 0, 255)
    return out


def capture_amount(params: CorrectParams, sigma: float) -> float:
    """How much to sharpen: less in a noisy picture, none where noise would be all there is."""
    return params.sharpen * float(np.clip(1.5 - sigma / 4, 0, 1))
