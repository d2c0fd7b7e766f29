"""Reads small relief from the picture itself: what is darker than the fitted head predicts lies steeper or lower.

Only bands between a cell and a few centimetres count; broader differences are colour, beard or light.
"""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.color import REC709_LUMA, SRGB8_TO_LINEAR
from booth.core.landmarks import LIPS
from booth.core.types import Face
from booth.looks.light.cell_grid import CellGrid
from booth.looks.light.kernels import NORMAL, SKIN, UNDER

FINE_CM, BROAD_CM = 0.17, 1.4  # the band: blurs of these widths, subtracted
STEEPER, LOWER = np.float32(0.25), np.float32(0.25)  # how far a log step of darkness turns a normal away, and down
FRONTAL = np.float32(0.4)  # slope of skin below which darkness tells ever less of how it is turned
MAX_TURNED = np.float32(1.54)  # radians: no skin is seen edge on
MOST = np.float32(0.6)  # log steps beyond this are paint
LIPS_SOFT_CM = 0.15


def relief_shows(face: Face, grid: CellGrid, size_px: tuple[int, int]) -> np.ndarray:
    """Return (g, g) float32 0..1: where darkness may be read as relief; lips are dark by their colour."""
    marks = (face.points_px(*size_px)[list(LIPS)] - (grid.left_px, grid.top_px)) * (grid.side / grid.side_px) - 0.5
    lips = np.zeros((grid.side, grid.side), np.uint8)
    cv2.fillPoly(lips, [np.round(marks * 8).astype(np.int32)], 255, shift=3)
    soft = LIPS_SOFT_CM * grid.cells_per_cm
    lips = cv2.dilate(lips, np.ones((3, 3), np.uint8), iterations=max(round(soft), 1))
    return 1 - cv2.GaussianBlur(lips, (0, 0), soft).astype(np.float32) * np.float32(1 / 255)


def read_detail(
    cells: np.ndarray, small: np.ndarray, cover: np.ndarray, shows: np.ndarray, cells_per_cm: float
) -> None:
    """Turn the normals in `cells` (g, g, k) in place by the relief seen in `small` (g, g, 3) uint8.

    `cover` (g, g) is 1 on the head; `shows` (g, g) 0..1 is how far darkness may be read as relief.
    """
    on_face = (cover > 0) & (cells[..., SKIN] > 0.3)
    rows, columns = np.flatnonzero(on_face.any(1)), np.flatnonzero(on_face.any(0))
    if not len(rows):
        return
    part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))  # the face is a sixth of the grid
    trust = on_face[part].astype(np.float32)
    band = _band(small[part], cells[part][..., UNDER : UNDER + 3], trust, cells_per_cm) * shows[part]
    normal = cells[part][..., NORMAL : NORMAL + 3]
    normal[..., 1] += LOWER * band
    across = np.hypot(normal[..., 0], normal[..., 1])
    slope = across / np.maximum(normal[..., 2], np.float32(0.03))
    # A log step of the cosine turns skin by 1 / slope: without bounds where it faces the camera, as a forehead does.
    turned = np.arctan(slope) - STEEPER * band * slope / (slope * slope + FRONTAL * FRONTAL)
    np.clip(turned, 0, MAX_TURNED, out=turned)
    flat = np.sin(turned) / np.maximum(across, np.float32(1e-3))
    normal[..., 0] *= flat
    normal[..., 1] *= flat
    normal[..., 2] = np.cos(turned)


def _band(small: np.ndarray, under: np.ndarray, trust: np.ndarray, cells_per_cm: float) -> np.ndarray:
    """Return (h, w) how much brighter than expected, in log steps, each cell is than its surroundings."""
    seen, expected = SRGB8_TO_LINEAR[small] @ REC709_LUMA, under @ REC709_LUMA
    step = np.log(np.maximum(seen, np.float32(1e-3)) / np.maximum(expected, np.float32(0.02)))
    step = np.clip(step - np.median(step[trust > 0]), -MOST, MOST) * trust
    both = np.dstack([step, trust])
    fine, broad = (cv2.GaussianBlur(both, (0, 0), width * cells_per_cm) for width in (FINE_CM, BROAD_CM))
    return trust * (fine[..., 0] / np.maximum(fine[..., 1], 1e-3) - broad[..., 0] / np.maximum(broad[..., 1], 1e-3))
