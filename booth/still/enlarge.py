"""A cut enlarged: resampled in steps, and deblurred where there is more than noise to sharpen. Nothing is invented.

What lens, pixel and resampling took from edges is given back in three bands of the luma; a place is never driven past
the values round it, so that no edge gets a halo. Where there is no more than noise it is lowered, but not wiped:
skin keeps a grain. Colour holds half the detail in what a camera sends, and is smoothed by that much.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.color import REC601_LUMA
from booth.still.burst.levels import at_brightness, curve_of

STEP_SCALE = 2.0  # the grid on which edges are deblurred; a finer one adds nothing that the camera saw
BANDS_PX = (0.45, 0.9, 1.8)  # of the source
GAINS = (0.6, 0.6, 0.2)  # most that each band is lifted; above these compressed frames show their blocks
CALMS = (0.6, 0.45, 0.0)  # how much of each band goes where it is only noise; more looks like plastic
CHROMA_PX = 0.8  # of the source: smoothing of the colour
FLOOR_OVER = 1.5  # times the usual energy of a band that counts as noise
MIN_ENERGY = 0.2  # of a band, 8-bit levels squared: below half a level there is nothing to lift
WINDOW_PX = 7  # over which a band's energy is taken
HALO_FRAC, HALO_LEVELS = 0.06, 1.0  # of the local span, and levels: most that a place may leave the span round it


def enlarge(rgb: np.ndarray, matrix: np.ndarray, size_px: tuple[int, int], *, deblur: bool = True) -> np.ndarray:
    """Return an (h, w, 3) float32 0..1 picture of `size_px`, to whose pixel centres `matrix` (2, 3) takes `rgb`'s.

    `rgb` (H, W, 3) is float32 0..1, an sRGB picture. With `deblur` it comes from one exposure and is sharpened on the
    way; a merged burst has been already.
    """
    if deblur:
        wide = cv2.resize(rgb, None, fx=STEP_SCALE, fy=STEP_SCALE, interpolation=cv2.INTER_CUBIC)
        rgb, matrix = deblurred(wide, STEP_SCALE), finer(matrix, STEP_SCALE)
    out = cv2.warpAffine(rgb, matrix, size_px, flags=cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REPLICATE)
    return np.clip(out, 0, 1, out=out)


def finer(matrix: np.ndarray, scale: float) -> np.ndarray:
    """Return a matrix (2, 3) from a picture's pixel centres as one from the centres of its `scale` times finer self."""
    turn = matrix[:, :2] / scale
    move = matrix[:, 2] + matrix[:, :2] @ np.full(2, 0.5 / scale - 0.5)
    return np.column_stack([turn, move])


def deblurred(rgb: np.ndarray, px: float) -> np.ndarray:
    """Return an (H, W, 3) float32 0..1 picture with steeper edges; `px` of its pixels were one of the source."""
    luma = cv2.transform(rgb, REC601_LUMA[None] * 255)
    luma = luma.reshape(rgb.shape[:2])
    below, lifted, dark = luma, luma.copy(), cv2.GaussianBlur(luma, (0, 0), BANDS_PX[-1] * px)
    for band_px, gain, calm in zip(BANDS_PX, GAINS, CALMS, strict=True):
        soft = cv2.GaussianBlur(below, (0, 0), band_px * px) if band_px < BANDS_PX[-1] else dark
        band = below - soft
        energy = cv2.blur(band * band, (WINDOW_PX, WINDOW_PX))
        usual = at_brightness(curve_of(energy, dark), dark)
        share = np.maximum(np.subtract(energy, FLOOR_OVER * usual, out=energy), MIN_ENERGY, out=energy)
        share /= share + usual + np.float32(1)
        share *= np.float32(gain + calm)
        share -= np.float32(calm)
        lifted += np.multiply(share, band, out=share)
        below = soft
    near = np.ones((5, 5), np.uint8)
    low, high = cv2.erode(luma, near), cv2.dilate(luma, near)
    slack = HALO_FRAC * (high - low) + HALO_LEVELS
    lifted = np.clip(lifted, low - slack, high + slack)
    # This grid has 29 million places where 12 megapixels came in; its three colours alone are 350 MB.
    del below, low, high, slack, band, energy, share, usual
    colour: np.ndarray = rgb - (luma * np.float32(1 / 255))[..., None]
    cv2.GaussianBlur(colour, (0, 0), CHROMA_PX * px, dst=colour)
    colour += (lifted * np.float32(1 / 255))[..., None]
    return colour
