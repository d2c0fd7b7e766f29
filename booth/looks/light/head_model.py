"""The baked mean head: its shape, how it follows the landmarks, and what it hides from each direction.

Made by tools/bake_head.py from CC0 geometry. Lengths are cm in the head's own frame: x right in a frontal picture, y
up, z out of the face; the origin is between the ears.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from booth.core.assets import asset
from booth.core.compiled import read_only
from booth.core.faults import Fault
from booth.core.types import frozen
from booth.looks.light.kernels import vertex_normals

HEAD = ("head", "head.npz")
STEP_DEG, BOUNCE_STEP_DEG = 10.0, 20.0
NECK_LOW_CM, NECK_HIGH_CM = -18.0, -10.0  # below: turns with the shoulders; above: with the head


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """The asset in the layout the engine reads; arrays are read-only and shared by all engines."""

    vertices: np.ndarray  # (n, 3) float32 cm
    faces: np.ndarray  # (m, 3) int32
    normals: np.ndarray  # (n, 3) float32
    is_eye: np.ndarray  # (n,) bool
    marks: np.ndarray  # (468, 3) float32 cm: what the landmarker says of this head
    follow_in: np.ndarray  # (rank, 1404) float32
    follow_out: np.ndarray  # (n * 3, rank) float32
    seen: np.ndarray  # (el, az, n) uint8: share of a lamp the head itself leaves visible
    bounce: np.ndarray  # (el, az, n) uint8: light thrown back onto the vertex by white skin
    sky: np.ndarray  # (n,) float32 0..1
    sky_bounce: np.ndarray  # (n,) float32
    with_head: np.ndarray  # (n,) float32: 1 turns with the head, 0 with the shoulders
    skin: np.ndarray  # (n,) float32: 1 where the landmarks reach, 0 on scalp and shoulders
    neck: np.ndarray  # (n,) float32: 1 on the throat and the sides of the neck


def part_of(head: Head, index: np.ndarray) -> Head:
    """Return the head's light at chosen vertices (k,) alone; faces and the map from landmarks are of no use there."""
    names = ("vertices", "normals", "is_eye", "sky", "sky_bounce", "with_head", "skin", "neck")
    chosen = {name: getattr(head, name)[index] for name in names}
    tables = {name: np.ascontiguousarray(getattr(head, name)[..., index]) for name in ("seen", "bounce")}
    return replace(head, **{name: frozen(array) for name, array in (chosen | tables).items()})


def _smooth(x: np.ndarray) -> np.ndarray:
    x = np.clip(x, 0, 1)
    return (x * x * (3 - 2 * x)).astype(np.float32)


def _reach(vertices: np.ndarray, marks: np.ndarray) -> np.ndarray:
    """Return how far each vertex is within the landmarks' reach, fading from 0.8 to 3 cm off the nearest."""
    away = np.array([np.sqrt(((marks - v) ** 2).sum(1).min()) for v in vertices])
    return _smooth((3.0 - away) / 2.2)


def _neck(vertices: np.ndarray) -> np.ndarray:
    """Return where the neck is: below the jaw, above the collar, not wider than the jaw."""
    x, y, z = vertices.T
    return _smooth((y + 17) / 3) * _smooth((-5 - y) / 3) * _smooth((9 - np.abs(x)) / 2) * _smooth((z + 4) / 3)


@cache
def load_head() -> Head:
    """Read the packaged head once; Fault `light.head` when it is missing or broken."""
    path = asset(*HEAD)
    try:
        with np.load(path) as stored:
            data = {name: stored[name] for name in stored.files}
    except (OSError, ValueError) as error:
        raise Fault("light.head", f"The light's head {path.name} cannot be read.", "Install booth again.") from error
    vertices = data["vertices"]
    faces, skin = data["faces"].astype(np.int32), _reach(vertices, data["marks"])
    normals = np.empty_like(vertices)
    vertex_normals(vertices, read_only(faces), normals)
    arrays = {
        "vertices": vertices,
        "faces": faces,
        "normals": normals,
        "is_eye": data["is_eye"],
        "marks": data["marks"],
        "follow_in": data["follow_in"],
        "follow_out": data["follow_out"].astype(np.float32),
        "seen": np.ascontiguousarray(np.moveaxis(data["seen"], 0, 2)),
        "bounce": np.ascontiguousarray(np.moveaxis(data["bounce"], 0, 2)),
        "sky": data["sky"].astype(np.float32) / 255,
        "sky_bounce": data["sky_bounce"].astype(np.float32) / 255,
        "with_head": _smooth((vertices[:, 1] - NECK_LOW_CM) / (NECK_HIGH_CM - NECK_LOW_CM)),
        "skin": skin,
        "neck": _neck(vertices) * (1 - skin),
    }
    return Head(**{name: frozen(array) for name, array in arrays.items()})
