"""What hides the face, from the pixels: the tracker invents eyes under sunglasses and a mouth under a mask.

Eyes: something between the lids must differ from the skin, and the skin below must not lie behind a dark lens. Mouth:
lips differ from the skin beside them in colour, light or by the line between them. Nose: its skin is like the cheeks'.
Nothing looks at beards, hair, scarves or how dark the skin is.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.color import REC709_LUMA, SRGB8_TO_LINEAR
from booth.core.landmarks import (
    BESIDE_LIPS,
    EYES,
    INNER_LIP_SIDES,
    LEFT_EYE,
    LOWER_LIP_INNER,
    MOUTH_OPENING_COARSE,
    NOSE_FRONT,
    ON_LIPS,
    RIGHT_EYE,
    UPPER_CHEEKS,
    UPPER_LIP_INNER,
)
from booth.core.types import Face, Occlusion
from booth.guidance.eyelids import DOUBTED_OPEN, SURELY_OPEN
from booth.perception.aligned_face import AlignedFace
from booth.perception.eye_reader import EyeReader
from booth.perception.lid_model import lid_evidence, lids_open
from booth.perception.lids import EyePixels, Strip, cut_strip, read_eyes

_FEATURES = np.array([*RIGHT_EYE, *LEFT_EYE, *NOSE_FRONT, *ON_LIPS])
FLOOR = 0.002
READ_OPEN = 0.9  # of `Cover.lids_open` where the operator's classifier settled a doubt

# Ramps from hidden to seen. Of 112 bare faces the least mouth had .53 (next 1.07), the most of 184 painted masks and
# hands .94; skin below the eyes is at most .62 stops darker than the cheek (both eyes), behind the lightest lens 1.2.
MOUTH_RAMP, NOSE_RAMP, LENS_RAMP, EYE_RAMP = (0.85, 1.05), (1.3, 0.95), (1.1, 0.85), (0.35, 0.7)
FAINTEST_EYE_STOPS = 0.45  # of 112 faces and 92 with lids painted shut the faintest has .61
COLOUR_STEP, LIGHT_STEP, SEAM_STEP = 0.12, 0.30, 0.65  # log2 units that tell lips from skin, each by itself
NOSE_STEPS = (0.75, 2.2)  # colour, light
ODD_NOSE, ODD_NOSE_RAMP = 0.3, (0.45, 0.8)
PARTED_PX = 4.0  # of the chip, a tenth of the eye distance
GLARE_OVER_STOPS = 2.2  # a reflection is this much brighter than the skin round the eye
GLARE_FLOOR = 0.55  # and bright in itself


def _ramp(value: float, ramp: tuple[float, float]) -> float:
    return min(1.0, max(0.0, (value - ramp[0]) / (ramp[1] - ramp[0])))


def measure_cover(
    rgb: np.ndarray,
    face: Face,
    chip: AlignedFace | None,
    before: Occlusion | None = None,
    reader: EyeReader | None = None,
) -> Occlusion:
    """Measure how much of eyes and face shows in the (H, W, 3) picture; unknown where the face leaves the frame.

    Lids are read anew every time; without a chip the slower things (mask, hand, glare) are taken over from `before`.
    `reader`, the operator's eye classifier, is asked where the lids are in doubt.
    """
    if not _features_inside(face):
        return Occlusion()
    eyes = read_eyes(strip := cut_strip(rgb, face))
    slow = before or Occlusion()
    return Occlusion(
        eyes_visible=_eyes_visible(eyes),
        face_visible_share=_share(chip) if chip else slow.face_visible_share,
        glare_frac=_glare(chip) if chip else slow.glare_frac,
        eyes_found=_eyes_found(eyes),
        mouth_dark_stops=_mouth_dark(chip) if chip else slow.mouth_dark_stops,
        lids_open=_lids_open(rgb, face, strip, reader),
    )


def _lids_open(rgb: np.ndarray, face: Face, strip: Strip, reader: EyeReader | None) -> float:
    sure = lids_open(lid_evidence(face, strip))
    doubted = DOUBTED_OPEN <= sure < SURELY_OPEN
    return READ_OPEN if doubted and reader is not None and reader.is_sure_open(rgb, face) else sure


def _features_inside(face: Face) -> bool:
    spots = face.landmarks[_FEATURES, :2]
    return bool((spots >= 0).all() and (spots <= 1).all())


def _eyes_visible(eyes: tuple[EyePixels, EyePixels]) -> float:
    """Return 0..1; both eyes count, and a lens must darken the skin under both."""
    lens = _ramp(min(eye.under_stops for eye in eyes), LENS_RAMP)
    seen = min(_ramp(max(eye.dark_stops, eye.white_stops), EYE_RAMP) for eye in eyes)
    return min(lens, seen)


def _eyes_found(eyes: tuple[EyePixels, EyePixels]) -> bool:
    """Tell whether either eye shows a structure or both lie behind lenses: a jellyfish taken for a face has neither."""
    behind_lens = min(eye.under_stops for eye in eyes) > LENS_RAMP[1]
    return behind_lens or max(max(eye.dark_stops, eye.white_stops) for eye in eyes) > FAINTEST_EYE_STOPS


def _level(chip: AlignedFace, spots: tuple[int, ...], radius: int) -> np.ndarray:
    """Return the median linear colour round some landmarks, (3,) float."""
    parts = []
    for x, y in np.round(chip.points[list(spots)]).astype(int):
        parts.append(chip.rgb[max(0, y - radius) : y + radius + 1, max(0, x - radius) : x + radius + 1].reshape(-1, 3))
    return SRGB8_TO_LINEAR[np.median(np.vstack(parts), axis=0).astype(np.uint8)] + FLOOR


def _colour_and_light(level: np.ndarray) -> np.ndarray:
    """Return log2 of red over green, of blue over green, and of the light itself."""
    return np.log2([level[0] / level[1], level[2] / level[1], float(level @ REC709_LUMA)])


def _share(chip: AlignedFace) -> float:
    skin = _colour_and_light(_level(chip, UPPER_CHEEKS, 3))
    nose = np.abs(_colour_and_light(_level(chip, NOSE_FRONT, 2)) - skin)
    strange = max(float(np.hypot(nose[0], nose[1])) / NOSE_STEPS[0], float(nose[2]) / NOSE_STEPS[1])
    lips = _colour_and_light(_level(chip, ON_LIPS, 1)) - _colour_and_light(_level(chip, BESIDE_LIPS, 2))
    told = max(abs(float(lips[0])) / COLOUR_STEP, abs(float(lips[2])) / LIGHT_STEP, _seam(chip) / SEAM_STEP)
    told = max(told, _parted(chip))
    told -= ODD_NOSE * _ramp(strange, ODD_NOSE_RAMP)  # a faint mouth under a nose of another colour is less likely one
    mouth_hidden, nose_hidden = 1 - _ramp(told, MOUTH_RAMP), 1 - _ramp(strange, NOSE_RAMP)
    return 1.0 - max(0.7 * mouth_hidden, 0.7 * nose_hidden)


def _seam(chip: AlignedFace) -> float:
    """Return how much darker, in stops, the line between the lips is than what lies above and below it."""
    right, left = INNER_LIP_SIDES
    x0, x1 = int(chip.points[right][0]), int(chip.points[left][0]) + 1
    middle = int((chip.points[UPPER_LIP_INNER][1] + chip.points[LOWER_LIP_INNER][1]) / 2)
    rows = np.log2(
        np.median(chip.luminance[max(0, middle - 8) : middle + 9, max(0, x0) : max(x0 + 1, x1)], axis=1) + FLOOR
    )
    if len(rows) < 13:
        return 0.0
    return float(np.median(rows) - rows[4:13].min())


def _parted(chip: AlignedFace) -> float:
    """Return how clearly what lies between parted lips differs from the skin beside them; 0 for a closed mouth."""
    if float(np.hypot(*(chip.points[UPPER_LIP_INNER] - chip.points[LOWER_LIP_INNER]))) < PARTED_PX:
        return 0.0
    between = _colour_and_light(_level(chip, (UPPER_LIP_INNER, LOWER_LIP_INNER), 1))
    step = np.abs(between - _colour_and_light(_level(chip, BESIDE_LIPS, 2)))
    return max(float(step[0]) / (2 * COLOUR_STEP), float(step[2]) / (2 * LIGHT_STEP))


def _mouth_dark(chip: AlignedFace) -> float | None:
    """Return how many stops darker it is between the lips than on the cheeks, None for a closed mouth."""
    gap = float(np.hypot(*(chip.points[UPPER_LIP_INNER] - chip.points[LOWER_LIP_INNER])))
    if gap < PARTED_PX:
        return None
    region = np.zeros(chip.rgb.shape[:2], np.uint8)
    cv2.fillPoly(region, [np.round(chip.points[list(MOUTH_OPENING_COARSE)]).astype(np.int32)], 1)
    light = chip.luminance[region > 0]
    cheek = float(_level(chip, UPPER_CHEEKS, 3) @ REC709_LUMA)
    return float(np.log2(cheek) - np.log2(np.median(light) + FLOOR)) if light.size else None


def _glare(chip: AlignedFace) -> float:
    """Return the share of the eye region that is blown out against the skin round it."""
    region = np.zeros(chip.rgb.shape[:2], np.uint8)
    for eye in EYES:
        cv2.fillConvexPoly(region, cv2.convexHull(np.round(chip.points[list(eye)]).astype(np.int32)), 1)
    region = cv2.dilate(region, np.ones((7, 7), np.uint8))
    light = chip.luminance[(region > 0) & chip.inside]
    if light.size < 20:
        return 0.0
    limit = max(GLARE_FLOOR, float(np.median(light)) * 2**GLARE_OVER_STOPS)
    return float((light > limit).mean())
