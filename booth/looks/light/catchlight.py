"""Catchlights: where the key mirrors in each cornea, at its clock position, sized to the iris, cut by the lids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.landmarks import EYES, IRIS_RINGS, IRISES
from booth.core.types import Face
from booth.looks.light.lamp_lookup import toward
from booth.looks.light.light_spec import Lamp

# Iris centre, its four ring points, and the lids' outline from corner to corner, per eye.
EYE_PARTS = tuple(zip(IRISES, IRIS_RINGS, EYES, strict=True))
CORNEA_PER_IRIS = 1.32  # radius of curvature 7.8 mm over iris radius 5.9 mm
MIN_FRONT = 0.25  # lamps lower than this toward the camera do not mirror in the eye
MIN_OPEN, FULL_OPEN = 0.35, 0.75  # lid gap over iris diameter: below none, above full
STRENGTH = 0.45
IRIS_NONE_PX, IRIS_FULL_PX = 3.5, 9.0  # radius: in a smaller iris a glint is no spot, it whitens the eye
SOFT_PX = 0.35


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Glint:
    """One small bright spot in one eye; lengths in widths and heights of the picture."""

    x: float
    y: float
    radius: float  # in widths
    rgb: tuple[float, float, float]  # linear light added at the middle
    lids: np.ndarray  # (16, 2) float32, the opening it shows through
    iris: float  # radius of the iris in widths


def _eye_glint(face: Face, eye: tuple, lamp: Lamp, aspect: float) -> Glint | None:
    centre, ring, outline = eye
    scale = np.array([1.0, 1.0 / aspect], np.float32)  # to widths
    points = face.landmarks[:, :2] * scale
    middle, lids = points[centre], points[list(outline)]
    iris = float(np.linalg.norm(points[list(ring)] - middle, axis=1).mean())
    gap = float(np.linalg.norm(lids[4] - lids[12])) / (2 * iris + 1e-9)
    opened = min(max((gap - MIN_OPEN) / (FULL_OPEN - MIN_OPEN), 0.0), 1.0)
    way = toward(lamp.az_deg, lamp.el_deg)
    if opened == 0 or way[2] < MIN_FRONT:
        return None
    half = way + np.array([0, 0, 1], np.float32)
    half /= np.linalg.norm(half)
    at = middle + iris * CORNEA_PER_IRIS * np.array([half[0], -half[1]])
    radius = iris * CORNEA_PER_IRIS * 0.5 * float(np.sin(lamp.softness_rad))
    light = STRENGTH * opened * min(lamp.strength, 1.2)
    red, green, blue = lamp.colour
    rgb = (light * red, light * green, light * blue)
    return Glint(float(at[0]), float(at[1] * aspect), radius, rgb, (lids / scale).astype(np.float32), iris)


def glints(face: Face, lamps: Sequence[Lamp], aspect: float) -> tuple[Glint, ...]:
    """Return the glints of every frontal lamp in both eyes; `aspect` is width over height of the picture."""
    area = [lamp for lamp in lamps if lamp.kind == "area" and lamp.strength > 0.15]
    found = (_eye_glint(face, eye, lamp, aspect) for lamp in area for eye in EYE_PARTS)
    return tuple(g for g in found if g is not None)


def draw_glint(glint: Glint, size_px: tuple[int, int]) -> tuple[slice, slice, np.ndarray] | None:
    """Return rows, columns and (h, w, 3) linear light to add in a picture of that width and height, or None."""
    width, height = size_px
    x, y, radius = glint.x * width, glint.y * height, max(glint.radius * width, 0.6)
    shows = min(max((glint.iris * width - IRIS_NONE_PX) / (IRIS_FULL_PX - IRIS_NONE_PX), 0.0), 1.0)
    reach = int(np.ceil(radius + 3))
    left, top = int(x) - reach, int(y) - reach
    right, bottom = left + 2 * reach + 1, top + 2 * reach + 1
    if shows == 0 or left < 0 or top < 0 or right > width or bottom > height:
        return None
    columns, rows = np.arange(left, right) + 0.5, np.arange(top, bottom) + 0.5
    away = np.hypot(columns[None] - x, rows[:, None] - y)
    soft = SOFT_PX + 0.35 * radius
    spot = 1 / (1 + np.exp(np.clip((away - radius) / (0.5 * soft), -30, 30)))
    fine = 8  # the lids' outline is drawn at an eighth of a pixel
    lids = (glint.lids * (width, height) - (left, top)) * fine
    mask = np.zeros((bottom - top, right - left), np.uint8)
    cv2.fillPoly(mask, [np.round(lids).astype(np.int32)], 255, lineType=cv2.LINE_AA, shift=3)
    spot = spot * (cv2.GaussianBlur(mask, (0, 0), 0.7).astype(np.float32) / 255)
    return slice(top, bottom), slice(left, right), spot[..., None] * np.array(glint.rgb, np.float32) * np.float32(shows)
