"""How far each frame may speak at each place: fully where it differs from the chosen frame by noise, else not at all.

Noise is read off the burst itself, at each brightness, and bounded by the chosen frame's own grain: a burst that
shows somebody else would pass for a very noisy one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from booth.still.burst.align import flow_gradient
from booth.still.burst.levels import at_brightness, curve_of

PATCH_PX = 5  # neighbourhood that is compared
TEXTURE = 0.02  # of the local variance is forgiven: a tenth of a pixel's misplacement
# Change of the flow, px per px, up to which all of that is forgiven, and from which nothing: there a head passes before
# the room, and what is misplaced is more than a tenth of a pixel off.
FORGIVEN, UNFORGIVEN = 0.02, 0.08
REGION_PX = 15  # over which a frame's differences are taken together: chance evens out there, a weak ghost does not
# Difference over noise up to which a frame speaks fully, and from which it is silent: of a place, and of the region's
# mean. All are times what three in four places of the head keep to: white noise evens out over a patch, the coarse
# noise that a camera's own denoise leaves does not.
FULL, NONE = 1.4, 3.6
REGION_FULL, REGION_NONE = 0.85, 1.45
USUAL_PERCENTILE, USUAL_RANGE = 75, (1.25, 2.3)
CHROMA = 0.5  # weight of the chroma's difference
SHIFT = 3.0  # more weight for a difference all one way: noise averages out over a patch, a ghost does not
OWN_NOISE = (2.5, 14.0)  # most that the noise between frames may be of the chosen frame's own, luma and chroma
GRAIN_PERCENTILE, GRAIN_TIMES = 10, 1.25  # of a frame's own fine energy: what is flat; and what its noise is of that
MIN_NOISE = 0.4  # variance, 8-bit levels squared
STRANGER = 0.35  # a frame must agree with so much of the middle of the picture to be heard at all
NEAR_FRAMES = 4  # the noise is read off these nearest ones
FINE_PX = 1.5  # what is finer counts as grain
HEAD_ROWS, HEAD_COLUMNS = (0.1, 0.8), (0.28, 0.72)  # of a head-and-shoulders cut: where the head is


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """What the frames of a burst may say of the chosen one."""

    say: np.ndarray  # (n, h, w) float32 0..1; the chosen frame's is 1
    moved: list[np.ndarray]  # n of (3, h, w) float32 YCrCb, moved into place
    gains: np.ndarray  # (n,) float32: exposure against the chosen frame
    grain: np.ndarray  # (h, w) float32: variance of the chosen frame's own noise, luma, 8-bit levels squared
    gradients: np.ndarray  # (n - 1, h, w) float32: how much the flow of each other frame changes, px per px


def head_of(height: int, width: int) -> tuple[slice, slice]:
    """Return where the head is in a cut of that size."""
    rows, columns = ((int(a * side), int(b * side)) for (a, b), side in ((HEAD_ROWS, height), (HEAD_COLUMNS, width)))
    return slice(*rows), slice(*columns)


def agree(ycc: Sequence[np.ndarray], flow: np.ndarray, ref: int) -> Agreement:
    """Compare n frames (h, w, 3) uint8 YCrCb with the chosen one, each read where `flow` says."""
    n, (h, w) = len(ycc), ycc[0].shape[:2]
    base = _planes(ycc[ref])
    soft = cv2.GaussianBlur(base[0], (0, 0), FINE_PX)
    grid = np.dstack(np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32)))
    moved, gains = [], np.ones(n, np.float32)
    apart = np.zeros((n, 3, h, w), np.float32)  # mean squares of luma, chroma, and of the luma's mean
    for k in range(n):
        if k == ref:
            moved.append(base)
            continue
        to, gains[k] = _in_place(_planes(ycc[k]), flow[k] + grid, base)
        moved.append(to)
        apart[k] = _apart(to, base)
    near = sorted((k for k in range(n) if k != ref), key=lambda k: abs(k - ref))[:NEAR_FRAMES]
    own = _fine_energy(base)
    noise, noise_c = _noise(own, soft, apart[near, :2])
    grain = at_brightness(curve_of(own[0], soft, percentile=GRAIN_PERCENTILE), soft) * np.float32(GRAIN_TIMES)
    mean = cv2.blur(base[0], (PATCH_PX, PATCH_PX))
    texture = cv2.blur(base[0] ** 2, (PATCH_PX, PATCH_PX)) - mean * mean - 0.5 * noise
    texture = TEXTURE * np.maximum(texture, 0)
    others = [k for k in range(n) if k != ref]
    gradients = {k: flow_gradient(flow[k]) for k in others}
    overs = {
        k: _over(apart[k], (noise, noise_c), texture * _falling(gradients[k], FORGIVEN, UNFORGIVEN)) for k in others
    }
    usual = _usual([overs[k] for k in near])
    say = np.ones((n, h, w), np.float32)
    for k in others:
        say[k] = _heard(overs[k], usual)
    return Agreement(say, moved, gains, grain, np.stack([gradients[k] for k in others]))


def _over(apart: np.ndarray, noise: tuple[np.ndarray, np.ndarray], texture: np.ndarray) -> np.ndarray:
    """Return how many times its noise a frame is apart at each place (h, w), the worse of luma and chroma."""
    luma, chroma, shift = apart
    over: np.ndarray = np.maximum(
        (luma + SHIFT * shift) / (noise[0] + texture), CHROMA * chroma / (noise[1] + 0.5 * texture)
    )
    return over


def _usual(overs: Sequence[np.ndarray]) -> float:
    """Return what three in four places of the head keep to, of the middle one of these frames."""
    head = head_of(*overs[0].shape)
    found = np.median([np.percentile(over[head][::3, ::3], USUAL_PERCENTILE) for over in overs])
    return float(np.clip(found, *USUAL_RANGE))


def _heard(over: np.ndarray, usual: float) -> np.ndarray:
    """Return how far one frame may speak at each place (h, w), by its difference over the noise."""
    region = cv2.blur(np.minimum(over, usual * NONE), (REGION_PX, REGION_PX))
    say: np.ndarray = cv2.erode(_falling(over, usual * FULL, usual * NONE), np.ones((3, 3)))
    say *= _falling(region, usual * REGION_FULL, usual * REGION_NONE)
    if say[head_of(*over.shape)].mean() < STRANGER:
        say[:] = 0  # what disagrees nearly everywhere agrees elsewhere by chance
    return say


def _falling(over: np.ndarray, full: float, none: float) -> np.ndarray:
    """Return 1 up to `full`, 0 from `none`, and evenly less between."""
    share: np.ndarray = np.clip((none - over) * (1 / (none - full)), 0, 1)
    return share


def _planes(ycc: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(ycc.transpose(2, 0, 1), np.float32)


def _in_place(frame: np.ndarray, at: np.ndarray, base: np.ndarray) -> tuple[np.ndarray, float]:
    """Return a frame (3, h, w) read at (h, w, 2), its exposure made like the base's, and that gain."""
    to = np.stack([cv2.remap(plane, at, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE) for plane in frame])
    gain = float(np.median((base[0, ::4, ::4] + 1) / (to[0, ::4, ::4] + 1)))
    to[0] *= gain
    return to, gain


