"""The light of a place: it comes from where the panorama shines, on the right side, softly, in its own colour."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sitters import SIZE_PX, a_face, a_picture, face_part, luma

from booth.core.color import REC709_LUMA
from booth.looks.light.change import limits_of
from booth.looks.light.engine import Relighter, apply
from booth.looks.light.harmonics import on_normals, projected
from booth.looks.places.panorama import directions, solid_angles
from booth.looks.places.place_file import place_names, read_light
from booth.looks.places.place_light import LAMPS_MOST, TINT_MOST_STOPS, lamps_of, light_on_face, turned

WINDOW_LIGHT = 60.0  # against a room of 1


def a_room(*, window_at_deg: float | None = None, colour: tuple[float, float, float] = (1, 1, 1)) -> np.ndarray:
    """Return the coarse light (32, 64, 3) of an even room with one window 25 degrees wide, a little above the eyes."""
    cells = np.ones((32, 64, 3), np.float32)
    if window_at_deg is None:
        return cells
    az, el = directions((64, 32))
    off = (az - math.radians(window_at_deg) + math.pi) % (2 * math.pi) - math.pi
    inside = (np.abs(off)[None] < math.radians(12.5)) & (np.abs(el - math.radians(15))[:, None] < math.radians(15))
    cells[inside] = WINDOW_LIGHT * np.array(colour, np.float32)
    return cells


def sides(gain: np.ndarray, face) -> tuple[float, float]:
    """Return the mean of a map over the image-left and the image-right half of the face."""
    inside = face_part(face)
    middle = int(face.points_px(*SIZE_PX)[:468, 0].mean())
    left, right = inside.copy(), inside.copy()
    left[:, middle:], right[:, :middle] = False, False
    return float(gain[left].mean()), float(gain[right].mean())


def key_of(lamps):
    return max((lamp for lamp in lamps if lamp.kind == "area"), key=lambda lamp: lamp.strength)


@pytest.mark.parametrize(
    ("view_az_deg", "side"),
    [(0.0, "behind"), (-90.0, "right"), (90.0, "left"), (180.0, "front")],
)
def test_turning_the_view_moves_the_window_to_the_right_side(view_az_deg: float, side: str) -> None:
    """The window stands at azimuth 0 of the picture: seen to the left of it, it is at image right."""
    key = key_of(lamps_of(a_room(window_at_deg=0.0), view_az_deg, "place"))
    at = {"behind": 180.0, "right": 90.0, "left": -90.0, "front": 0.0}[side]
    assert abs((key.az_deg - at + 180) % 360 - 180) < 4
    assert 8 < key.el_deg < 22


@pytest.mark.parametrize(("view_az_deg", "brighter"), [(-70.0, "right"), (70.0, "left")])
def test_that_side_of_the_face_is_the_lit_one(view_az_deg: float, brighter: str) -> None:
    rgb, alpha = a_picture()
    face = a_face()
    lamps = lamps_of(a_room(window_at_deg=0.0), view_az_deg, "place")
    limits = limits_of("place", 0.6)
    field = Relighter(still=True).field(rgb, alpha, face, lamps, seq=0, t_s=0.0, strength=0.6, limits=limits)
    left, right = sides(luma(apply(field, rgb, alpha)) / np.maximum(luma(rgb), 1), face)
    assert (right > 1.02 * left) if brighter == "right" else (left > 1.02 * right)


def test_a_window_behind_is_a_rim_and_leaves_the_face_even() -> None:
    rgb, alpha = a_picture()
    face = a_face()
    lamps, limits = lamps_of(a_room(window_at_deg=0.0), 0.0, "place"), limits_of("place", 0.6)
    field = Relighter(still=True).field(rgb, alpha, face, lamps, seq=0, t_s=0.0, strength=0.6, limits=limits)
    assert field is not None and field.rim is not None and field.rim.max() > 0.2
    left, right = sides(luma(apply(field, rgb, alpha)) / np.maximum(luma(rgb), 1), face)
    assert left == pytest.approx(right, rel=0.03)


def test_an_even_room_has_no_lamp_and_lights_every_normal_alike() -> None:
    (rest,) = lamps_of(a_room(), 30.0, "place")
    normals = np.random.default_rng(1).normal(size=(50, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    lit = on_normals(np.array(rest.sh, np.float32).reshape(-1, 3), normals)
    assert lit == pytest.approx(np.ones((50, 3)), abs=0.02)


def test_harmonics_are_the_cosine_mean_of_the_light() -> None:
    """Held against the sum over all directions of light times cosine, for a room with a window."""
    here = turned(a_room(window_at_deg=40.0), 0.0)
    terms = projected(here.ways, here.light, here.steradians)
    for normal in ((0, 0, 1), (1, 0, 0), (0, 1, 0), (-0.6, 0, -0.8)):
        cosine = np.maximum(here.ways @ np.array(normal, np.float32), 0)
        summed = (here.light * (cosine * here.steradians)[:, None]).sum(0) / math.pi
        assert on_normals(terms, np.array([normal]))[0] == pytest.approx(summed, rel=0.15)
    assert solid_angles((64, 32)).sum() * 64 == pytest.approx(4 * math.pi, rel=1e-4)


def test_the_colour_is_kept_within_bounds_or_taken_out() -> None:
    orange = a_room(window_at_deg=-120.0, colour=(1.0, 0.45, 0.1))
    as_it_is, neutral = (key_of(lamps_of(orange, 0.0, white)) for white in ("place", "skin"))  # type: ignore[arg-type]
    warmth = [math.log2(lamp.rgb[0] / lamp.rgb[2]) for lamp in (as_it_is, neutral)]
    assert 0.3 < warmth[0] <= 2 * TINT_MOST_STOPS + 0.01
    assert warmth[1] < warmth[0]
    assert float(np.array(as_it_is.rgb) @ REC709_LUMA) == pytest.approx(1, abs=0.01)


def test_a_light_that_is_only_guessed_is_gentler() -> None:
    room = a_room(window_at_deg=-100.0)
    sure, guessed = (key_of(lamps_of(room, 0.0, "place", gentle)) for gentle in (1.0, 0.5))
    assert guessed.strength == pytest.approx(0.5 * sure.strength, rel=0.01)


@pytest.mark.parametrize("name", place_names())
def test_every_packaged_place_lights_softly_from_every_view(name: str) -> None:
    cells, gentle = read_light(name)
    assert gentle == 1.0 and light_on_face(cells, 0.0).min() > 0
    for az in range(-180, 180, 45):
        lamps = lamps_of(cells, az, "place")
        area = [lamp for lamp in lamps if lamp.kind == "area"]
        assert len(area) <= LAMPS_MOST and len(lamps) == len(area) + 1
        assert all(lamp.softness_rad > math.radians(15) and lamp.strength <= 1.2 for lamp in area)
