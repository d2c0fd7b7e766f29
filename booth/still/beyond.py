"""What a cut shows past the photograph's own edge: the room's colours carried on, never its last pixels in streaks."""

from __future__ import annotations

import cv2
import numpy as np

from booth.perception.clean_plate import carried_inward
from booth.still.crop import CropPlan

SMALL_PX = 160  # longest side of the picture that the colours are carried on: they are smooth
ROOM_MOST = 0.05  # alpha 0..1 of what counts as room
FADE_FRAC = 0.03  # of the height: the last pixels fade into the carried colours over this


def carry_on_room(cut: np.ndarray, alpha: np.ndarray, source_px: tuple[int, int], plan: CropPlan) -> np.ndarray:
    """Fill what of a cut lies beyond its source in place, and return it; a cut that stays inside is left alone.

    cut        (h, w, 3) uint8 or float32 0..1, writeable, of the plan's size
    alpha      (h, w) its matte, uint8 or float32 0..1: the sitter's colours are not carried on
    source_px  width and height of the photograph
    """
    if plan.stays_inside:
        return cut
    height, width = cut.shape[:2]
    whole = np.full(source_px[::-1], 255, np.uint8)
    inside = cv2.warpAffine(whole, plan.matrix, (width, height), flags=cv2.INTER_NEAREST) > 0
    share = np.clip(cv2.distanceTransform((~inside).astype(np.uint8), cv2.DIST_L2, 3) / (FADE_FRAC * height), 0, 1)
    rows, columns = np.nonzero(share > 0)
    if not rows.size:
        return cut
    carried = cv2.resize(_carried(cut, alpha, inside), (width, height), interpolation=cv2.INTER_LINEAR)
    part = share[rows, columns, None]
    mixed = cut[rows, columns] + part * (carried[rows, columns] - cut[rows, columns])
    cut[rows, columns] = np.rint(mixed) if cut.dtype == np.uint8 else mixed
    return cut


def _carried(cut: np.ndarray, alpha: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Return a small float32 picture: the room where it is seen, carried on where it is not."""
    scale = min(1.0, SMALL_PX / max(cut.shape[:2]))
    size = (max(2, round(cut.shape[1] * scale)), max(2, round(cut.shape[0] * scale)))
    small = cv2.resize(cut, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    most = ROOM_MOST * (255 if alpha.dtype == np.uint8 else 1)
    room = (inside & (alpha < most)).astype(np.float32)
    sure = (cv2.resize(room, size, interpolation=cv2.INTER_AREA) > 0.99).astype(np.float32)
    if not sure.any():
        return small
    planes = [carried_inward(small[..., c], sure, start=float(small[..., c][sure > 0].mean())) for c in range(3)]
    return np.stack(planes, axis=-1)
