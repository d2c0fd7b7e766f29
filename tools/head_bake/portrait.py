"""Paints a head plainly, photographs it with a pinhole camera and asks the landmarker what it sees.

The paint only has to be good enough for the landmarker to put its points where it would on a person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np

from head_bake.people import HeadMesh

IRIS_DEG, PUPIL_DEG = 27.0, 11.0
HALF_HEIGHT_CM = 17.0  # half of what the picture shows, at the head


@dataclass(frozen=True)
class Camera:
    """A pinhole `distance_cm` before the head, looking along -z; `size_px` square."""

    distance_cm: float
    size_px: int
    centre_y_cm: float = -1.0

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return self.size_px / 2 * self.distance_cm / HALF_HEIGHT_CM

    def project(self, points: np.ndarray) -> np.ndarray:
        """Return (n, 3): x right px, y down px, z near (weak-perspective pixels, as the landmarker counts depth)."""
        depth = self.distance_cm - points[:, 2]
        scale = self.focal_px / depth
        x = self.size_px / 2 + points[:, 0] * scale
        y = self.size_px / 2 - (points[:, 1] - self.centre_y_cm) * scale
        return np.stack([x, y, points[:, 2] * self.focal_px / self.distance_cm], 1).astype(np.float32)


def turned(points: np.ndarray, yaw_deg: float, pitch_deg: float) -> np.ndarray:
    """Return points turned about the head's pivot: yaw > 0 nose to image right, pitch > 0 nose up."""
    return points @ turn_matrix(yaw_deg, pitch_deg).T


def turn_matrix(yaw_deg: float, pitch_deg: float) -> np.ndarray:
    """Return the (3, 3) rotation of that yaw and pitch."""
    y, p = np.radians(yaw_deg), np.radians(pitch_deg)
    yaw = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    pitch = np.array([[1, 0, 0], [0, np.cos(p), np.sin(p)], [0, -np.sin(p), np.cos(p)]])
    return yaw @ pitch


def normals_of(points: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Return (n, 3) unit vertex normals."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    flat = np.cross(b - a, c - a)
    out = np.zeros_like(points)
    for k in range(3):
        np.add.at(out, faces[:, k], flat)
    return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)


@nb.njit(cache=True)
def raster(points, faces, values, size_px, depth, out, which):  # noqa: PLR0913 - buffers of a compiled loop
    """Draw `values` (m, 3, k) per corner into out (size, size, k); `which` gets the triangle, depth the nearest z."""
    k = values.shape[2]
    for t in range(faces.shape[0]):
        a, b, c = faces[t]
        x0, y0, x1, y1, x2, y2 = points[a, 0], points[a, 1], points[b, 0], points[b, 1], points[c, 0], points[c, 1]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if area >= -1e-9:
            continue
        left, right = max(int(np.ceil(min(x0, x1, x2))), 0), min(int(np.floor(max(x0, x1, x2))), size_px - 1)
        top, bottom = max(int(np.ceil(min(y0, y1, y2))), 0), min(int(np.floor(max(y0, y1, y2))), size_px - 1)
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                w1 = ((x - x0) * (y2 - y0) - (x2 - x0) * (y - y0)) / area
                w2 = ((x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)) / area
                w0 = 1 - w1 - w2
                if w0 < -1e-5 or w1 < -1e-5 or w2 < -1e-5:
                    continue
                z = w0 * points[a, 2] + w1 * points[b, 2] + w2 * points[c, 2]
                if z > depth[y, x]:
                    depth[y, x] = z
                    which[y, x] = t
                    for q in range(k):
                        out[y, x, q] = w0 * values[t, 0, q] + w1 * values[t, 1, q] + w2 * values[t, 2, q]


def texture_positions(mesh: HeadMesh, points: np.ndarray, size_px: int) -> np.ndarray:
    """Return (size, size, 3): where on the head each texel of the skin lies."""
    skin = ~mesh.is_eye[mesh.faces].any(1)
    uv = mesh.uv[skin].reshape(-1, 2)
    flat = np.stack([uv[:, 0] * size_px, (1 - uv[:, 1]) * size_px, np.zeros(len(uv))], 1).astype(np.float32)
    corners = np.arange(len(flat)).reshape(-1, 3)
    values = points[mesh.faces[skin]].astype(np.float32)
    a, b, c = (flat[corners[:, k]] for k in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1])
    flip = area > 0
    corners[flip] = corners[flip][:, ::-1]
    values[flip] = values[flip][:, ::-1]
    out = np.full((size_px, size_px, 3), 99.0, np.float32)
    depth, which = np.full((size_px, size_px), -1e9, np.float32), np.zeros((size_px, size_px), np.int32)
    raster(flat, corners, values, size_px, depth, out, which)
    return out


