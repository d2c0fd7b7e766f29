"""Photographs a figure: painted skin, eyes, clothes and hair under one soft lamp, before a given backdrop."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from head_bake import portrait

from body_bench.figure import Figure

SIZE = (640, 360)  # of the picture, px
FINER = 2  # drawn so much larger, then shrunk


@dataclass(frozen=True)
class Sight:
    """A camera level with the head, and how much it sees there."""

    distance_cm: float  # to the middle of the head
    height_cm: float  # of the picture, at the head
    down_cm: float  # the picture's middle lies so far below the head's
    aside_cm: float = 0.0

    def project(self, points: np.ndarray, scale: float = 1.0) -> np.ndarray:
        """Return (n, 3): x right and y down in pixels of a picture `scale` times SIZE, z as nearness."""
        focal = SIZE[1] * scale * self.distance_cm / self.height_cm
        depth = self.distance_cm - points[:, 2]
        x = SIZE[0] * scale / 2 + (points[:, 0] + self.aside_cm) * focal / depth
        y = SIZE[1] * scale / 2 - (points[:, 1] + self.down_cm) * focal / depth
        return np.stack([x, y, -depth], 1).astype(np.float32)


@dataclass(frozen=True)
class Dress:
    """Colours, linear RGB, and what stands behind."""

    backdrop: np.ndarray  # (360, 640, 3) uint8 sRGB, or another size
    skin: np.ndarray
    clothes: np.ndarray
    hair: np.ndarray


def photograph(
    figure: Figure, person: np.ndarray, points: np.ndarray, dress: Dress, sight: Sight, painting: np.ndarray
) -> np.ndarray:
    """Return a (360, 640, 3) uint8 sRGB picture of `points`, which is `person` in a stance.

    `painting` is what `head_bake.portrait.paint` made of the mean person.
    """
    mesh, kind = figure.mesh, figure.kind
    faces, uv = mesh.faces, mesh.uv
    normals = portrait.normals_of(points, faces)
    lamp = np.array([0.35, 0.4, 0.85])
    light = 0.4 + 0.6 * np.clip(normals @ (lamp / np.linalg.norm(lamp)), 0, 1)
    eyes = portrait._eye_paint(mesh, person)
    corner = np.concatenate([uv, light[faces][..., None], eyes[faces][..., None], kind[faces][..., None]], -1)
    size = SIZE[0] * FINER
    shift = np.array([0, (SIZE[0] - SIZE[1]) * FINER / 2, 0], np.float32)  # the raster is square
    out = np.zeros((size, size, 5), np.float32)
    depth, which = np.full((size, size), -1e9, np.float32), np.full((size, size), -1, np.int32)
    flat = sight.project(points, FINER) + shift
    portrait.raster(flat, faces, corner.astype(np.float32), size, depth, out, which)
    top = int(shift[1])
    out, is_body = out[top : size - top], which[top : size - top] >= 0
    picture = cv2.resize(dress.backdrop, (size, SIZE[1] * FINER)).astype(np.float32) / 255
    linear = _albedo(out[is_body], dress, painting) * out[is_body][:, 2:3]
    picture[is_body] = np.clip(linear, 0, 1) ** (1 / 2.2)
    small = cv2.resize(picture, SIZE, interpolation=cv2.INTER_AREA)
    return np.round(255 * np.clip(small, 0, 1)).astype(np.uint8)


def _albedo(out: np.ndarray, dress: Dress, painting: np.ndarray) -> np.ndarray:
    texels = painting.shape[0]
    u = np.clip((out[..., 0] * texels).astype(int), 0, texels - 1)
    v = np.clip(((1 - out[..., 1]) * texels).astype(int), 0, texels - 1)
    lips, brow, lid = (part[..., None] for part in np.moveaxis(painting[v, u], -1, 0))
    skin = dress.skin * (1 - 0.15 * lid)
    skin = skin * (1 - lips) + dress.skin * np.array([0.75, 0.42, 0.42]) * lips
    skin = skin * (1 - 0.85 * brow) + np.array([0.03, 0.02, 0.015]) * 0.85 * brow
    angle = np.degrees(np.arccos(np.clip(out[..., 3:4], -1, 1)))
    ball = np.where(angle < portrait.PUPIL_DEG, 0.01, np.where(angle < portrait.IRIS_DEG, [0.09, 0.05, 0.03], 0.6))
    kind = np.round(out[..., 4:5])  # between skin and hair lies a rim of one and two: too narrow to be seen
    return np.select(
        [kind == 1, kind == 2, kind == 3], [ball, dress.clothes * np.ones(3), dress.hair * np.ones(3)], skin
    )
