"""A place as a backdrop: exposed and balanced for the sitter in its light, out of focus, rendered as a camera does."""

from __future__ import annotations

import math

import numpy as np

from booth.core.color import REC709_LUMA
from booth.looks.backdrop.backdrop_spec import PlaceBackdrop
from booth.looks.backdrop.out_of_focus import rendered
from booth.looks.backdrop.place_view import Sight, out_of_focus
from booth.looks.backdrop.plane import WORK_FACE_PX, Plane
from booth.looks.places.panorama import directions
from booth.looks.places.place_file import read_light, read_place
from booth.looks.places.place_light import light_on_face

FACE_LIGHT = 0.62  # linear light that a matt white card at the face is exposed to: skin of 30 % then reads L* 50
VIEW_LIGHT = 0.20  # linear light to which the mean of what is seen would be exposed by itself
FOR_THE_FACE = 0.5  # of the exposure is the face's, the rest the view's: a photographer fills where both cannot be had
BALANCE_MOST_STOPS = 0.5  # a channel moves no further than this for `white = "skin"`


def paint_place(spec: PlaceBackdrop, plane: Plane, _seed: int, quality: str) -> np.ndarray:
    """Return (H, W, 3) float32 sRGB-coded of a place on the plane. Faults `place.*` and `picture.*` as it is read."""
    sight = Sight(spec.az_deg, spec.el_deg, spec.width_deg)
    picture = read_place(spec.place).panorama.picture
    exposed = picture * gains(spec)
    work = plane.work(quality) if plane.face_px > WORK_FACE_PX[quality] else plane
    return rendered(out_of_focus(exposed, sight, work, spec.f_number), work, plane)


def gains(spec: PlaceBackdrop) -> np.ndarray:
    """Return (3,) float32: what a place's light is multiplied by to be seen, exposure and white balance in one."""
    cells, _ = read_light(spec.place)
    on_face = light_on_face(cells, spec.az_deg)
    for_face = FACE_LIGHT / max(float(on_face @ REC709_LUMA), 1e-6)
    for_view = VIEW_LIGHT / max(_seen(cells, spec), 1e-6)
    level = for_face**FOR_THE_FACE * for_view ** (1 - FOR_THE_FACE) * 2**spec.exposure_stops
    if spec.white == "place":
        return np.full(3, level, np.float32)
    colour = on_face / max(float(on_face @ REC709_LUMA), 1e-6)
    most = 2**BALANCE_MOST_STOPS
    balance = np.clip(1 / np.maximum(colour, 1e-3), 1 / most, most)
    out: np.ndarray = (level * balance / float(balance @ REC709_LUMA)).astype(np.float32)
    return out


def _seen(cells: np.ndarray, spec: PlaceBackdrop) -> float:
    """Return the geometric mean light of what a wide frame shows: a lamp in it does not make all else dark."""
    height, width = cells.shape[:2]
    az, el = directions((width, height))
    off = np.abs((az - math.radians(spec.az_deg) + math.pi) % (2 * math.pi) - math.pi)
    half = math.radians(spec.width_deg) / 2
    high = math.atan(math.tan(half) * 9 / 16)
    across = off <= max(half, 2 * math.pi / width)
    down = np.abs(el - math.radians(spec.el_deg)) <= max(high, math.pi / height)
    light = cells[down][:, across] @ REC709_LUMA
    return float(np.exp(np.log(np.maximum(light, 1e-5)).mean()))
