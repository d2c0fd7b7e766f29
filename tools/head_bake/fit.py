"""Learns how the head's surface follows the landmarker's points, its own bias on heads of known shape included.

A Gaussian process: the covariance of the population (what the painted people show together with what the landmarker
said of them) plus a plain distance kernel for everything the population has never seen; kept as a low-rank map.
"""

from __future__ import annotations

from dataclasses import dataclass

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from scipy import sparse
from scipy.spatial.distance import cdist

from head_bake import people, portrait

N_POINTS = 468
RELIEF_TRUST = 0.9  # of the relief the landmarker expects; the rest is its own error
SHARPEN, SHARPEN_STEPS = 0.35, 80  # averaging people flattens what they all have: give some of it back


def landmarker(model: str) -> vision.FaceLandmarker:
    """Open the face landmarker for single pictures."""
    options = vision.FaceLandmarkerOptions(base_options=BaseOptions(model_asset_path=model))
    return vision.FaceLandmarker.create_from_options(options)


def landmarks_of(marker: vision.FaceLandmarker, rgb: np.ndarray) -> np.ndarray | None:
    """Return (468, 3): x right px, y up px (negative), z near px; None without a face."""
    image = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))
    found = marker.detect(image).face_landmarks
    if not found:
        return None
    size = np.array([rgb.shape[1], -rgb.shape[0], -rgb.shape[1]])
    return np.array([(p.x, p.y, p.z) for p in found[0][:N_POINTS]]) * size


def procrustes(model: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, float, np.ndarray]:
    """Return rotation, scale and shift that lay `model` (n, 3) on `seen` with least squares."""
    mid_m, mid_s = model.mean(0), seen.mean(0)
    u, d, vt = np.linalg.svd((seen - mid_s).T @ (model - mid_m))
    sign = np.array([1, 1, np.sign(np.linalg.det(u @ vt))])
    turn = u @ np.diag(sign) @ vt
    scale = (d * sign).sum() / ((model - mid_m) ** 2).sum()
    return turn, scale, mid_s - scale * turn @ mid_m


def surface_z(studio: portrait.Studio, seen: np.ndarray, camera: portrait.Camera, points: np.ndarray) -> np.ndarray:
    """Return (468,) weak-perspective depth of the surface under each point; the landmarker's own has no origin."""
    size = camera.size_px
    depth, which = np.full((size, size), -1e9, np.float32), np.zeros((size, size), np.int32)
    nothing = np.zeros((len(studio.mesh.faces), 3, 1), np.float32)
    out = np.zeros((size, size, 1), np.float32)
    portrait.raster(camera.project(seen), studio.mesh.faces, nothing, size, depth, out, which)
    x, y = np.clip(np.round(points[:, 0]), 0, size - 1), np.clip(np.round(-points[:, 1]), 0, size - 1)
    z = depth[y.astype(int), x.astype(int)]
    return np.where(z > -1e8, z, points[:, 2] + np.median((z - points[:, 2])[z > -1e8]))


