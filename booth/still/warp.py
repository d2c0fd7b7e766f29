"""Moves pixels, matte, labels and landmarks together, in one resampling."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from PIL import Image

from booth.core.types import Box, Face, Pose, frozen
from booth.still.crop import CropPlan

ENLARGED = 1.3  # from this scale on a matte's own pixels would be seen
SOFT_PX = 0.55  # of the source: standard deviation of the softening of an enlarged outline


def warp_rgb(rgb: np.ndarray, plan: CropPlan) -> np.ndarray:
    """Return the cut of an (H, W, 3) uint8 picture as (h, w, 3) uint8; a cut of whole pixels is a copy.

    Beyond the source's edges the border repeats: there the matte is empty and a backdrop covers it.
    """
    if (plain := _slice(rgb, plan)) is not None:
        return plain.copy()
    source, matrix = _shrunk(rgb, plan)
    # near 1:1 a cubic is as sharp as a Lanczos window, without its ringing and in a fifth of the time
    return cv2.warpAffine(source, matrix, plan.size_px, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def warp_alpha(alpha: np.ndarray, plan: CropPlan) -> np.ndarray:
    """Return the cut of an (H, W) matte in its own kind of numbers, never outside their range."""
    if (plain := _slice(alpha, plan)) is not None:
        return np.ascontiguousarray(plain)
    source, matrix = _shrunk(_closed_off(alpha, plan), plan)
    if plan.scale < ENLARGED:
        return cv2.warpAffine(source, matrix, plan.size_px, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    # an outline one pixel wide that is drawn out between its pixels climbs in stairs: it is softened by half a pixel
    soft = _closed_off(cv2.GaussianBlur(source, (0, 0), SOFT_PX), plan)  # softening reaches the edge again
    wide = cv2.warpAffine(soft, matrix, plan.size_px, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return wide if wide.dtype == np.uint8 else np.clip(wide, 0, 1, out=wide)


def _closed_off(alpha: np.ndarray, plan: CropPlan) -> np.ndarray:
    """Empty the outermost pixels where the cut reaches beyond: a wisp at the edge would be drawn out into a streak."""
    if plan.stays_inside:
        return alpha
    closed = alpha.copy()
    left, top, right = (beyond > 0.5 for beyond in plan.needs_canvas)
    reach = max(1, round(1 / plan.scale))
    closed[:, :reach] *= not left
    closed[:reach] *= not top
    closed[:, -reach:] *= not right
    return closed


def warp_labels(labels: np.ndarray, picture_size: tuple[int, int], plan: CropPlan) -> np.ndarray:
    """Return the cut of a label map (h, w) uint8 of any size, at the cut's size; outside is 0, background."""
    fit = np.diag([labels.shape[1] / picture_size[0], labels.shape[0] / picture_size[1], 1.0])
    fit[:2, 2] = (fit[[0, 1], [0, 1]] - 1) / 2  # pixel centres
    whole = np.vstack([plan.matrix, [0, 0, 1]]) @ np.linalg.inv(fit)
    return cv2.warpAffine(labels, whole[:2], plan.size_px, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT)


def warp_face(face: Face, picture_size: tuple[int, int], plan: CropPlan) -> Face:
    """Return the face as seen in the cut: landmarks, box, matrix and pose turned with the picture."""
    width, height = plan.size_px
    # landmarks count pixel edges, the plan pixel centres
    points = plan.apply(face.points_px(*picture_size) - 0.5) + 0.5
    landmarks = np.empty_like(face.landmarks)
    landmarks[:, :2] = points / (width, height)
    landmarks[:, 2] = face.landmarks[:, 2] * (plan.scale * picture_size[0] / width)
    low, high = landmarks[:, :2].min(0), landmarks[:, :2].max(0)
    turn = np.eye(4, dtype=np.float32)
    angle = np.deg2rad(-plan.levelled_deg)  # y up in the matrix: clockwise is negative
    turn[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return Face(
        landmarks=landmarks,
        blend=face.blend.copy(),
        matrix=frozen((turn @ face.matrix).astype(np.float32)),
        pose=_levelled(face.pose, plan.levelled_deg),
        box=Box(float(low[0]), float(low[1]), float(high[0]), float(high[1])),
    )


def _levelled(pose: Pose, turned_deg: float) -> Pose:
    return replace(pose, roll_deg=pose.roll_deg - turned_deg)


def _slice(picture: np.ndarray, plan: CropPlan) -> np.ndarray | None:
    """The cut as a view, where it is one of whole pixels inside the picture."""
    if plan.scale != 1 or plan.levelled_deg != 0 or not np.array_equal(plan.matrix[:, 2], np.round(plan.matrix[:, 2])):
        return None
    x, y = (-plan.matrix[:, 2]).astype(int)
    width, height = plan.size_px
    if x < 0 or y < 0 or x + width > picture.shape[1] or y + height > picture.shape[0]:
        return None
    return picture[y : y + height, x : x + width]


def _shrunk(picture: np.ndarray, plan: CropPlan) -> tuple[np.ndarray, np.ndarray]:
    """Shrink first where the cut shrinks, so that the resampling itself is near 1:1 and does not alias."""
    if plan.scale > 0.9:
        return picture, plan.matrix
    height, width = picture.shape[:2]
    size = max(1, round(width * plan.scale)), max(1, round(height * plan.scale))
    ratio = np.diag([size[0] / width, size[1] / height, 1.0])
    ratio[:2, 2] = (ratio[[0, 1], [0, 1]] - 1) / 2
    whole = np.vstack([plan.matrix, [0, 0, 1]]) @ np.linalg.inv(ratio)
    if picture.dtype == np.uint8 and picture.ndim == 3:  # Pillow widens its filter with the shrinking, OpenCV does not
        return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS)), whole[:2]
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA), whole[:2]
