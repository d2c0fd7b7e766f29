"""Smooth light from everywhere as nine numbers a channel: spherical harmonics to the second order.

A matt surface cannot tell finer light than that (Ramamoorthi and Hanrahan 2001: within 3 % for nearly all places).
"""

from __future__ import annotations

import math

import numpy as np

N_TERMS = 9
_BAND = np.array([1.0, *[2 / 3] * 3, *[1 / 4] * 5], np.float32)  # of a cosine lobe, divided by pi: bands 0, 1, 2


def basis(ways: np.ndarray) -> np.ndarray:
    """Return (n, 9) float32 real harmonics of unit vectors (n, 3): x right, y up, z near."""
    x, y, z = np.asarray(ways, np.float32).T
    c0, c1 = 0.5 / math.sqrt(math.pi), math.sqrt(3 / (4 * math.pi))
    c2, c3 = 0.5 * math.sqrt(15 / math.pi), 0.25 * math.sqrt(5 / math.pi)
    columns = [
        np.full_like(x, c0), c1 * x, c1 * y, c1 * z,
        c2 * x * y, c2 * y * z, c3 * (3 * z * z - 1), c2 * x * z, 0.5 * c2 * (x * x - y * y),
    ]  # fmt: skip
    return np.stack(columns, 1).astype(np.float32)


def projected(ways: np.ndarray, light: np.ndarray, steradians: np.ndarray) -> np.ndarray:
    """Return (9, 3) float32: the irradiance that `light` (n, 3) from `ways` (n, 3) makes, over pi.

    `steradians` (n,) is the solid angle of each. `basis(normals) @ answer` is the light on matt surfaces: 1 under an
    even sky of 1.
    """
    terms = basis(ways) * steradians[:, None]
    return (terms.T @ light) * _BAND[:, None]


def on_normals(terms: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """Return (n, 3) light on unit normals (n, 3), never below nothing."""
    return np.maximum(basis(normals) @ terms, 0)