def mean_landmarks(studio, marker, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return twice (468, 3) cm in the mean head's frame, over poses: what the landmarker says, and the surface.

    They differ in depth: the landmarker, brought up on people, expects more relief than the base mesh has.
    """
    camera = portrait.Camera(130.0, 720)
    found: list[np.ndarray] = []
    surface: list[np.ndarray] = []
    for yaw, pitch in ((0, 0), (-12, 0), (12, 0), (-25, 0), (25, 0), (0, 10), (0, -10), (15, 8), (-15, -8)):
        turn = portrait.turn_matrix(yaw, pitch)
        points = landmarks_of(marker, portrait.photograph(studio, mean, turn, camera, np.array([0.5, 0.3, 0.22])))
        seen = camera.project(mean @ turn.T) * np.array([1, -1, 1])
        rotation, scale, shift = procrustes(mean, seen)
        assert points is not None, "the landmarker finds the mean head"
        depth = surface_z(studio, mean @ turn.T, camera, points)
        points[:, 2] += np.median(depth - points[:, 2])
        found.append(((points - shift) / scale) @ rotation)
        points[:, 2] = depth
        surface.append(((points - shift) / scale) @ rotation)
    return np.mean(found, 0), np.median(surface, 0)


def relief(marks: np.ndarray, surface: np.ndarray, vertices: np.ndarray) -> np.ndarray:
    """Return (n, 3) cm to add to the mean vertices: the relief the landmarker expects of people, spread smoothly."""
    near = np.exp(-cdist(surface, surface) / DISTANCE_CM) + 0.02 * np.eye(len(surface))
    spread = np.exp(-cdist(vertices, surface) / DISTANCE_CM) @ np.linalg.inv(near)
    return RELIEF_TRUST * spread @ ((marks - surface) * np.array([0, 0, 1]))


def sharpened(vertices: np.ndarray, faces: np.ndarray, marks: np.ndarray) -> np.ndarray:
    """Return the vertices with the face's relief in depth deepened where the landmarks reach."""
    ring = sparse.coo_matrix((np.ones(faces.size), (faces.ravel(), faces[:, [1, 2, 0]].ravel())), (len(vertices),) * 2)
    ring = ((ring + ring.T) > 0).astype(float)
    mean_of_ring = sparse.diags(1 / np.maximum(np.asarray(ring.sum(1)).ravel(), 1)) @ ring
    smooth = vertices[:, 2]
    for _ in range(SHARPEN_STEPS):
        smooth = 0.5 * smooth + 0.5 * (mean_of_ring @ smooth)
    on_face = np.clip((3.0 - cdist(vertices, marks).min(1)) / 2.2, 0, 1)
    out = vertices.copy()
    out[:, 2] += SHARPEN * on_face * (vertices[:, 2] - smooth)
    return out


@dataclass(frozen=True)
class Sample:
    """One painted person: what the landmarker said and the truth, both in the fitted mean head's frame."""

    said: np.ndarray  # (468, 3) cm off the mean landmarks
    true: np.ndarray  # (n, 3) cm off the mean vertices
    pose: np.ndarray  # (2,) sine of yaw and pitch as fitted


def sample(studio, marker, mean, marks, rng) -> Sample | None:
    """Make up a person in a random pose, photograph, detect."""
    closed = 0.0 if rng.random() < 0.5 else rng.uniform(0, 1)
    person = people.random_person(studio.mesh, rng, closed)
    turn = portrait.turn_matrix(rng.normal(0, 16), rng.normal(0, 8))
    person = person - person[studio.mesh.is_eye].mean(0) + mean[studio.mesh.is_eye].mean(0)
    camera = portrait.Camera(rng.uniform(55, 150), 540)
    skin = np.array([0.5, 0.3, 0.22]) * rng.uniform(0.25, 1.3)
    points = landmarks_of(marker, portrait.photograph(studio, person, turn, camera, skin))
    if points is None:
        return None
    points[:, 2] += np.median(surface_z(studio, person @ turn.T, camera, points) - points[:, 2])
    rotation, scale, shift = procrustes(marks, points)
    seen = camera.project(person @ turn.T) * np.array([1, -1, 1])
    said = ((points - shift) / scale) @ rotation - marks
    true = ((seen - shift) / scale) @ rotation
    return Sample(said, true - mean, np.array([rotation[0, 2], rotation[1, 2]]))


@dataclass(frozen=True)
class Follow:
    """dV = rest + out @ (into @ dL): how the vertices follow the landmarks, all flattened, cm."""

    into: np.ndarray  # (rank, 468 * 3)
    out: np.ndarray  # (n * 3, rank)
    rest: np.ndarray  # (n, 3) where the vertices lie, off the mean, under the mean landmarks


DISTANCE_CM, NOISE_CM2 = 5.0, 0.005
PAINTED, UNSEEN = 0.3, 0.08  # weights of the two covariances: real people differ in more than painted ones do
SIDEWAYS = np.diag([1.0, 1.0, 0.4])  # of the unseen: the landmarker knows height and breadth, and guesses depth
FINE_CM, FINE = 1.5, 0.02  # lips and lids lie where their landmarks say, whatever those around them do


def _unseen(away_cm: np.ndarray) -> np.ndarray:
    """Return the plain covariance of points that lie `away_cm` (a, b) from each other, (3 a, 3 b) cm2."""
    broad = UNSEEN * np.kron(np.exp(-away_cm / DISTANCE_CM), SIDEWAYS)
    return broad + FINE * np.kron(np.exp(-((away_cm / FINE_CM) ** 2)), np.diag([1.0, 1.0, 0.0]))


def follow(marks: np.ndarray, vertices: np.ndarray, samples: list[Sample], rank: int) -> Follow:
    """Return the posterior mean as a map of that rank, best for landmarks as the prior draws them.

    Of the rest only the height counts: a camera near by draws lips and lids lower and higher than the mesh has them,
    and shading that sits beside a feature is worse than none. Wider, with the depth unchanged, would only be flatter.
    """
    said = np.stack([s.said.ravel() for s in samples])
    true = np.stack([s.true.ravel() for s in samples])
    said_mean, true_mean = said.mean(0), true.mean(0)
    said, true = said - said_mean, true - true_mean
    covariance = PAINTED * said.T @ said / len(said) + _unseen(cdist(marks, marks))
    covariance += NOISE_CM2 * np.eye(len(covariance))
    cross = PAINTED * true.T @ said / len(said) + _unseen(cdist(vertices, marks))
    root = np.linalg.cholesky(covariance)
    whitened = np.linalg.solve(root, cross.T).T  # (n * 3, 1404) against unit-variance inputs
    values, vectors = np.linalg.eigh(whitened.T @ whitened)
    best = vectors[:, np.argsort(values)[::-1][:rank]]
    into = np.linalg.solve(root.T, best).T
    out = whitened @ best
    rest = (true_mean - out @ (into @ said_mean)).reshape(-1, 3)
    return Follow(into, out, rest * np.array([0.0, 1.0, 0.0]))
