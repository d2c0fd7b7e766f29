"""The sun round the face: what is dragged there is what is read back, wherever the face stands."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from booth.draw.light_orbit import FAR_DEG, NEAR_DEG, Orbit
from booth.draw.scene import Rect

BOUNDS = Rect(100, 60, 1080, 560)
PLACES = st.builds(
    Orbit,
    st.floats(300, 980),
    st.floats(200, 450),
    st.floats(40, 200),
    st.floats(50, 260),
    st.just(BOUNDS),
    st.sampled_from([(), (Rect(100, 60, 250, 60),), (Rect(900, 60, 280, 100), Rect(100, 500, 300, 120))]),
)


def way(az_deg: float, el_deg: float) -> tuple[float, float, float]:
    az, el = math.radians(az_deg), math.radians(el_deg)
    return math.sin(az) * math.cos(el), math.sin(el), math.cos(az) * math.cos(el)


@given(PLACES, st.floats(-170, 170), st.floats(-85, 85))
def test_where_the_sun_stands_is_where_it_is_read(orbit: Orbit, az_deg: float, el_deg: float) -> None:
    wanted = way(az_deg, el_deg)
    off_deg = math.degrees(math.acos(max(-1, min(1, wanted[2]))))
    if not NEAR_DEG + 0.5 < off_deg < FAR_DEG - 0.5:
        return
    found = way(*orbit.aim(*orbit.at(az_deg, el_deg)))
    assert sum(a * b for a, b in zip(wanted, found, strict=True)) > math.cos(math.radians(1.0))


@given(PLACES, st.floats(-180, 180), st.floats(-90, 90))
def test_the_sun_never_leaves_its_box_and_goes_round_what_stands_there(
    orbit: Orbit, az_deg: float, el_deg: float
) -> None:
    x, y = orbit.at(az_deg, el_deg)
    assert BOUNDS.x - 1 <= x <= BOUNDS.right + 1
    assert BOUNDS.y - 1 <= y <= BOUNDS.bottom + 1
    if not any(box.has(orbit.x, orbit.y) for box in orbit.avoid):
        assert not any(box.inset(1).has(x, y) for box in orbit.avoid)


@given(PLACES, st.floats(0, 1280), st.floats(0, 720))
def test_any_point_of_the_glass_means_a_lamp_that_there_can_be(orbit: Orbit, x: float, y: float) -> None:
    az_deg, el_deg = orbit.aim(x, y)
    assert -180 <= az_deg <= 180
    assert -90 <= el_deg <= 90


def test_the_glass_is_a_mirror_once() -> None:
    """Light from image right is on the sitter's left, and in a mirror one's left is on the left."""
    orbit = Orbit(640, 300, 120, 160, BOUNDS)
    assert orbit.at(60, 0)[0] < 640 < orbit.at(-60, 0)[0]
    assert orbit.at(0, 40)[1] < 300 < orbit.at(0, -40)[1]
    assert orbit.aim(200, 300)[0] > 60
