"""Faults painted onto photographs at run time: lids, sunglasses, masks, hands, turns, tones. Nothing is kept."""

from __future__ import annotations

import cv2
import numpy as np
from scipy.interpolate import LinearNDInterpolator

from booth.core.types import Face, frozen

RIGHT_UPPER = [33, 246, 161, 160, 159, 158, 157, 173, 133]
RIGHT_LOWER = [33, 7, 163, 144, 145, 153, 154, 155, 133]
LEFT_UPPER = [263, 466, 388, 387, 386, 385, 384, 398, 362]
LEFT_LOWER = [263, 249, 390, 373, 374, 380, 381, 382, 362]
MASK_LINE = [234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454]
OVAL = [10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149]
OVAL += [150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109]


def points_of(rgb: np.ndarray, face: Face) -> np.ndarray:
    return face.points_px(rgb.shape[1], rgb.shape[0]).astype(np.float64)


def _eye_span(points: np.ndarray) -> float:
    return float(np.hypot(*(points[473] - points[468])))


def lids(rgb: np.ndarray, face: Face, share: float, *, flat: bool = False) -> np.ndarray:
    """Bring both upper lids down by `share` of the opening: its own skin stretched, or (flat) one colour."""
    points = points_of(rgb, face)
    out = rgb.copy()
    for upper, lower in ((RIGHT_UPPER, RIGHT_LOWER), (LEFT_UPPER, LEFT_LOWER)):
        up, low = points[upper], points[lower]
        up, low = up[np.argsort(up[:, 0])], low[np.argsort(low[:, 0])]
        xs = np.arange(int(np.ceil(up[0, 0])), int(up[-1, 0]) + 1)
        top, bottom = np.interp(xs, up[:, 0], up[:, 1]), np.interp(xs, low[:, 0], low[:, 1])
        edge = top + share * (bottom - top)
        painter = _flat_lid if flat else _stretched_lid
        painter(rgb, out, xs, top, edge, _eye_span(points))
    return out


def _stretched_lid(rgb, out, xs, top, edge, span):
    reach = 0.22 * span
    for x, y_top, y_edge in zip(xs, top, edge, strict=True):
        ys = np.arange(int(y_top - reach), int(y_edge) + 1)
        source = y_top - reach + (ys - (y_top - reach)) * reach / max(y_edge - y_top + reach, 1e-6)
        column = rgb[:, x].astype(np.float32)
        low = np.clip(source.astype(int), 0, len(column) - 2)
        part = (source - low)[:, None]
        out[ys, x] = (column[low] * (1 - part) + column[low + 1] * part).astype(np.uint8)


def _flat_lid(rgb, out, xs, top, edge, span):
    middle = len(xs) // 2
    y, x = int(top[middle] - 0.09 * span), int(xs[middle])
    reach = max(1, int(0.03 * span))
    tone = np.median(rgb[y - reach : y + reach + 1, x - reach : x + reach + 1].reshape(-1, 3), axis=0)
    lash = max(1, int(0.025 * span))
    for x, y_top, y_edge in zip(xs, top, edge, strict=True):
        out[int(y_top) - 1 : int(y_edge) + 1, x] = tone
        out[int(y_edge) : int(y_edge) + lash, x] = tone * 0.35


def _blend(rgb: np.ndarray, mask: np.ndarray, colour: np.ndarray, soft_px: float) -> np.ndarray:
    alpha = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), max(soft_px, 0.5))[..., None]
    return (rgb * (1 - alpha) + colour * alpha).astype(np.uint8)


def sunglasses(rgb: np.ndarray, face: Face, *, tint=(18, 18, 20), through: float = 0.0) -> np.ndarray:
    """Put dark glasses on; `through` is how much of the eyes still shows."""
    points = points_of(rgb, face)
    span = _eye_span(points)
    mask = np.zeros(rgb.shape[:2], np.uint8)
    axis = np.degrees(np.arctan2(*(points[473] - points[468])[::-1]))
    for eye in (points[[33, 133]].mean(0), points[[362, 263]].mean(0)):
        centre = eye + [0, 0.06 * span]
        cv2.ellipse(mask, tuple(int(v) for v in centre), (int(0.44 * span), int(0.34 * span)), axis, 0, 360, 1, -1)
    cv2.line(mask, *(tuple(int(v) for v in points[i]) for i in (133, 362)), 1, max(1, int(0.06 * span)))
    rows = np.linspace(0.8, 1.4, rgb.shape[0])[:, None, None]
    lens = np.clip(np.array(tint) * rows, 0, 255) * (1 - through) + rgb * through
    return _blend(rgb, mask, lens, 0.01 * span)


def face_mask(rgb: np.ndarray, face: Face, *, colour=(150, 185, 205)) -> np.ndarray:
    """Cover nose, mouth and chin with a mask of one colour, a little shaded and pleated."""
    points = points_of(rgb, face)
    span = _eye_span(points)
    outline = np.vstack([points[MASK_LINE] + [0, 0.03 * span], points[[454, 425, 195, 205, 234]]])
    mask = np.zeros(rgb.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(outline).astype(np.int32)], 1)
    y, x = np.mgrid[: rgb.shape[0], : rgb.shape[1]].astype(np.float32)
    nose = points[1]
    shade = 1.0 - 0.18 * ((x - nose[0]) / span) ** 2 + 0.03 * np.sin((y - nose[1]) / span * 25)
    return _blend(rgb, mask, np.clip(np.array(colour) * shade[..., None], 0, 255), 0.012 * span)


