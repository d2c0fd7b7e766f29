"""Recolours the clothes one wears: the colour moves, folds and texture stay. Skin is left out on purpose and twice."""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.landmarks import CHIN, FACE_OVAL, FOREHEAD_TOP
from booth.core.types import Face

CLOTHES, NOT_CLOTHES = 4, (1, 2, 3)  # labels of the parsing
SOFT_FACES = 0.008  # the labels' own steps, in face heights
SNAP_FACES, SNAP_EPS = 0.025, 4e-4
NOTHING = 1e-3
STEEP = 2.4
GAIN_LEAST = 0.35  # folds stay this deep: white on a jacket of deep folds becomes a little less white
L_LEAST, L_MOST = 3.0, 98.0  # a fold is never lost in black or in white
ENOUGH_PX = 200


def clothes_mask(rgb: np.ndarray, parsing: np.ndarray, alpha: np.ndarray | None, face: Face) -> np.ndarray:
    """Return (H, W) float32 0..1, how much of each pixel is clothes: parsing (h, w) uint8 of any size.

    Beside the background its edge is the matte's, beside skin and hair the picture's own; the face is cut out.
    """
    size = rgb.shape[1], rgb.shape[0]
    width, height = size
    high = _face_px(face, size)
    soft = max(0.8, SOFT_FACES * high)
    cloth = cv2.GaussianBlur(_resized((parsing == CLOTHES).astype(np.float32), size), (0, 0), soft)
    bare = cv2.GaussianBlur(_resized(np.isin(parsing, NOT_CLOTHES).astype(np.float32), size), (0, 0), soft)
    share = np.where(cloth + bare > NOTHING, cloth / np.maximum(cloth + bare, NOTHING), 0)
    share = _snapped(share.astype(np.float32), rgb, max(2, round(SNAP_FACES * high)))
    mask = np.clip((share - 0.5) * STEEP + 0.5, 0, 1)
    oval = np.zeros((height, width), np.uint8)
    cv2.fillPoly(oval, [np.round(face.points_px(width, height)[list(FACE_OVAL)]).astype(np.int32)], 1)
    mask *= oval == 0
    return mask if alpha is None else mask * _unit(alpha)


def _snapped(share: np.ndarray, rgb: np.ndarray, radius: int) -> np.ndarray:
    """Move the edge of a share to the picture's own nearest edge: a guided filter (He, Sun and Tang 2010) on its light.

    The share is that among the sitter's own parts, so that beside the background it stays whole up to the matte's edge.
    """
    guide = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    window = (2 * radius + 1, 2 * radius + 1)
    mean_g, mean_s = cv2.blur(guide, window), cv2.blur(share, window)
    slope = (cv2.blur(guide * share, window) - mean_g * mean_s) / (
        cv2.blur(guide * guide, window) - mean_g**2 + SNAP_EPS
    )
    return cv2.blur(slope, window) * guide + cv2.blur(mean_s - slope * mean_g, window)


def recolour(rgb: np.ndarray, mask: np.ndarray, lab: tuple[float, float, float]) -> np.ndarray:
    """Return (H, W, 3) uint8 with the masked part in another colour; its light keeps its shape.

    Each brightness gets one new colour, brighter ones brighter ones, so that every fold and thread stays where it is.
    """
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if len(rows) < 2 or len(columns) < 2 or int(np.count_nonzero(mask > 0.5)) < ENOUGH_PX:
        return rgb
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    own, share = np.ascontiguousarray(rgb[part]), np.ascontiguousarray(mask[part], np.float32)
    light = cv2.cvtColor(own, cv2.COLOR_RGB2GRAY)
    painted = cv2.LUT(cv2.merge([light] * 3), _table(light[share > 0.5], lab))
    out = rgb.copy()
    out[part] = cv2.blendLinear(own, painted, 1 - share, share)
    return out


def _table(inside: np.ndarray, lab: tuple[float, float, float]) -> np.ndarray:
    """(1, 256, 3) uint8: the new colour of each brightness, for clothes whose own brightnesses are `inside`."""
    grey = np.repeat(np.arange(256, dtype=np.float32)[None, :, None], 3, axis=2) / 255
    lightness = cv2.cvtColor(grey, cv2.COLOR_RGB2Lab)[0, :, 0]
    new = np.empty((1, 256, 3), np.float32)
    new[0, :, 0] = _moved(lightness, lightness[inside], lab[0])
    new[0, :, 1:] = lab[1:]
    return np.clip(cv2.cvtColor(new, cv2.COLOR_Lab2RGB) * 255 + 0.5, 0, 255).astype(np.uint8)


def _moved(light: np.ndarray, inside: np.ndarray, wanted: float) -> np.ndarray:
    """Lightness round another middle, its spread made to fit between black and white."""
    low, middle, high = (float(v) for v in np.percentile(inside, [0.5, 50, 99.5]))
    least, most = L_LEAST + GAIN_LEAST * (middle - low), L_MOST - GAIN_LEAST * (high - middle)
    wanted = min(max(wanted, least), most) if least <= most else (L_LEAST + L_MOST) / 2
    fits = min((wanted - L_LEAST) / max(middle - low, 1e-3), (L_MOST - wanted) / max(high - middle, 1e-3))
    return np.clip(wanted + min(1.0, fits) * (light - middle), 0.5, 99.5)


def _resized(plane: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    return cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR)


def _unit(alpha: np.ndarray) -> np.ndarray:
    return alpha.astype(np.float32) / 255 if alpha.dtype == np.uint8 else alpha


def _face_px(face: Face, size: tuple[int, int]) -> float:
    points = face.points_px(*size)
    return float(np.hypot(*(points[CHIN] - points[FOREHEAD_TOP])))
