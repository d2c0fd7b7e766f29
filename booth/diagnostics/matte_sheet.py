"""A matte sheet for visual inspection: portraits cut out and laid on white, mid-grey, black and a scene, at 100 %."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from booth.core.faults import Fault
from booth.core.types import Face
from booth.looks.edge_colors import still_foreground
from booth.perception.face_tracker import FaceTracker
from booth.perception.still_matte import StillSegmenters, still_matte

TILE_PX = (520, 620)
MID_GREY = 0.466  # 18 % reflectance, sRGB-coded
LIMIT_PX = 900  # larger photographs are reduced first, so that a tile holds a head


def sheet(paths: Sequence[Path | str], out: Path | str, scene: Path | str | None = None) -> None:
    """Write a PNG with one row a photograph: as it is, then cut out on white, mid-grey, black and a scene.

    Every tile shows picture pixels one to one, round the head. Without `scene` a bright, cluttered one is made up.
    Fault `sheet.photo` names a photograph that cannot be read.
    """
    with FaceTracker(video=False) as tracker, StillSegmenters() as networks:
        rows = [_row(_photo(Path(p)), tracker, networks, None if scene is None else _photo(Path(scene))) for p in paths]
    cv2.imwrite(str(out), np.vstack(rows)[..., ::-1])


def _photo(path: Path) -> np.ndarray:
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        raise Fault("sheet.photo", f"{path} cannot be read.", "It must be a PNG or JPEG.")
    scale = LIMIT_PX / max(bgr.shape[:2])
    if scale < 1:
        bgr = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(bgr[..., ::-1])


def _row(rgb: np.ndarray, tracker: FaceTracker, networks: StillSegmenters, scene: np.ndarray | None) -> np.ndarray:
    faces = tracker.find(rgb)
    face = faces[0] if faces else None
    alpha = still_matte(rgb, face, networks, faces[1:]).alpha[..., None]
    own = still_foreground(rgb.astype(np.float32) / 255, alpha[..., 0])
    grounds = [
        np.ones(3, np.float32),
        np.full(3, MID_GREY, np.float32),
        np.zeros(3, np.float32),
        _scene(rgb.shape, scene),
    ]
    pictures = [rgb] + [np.round((own * alpha + ground * (1 - alpha)) * 255).astype(np.uint8) for ground in grounds]
    return np.hstack([_tile(picture, face) for picture in pictures])


def _scene(shape: tuple[int, ...], scene: np.ndarray | None) -> np.ndarray:
    if scene is not None:
        return cv2.resize(scene, shape[1::-1], interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    coarse = np.random.default_rng(5).uniform(0.2, 1, (9, 12, 3)).astype(np.float32)
    return np.clip(cv2.resize(coarse, shape[1::-1], interpolation=cv2.INTER_CUBIC), 0, 1)


def _tile(picture: np.ndarray, face: Face | None) -> np.ndarray:
    """Return the part round the head, one pixel for one, padded with grey where the picture ends."""
    height, width = picture.shape[:2]
    x = width / 2 if face is None else (face.box.x0 + face.box.x1) / 2 * width
    y = height / 2 if face is None else (0.6 * face.box.y0 + 0.4 * face.box.y1) * height
    x0 = int(np.clip(x - TILE_PX[0] / 2, 0, max(0, width - TILE_PX[0])))
    y0 = int(np.clip(y - TILE_PX[1] / 2, 0, max(0, height - TILE_PX[1])))
    part = picture[y0 : y0 + TILE_PX[1], x0 : x0 + TILE_PX[0]]
    below, right = TILE_PX[1] - part.shape[0], TILE_PX[0] - part.shape[1]
    return cv2.copyMakeBorder(part, 0, below, 0, right, cv2.BORDER_CONSTANT, value=(90, 90, 90))