def hand(rgb: np.ndarray, face: Face, *, over: str = "mouth") -> np.ndarray:
    """Lay four fingers in the sitter's own skin colour over the mouth or over one eye."""
    points = points_of(rgb, face)
    span = _eye_span(points)
    tone = np.median(np.vstack([rgb[int(y), int(x)] for x, y in points[[205, 50, 117, 101]]]), axis=0)
    middle = points[[13, 14]].mean(0) if over == "mouth" else points[[33, 133]].mean(0)
    x0, y0 = (max(0, int(v - 1.6 * span)) for v in middle)
    part = rgb[y0 : int(middle[1] + 1.6 * span), x0 : int(middle[0] + 1.6 * span)].astype(np.float32)
    y, x = np.mgrid[y0 : y0 + part.shape[0], x0 : x0 + part.shape[1]].astype(np.float32)
    for k in range(4):
        base = middle + [-(0.5 - 0.05 * k) * span + 0.35 * span, (k - 1.5) * 0.21 * span]
        u, v = (x - base[0]) / (0.75 * span), (y - base[1]) / (0.125 * span)
        inside = (u**4 + v**2) < 1
        shade = 0.75 + 0.3 * np.sqrt(np.clip(1 - v**2, 0, 1))
        part = np.where(inside[..., None], np.clip(tone * shade[..., None], 0, 255), part)
    out = rgb.copy()
    out[y0 : y0 + part.shape[0], x0 : x0 + part.shape[1]] = part.astype(np.uint8)
    return cv2.GaussianBlur(out, (3, 3), 0)


def turned(
    rgb: np.ndarray, face: Face, yaw_deg: float = 0.0, pitch_deg: float = 0.0, roll_deg: float = 0.0
) -> np.ndarray:
    """Turn the face by warping its mesh as a rotated solid (orthographic); the picture's border stays."""
    height_px, width_px = rgb.shape[:2]
    solid = face.landmarks[
        OVAL + [1, 4, 6, 33, 133, 362, 263, 61, 291, 13, 14, 50, 280, 168, 152, 10, 468, 473, 105, 334, 205, 425]
    ]
    solid = solid.astype(np.float64) * [width_px, height_px, width_px]
    pivot = solid.mean(0) + [0, 0, 0.35 * np.ptp(solid[:, 0])]
    a, b, c = np.radians([yaw_deg, pitch_deg, roll_deg])
    spin_y = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    spin_x = np.array([[1, 0, 0], [0, np.cos(b), np.sin(b)], [0, -np.sin(b), np.cos(b)]])
    spin_z = np.array([[np.cos(c), np.sin(c), 0], [-np.sin(c), np.cos(c), 0], [0, 0, 1]])
    moved = (solid - pivot) @ (spin_z @ spin_x @ spin_y).T + pivot
    border = np.array([[x, y] for x in (0, width_px / 2, width_px - 1) for y in (0, height_px / 2, height_px - 1)])
    border = border[(border[:, 0] != width_px / 2) | (border[:, 1] != height_px / 2)]
    target, source = np.vstack([moved[:, :2], border]), np.vstack([solid[:, :2], border])
    step = max(2, width_px // 150)
    gy, gx = np.mgrid[0:height_px:step, 0:width_px:step]
    field = LinearNDInterpolator(target, source, fill_value=0)(gx, gy).astype(np.float32)
    field = cv2.resize(field, (width_px, height_px), interpolation=cv2.INTER_LINEAR)
    return cv2.remap(rgb, field[..., 0], field[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def mouth_open(rgb: np.ndarray, face: Face, share: float = 0.35) -> np.ndarray:
    """Drop the lower lip by `share` of the eye distance and paint the dark between."""
    points = points_of(rgb, face)
    drop = share * _eye_span(points)
    left, right = points[61], points[291]
    inner = points[[78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308]]
    xs = np.arange(int(left[0]), int(right[0]) + 1)
    seam = np.interp(xs, inner[:, 0], inner[:, 1])
    sag = drop * np.sqrt(np.clip(1 - ((xs - (left[0] + right[0]) / 2) / ((right[0] - left[0]) / 2)) ** 2, 0, 1))
    out = rgb.copy()
    for x, y, d in zip(xs, seam, sag, strict=True):
        y, d, reach = int(y), int(d), int(1.1 * drop + 0.6 * _eye_span(points))
        column = rgb[y : y + reach, x].astype(np.float32)
        source = np.linspace(0, reach - 1, max(reach - d, 1)).astype(int)
        out[y + d : y + reach, x] = column[source][: reach - d]
        out[y : y + d, x] = (40, 15, 15)
    return out


def toned(rgb: np.ndarray, stops: float, warm: float = 0.0) -> np.ndarray:
    """Expose the whole picture by `stops`, and warm it (red up, blue down by that share)."""
    linear = (rgb / 255.0) ** 2.2 * 2.0**stops * np.array([1 + warm, 1, 1 - warm])
    return (np.clip(linear, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)


def still(rgb: np.ndarray) -> np.ndarray:
    """Return a contiguous read-only copy."""
    return frozen(np.ascontiguousarray(rgb))
