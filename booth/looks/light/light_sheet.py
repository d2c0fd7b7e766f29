"""A contact sheet of every named light on one portrait, for eyes and for `booth looks --sheet`."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from booth.core.types import Face
from booth.looks.light.engine import Relighter, apply
from booth.looks.light.light_spec import LIGHTS, named_light

STILL_GRID_PX = 512
LABEL_PX = 22


def sheet(
    rgb: np.ndarray,
    alpha: np.ndarray | None,
    face: Face,
    *,
    lights: Sequence[str] = LIGHTS,
    columns: int = 6,
    width_px: int = 260,
) -> np.ndarray:
    """Return one picture with `rgb` (H, W, 3) uint8 in each of `lights`, labelled, `columns` beside each other."""
    engine = Relighter(STILL_GRID_PX, still=True)
    tiles = []
    for name in lights:
        field = engine.field(rgb, alpha, face, named_light(name, face=face), seq=0, t_s=0.0)
        lit = apply(field, rgb, alpha)
        height_px = round(rgb.shape[0] * width_px / rgb.shape[1])
        tile = cv2.resize(lit, (width_px, height_px), interpolation=cv2.INTER_AREA)
        label = np.full((LABEL_PX, width_px, 3), 24, np.uint8)
        cv2.putText(label, name, (6, LABEL_PX - 7), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (230, 230, 230), 1, cv2.LINE_AA)
        tiles.append(np.vstack([tile, label]))
    while len(tiles) % columns:
        tiles.append(np.zeros_like(tiles[0]))
    return np.vstack([np.hstack(tiles[i : i + columns]) for i in range(0, len(tiles), columns)])
