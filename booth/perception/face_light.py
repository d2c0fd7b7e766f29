"""Light on the face: clipping, crushing, cheek ratio, backlight, direction, colour.

None but the backlight depends on how dark the skin is.
"""

from __future__ import annotations

import math

import numpy as np

from booth.core.color import REC709_LUMA, SRGB8_TO_LINEAR
from booth.core.landmarks import CHEEKS
from booth.core.types import Face, Light
from booth.perception.aligned_face import IED_PX, AlignedFace
from booth.perception.color_cast import cast_stops, mixed_stops
from booth.perception.light_direction import dominant_light

CLIPPED = 250  # two channels this high have lost the detail; red alone tops out on warm skin long before
CRUSHED = 0.006  # linear luminance, sRGB 17 of 255
CHEEK_RADIUS = 0.13  # of the eye distance
FLOOR = 1e-3
ENOUGH_PX = 50


def frame_samples(small: np.ndarray) -> np.ndarray:
    """Return linear luminance of a coarse grid of the picture, about 45 rows: enough for means, next to free."""
    step = max(1, small.shape[0] // 45)
    return SRGB8_TO_LINEAR[small[step // 2 :: step, step // 2 :: step]] @ REC709_LUMA


def frame_level(samples: np.ndarray) -> float:
    """Return the mean linear light of the frame, 0..1."""
    return float(samples.mean())


def measure_light(chip: AlignedFace, face: Face, samples: np.ndarray, rgb: np.ndarray | None = None) -> Light:
    """Measure the light on one face; `samples` is the grid of the whole frame, `rgb` its pixels, for the eyes."""
    level = frame_level(samples)
    skin = chip.skin
    if int(skin.sum()) < ENOUGH_PX:
        return Light(frame_level=level)
    lit = chip.luminance[skin]
    red, green, blue = (chip.rgb[..., i][skin] for i in range(3))
    second = np.maximum(np.minimum(red, green), np.minimum(np.maximum(red, green), blue))
    key = dominant_light(chip, face)
    return Light(
        clipped_frac=float((second >= CLIPPED).mean()),
        crushed_frac=float((lit < CRUSHED).mean()),
        ratio_stops=_ratio_stops(chip),
        backlight_stops=_backlight_stops(_middle(lit), face, samples),
        azimuth_deg=None if key is None else key.azimuth_deg,
        elevation_deg=None if key is None else key.elevation_deg,
        key_share=None if key is None else key.share,
        cast_stops=None if rgb is None else cast_stops(rgb, face),
        mixed_stops=mixed_stops(chip, face),
        frame_level=level,
    )


def _ratio_stops(chip: AlignedFace) -> float | None:
    levels = []
    for cheek in CHEEKS:
        patch = chip.luminance[chip.disc(chip.points[cheek], CHEEK_RADIUS * IED_PX)]
        if patch.size < 8:
            return None
        below = int(0.3 * (patch.size - 1))  # below the shine
        levels.append(float(np.partition(patch, below)[below]))
    return math.log2((levels[1] + FLOOR) / (levels[0] + FLOOR))


def _backlight_stops(face_level: float, face: Face, samples: np.ndarray) -> float | None:
    """Compare the face with what is round it above the shoulders."""
    rows, columns = samples.shape
    y, x = (np.arange(rows) + 0.5) / rows, (np.arange(columns) + 0.5) / columns
    box = face.box
    wide, high = box.x1 - box.x0, box.y1 - box.y0
    beside = (x < box.x0 - 0.4 * wide) | (x > box.x1 + 0.4 * wide)
    above = y < box.y0 - 0.5 * high
    round_it = samples[(y < box.y1)[:, None] & (beside[None] | above[:, None])]
    if round_it.size < 12:
        return None
    return math.log2((_middle(round_it) + FLOOR) / (face_level + FLOOR))


def _middle(values: np.ndarray) -> float:
    return float(np.partition(values, values.size // 2)[values.size // 2])
