"""A place's light as lamps of the light engine: its few strongest sources, soft, and all the rest as smooth irradiance.

Directions are those of the lamps: x to image right, y up, z from the sitter to the camera.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import msgspec
import numpy as np

from booth.core.color import REC709_LUMA
from booth.looks.light.harmonics import on_normals, projected
from booth.looks.light.light_spec import Lamp
from booth.looks.places.panorama import directions, solid_angles

LAMPS_MOST = 2  # more cost more and are not told apart on a face
SOURCE_LEAST = 0.12  # of the light on the best lit normal: less is part of the rest
REACH_DEG = 24.0  # cells this far from a source's middle belong to it
ABOVE_REST = 2.5  # times the mean light: dimmer cells are no source
SOFTEST_DEG, HARDEST_DEG = 34.0, 20.0  # half the angle under which the sitter sees a lamp: a window to a wide softbox
DIST_CM = 170.0
BEHIND_MOST, FRONT_MOST = 0.8, 1.2  # strength of a lamp behind the sitter and before, against 1 on the lit side
REST_LEAST = 0.22  # of the light on the lit side comes from everywhere: no place leaves a side black
TINT_MOST_STOPS = 0.32  # a lamp's red or blue off its green: what a warm room does to skin, not what a sodium lamp does
FACING_DEG = 75.0  # normals up to this far from the camera are those of a face

_FRONT = np.array([[0.0, 0.2, 0.98], [-0.6, 0.2, 0.77], [0.6, 0.2, 0.77]], np.float32)  # brow and both cheeks

White = Literal["place", "skin"]


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """The coarse light of a place, turned to the view; `ways` (n, 3), `light` (n, 3), `steradians` (n,)."""

    ways: np.ndarray
    light: np.ndarray
    steradians: np.ndarray


def turned(cells: np.ndarray, view_az_deg: float) -> _Cells:
    """Return the light (32, 64, 3) of a place as it falls on a sitter before the camera that looks to that azimuth."""
    height, width = cells.shape[:2]
    az, el = directions((width, height))
    off = az - np.float32(math.radians(view_az_deg))  # from the middle of the view to image right
    x = np.cos(el)[:, None] * np.sin(off)[None]
    z = -np.cos(el)[:, None] * np.cos(off)[None]
    y = np.broadcast_to(np.sin(el)[:, None], x.shape)
    ways = np.stack([x, y, z], -1).reshape(-1, 3).astype(np.float32)
    steradians = np.broadcast_to(solid_angles((width, height)), (height, width)).reshape(-1)
    return _Cells(ways, cells.reshape(-1, 3).astype(np.float32), steradians)


def lamps_of(cells: np.ndarray, view_az_deg: float, white: White, gentle: float = 1.0) -> tuple[Lamp, ...]:
    """Return the lamps that light a sitter in the place; light of 1 on the best lit side of a face.

    white   `place` keeps the colour of the place's light, bounded; `skin` sets the camera by the light on the face
    gentle  0..1: how far the light has a direction; 0 is even light
    """
    here = turned(cells, view_az_deg)
    level = max(float(_on_face(projected(here.ways, here.light, here.steradians)).max()), 1e-6)
    here = replace(here, light=here.light / np.float32(level))
    light = here.light
    found: list[Lamp] = []
    for _ in range(LAMPS_MOST):
        source = _strongest(here, light)
        if source is None:
            break
        lamp, light = source
        found.append(lamp)
    rest = projected(here.ways, light, here.steradians)
    rest = _at_least(rest, gentle)
    lamps = [*(_gentler(lamp, gentle) for lamp in found), _ambient(rest)]
    balance = _face_colour(lamps) if white == "skin" else np.ones(3, np.float32)
    return tuple(_tinted(lamp, balance) for lamp in lamps)


def light_on_face(cells: np.ndarray, view_az_deg: float) -> np.ndarray:
    """Return (3,) the light of a place on a face that looks into the camera, over pi: what a white card would show."""
    here = turned(cells, view_az_deg)
    terms = projected(here.ways, here.light, here.steradians)
    return on_normals(terms, _FRONT).mean(0)


def _on_face(terms: np.ndarray) -> np.ndarray:
    """Return the luminance of the light on normals all over a face's front."""
    az, el = np.meshgrid(np.radians(np.arange(-75, 76, 15)), np.radians(np.arange(-30, 61, 15)))
    ways = np.stack([np.sin(az) * np.cos(el), np.sin(el), np.cos(az) * np.cos(el)], -1).reshape(-1, 3)
    ways = ways[ways[:, 2] > math.cos(math.radians(FACING_DEG))]
    return on_normals(terms, ways) @ REC709_LUMA


