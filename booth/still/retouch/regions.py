"""The parts of a face a retouch may look at, as soft masks on a reduced copy."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.landmarks import (
    BROWS,
    EYES,
    FACE_OVAL,
    IRIS_RINGS,
    IRISES,
    LIPS,
    LOWER_LIP_INNER,
    MOUTH_OPENING,
    NOSTRILS,
    UNDER_EYES,
    UPPER_LIP_INNER,
)
from booth.core.types import Face

WORK_FACE_PX = 560  # height of the face on the reduced copy: what is changed is coarser than its pixels
FACE_SKIN, HAIR, OTHER = 3, 1, 5  # in a Canvas's parsing; glasses are other


@dataclass(frozen=True, slots=True, eq=False)
class FaceMap:
    """A face's box in the picture and where what is, on a reduced copy; masks are float32 0..1 of the copy's size."""

    box: tuple[int, int, int, int]  # x0, y0, x1, y1 in the picture
    points: np.ndarray  # (478, 2) on the reduced copy
    face_h: float  # on the reduced copy: the unit of every length
    face: np.ndarray  # all of the oval
    skin: np.ndarray  # without eyes, brows, lips, nostrils and hair
    hair: np.ndarray  # nothing where the parsing is not known
    frames: np.ndarray  # what is worn: glasses

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the reduced copy."""
        return self.face.shape[1], self.face.shape[0]

    def blur(self, picture: np.ndarray, faces: float) -> np.ndarray:
        """Gaussian blur by a share of the face's height; wide ones on a smaller copy."""
        sigma = max(faces * self.face_h, 0.6)
        if sigma < 8:
            return cv2.GaussianBlur(picture, (0, 0), sigma)
        shrink = 4 / sigma
        small = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        return cv2.resize(cv2.GaussianBlur(small, (0, 0), 4), self.size, interpolation=cv2.INTER_LINEAR)

    def polygon(self, points: np.ndarray, grow_faces: float = 0.0, soft_faces: float = 0.004) -> np.ndarray:
        """A filled outline on the reduced copy, grown or shrunk, with a soft rim."""
        mask = np.zeros(self.face.shape, np.float32)
        cv2.fillPoly(mask, [np.round(points).astype(np.int32)], 1.0)
        return self.blur(grown(mask, grow_faces * self.face_h), soft_faces)


def grown(mask: np.ndarray, by_px: float) -> np.ndarray:
    """Grow a mask, or shrink it where `by_px` is negative."""
    size = 2 * round(abs(by_px)) + 1
    if size == 1:
        return mask
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return cv2.dilate(mask, kernel) if by_px > 0 else cv2.erode(mask, kernel)


def face_map(face: Face, picture_size: tuple[int, int], parsing: np.ndarray | None) -> FaceMap | None:
    """Map a face in a picture of that size; None where less than a usable face is inside of it."""
    points = face.points_px(*picture_size)
    low, high = points.min(0), points.max(0)
    margin = 0.08 * (high - low)
    x0, y0 = (int(v) for v in np.maximum(np.floor(low - margin), 0))
    x1, y1 = (int(v) for v in np.minimum(np.ceil(high + margin), picture_size))
    face_h_px = float(high[1] - low[1])
    if x1 - x0 < 24 or y1 - y0 < 24 or face_h_px < 40:
        return None
    scale = min(1.0, WORK_FACE_PX / face_h_px)
    size = max(1, round((x1 - x0) * scale)), max(1, round((y1 - y0) * scale))
    fit = np.array(size, np.float32) / (x1 - x0, y1 - y0)
    at = ((points - (x0, y0)) * fit).astype(np.float32)
    empty = np.zeros(size[::-1], np.float32)
    bare = FaceMap((x0, y0, x1, y1), at, face_h_px * scale, empty, empty, empty, empty)
    oval = bare.polygon(at[list(FACE_OVAL)], -0.01, 0.008)
    skin = oval * _skin_labels(parsing, picture_size, bare) * (1 - _features(bare))
    hair, worn = (_labelled(parsing, label, picture_size, bare) for label in (HAIR, OTHER))
    return FaceMap(bare.box, at, bare.face_h, oval, skin, hair, worn)


def _skin_labels(parsing: np.ndarray | None, picture_size: tuple[int, int], at: FaceMap) -> np.ndarray:
    if parsing is None:
        return np.ones(at.face.shape, np.float32)
    skin = _labelled(parsing, FACE_SKIN, picture_size, at)
    return at.blur(grown(skin, -0.012 * at.face_h), 0.008)


def _labelled(parsing: np.ndarray | None, label: int, picture_size: tuple[int, int], at: FaceMap) -> np.ndarray:
    """Where the parsing says `label`, on the reduced copy."""
    if parsing is None:
        return np.zeros(at.face.shape, np.float32)
    x0, y0, x1, y1 = at.box
    fx, fy = parsing.shape[1] / picture_size[0], parsing.shape[0] / picture_size[1]
    part = parsing[
        int(y0 * fy) : max(int(y1 * fy), int(y0 * fy) + 1), int(x0 * fx) : max(int(x1 * fx), int(x0 * fx) + 1)
    ]
    return cv2.resize((part == label).astype(np.float32), at.size, interpolation=cv2.INTER_AREA)


def _features(at: FaceMap) -> np.ndarray:
    """Eyes, brows, lips and nostrils, a little wider than they are."""
    points = at.points
    rings: list[tuple[tuple[int, ...], float]] = [(ring, 0.014) for ring in (*EYES, LIPS)]
    rings += [(ring, 0.012) for ring in BROWS] + [(ring, 0.008) for ring in NOSTRILS]
    masks = [at.polygon(cv2.convexHull(points[list(ring)]).reshape(-1, 2), grow, 0.005) for ring, grow in rings]
    features: np.ndarray = np.maximum.reduce(masks)
    return features


def under_eyes(at: FaceMap) -> list[np.ndarray]:
    """The two bags: from the fold below the lower lid to the rim of the orbit."""
    masks = []
    for fold, rim in UNDER_EYES:
        outline = cv2.convexHull(at.points[[*fold, *rim]]).reshape(-1, 2)
        masks.append(at.polygon(outline, 0.0, 0.012) * at.skin)
    return masks


def eye_whites(at: FaceMap) -> list[np.ndarray]:
    """The two openings between the lids without the iris."""
    masks = []
    for ring, centre, (rim, *_) in zip(EYES, IRISES, IRIS_RINGS, strict=True):
        mask = np.zeros(at.face.shape, np.float32)
        cv2.fillPoly(mask, [np.round(at.points[list(ring)]).astype(np.int32)], 1.0)
        mask = grown(mask, -max(0.003 * at.face_h, 1))
        radius = 1.15 * float(np.hypot(*(at.points[rim] - at.points[centre])))
        cv2.circle(mask, tuple(int(v) for v in np.round(at.points[centre])), round(radius), 0.0, -1)
        masks.append(at.blur(mask, 0.003))
    return masks


def open_mouth(at: FaceMap) -> np.ndarray | None:
    """The gap between the lips where teeth may show; None for a closed mouth."""
    gap = float(np.hypot(*(at.points[UPPER_LIP_INNER] - at.points[LOWER_LIP_INNER])))
    if gap < 0.02 * at.face_h:
        return None
    return at.polygon(at.points[list(MOUTH_OPENING)], -0.003, 0.003)
