import msgspec
import pytest
from sitters import a_face

from booth.core.faults import Fault
from booth.looks.light.light_spec import LIGHTS, Lamp, ambient, filled, named_light, warmth_rgb
from booth.looks.look import load_look


@pytest.mark.parametrize("name", [n for n in LIGHTS if n != "natural"])
def test_every_named_light_has_lamps_and_turns_over(name):
    right = named_light(name, "left")  # the sitter's left is image right
    left = named_light(name, "right")
    assert right
    assert [lamp.az_deg for lamp in left] == [-lamp.az_deg for lamp in right]


def test_harmonics_are_all_there_or_none():
    with pytest.raises(ValueError, match="27"):
        Lamp(kind="ambient", sh=(1.0, 2.0))


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


def test_the_fill_lies_so_many_stops_under_the_strongest_key():
    lamps = filled((Lamp(strength=0.8), Lamp(az_deg=40, strength=0.4), ambient(0.3, (1.0, 0.9, 0.8))), 2.0)
    assert [lamp.strength for lamp in lamps] == pytest.approx([0.8, 0.4, 0.2])
    assert lamps[-1].colour == (1.0, 0.9, 0.8), "it keeps its colour"
    assert filled((Lamp(),), 3.0)[-1].strength == pytest.approx(0.125), "where there is none, one comes"
    assert filled((ambient(0.3),), 2.0) == (ambient(0.3),), "no key, nothing to count from"


def test_a_look_brings_lights_of_its_own(tmp_path):
    """Two keys of different size, warmth and distance, and the fill in stops, from TOML."""
    (tmp_path / "mine.toml").write_text(
        """extends = "studio-grey"
[light]
fill_stops = 3
[[light.lamps]]
az_deg = 50
el_deg = 30
radius_cm = 60
dist_cm = 150
warmth_k = 4200
[[light.lamps]]
az_deg = -140
el_deg = 25
strength = 0.6
"""
    )
    key, back, fill = load_look("mine", (tmp_path,)).light.lamps_for(None)
    assert (key.az_deg, key.radius_cm, back.strength) == (50, 60, 0.6)
    assert key.colour[0] > 1 > key.colour[2]
    assert (fill.kind, fill.strength) == ("ambient", 0.125)