def _apart(to: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Return (3, h, w): how far two frames are apart over a patch."""
    d = to - base
    shift = cv2.blur(d[0], (PATCH_PX, PATCH_PX))
    d *= d
    d[1] += d[2]
    return np.stack([cv2.blur(d[0], (PATCH_PX, PATCH_PX)), cv2.blur(d[1], (PATCH_PX, PATCH_PX)), shift * shift])


def _fine_energy(base: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how strong the finest there is of a frame (3, h, w) is round each place, of luma and chroma."""
    luma, *chroma = ((plane - cv2.GaussianBlur(plane, (0, 0), FINE_PX)) ** 2 for plane in base)
    return cv2.blur(luma, (PATCH_PX, PATCH_PX)), cv2.blur(chroma[0] + chroma[1], (PATCH_PX, PATCH_PX))


def _noise(own: tuple[np.ndarray, np.ndarray], soft: np.ndarray, apart: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the variance (h, w) of a difference of two frames, of luma and chroma, bounded by a frame's own grain."""
    found = []
    for channel, (grain, times) in enumerate(zip(own, OWN_NOISE, strict=True)):
        between = np.median([curve_of(each[channel], soft) for each in apart], 0)
        limit = MIN_NOISE + times * at_brightness(curve_of(grain, soft), soft)
        found.append(np.clip(at_brightness(between, soft), MIN_NOISE, limit))
    return found[0], found[1]
