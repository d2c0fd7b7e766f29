"""Reads small relief from the picture itself: what is darker than the fitted head predicts lies steeper or lower.

Only bands between a cell and a few centimetres count; broader differences are colour, beard or light.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.looks.light.kernels import NORMAL, SKIN, UNDER
from booth.looks.light.lay import DECODE

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
FINE_CM, BROAD_CM = 0.29, 1.73  # the band: blurs of these widths, subtracted
STEEPER, LOWER = np.float32(0.15), np.float32(0.20)  # how far a log step of darkness turns a normal away, and down
MOST = np.float32(0.6)  # log steps beyond this are paint


def read_detail(cells: np.ndarray, small: np.ndarray, cover: np.ndarray, cells_per_cm: float) -> None:
    """Turn the normals in `cells` (g, g, k) in place by the relief seen in `small` (g, g, 3) uint8."""
    trust = cover * (cells[..., SKIN] > 0.3)
    inside = trust > 0
    if not inside.any():
        return
    seen, expected = DECODE[small] @ LUMA, cells[..., UNDER : UNDER + 3] @ LUMA
    step = np.log(np.maximum(seen, np.float32(1e-3))) - np.log(np.maximum(expected, np.float32(0.02)))
    step = np.clip(step - np.median(step[inside]), -MOST, MOST) * trust
    fine, broad = (
        cv2.GaussianBlur(np.dstack([step, trust]), (0, 0), width * cells_per_cm) for width in (FINE_CM, BROAD_CM)
    )
    band = trust * (fine[..., 0] / np.maximum(fine[..., 1], 1e-3) - broad[..., 0] / np.maximum(broad[..., 1], 1e-3))
    normal = cells[..., NORMAL : NORMAL + 3]
    normal[..., 1] += LOWER * band
    length = np.sqrt((normal * normal).sum(-1)) + np.float32(1e-6)
    near = np.clip(normal[..., 2] / length * np.exp(STEEPER * band), 0.03, 0.999)
    flat = np.sqrt(1 - near * near) / np.maximum(np.hypot(normal[..., 0], normal[..., 1]), 1e-3)
    normal[..., 0] *= flat
    normal[..., 1] *= flat
    normal[..., 2] = near
