"""Everything of the sitter the head's mesh does not know: hair, ears, cloth, and the rim along the matte's edge.

Works on the grid. Lengths are cells unless named otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from booth.looks.light.kernels import soften
from booth.looks.light.lamp_lookup import toward
from booth.looks.light.light_spec import Lamp

COARSE = 40  # side of the grid on which light is spread beyond the mesh
SPREAD_NEAR, SPREAD_FAR = 1.6, 7.0  # coarse cells
HAIR_SHARE = 0.35  # of the mesh's own shading kept off the landmarks' reach, the rest is its surroundings'
NECK_SHARE = 0.75
RIM_CM = 0.55  # how far a back light wraps round the edge
RIM_TURN_CM = 1.6  # over which the edge's direction is judged
VEIL_CM, VEIL_OPEN = 1.3, 2.2
RIM_GAIN, RIM_ADD = 4.0, 0.09  # brightens what is there, and adds the sheen dark hair needs to show it


def spread(gain: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """Return (g, g, 3) low frequencies of `gain` where `cover` (g, g) is 1, carried on to everywhere else."""
    grid = gain.shape[0]
    weighted = cv2.resize(np.dstack([gain * cover[..., None], cover]), (COARSE, COARSE), interpolation=cv2.INTER_AREA)
    near = cv2.GaussianBlur(weighted, (0, 0), SPREAD_NEAR)
    far = cv2.GaussianBlur(weighted, (0, 0), SPREAD_FAR) + np.float32(1e-6)
    mixed = near + np.float32(0.05) * far
    low = mixed[..., :3] / np.maximum(mixed[..., 3:], np.float32(1e-7))
    return cv2.resize(low, (grid, grid), interpolation=cv2.INTER_LINEAR)


def compose(shaded: np.ndarray, cover: np.ndarray, skin: np.ndarray, neck: np.ndarray) -> None:
    """Soften the mesh's shading (g, g, 6) off the face in place; `skin` and `neck` (g, g) are 0..1."""
    low = spread(shaded[..., :3], cover)
    soften(shaded, low, cover, skin, neck, np.float32(HAIR_SHARE), np.float32(NECK_SHARE))


def rim(alpha: np.ndarray, lamps: Sequence[Lamp], cells_per_cm: float) -> np.ndarray | None:
    """Return (g, g, 3): how strongly lamps from behind light the matte's edge; None when no lamp stands behind.

    `alpha` is (g, g) float32 0..1. The edge's direction is the matte's own gradient.
    """
    behind = [(lamp, toward(lamp.az_deg, lamp.el_deg)) for lamp in lamps if lamp.kind == "area"]
    behind = [(lamp, way) for lamp, way in behind if way[2] < 0]
    if not behind:
        return None
    wide = cv2.GaussianBlur(alpha, (0, 0), RIM_TURN_CM * cells_per_cm)
    close = cv2.GaussianBlur(alpha, (0, 0), RIM_CM * cells_per_cm)
    right, down = cv2.Sobel(wide, cv2.CV_32F, 1, 0), cv2.Sobel(wide, cv2.CV_32F, 0, 1)
    length = np.sqrt(right * right + down * down) + np.float32(1e-4)
    edge = alpha * np.clip((1 - close) * 2, 0, 1)
    edge *= edge
    out = np.zeros((*alpha.shape, 3), np.float32)
    for lamp, way in behind:
        flat = np.hypot(way[0], way[1]) + 1e-6
        faces = np.clip((-right * way[0] + down * way[1]) / (length * flat), 0, 1)
        power = lamp.strength * min(1.0, -2.0 * float(way[2])) * faces * edge
        out += power[..., None] * np.array(lamp.colour, np.float32)
    return out


def veil(alpha: np.ndarray, cells_per_cm: float) -> np.ndarray:
    """Return (g, g) 0..1: how far light from behind gets round the outline; hair at the temples keeps it off."""
    return np.clip(VEIL_OPEN * (1 - cv2.GaussianBlur(alpha, (0, 0), VEIL_CM * cells_per_cm)), 0, 1)


def lay_rim(shaded: np.ndarray, edge: np.ndarray, off_face: np.ndarray) -> None:
    """Add the rim (g, g, 3) to gain and gloss in place, less on the face, where the mesh has lit the edge already."""
    edge = edge * off_face[..., None]
    shaded[..., :3] += np.float32(RIM_GAIN) * edge
    shaded[..., 3:] += np.float32(RIM_ADD) * edge
