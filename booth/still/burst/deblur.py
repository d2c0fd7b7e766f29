"""What lens, pixel, bicubic and a camera's own sharpening did to the bands of a picture is undone, place by place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.compiled import numba
from booth.still.burst.agree import head_of

# Gains that undo lens, pixel, bicubic and the camera's own sharpening, as offset and slope over one measurement: the
# log of the finest band's energy over the next one's, on the head. Least squares over eleven simulated cameras (lens
# .4-.75 px, sharpening 0-1, quality 75-95); a camera left out of the fit loses little.
GAINS = ((0.857, -2.413), (-3.983, -2.301), (1.80, 0.481))
CRISP = (-1.97, -1.30)  # range of that measurement over those cameras; it is not trusted beyond
# Share of that amplification at two colours of the noise: more gains .03 dB in bright light, and halos; the less, of a
# camera that denoises by itself, takes a third of the false detail and costs nothing.
TRUST, TRUST_COLOUR = (0.5, 0.65), (0.4, 1.0)
# What a place's gains are beyond these: by 1, the log of the middle band's energy, what of the finest and of the middle
# band is signal, and 1 / frames heard; then by the noise's colour, and by that times the energy's log. Where a camera
# denoises by itself coarse noise is what it leaves, and such cameras sharpen hard. Ridge regression over bursts of 14
# people by 70 simulated cameras; people and cameras left out gain .1 dB, the least lucky loses .17.
LOCAL_GAINS = (
    (-2.613, 0.031, 2.068, 1.656, -2.017, -0.987, 0.463),
    (0.364, -0.242, -0.587, 0.724, 1.792, -0.048, -0.135),
    (0.147, 0.007, -0.279, 0.118, -0.349, -0.052, 0.031),
)
ENERGY = (0.25, 600.0)  # 8-bit levels squared, of the middle band: range in which its log is used
COLOUR = (0.15, 1.85)  # range of the noise's colour over those cameras
HALO_FRAC, HALO_LEVELS = 0.1, 2.0  # of the local span, and levels: most that a place may leave the span round it
MAX_HALO_LEVELS = 4.0  # most of the former: beside an outline against the light a tenth of the span is seen
HALO_PX = 5


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """A band of a picture, and what is told of it."""

    band: np.ndarray  # (H, W) float32, not shrunk
    share: np.ndarray  # (H, W) float32 0..1: of it that is signal
    energy: np.ndarray  # (H, W) float32: mean square round each place
    noise: float  # its variance on the head


@numba.njit(cache=True, nogil=True, fastmath=True)
def _lift(base, bands, shares, energy, spoke, moved, gains, trust, limits):  # type: ignore[no-untyped-def]  # noqa: PLR0913 - one pass
    """Add three bands (H, W) by their gains (3, 6) to `base` (H, W), in place; `limits` are the energy's."""
    one = np.float32(1)
    for row in range(base.shape[0]):
        for column in range(base.shape[1]):
            inverse = one / spoke[row, column]
            strength = np.log(min(max(energy[row, column], limits[0]), limits[1]))
            finest, middle = shares[0][row, column], shares[1][row, column]
            value = base[row, column]
            for k in range(3):
                g = gains[k]
                gain = one + trust * g[0] * (one - inverse) + g[1] + g[2] * strength
                gain += g[3] * finest + g[4] * middle + g[5] * inverse
                value += (one + moved[row, column] * (gain - one)) * shares[k][row, column] * bands[k][row, column]
            base[row, column] = value


def deblurred(
    source: np.ndarray, base: np.ndarray, bands: Sequence[Band], spoke: np.ndarray, moved: np.ndarray
) -> np.ndarray:
    """Add three bands to what is below them, `base`, amplified, and keep every place near the span of its neighbours.

    `source` (H, W) is the picture as it was, `spoke` (H, W) how many frames were heard at each place, and
    `moved` (H, W) 0..1 how differently they sampled it; all float32.
    """
    head = head_of(*base.shape)
    energy = [float(((b.share[head] * b.band[head]) ** 2).mean()) + 1e-6 for b in bands]
    crisp = float(np.clip(np.log(energy[0] / energy[1]), *CRISP))
    colour = float(np.clip(np.log((bands[1].noise + 1e-9) / (bands[2].noise + 1e-9)), *COLOUR))
    gains = np.array(
        [
            (offset + slope * crisp - 1, local[0] + local[5] * colour, local[1] + local[6] * colour, *local[2:5])
            for (offset, slope), local in zip(GAINS, LOCAL_GAINS, strict=True)
        ],
        np.float32,
    )
    trust = np.float32(np.interp(colour, TRUST_COLOUR, TRUST))
    picture = base.copy()
    three, shares = tuple(b.band for b in bands), tuple(b.share for b in bands)
    _lift(picture, three, shares, bands[1].energy, spoke, moved, gains, trust, np.array(ENERGY, np.float32))
    near = np.ones((HALO_PX, HALO_PX), np.uint8)
    low, high = cv2.erode(source, near), cv2.dilate(source, near)
    slack = np.minimum(HALO_FRAC * (high - low), MAX_HALO_LEVELS) + HALO_LEVELS
    return np.clip(picture, low - slack, high + slack, out=picture)
