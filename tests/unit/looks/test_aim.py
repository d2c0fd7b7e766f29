"""The guest's hand on the light."""

from __future__ import annotations

from booth.looks.light.light_spec import LIGHTS
from booth.looks.light_aim import OWN, aim_of, aimed, dimmed
from booth.looks.look import load_look

GREY = load_look("studio-grey")


def test_every_light_can_be_taken_anywhere_and_says_where_it_is():
    for name in LIGHTS:
        look = aimed(GREY.with_light(name, strength=0.6), -60.0, 20.0)
        aim = aim_of(look)
        assert (aim.az_deg, aim.el_deg, aim.strength, aim.is_on) == (-60.0, 20.0, 0.6, True)
        assert look.light.name == OWN


def test_the_fill_and_the_other_lamps_stay():
    before = GREY.with_light("clamshell")
    after = aimed(before, 50.0, 10.0).light.lamps
    assert [lamp.el_deg for lamp in after if lamp.kind == "area"] == [10.0, -35.0]
    assert [lamp.strength for lamp in after if lamp.kind == "ambient"] == [0.15]


def test_natural_light_comes_on_once_it_is_moved():
    natural = GREY.with_light("natural")
    assert not aim_of(natural).is_on
    assert aimed(natural, 10.0, 10.0).light.lamps


def test_everything_else_of_the_look_stays_and_another_light_ends_it():
    look = aimed(GREY, 400.0, -200.0)
    assert (look.backdrop, look.grade, look.name) == (GREY.backdrop, GREY.grade, GREY.name)
    assert (aim_of(look).az_deg, aim_of(look).el_deg) == (180.0, -90.0)
    assert look.with_light("loop").light.lamps == ()


def test_strength_stays_within_its_range():
    assert dimmed(GREY, 1.7).light.strength == 1.0
    assert dimmed(GREY, -1.0).light.strength == 0.0
    assert dimmed(aimed(GREY, 20.0, 5.0), 0.3).light.lamps == aimed(GREY, 20.0, 5.0).light.lamps