def _strongest(here: _Cells, light: np.ndarray) -> tuple[Lamp, np.ndarray] | None:
    """Return the strongest source left in `light` (n, 3) as a lamp, and the light without it; None for none."""
    power = (light @ REC709_LUMA) * here.steradians
    mean = float(power.sum() / (4 * math.pi))
    near = math.cos(math.radians(REACH_DEG))
    first = int(_gathered(here.ways, power, near).argmax())
    middle = here.ways[first]
    for _ in range(3):
        inside = (here.ways @ middle > near) & (light @ REC709_LUMA > ABOVE_REST * mean)
        if not inside.any():
            return None
        middle = (here.ways[inside] * power[inside, None]).sum(0)
        middle = middle / max(float(np.linalg.norm(middle)), 1e-9)
    above = np.maximum(light[inside] - mean, 0)
    flux = (above * here.steradians[inside, None]).sum(0) / math.pi
    strength = float(flux @ REC709_LUMA)
    if strength < SOURCE_LEAST:
        return None
    spread = np.degrees(np.arccos(np.clip(here.ways[inside] @ middle, -1, 1)))
    weight = power[inside]
    half_deg = float(np.clip(math.sqrt(2) * (weight @ spread) / weight.sum(), HARDEST_DEG, SOFTEST_DEG))
    most = FRONT_MOST if middle[2] > 0 else BEHIND_MOST
    lamp = Lamp(
        az_deg=math.degrees(math.atan2(middle[0], middle[2])),
        el_deg=math.degrees(math.asin(min(max(float(middle[1]), -1.0), 1.0))),
        dist_cm=DIST_CM,
        radius_cm=DIST_CM * math.tan(math.radians(half_deg)),
        strength=min(strength, most),
        rgb=_channels(flux / max(strength, 1e-9)),
    )
    left = light.copy()
    left[inside] -= above
    return lamp, left


def _gathered(ways: np.ndarray, power: np.ndarray, near: float) -> np.ndarray:
    """Return for the strongest cells the power within the reach of a source, 0 for all others."""
    out = np.zeros(len(power), np.float32)
    for cell in np.argsort(power)[-24:]:
        out[cell] = power[ways @ ways[cell] > near].sum()
    return out


def _at_least(rest: np.ndarray, gentle: float) -> np.ndarray:
    """Return the rest's terms (9, 3) with an even share big enough to leave no side black."""
    rest = rest.copy()
    rest[1:] *= np.float32(gentle)
    even = 2 * math.sqrt(math.pi)  # the first term of an even sky of 1
    luminance = float(rest[0] @ REC709_LUMA)
    lacks = REST_LEAST * even - luminance
    if lacks > 0:
        rest[0] += np.float32(lacks) if luminance <= 1e-6 else rest[0] / luminance * np.float32(lacks)
    return rest


def _ambient(rest: np.ndarray) -> Lamp:
    return Lamp(kind="ambient", strength=1.0, sh=tuple(round(float(v), 5) for v in rest.ravel()))


def _gentler(lamp: Lamp, gentle: float) -> Lamp:
    return lamp if gentle >= 1 else _changed(lamp, strength=lamp.strength * gentle)


def _face_colour(lamps: list[Lamp]) -> np.ndarray:
    """Return (3,) the colour of the light on a face's front, luminance 1."""
    total = np.zeros(3, np.float32)
    for lamp in lamps:
        if lamp.kind == "ambient":
            total += on_normals(np.array(lamp.sh, np.float32).reshape(-1, 3), np.array([[0, 0.2, 0.98]]))[0]
        else:
            near = max(math.cos(math.radians(lamp.az_deg)) * math.cos(math.radians(lamp.el_deg)), 0.0)
            total += np.float32(lamp.strength * near) * np.array(lamp.rgb, np.float32)
    return total / max(float(total @ REC709_LUMA), 1e-6)


def _tinted(lamp: Lamp, balance: np.ndarray) -> Lamp:
    """Return the lamp as a camera set to `balance` records it, its colour bounded."""
    if lamp.kind == "ambient":
        terms = np.array(lamp.sh, np.float32).reshape(-1, 3) / balance
        even = terms[0] / max(float(terms[0] @ REC709_LUMA), 1e-6)
        bounded = np.array(_channels(even), np.float32)
        terms = terms * (bounded / np.maximum(even, 1e-3))
        return _changed(lamp, sh=tuple(round(float(v), 5) for v in terms.ravel()))
    return _changed(lamp, rgb=_channels(np.array(lamp.rgb, np.float32) / balance))


def _channels(rgb: np.ndarray) -> tuple[float, float, float]:
    """Return a colour of luminance 1, no channel further off green than is let through."""
    red, green, blue = np.maximum(rgb, 1e-4)
    most = 2.0**TINT_MOST_STOPS
    colour = np.array([np.clip(red / green, 1 / most, most), 1.0, np.clip(blue / green, 1 / most, most)])
    red, green, blue = (float(v) for v in colour / (colour @ REC709_LUMA))
    return red, green, blue


def _changed(lamp: Lamp, **fields: object) -> Lamp:
    return msgspec.structs.replace(lamp, **fields)
