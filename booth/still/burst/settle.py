"""The mean of a burst made a picture: what is no more than the noise left is shrunk, what rises above it is deblurred.

The noise left is measured: the even frames' mean against the odd frames' tells it in every band and brightness.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.still.burst.agree import head_of
from booth.still.burst.levels import at_brightness, curve_of

BANDS_PX = (0.45, 0.9, 1.8)  # of the frame
# Gains that undo lens, pixel, bicubic and the camera's own sharpening, as offset and slope over one measurement: the
# log of the finest band's energy over the next one's, on the head. Least squares over eleven simulated cameras (lens
# .4-.75 px, sharpening 0-1, quality 75-95); a camera left out of the fit loses little.
GAINS = ((0.857, -2.413), (-3.983, -2.301), (1.80, 0.481))
CRISP = (-1.97, -1.30)  # range of that measurement over those cameras; it is not trusted beyond
TRUST = 0.65  # share of that amplification: costs .1 dB in bright light, halves the worst halos, helps in dim light
HALO_FRAC, HALO_LEVELS = 0.1, 2.0  # of the local span, and levels: most that a place may leave the span round it
NOISE_OVER, MIN_SIGNAL = 1.5, 0.2
WINDOW_PX = 7
SECOND_OPINION = 0.8  # weight of either half from which it tells of the noise
MIN_TOLD_SHARE = 0.02  # of the picture with a second opinion, for the noise to be measured
LONE_NOISE = (0.25, 0.08, 0.024)  # of one frame's variance, in each band; fitted on strangers of the burst bench


def settle(total: np.ndarray, weight: np.ndarray, noise: np.ndarray, px: float, *, deblur: bool = True) -> np.ndarray:
    """Return the picture (H, W) float32 of the sums (2, H, W) of even and odd frames and their weights.

    `noise` (H, W) is the variance of one frame, for where none has a second opinion; `px` is how many pixels of the
    sums one of the frame makes.
    """
    spoke = weight[0] + weight[1]
    mean = (total[0] + total[1]) / spoke
    both = (weight[0] > SECOND_OPINION) & (weight[1] > SECOND_OPINION)
    is_told = float(both.mean()) >= MIN_TOLD_SHARE
    odds = np.where(both, 0.5 * (total[0] / np.maximum(weight[0], 0.1) - total[1] / np.maximum(weight[1], 0.1)), 0)
    odds = odds.astype(np.float32)
    source, bands = mean, []
    dark = cv2.GaussianBlur(mean, (0, 0), BANDS_PX[-1] * px)
    for band_px, lone in zip(BANDS_PX, LONE_NOISE, strict=True):
        below, odds_below = (cv2.GaussianBlur(each, (0, 0), band_px * px) for each in (mean, odds))
        band, stray = mean - below, odds - odds_below
        if is_told:
            left = at_brightness(curve_of(_energy(stray) * spoke, dark, both), dark) / spoke
        else:
            left = lone * noise / spoke
        signal = np.maximum(_energy(band) - NOISE_OVER * left, MIN_SIGNAL)
        bands.append(signal / (signal + left) * band)
        mean, odds = below, odds_below
    if not deblur:
        return mean + bands[0] + bands[1] + bands[2]
    return _deblurred(source, mean, bands, spoke)


def _energy(band: np.ndarray) -> np.ndarray:
    return cv2.blur(band * band, (WINDOW_PX, WINDOW_PX))


def _deblurred(source: np.ndarray, base: np.ndarray, bands: list[np.ndarray], spoke: np.ndarray) -> np.ndarray:
    """Add the bands to what is below them, amplified, and keep every place near the span of its neighbours."""
    energy = [float((band[head_of(*base.shape)] ** 2).mean()) + 1e-6 for band in bands]
    crisp = float(np.clip(np.log(energy[0] / energy[1]), *CRISP))
    trust = TRUST * (1 - 1 / spoke)  # none where the chosen frame spoke alone: its coding faults are not averaged out
    for band, (offset, slope) in zip(bands, GAINS, strict=True):
        base = base + (1 + trust * (offset + slope * crisp - 1)) * band
    near = np.ones((5, 5), np.uint8)
    low, high = cv2.erode(source, near), cv2.dilate(source, near)
    slack = HALO_FRAC * (high - low) + HALO_LEVELS
    return np.clip(base, low - slack, high + slack)
