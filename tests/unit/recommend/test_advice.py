"""Reasons are true: the named measure moves the look; same input, same order; mirrored picture, mirrored advice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.looks.look import load_look, look_names
from booth.looks.recommend.advisor import settle
from booth.looks.recommend.measure_sitter import traits_of
from booth.looks.recommend.rank import rank, stance
from booth.looks.recommend.sitter_measures import LookTraits, SitterMeasures

LOOKS = [traits_of(load_look(name)) for name in look_names()]
DARK, PALE, BLUE, RED = (12.0, 2.0, 3.0), (88.0, 0.0, 4.0), (35.0, 5.0, -40.0), (45.0, 60.0, 35.0)
PLAIN = SitterMeasures(DARK, BLUE, (60.0, 14.0, 18.0), 0.0, 0.1, 1.6)


def place(sitter: SitterMeasures, name: str, looks: list[LookTraits] = LOOKS) -> int:
    return [s.name for s in rank(sitter, looks)].index(name)


def of(name: str, **traits: object) -> LookTraits:
    return replace(LookTraits(name, (50.0, 0.0, 0.0), 0.4, False), **traits)


@pytest.mark.parametrize(
    ("why", "with_it", "without", "better", "worse"),
    [
        ("why.hair", {"hair": DARK}, {"hair": PALE}, {"backdrop": (85.0, 0.0, 0.0)}, {"backdrop": (15.0, 0.0, 0.0)}),
        ("why.clothes", {"clothes": DARK}, {"clothes": PALE}, {"backdrop": (85.0, 0.0, 0.0)},
         {"backdrop": (15.0, 0.0, 0.0)}),
        ("why.colour", {"clothes": RED}, {"clothes": BLUE}, {"backdrop": (45.0, 12.0, 8.0)},
         {"backdrop": (45.0, -3.0, 14.0)}),
        ("why.warm", {"hair": (40.0, 10.0, 25.0)}, {"hair": (40.0, 0.0, -25.0)}, {"backdrop": (95.0, 0.0, 9.0)},
         {"backdrop": (95.0, 0.0, -9.0)}),
        ("why.soft", {"shadow_stops": 3.0}, {"shadow_stops": 0.6}, {"softness": 0.9}, {"softness": 0.1}),
        ("why.strong", {"shadow_stops": 0.6}, {"shadow_stops": 3.0}, {"softness": 0.1}, {"softness": 0.9}),
        ("why.left", {"ratio_stops": 1.4}, {"ratio_stops": 0.0}, {"is_sided": True}, {}),
        ("why.right", {"ratio_stops": -1.4}, {"ratio_stops": 0.0}, {"is_sided": True}, {}),
        ("why.glare", {"glare_frac": 0.2}, {"glare_frac": 0.0}, {"turn_deg": 15.0}, {}),
    ],
)  # fmt: skip
def test_the_measure_that_is_named_is_what_moves_the_look(why, with_it, without, better, worse) -> None:
    looks = [of("b", **better), of("a", **worse)]
    first = rank(SitterMeasures(**with_it), looks)[0]
    assert (first.name, first.why) == ("b", why)
    other = rank(SitterMeasures(**without), looks)
    assert next(s.score for s in other if s.name == "b") < first.score
    assert (other[0].name, other[0].why) != ("b", why)


def test_every_reason_of_the_packaged_looks_falls_away_with_its_measure() -> None:
    fields = {"why.hair": "hair", "why.clothes": "clothes", "why.colour": "clothes", "why.soft": "shadow_stops",
              "why.strong": "shadow_stops", "why.glare": "glare_frac"}  # fmt: skip
    for suggestion in rank(PLAIN, LOOKS):
        if suggestion.why in fields:
            blind = replace(PLAIN, **{fields[suggestion.why]: None})
            assert next(s for s in rank(blind, LOOKS) if s.name == suggestion.name).why != suggestion.why


def test_dark_hair_is_sent_from_the_dark_backdrop_to_the_light_one() -> None:
    assert place(PLAIN, "high-key") < place(PLAIN, "low-key")
    pale = replace(PLAIN, hair=PALE, clothes=PALE)
    assert place(pale, "low-key") < place(pale, "high-key")


colours = st.one_of(st.none(), st.tuples(st.floats(0, 100), st.floats(-60, 60), st.floats(-60, 60)))
sitters = st.builds(
    SitterMeasures, colours, colours, colours, st.one_of(st.none(), st.floats(0, 1)),
    st.one_of(st.none(), st.floats(-4, 4)), st.one_of(st.none(), st.floats(0, 5)), st.floats(-40, 40),
)  # fmt: skip


@given(sitters)
def test_the_mirrored_picture_gets_the_mirrored_advice(sitter: SitterMeasures) -> None:
    over = {"left": "right", "right": "left", "auto": "auto"}
    words = {"why.left": "why.right", "why.right": "why.left", "stance.turn_left": "stance.turn_right",
             "stance.turn_right": "stance.turn_left"}  # fmt: skip
    here, there = rank(sitter, LOOKS), rank(sitter.mirrored(), LOOKS)
    assert [(s.name, over[s.side], words.get(s.why or "", s.why)) for s in here] == [
        (s.name, s.side, s.why) for s in there
    ]
    assert words.get(stance(sitter) or "", stance(sitter)) == stance(sitter.mirrored())


@given(sitters, st.permutations(LOOKS))
def test_the_same_sitter_gets_the_same_order_however_looks_are_listed(sitter, shuffled) -> None:
    assert [s.name for s in rank(sitter, shuffled)] == [s.name for s in rank(sitter, LOOKS)]


def test_counts_break_ties_and_nothing_else() -> None:
    alike = [of("a"), of("b")]
    assert [s.name for s in rank(PLAIN, alike, {"b": 3})] == ["b", "a"]
    apart = [of("a", backdrop=(90.0, 0.0, 0.0)), of("b", backdrop=(15.0, 0.0, 0.0))]
    assert [s.name for s in rank(PLAIN, apart, {"b": 300})] == ["a", "b"]


def test_nothing_measured_nothing_said() -> None:
    assert {s.why for s in rank(SitterMeasures(), LOOKS)} == {None}
    assert stance(SitterMeasures()) is None


def test_one_odd_frame_does_not_change_the_measure() -> None:
    seen = [PLAIN, PLAIN, replace(PLAIN, ratio_stops=4.0), PLAIN, replace(PLAIN, hair=None)]
    assert settle(seen) == PLAIN