def paint(mesh: HeadMesh, mean: np.ndarray, masks: dict[str, np.ndarray]) -> np.ndarray:
    """Return (size, size, 3) float32: how much of lips, brows and lid shade lies on each texel."""
    size = masks["lips"].shape[0]
    where = texture_positions(mesh, mean, size)
    eye = mean[mesh.is_eye & (mean[:, 0] > 0)].mean(0)
    x, y = np.abs(where[..., 0]) - eye[0], where[..., 1] - eye[1]
    arch = 2.0 + 0.25 * np.cos(np.clip((x - 0.6) / 2.6, -1.5, 1.5) * 1.5)
    half = np.clip(0.42 - 0.10 * np.clip(x, -3, 3), 0.16, 0.5)
    brow = np.clip(1.5 - np.abs(y - arch) / half, 0, 1) * np.clip((2.9 - np.abs(x - 0.25)) * 3, 0, 1)
    brow *= where[..., 2] > 3
    return np.stack([masks["lips"], brow, masks["eyelids"]], -1).astype(np.float32)


def _eye_paint(mesh: HeadMesh, points: np.ndarray) -> np.ndarray:
    """Return (n,) cosine of each eye vertex from its ball's forward axis; 1 in the pupil."""
    out = np.zeros(len(points), np.float32)
    for side in (-1, 1):
        ball = mesh.is_eye & (np.sign(points[:, 0]) == side)
        offset = points[ball] - (points[ball].min(0) + points[ball].max(0)) / 2
        out[ball] = offset[:, 2] / np.linalg.norm(offset, axis=1)
    return out


@dataclass(frozen=True)
class Studio:
    """All that stays the same from head to head."""

    mesh: HeadMesh
    paint: np.ndarray
    open_sky: np.ndarray  # (n,) 0..1, how much of the surroundings each vertex of the mean head sees


def photograph(studio: Studio, person: np.ndarray, turn: np.ndarray, camera: Camera, skin: np.ndarray) -> np.ndarray:
    """Return a (size, size, 3) uint8 picture of `person` under a flat frontal light; `skin` is linear RGB."""
    mesh, size = studio.mesh, camera.size_px
    seen = person @ turn.T
    normals = normals_of(seen, mesh.faces)
    light = 0.45 * studio.open_sky + 0.55 * np.clip(normals[:, 2], 0, 1)
    per_corner = np.concatenate([mesh.uv, light[mesh.faces][..., None], _eye_paint(mesh, person)[mesh.faces][..., None],
                                 mesh.is_eye[mesh.faces][..., None]], -1).astype(np.float32)  # fmt: skip
    out = np.zeros((size, size, 5), np.float32)
    depth, which = np.full((size, size), -1e9, np.float32), np.full((size, size), -1, np.int32)
    raster(camera.project(seen), mesh.faces, per_corner, size, depth, out, which)
    linear = _albedo(studio, out, skin) * out[..., 2:3]
    linear[which < 0] = 0.1
    return np.round(255 * np.clip(linear, 0, 1) ** (1 / 2.2)).astype(np.uint8)


def _albedo(studio: Studio, out: np.ndarray, skin: np.ndarray) -> np.ndarray:
    texels = studio.paint.shape[0]
    u = np.clip((out[..., 0] * texels).astype(int), 0, texels - 1)
    v = np.clip(((1 - out[..., 1]) * texels).astype(int), 0, texels - 1)
    lips, brow, lid = np.moveaxis(studio.paint[v, u], -1, 0)
    albedo = skin * (1 - 0.15 * lid[..., None]) * np.ones((*lid.shape, 3))
    albedo = albedo * (1 - lips[..., None]) + skin * np.array([0.75, 0.42, 0.42]) * lips[..., None]
    albedo = albedo * (1 - 0.85 * brow[..., None]) + np.array([0.03, 0.02, 0.015]) * 0.85 * brow[..., None]
    angle = np.degrees(np.arccos(np.clip(out[..., 3], -1, 1)))[..., None]
    ball = np.where(angle < PUPIL_DEG, 0.01, np.where(angle < IRIS_DEG, np.array([0.09, 0.05, 0.03]), 0.6))
    return np.where(out[..., 4:5] > 0.5, ball, albedo)
