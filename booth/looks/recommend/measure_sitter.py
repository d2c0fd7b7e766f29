"""Measures a sitter for advice: colours of hair, skin and clothes, shadow on the face; by geometry and matte."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import cv2
import numpy as np

from booth.core.color import luminance, power_law_to_linear
from booth.core.landmarks import CHIN, FOREHEAD_TOP, MID_FACE, MID_FACE_OUTLINE
from booth.core.types import Face, FrameAnalysis
from booth.looks.backdrop.backdrop_spec import RoomBackdrop, Transparent, Untouched
from booth.looks.backdrop.paint import paint
from booth.looks.light.light_spec import named_light
from booth.looks.look import Look
from booth.looks.recommend.sitter_measures import Lab, LookTraits, SitterMeasures

WIDTH_PX = 256  # colours need no more
SURE = 240  # of the matte: well inside the sitter
ENOUGH_PX = 30
BALD_DE = 14.0  # what is above the forehead and of the skin's own colour is no hair
PLATE_PX = (64, 36)
SOFTNESS: Mapping[str, float] = {
    "natural": 0.6, "butterfly": 0.55, "loop": 0.4, "rembrandt": 0.2, "split": 0.05, "broad": 0.35, "short": 0.25,
    "clamshell": 0.85, "rim": 0.15, "highkey": 1.0, "lowkey": 0.0, "window": 0.7,
}  # fmt: skip
OWN_LIGHT = 0.4
SIDED_FROM_DEG = 20.0


def measure_sitter(analysis: FrameAnalysis) -> SitterMeasures | None:
    """Measure the sitter of a FrameAnalysis; None without a face and a matte."""
    face = analysis.sitter
    if face is None or analysis.matte is None:
        return None
    scale = WIDTH_PX / analysis.frame.small.shape[1]
    size = (WIDTH_PX, max(2, round(analysis.frame.small.shape[0] * scale)))
    rgb = cv2.resize(analysis.frame.small, size, interpolation=cv2.INTER_AREA)
    alpha = cv2.resize(analysis.matte.alpha, size, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    skin = _middle(lab, _face_mask(face, size))
    hair = _middle(lab, _hair_box(face, size) & (alpha > SURE))
    if hair is not None and skin is not None and float(np.hypot(*(np.subtract(hair, skin)[1:]))) < BALD_DE / 2:
        hair = hair if abs(hair[0] - skin[0]) > BALD_DE else None
    return SitterMeasures(
        hair=hair,
        clothes=_middle(lab, _clothes_box(face, size) & (alpha > SURE)),
        skin=skin,
        glare_frac=analysis.cover.glare_frac,
        ratio_stops=analysis.light.ratio_stops,
        shadow_stops=_shadow(rgb, _face_mask(face, size)),
        yaw_deg=face.pose.yaw_deg,
    )


def _face_mask(face: Face, size: tuple[int, int]) -> np.ndarray:
    """Cheeks, nose and chin: the face between eyes and jaw, drawn in a little."""
    points = face.points_px(*size)
    middle = points[list(MID_FACE)].mean(0)
    ring = points[list(MID_FACE_OUTLINE)]
    mask = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(middle + 0.85 * (ring - middle)).astype(np.int32)), 1)
    return mask.astype(bool)


def _hair_box(face: Face, size: tuple[int, int]) -> np.ndarray:
    """A patch above the forehead, .1 to .28 face heights over the mesh's top."""
    return _box(face, size, FOREHEAD_TOP, (-0.28, -0.10), 0.25)


def _clothes_box(face: Face, size: tuple[int, int]) -> np.ndarray:
    """The chest and shoulders, .55 to 1.3 face heights under the chin."""
    return _box(face, size, CHIN, (0.55, 1.3), 0.8)


def _box(face: Face, size: tuple[int, int], at: int, rows: tuple[float, float], half: float) -> np.ndarray:
    points = face.points_px(*size)
    high = float(np.hypot(*(points[CHIN] - points[FOREHEAD_TOP])))
    x, y = points[at]
    mask = np.zeros((size[1], size[0]), bool)
    top, bottom = (int(np.clip(y + share * high, 0, size[1])) for share in rows)
    left, right = (int(np.clip(x + share * high, 0, size[0])) for share in (-half, half))
    mask[top:bottom, left:right] = True
    return mask


def _middle(lab: np.ndarray, mask: np.ndarray) -> Lab | None:
    seen = lab[mask]
    if len(seen) < ENOUGH_PX:
        return None
    light, a, b = (float(v) for v in np.median(seen, axis=0))
    return light, a, b


def _shadow(rgb: np.ndarray, mask: np.ndarray) -> float | None:
    """Stops from the 10th to the 90th percentile of the face's light; independent of how dark the skin is."""
    seen = rgb[mask].astype(np.float32)
    if len(seen) < ENOUGH_PX:
        return None
    linear = luminance(power_law_to_linear(seen / 255))
    dark, bright = np.percentile(linear, [10, 90])
    return float(np.log2((bright + 1e-3) / (dark + 1e-3)))


@cache
def traits_of(look: Look) -> LookTraits:
    """Return what of a look can suit somebody; paints its backdrop once, small."""
    colour = None
    if not isinstance(look.backdrop, RoomBackdrop | Transparent | Untouched):
        plate = paint(look.backdrop, PLATE_PX, seed=1, quality="mirror")
        tone = cv2.cvtColor(plate.reshape(-1, 1, 3).astype(np.float32), cv2.COLOR_RGB2Lab).reshape(-1, 3).mean(0)
        colour = (float(tone[0]), float(tone[1]), float(tone[2]))
    lamps = look.light.lamps or named_light(look.light.name)
    keys = [lamp for lamp in lamps if lamp.kind != "ambient"]
    is_sided = (
        len(keys) == 1 and SIDED_FROM_DEG < abs(keys[0].az_deg) < 120 and look.light.name not in ("short", "broad")
    )
    softness = OWN_LIGHT if look.light.lamps else SOFTNESS[look.light.name]
    return LookTraits(look.name, colour, softness, is_sided, look.target.yaw_deg)
