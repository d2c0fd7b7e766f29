"""How busy the place behind the sitter is: the share of edges outside the matte. Counts only where the room is kept."""

from __future__ import annotations

import cv2
import numpy as np

from booth.core.types import BackgroundStats, Matte

WIDTH_PX = 256
EDGES = (50, 120)  # Canny thresholds
ENOUGH_PX = 200


def measure_room(small: np.ndarray, matte: Matte | None) -> BackgroundStats:
    """Measure the background of a (h, w, 3) picture; nothing is known without a matte."""
    if matte is None:
        return BackgroundStats()
    height_px = max(16, WIDTH_PX * small.shape[0] // small.shape[1])
    step = max(1, small.shape[1] // (2 * WIDTH_PX))
    coarse = cv2.resize(
        np.ascontiguousarray(small[::step, ::step]), (WIDTH_PX, height_px), interpolation=cv2.INTER_AREA
    )
    alpha = cv2.resize(matte.alpha, (WIDTH_PX, height_px), interpolation=cv2.INTER_LINEAR)
    outside = cv2.erode((alpha < 26).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    if int(outside.sum()) < ENOUGH_PX:
        return BackgroundStats()
    edges = cv2.Canny(cv2.cvtColor(coarse, cv2.COLOR_RGB2GRAY), *EDGES) > 0
    return BackgroundStats(clutter_frac=float(edges[outside].mean()))
