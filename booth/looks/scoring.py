"""The light engine behind a plain function, as a bench of rendered heads scores it: no second method."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from booth.core.types import N_BLEND, Box, Face, Pose
from booth.looks.light.engine import Relighter, apply
from booth.looks.light.light_spec import Lamp

LIVE_GRID_PX = 160


def lamps_of(light_spec: Sequence[Mapping[str, Any]]) -> tuple[Lamp, ...]:
    """Return the lamps of a list of {'kind', 'w', 'rgb', and for an area light 'az', 'el', 'dist', 'radius'}."""
    out = []
    for source in light_spec:
        red, green, blue = (float(c) for c in source["rgb"])
        power, rgb = float(source["w"]), (red, green, blue)
        if source["kind"] == "ambient":
            out.append(Lamp(kind="ambient", strength=power, rgb=rgb))
            continue
        az, el, dist, radius = (float(source[k]) for k in ("az", "el", "dist", "radius"))
        out.append(Lamp(az_deg=az, el_deg=el, dist_cm=dist, radius_cm=radius, strength=power, rgb=rgb))
    return tuple(out)


def face_of(landmarks_px: np.ndarray, matrix: np.ndarray, size_px: tuple[int, int]) -> Face:
    """Return the Face of (478, 3) landmarks in pixels and a pose matrix, for a picture of that width and height."""
    width, height = size_px
    points = landmarks_px.astype(np.float32) / np.array([width, height, width], np.float32)
    turn = np.asarray(matrix, np.float64)[:3, :3]
    turn = turn / np.linalg.norm(turn, axis=0)
    ahead = turn[:, 2]
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    return Face(
        landmarks=points,
        blend=np.zeros(N_BLEND, np.float32),
        matrix=np.array(matrix, np.float32),
        pose=Pose(
            yaw_deg=math.degrees(math.atan2(ahead[0], ahead[2])),
            pitch_deg=math.degrees(math.atan2(ahead[1], math.hypot(ahead[0], ahead[2]))),
            roll_deg=math.degrees(math.atan2(turn[1, 0], turn[0, 0])),
        ),
        box=Box(float(low[0]), float(low[1]), float(high[0]), float(high[1])),
    )


@cache
def _engine() -> Relighter:
    return Relighter(LIVE_GRID_PX, still=True)


def relight(flat_rgb: np.ndarray, light_spec: Sequence[Mapping[str, Any]], ctx: Mapping[str, Any]) -> np.ndarray:
    """Return (H, W, 3) uint8: the picture under `light_spec`, by the booth's live engine on its live grid.

    `ctx` holds 'lm' (478, 3) landmarks in pixels and 'mat' (4, 4), and may hold 'input_light', the light_spec already
    on the face, and 'normals' (n, 3) from a flash calibration. The picture comes back unchanged where no light can be
    laid.
    """
    height, width = flat_rgb.shape[:2]
    face = face_of(np.asarray(ctx["lm"]), np.asarray(ctx["mat"]), (width, height))
    known = ctx.get("input_light")
    field = _engine().field(
        flat_rgb,
        None,
        face,
        lamps_of(light_spec),
        seq=0,
        t_s=0.0,
        normals=ctx.get("normals"),
        under=None if known is None else lamps_of(known),
    )
    return apply(field, flat_rgb, None)
