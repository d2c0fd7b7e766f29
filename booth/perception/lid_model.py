"""Whether the lids are open, from one picture: a linear score of a small eye patch, the landmarks and the blink score.

The tracker draws open eyes on half-shut lids, and its blink score reads narrow or laughing eyes as closing; each is
wrong about other people, so one regularised logistic model weighs them together. Weights: `tools/fit_lids.py`.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from booth.core.landmarks import CHIN, LEFT_EYE_CORNERS, LEFT_LIDS, RIGHT_EYE_CORNERS, RIGHT_LIDS
from booth.core.types import Face
from booth.perception import lid_weights as weights
from booth.perception.lids import Strip

ROWS, COLUMNS = 10, 8  # cells of an eye's patch; both eyes' patches are averaged, the left one mirrored
HALF_HEIGHT = 0.45  # of the patch, in eye widths; the patch is one eye width wide
OVERSAMPLED = 2  # samples a cell each way
SKIN_ROWS = 6  # of samples
SKIN_BELOW = (0.42, 0.62)  # where the skin is that the patch is compared with, in eye widths below the corners' line
PATCH_LEAST_STOPS, PATCH_MOST_STOPS = -4.0, 3.0  # reflections and black rims say no more than this
N_EVIDENCE = 2 * ROWS * COLUMNS + 4
SCORE_MOST = 30.0  # beyond, the exponential would overflow and nothing more is known

_EYES = ((RIGHT_EYE_CORNERS, RIGHT_LIDS), (LEFT_EYE_CORNERS, LEFT_LIDS))


def lid_evidence(face: Face, strip: Strip) -> np.ndarray:
    """Return (164,) float64: light and redness of the mean eye patch against the skin below, and four numbers.

    The patches are in stops, row by row from the brow down, columns from the outer corner; the numbers are the lid gap
    in eye widths (mean of both eyes), in distances from eyes to chin, and the mean and larger blink score, 0..1.
    """
    patches = _patches(strip).mean(0)
    blink = face.score_of("eyeBlinkRight"), face.score_of("eyeBlinkLeft")
    widths, chins = _lid_gaps(strip.points)
    return np.concatenate([patches.ravel(), [widths, chins, sum(blink) / 2, max(blink)]])


def _lid_gaps(points: np.ndarray) -> tuple[float, float]:
    """Return the mean largest lid gap over eye width, and over the distance from the eyes to the chin."""
    gaps = [max(float(np.hypot(*(points[a] - points[b]))) for a, b in lids) for _, lids in _EYES]
    ends = [points[list(corners)] for corners, _ in _EYES]
    widths = [max(float(np.hypot(*(b - a))), 1e-6) for a, b in ends]
    to_chin = max(float(np.hypot(*(points[CHIN] - np.mean(ends, axis=(0, 1))))), 1e-6)
    return sum(g / w for g, w in zip(gaps, widths, strict=True)) / 2, sum(gaps) / 2 / to_chin


def _cells() -> np.ndarray:
    """Return (26, 16, 2) across and down, in eye widths: samples of the patch row by row, then of the skin below it."""
    ny, nx = ROWS * OVERSAMPLED, COLUMNS * OVERSAMPLED
    x = (np.arange(nx) + 0.5) / nx - 0.5
    eye_y = ((np.arange(ny) + 0.5) / ny * 2 - 1) * HALF_HEIGHT
    return np.dstack(np.meshgrid(x, np.concatenate([eye_y, np.linspace(*SKIN_BELOW, SKIN_ROWS)])))


_CELLS = _cells()


def _patches(strip: Strip) -> np.ndarray:
    """Return (2, 2, ROWS, COLUMNS): of each eye, the left one mirrored, light and redness in stops against its skin."""
    spots = np.concatenate([_spots(*strip.points[list(corners)]) for corners, _ in _EYES])
    seen = np.empty((2, *spots.shape[:2]), np.float32)  # light and redness
    for channel, of in zip((strip.stops, strip.red_stops), seen, strict=True):
        cv2.remap(channel, spots, None, cv2.INTER_LINEAR, of, cv2.BORDER_REPLICATE)
    seen = seen.reshape(2, 2, *_CELLS.shape[:2])
    eye, skin = seen[:, :, : ROWS * OVERSAMPLED], seen[:, :, ROWS * OVERSAMPLED :].reshape(2, 2, -1)
    middle = skin.shape[-1] // 2
    level = np.partition(skin, (middle - 1, middle), axis=-1)[..., middle - 1 : middle + 1].mean(-1)
    against_skin = np.clip(eye - level[..., None, None], PATCH_LEAST_STOPS, PATCH_MOST_STOPS)
    patches = against_skin.reshape(2, 2, ROWS, OVERSAMPLED, COLUMNS, OVERSAMPLED).mean((3, 5)).swapaxes(0, 1)
    return np.stack([patches[0], patches[1, ..., ::-1]])


def _spots(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return (26, 16, 2) float32: where the samples of an eye with its corners at `a` and `b` lie in the strip."""
    width_px = max(float(np.hypot(*(b - a))), 1e-3)
    along = (b - a) / width_px
    down = np.array([-along[1], along[0]])
    return ((a + b) / 2 + width_px * (_CELLS[..., :1] * along + _CELLS[..., 1:] * down)).astype(np.float32)


def lids_open(evidence: np.ndarray) -> float:
    """Return 0..1, how likely the lids are open rather than shut or half shut, from `lid_evidence`."""
    score = float(weights.CONSTANT + weights.WEIGHTS @ evidence)
    return 1.0 / (1.0 + math.exp(-min(SCORE_MOST, max(-SCORE_MOST, score))))
