"""The mean of a burst made a picture: what is no more than the noise left is shrunk, what rises above it is deblurred.

The noise left is measured: the even frames' mean against the odd frames' tells it in every band and brightness.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.still.burst.agree import head_of
from booth.still.burst.deblur import Band, deblurred
from booth.still.burst.levels import at_brightness, curve_of

BANDS_PX = (0.45, 0.9, 1.8)  # of the frame
NOISE_OVER, MIN_SIGNAL = 1.5, 0.2
WINDOW_PX = 7
SECOND_OPINION = 0.8  # weight of either half from which it tells of the noise
MIN_TOLD_SHARE = 0.02  # of the picture with a second opinion, for the noise to be measured
LONE_NOISE = (0.4, 0.13, 0.038)  # of one frame's variance, in each band; fitted on strangers of the burst bench
CODED_AWAY = 1.5  # variance, 8-bit levels squared: of a noise that is weak against it coding leaves little in the bands


def settle(total: np.ndarray, weight: np.ndarray, grain: np.ndarray, moved: np.ndarray, px: float) -> np.ndarray:
    """Return the picture (H, W) float32 of the sums (2, H, W) of even and odd frames and their weights.

    `grain` (H, W) is the variance of one frame, for where none has a second opinion; `px` is how many pixels of the
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
    head = head_of(*mean.shape)
    for band_px, lone in zip(BANDS_PX, LONE_NOISE, strict=True):
        below, odds_below = (cv2.GaussianBlur(each, (0, 0), band_px * px) for each in (mean, odds))
        band, stray = mean - below, odds - odds_below
        if is_told:
            left = at_brightness(curve_of(_energy(stray) * spoke, dark, both), dark) / spoke
        else:
            left = lone * grain * grain / ((grain + CODED_AWAY) * spoke)
        energy = _energy(band)
        signal = np.maximum(energy - NOISE_OVER * left, MIN_SIGNAL)
        bands.append(Band(band, signal / (signal + left), energy, float(left[head].mean())))
        mean, odds = below, odds_below
    if not is_told:
        return mean + sum(b.share * b.band for b in bands)
    return deblurred(source, mean, bands, spoke, moved)


def _energy(band: np.ndarray) -> np.ndarray:
    return cv2.blur(band * band, (WINDOW_PX, WINDOW_PX))
