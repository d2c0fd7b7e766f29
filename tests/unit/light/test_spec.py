import msgspec
import pytest
from sitters import a_face

from booth.faults import Fault
from booth.looks.light.spec import LIGHTS, Lamp, named_light, warmth_rgb


@pytest.mark.parametrize("name", [n for n in LIGHTS if n != "natural"])
def test_every_named_light_has_lamps_and_turns_over(name):
    right = named_light(name, "left")  # the sitter's left is image right
    left = named_light(name, "right")
    assert right
    assert [lamp.az_deg for lamp in left] == [-lamp.az_deg for lamp in right]


def test_natural_and_no_strength_are_no_lamps():
    assert named_light("natural") == ()
    assert named_light("loop", strength=0) == ()


def test_short_lights_the_far_side_of_a_turned_face_and_broad_the_near():
    turned_right = a_face(20)  # nose to image right: the camera sees more of the image-left cheek
    assert named_light("short", face=turned_right)[0].az_deg > 0
    assert named_light("broad", face=turned_right)[0].az_deg < 0
    assert named_light("short", face=a_face(-20))[0].az_deg < 0
    assert named_light("short", "right", face=turned_right)[0].az_deg < 0, "a side that is asked for wins"


def test_a_wrong_name_is_told_with_near_names():
    with pytest.raises(Fault) as fault:
        named_light("rembrant")
    assert fault.value.code == "light.unknown"
    assert "rembrandt" in fault.value.hint


@pytest.mark.parametrize(("side", "strength", "code"), [("up", 1.0, "light.side"), ("auto", 9.0, "light.strength")])
def test_a_wrong_side_or_strength_is_told(side, strength, code):
    with pytest.raises(Fault) as fault:
        named_light("loop", side, strength)
    assert fault.value.code == code


@pytest.mark.parametrize("bad", [{"el_deg": 200}, {"strength": 9}, {"az_deg": -200}, {"radius_cm": 0}, {"angle": 3}])
def test_a_lamp_out_of_range_names_the_key(bad):
    with pytest.raises(msgspec.ValidationError, match=next(iter(bad))):
        msgspec.convert(bad, Lamp)


def test_warmth_is_white_at_daylight_and_turns_the_right_way():
    assert warmth_rgb(5600) == pytest.approx((1, 1, 1))
    warm, cool = warmth_rgb(3000), warmth_rgb(9000)
    assert warm[0] > 1 > warm[2]
    assert cool[0] < 1 < cool[2]
