"""What a look did to the light on a face: input against output, both with their landmarks.

The four figures and their arithmetic are those of the reference measure that came with the requirement
(`sketches/light_change.py` of the shared material). Nothing in them depends on how dark the skin is: all are ratios.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.color import REC709_LUMA, SRGB8_TO_LINEAR
from booth.core.landmarks import CHEEKBONES, FACE_OVAL
from booth.core.types import Face
from booth.looks.light.face_parts import NOT_SKIN

FACE_PX, MARGIN_PX, SIZE_PX = 200, 40, (320, 360)  # the face is brought to this width before it is measured
BLUR_PX = 2.0  # of a face 200 wide: below it lie pores and noise
DARKEST, BRIGHTEST = 0.02, 0.97  # linear; outside of this a pixel of the input holds no light to compare with
ERODE_PX = 9
SHADE_STOPS = 0.15  # skin darkened this far below the median counts as put in shadow
SHADE_FEWEST_PX = 100
FLOOR = 1e-4


@dataclass(frozen=True, slots=True)
class LightChange:
    """The change of light on one face.

    lit_stops       80th percentile of log2(out / in): below 0 the lit side was darkened
    median_stops    median of the same
    contrast_stops  by how much the 10th to 90th percentile range of the face's luminance grew
    edge_stops      98th percentile of the gradient of log2(out / in), stops a face width; hard false shadows: above 20
    grey            share of saturation left where skin was darkened; 1 kept, below it turned grey
    """

    lit_stops: float
    median_stops: float
    contrast_stops: float
    edge_stops: float
    grey: float


def light_change(before: np.ndarray, face_before: Face, after: np.ndarray, face_after: Face) -> LightChange | None:
    """Compare two (H, W, 3) uint8 sRGB pictures of one face, of any sizes; None where too little skin can be judged."""
    at, to_grid = _to_grid(face_before.points_px(before.shape[1], before.shape[0]))
    p_before = face_before.points_px(before.shape[1], before.shape[0])
    p_after = face_after.points_px(after.shape[1], after.shape[0])
    move, _ = cv2.estimateAffinePartial2D(p_after, p_before, method=cv2.LMEDS)
    a = cv2.warpAffine(before, to_grid[:2], SIZE_PX, flags=cv2.INTER_AREA)
    b = cv2.warpAffine(after, (to_grid @ np.vstack([move, [0, 0, 1]]))[:2], SIZE_PX, flags=cv2.INTER_AREA)
    was, now = (cv2.GaussianBlur(SRGB8_TO_LINEAR[picture], (0, 0), BLUR_PX) for picture in (a, b))
    ok = (_skin(at) > 0) & (was @ REC709_LUMA > DARKEST) & (was.max(-1) < BRIGHTEST)
    return _figures(was, now, ok) if ok.sum() > SHADE_FEWEST_PX else None


def skin_luminance(rgb: np.ndarray, face: Face) -> float:
    """Return the median CIE L* (0..100) of the face's skin in an (H, W, 3) uint8 picture."""
    at, to_grid = _to_grid(face.points_px(rgb.shape[1], rgb.shape[0]))
    cut = cv2.warpAffine(rgb, to_grid[:2], SIZE_PX, flags=cv2.INTER_AREA)
    luminance = float(np.median((SRGB8_TO_LINEAR[cut] @ REC709_LUMA)[_skin(at) > 0]))
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance


def _to_grid(points_px: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the landmarks on the measuring grid (478, 2) and the (3, 3) matrix that brings the picture there."""
    scale = FACE_PX / max(float(np.linalg.norm(points_px[CHEEKBONES[1]] - points_px[CHEEKBONES[0]])), 1e-6)
    left, top = MARGIN_PX - scale * points_px.min(0)
    matrix = np.array([[scale, 0, left], [0, scale, top], [0, 0, 1]], np.float64)
    return points_px * scale + matrix[:2, 2], matrix


def _skin(points: np.ndarray) -> np.ndarray:
    """Return (h, w) uint8, 1 on plain skin well inside the face."""
    skin = np.zeros(SIZE_PX[::-1], np.uint8)
    cv2.fillPoly(skin, [points[list(FACE_OVAL)].astype(np.int32)], 1)
    for hole in NOT_SKIN:
        cv2.fillPoly(skin, [cv2.convexHull(points[hole].astype(np.int32))], 0)
    return cv2.erode(skin, np.ones((ERODE_PX, ERODE_PX), np.uint8))


def _figures(was: np.ndarray, now: np.ndarray, ok: np.ndarray) -> LightChange:
    y_was, y_now = was @ REC709_LUMA, now @ REC709_LUMA
    change = np.log2((y_now + FLOOR) / (y_was + FLOOR)).astype(np.float64)
    slope = np.hypot(cv2.Sobel(change, cv2.CV_64F, 1, 0), cv2.Sobel(change, cv2.CV_64F, 0, 1)) / 8 * FACE_PX
    shade = ok & (change < np.median(change[ok]) - SHADE_STOPS)
    spread = [np.log2(np.percentile(y[ok], 90) / max(np.percentile(y[ok], 10), FLOOR)) for y in (y_was, y_now)]
    kept = _saturation(now)[shade] / (_saturation(was)[shade] + 0.02)
    return LightChange(
        lit_stops=float(np.percentile(change[ok], 80)),
        median_stops=float(np.median(change[ok])),
        contrast_stops=float(spread[1] - spread[0]),
        edge_stops=float(np.percentile(slope[ok], 98)),
        grey=float(np.median(kept)) if shade.sum() > SHADE_FEWEST_PX else 1.0,
    )


def _saturation(linear: np.ndarray) -> np.ndarray:
    return (linear.max(-1) - linear.min(-1)) / (linear.max(-1) + FLOOR)
