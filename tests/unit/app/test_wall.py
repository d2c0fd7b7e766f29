"""The look wall: six looks in turn, two side by side, and nothing left of the last guest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from booth.app.look_grid import PAGE, RANKS_WITHIN_S, LookGrid
from booth.core.types import FrameAnalysis
from booth.looks.look import load_look, look_names
from tests.kiosk_views import an_analysis

LOOKS = tuple(load_look(name) for name in look_names())


def a_wall() -> LookGrid:
    return LookGrid(LOOKS, load_look("navy"))


def a_shown_wall() -> LookGrid:
    wall = a_wall()
    wall.rank(tuple(reversed(LOOKS)), "navy")
    wall.show(an_analysis())
    return wall


def at(t_s: float) -> FrameAnalysis:
    seen = an_analysis()
    return replace(seen, frame=replace(seen.frame, t_s=t_s))


def test_nothing_is_shown_until_the_looks_are_ranked() -> None:
    wall = a_wall()
    wall.show(at(0.0))
    assert wall.tiles == ()
    wall.rank(tuple(reversed(LOOKS)), "navy")
    wall.show(at(0.1))
    assert [tile.name for tile in wall.tiles] == ["navy", *(k.name for k in reversed(LOOKS) if k.name != "navy")][:PAGE]
    assert all(tile.picture is not None for tile in wall.tiles)


def test_who_cannot_be_measured_gets_the_looks_as_they_are_and_no_order_later() -> None:
    wall = a_wall()
    wall.show(at(0.0))
    wall.show(at(RANKS_WITHIN_S))
    before = [tile.name for tile in wall.tiles]
    assert len(before) == PAGE and not wall.wants_ranking
    wall.rank(tuple(reversed(LOOKS)), "navy")
    wall.show(at(RANKS_WITHIN_S + 0.1))
    assert [tile.name for tile in wall.tiles] == before


def test_no_tile_is_ever_blank_once_the_wall_is_shown() -> None:
    wall = a_shown_wall()
    turns = (
        lambda: wall.show_page(1),
        lambda: wall.show_pair("on", "navy"),
        lambda: wall.show_pair("off", "navy"),
    )
    for turn in turns:
        turn()
        assert all(tile.picture is not None for tile in wall.tiles), "the page before stands until the next is whole"
        wall.show(an_analysis())
        assert all(tile.picture is not None for tile in wall.tiles)


def test_the_wall_shows_what_is_worn() -> None:
    wall = a_wall()
    wall.rank(LOOKS, "navy")
    red = np.zeros((2, 2, 3), np.uint8)
    wall.show(an_analysis(), lambda analysis, developed: red)
    assert all(tile.picture is not None and tile.picture.shape == red.shape for tile in wall.tiles)


def test_every_tile_is_renewed_once_in_three_sights() -> None:
    wall = a_shown_wall()
    before = [tile.picture for tile in wall.tiles]
    for _ in range(3):
        wall.show(an_analysis())
    assert all(tile.picture is not old for tile, old in zip(wall.tiles, before, strict=True))


def test_two_side_by_side_are_the_worn_look_and_another_and_never_the_same_twice() -> None:
    wall = a_shown_wall()

    def names(choice: str) -> list[str]:
        wall.show_pair(choice, "navy")
        wall.show(an_analysis())
        return [tile.name for tile in wall.tiles]

    left, right = names("on")
    assert left == "navy" != right
    assert names("1:navy") == [left, right]
    assert names("1:silver") == ["navy", "silver"]
    assert names("0:no-such-look") == ["navy", "silver"]
    assert len(names("off")) == PAGE


def test_a_wiped_wall_holds_no_picture_and_ranks_anew() -> None:
    wall = a_shown_wall()
    wall.show_pair("on", "navy")
    wall.show(an_analysis())
    wall.reset()
    assert not wall.is_pair
    assert wall.tiles == () and wall.wants_ranking and not wall._pictures
