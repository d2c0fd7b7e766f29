"""Bakes how light reaches each vertex of the mean head: what the head itself hides, and what it throws back.

Ray casting by Embree (`embreex`). Directions are a grid over azimuth and elevation in the head's own frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from embreex import rtcore_scene
from embreex.mesh_construction import TriangleMesh
from scipy import sparse

AZ_DEG = np.arange(-180, 180, 10)
EL_DEG = np.arange(-60, 81, 10)
KEY_CM, KEY_RADIUS_CM = 130.0, 28.0  # a medium softbox at portrait distance
GRAZE = 0.10  # sine of the least height over a vertex's own horizon: what lies below is the cosine's business
LIFT_CM = 0.10
SIDE = 4  # samples on the lamp: SIDE x SIDE, jittered
BOUNCE_SIDE = 12


def direction(az_deg: float, el_deg: float) -> np.ndarray:
    """Return the unit vector toward azimuth (> 0 image right) and elevation (> 0 up)."""
    a, e = np.radians(az_deg), np.radians(el_deg)
    return np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])


@dataclass(frozen=True)
class Transport:
    """Per vertex: share of the lamp seen and one bounce for white skin (n, el, az), sky and its bounce (n,)."""

    seen: np.ndarray
    bounce: np.ndarray
    sky: np.ndarray
    sky_bounce: np.ndarray


class Caster:
    """Asks whether rays from the mesh's vertices hit the mesh."""

    def __init__(self, points: np.ndarray, faces: np.ndarray) -> None:
        self.faces = faces
        self._scene = rtcore_scene.EmbreeScene()
        TriangleMesh(self._scene, points[faces].astype(np.float32))

    def first(self, origin: np.ndarray, ray: np.ndarray) -> np.ndarray:
        """Return the triangle each ray hits, or -1."""
        return np.asarray(self._scene.run(origin.astype(np.float32), ray.astype(np.float32)))

    def hits(self, origin: np.ndarray, ray: np.ndarray) -> np.ndarray:
        """Return True for each ray that hits anything."""
        return self.first(origin, ray) >= 0


def _lamp(toward: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return (SIDE * SIDE, 3) points on a round lamp in that direction."""
    side = np.cross(toward, [0, 1, 0.01])
    side /= np.linalg.norm(side)
    up = np.cross(side, toward)
    cell = (
        np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE)), -1).reshape(-1, 2) + rng.random((SIDE**2, 2))
    ) / SIDE
    radius, angle = KEY_RADIUS_CM * np.sqrt(cell[:, :1]), 2 * np.pi * cell[:, 1:]
    return KEY_CM * toward + radius * np.cos(angle) * side + radius * np.sin(angle) * up


def _seen(caster: Caster, points: np.ndarray, normals: np.ndarray, toward: np.ndarray, rng) -> np.ndarray:
    total = np.zeros(len(points))
    for spot in _lamp(toward, rng):
        ray = spot - points
        ray /= np.linalg.norm(ray, axis=1, keepdims=True)
        height = (ray * normals).sum(1, keepdims=True)
        ray = ray + normals * np.maximum(GRAZE - height, 0)
        ray /= np.linalg.norm(ray, axis=1, keepdims=True)
        total += ~caster.hits(points + LIFT_CM * (normals + 0.5 * ray), ray)
    return total / SIDE**2


def _gather(caster: Caster, points: np.ndarray, normals: np.ndarray, rng) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Return the (n, n) share of each vertex's sky filled by other vertices, and the open rest (n,)."""
    n = len(points)
    side = np.cross(normals, [0.3, 0.9, 0.1])
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    up = np.cross(normals, side)
    rows, columns, open_sky = [], [], np.zeros(n)
    for i in range(BOUNCE_SIDE):
        for j in range(BOUNCE_SIDE):
            u, v = (i + rng.random((n, 1))) / BOUNCE_SIDE, 2 * np.pi * (j + rng.random((n, 1))) / BOUNCE_SIDE
            ray = np.sqrt(u) * (np.cos(v) * side + np.sin(v) * up) + np.sqrt(1 - u) * normals
            hit = caster.first(points + LIFT_CM * normals, ray)
            struck = np.nonzero(hit >= 0)[0]
            open_sky += hit < 0
            rows.append(np.repeat(struck, 3))
            columns.append(caster.faces[hit[struck]].ravel())
    rows_all, columns_all = np.concatenate(rows), np.concatenate(columns)
    share = np.full(len(rows_all), 1 / (3 * BOUNCE_SIDE**2))
    return sparse.csr_matrix((share, (rows_all, columns_all)), shape=(n, n)), open_sky / BOUNCE_SIDE**2


def bake(points: np.ndarray, normals: np.ndarray, faces: np.ndarray, rng: np.random.Generator) -> Transport:
    """Cast all rays; about a minute on one core."""
    caster = Caster(points, faces)
    seen = np.zeros((len(points), len(EL_DEG), len(AZ_DEG)), np.float32)
    for e, el in enumerate(EL_DEG):
        for a, az in enumerate(AZ_DEG):
            seen[:, e, a] = _seen(caster, points, normals, direction(float(az), float(el)), rng)
    gather, sky = _gather(caster, points, normals, rng)
    toward = np.stack([[direction(float(az), float(el)) for az in AZ_DEG] for el in EL_DEG])
    lit = seen * np.maximum(np.einsum("nc,eac->nea", normals, toward), 0)
    bounce = (gather @ lit.reshape(len(points), -1)).reshape(lit.shape)
    return Transport(seen, bounce.astype(np.float32), sky.astype(np.float32), (gather @ sky).astype(np.float32))
