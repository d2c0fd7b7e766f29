"""The look wall: six looks in turn, two side by side, and nothing left of the last guest."""

from __future__ import annotations

from booth.app.look_grid import PAGE, LookGrid
from booth.looks.look import load_look, look_names
from tests.kiosk_views import an_analysis

LOOKS = tuple(load_look(name) for name in look_names())


def a_wall() -> LookGrid:
    return LookGrid(LOOKS, load_look("navy"))


def test_every_tile_is_renewed_once_in_three_sights() -> None:
    wall = a_wall()
    for _ in range(3):
        wall.show(an_analysis())
    assert len(wall.tiles) == PAGE
    assert all(tile.picture is not None for tile in wall.tiles)


def test_two_side_by_side_are_the_worn_look_and_another_and_never_the_same_twice() -> None:
    wall = a_wall()
    wall.show_pair("on", "navy")
    left, right = (tile.name for tile in wall.tiles)
    assert left == "navy" != right
    wall.show_pair("1:navy", "navy")
    assert tuple(tile.name for tile in wall.tiles) == (left, right)
    wall.show_pair("1:silver", "navy")
    assert [tile.name for tile in wall.tiles] == ["navy", "silver"]
    wall.show_pair("0:no-such-look", "navy")
    assert [tile.name for tile in wall.tiles] == ["navy", "silver"]
    wall.show_pair("off", "navy")
    assert len(wall.tiles) == PAGE


def test_a_wiped_wall_holds_no_picture() -> None:
    wall = a_wall()
    wall.show_pair("on", "navy")
    wall.show(an_analysis())
    wall.reset()
    assert not wall.is_pair
    assert all(tile.picture is None for tile in wall.tiles)


def test_what_suits_comes_second_for_the_worn_look_stays_where_its_frame_is() -> None:
    wall = a_wall()
    wall.rank(tuple(reversed(LOOKS)), "navy")
    names = [tile.name for tile in wall.tiles]
    assert names[0] == "navy"
    assert names[1] == LOOKS[-1].name
    assert len(set(names)) == PAGE


def test_no_tile_moves_under_a_guest_who_has_begun_to_choose() -> None:
    for begun in (lambda w: w.show_page(1), lambda w: w.show_pair("on", "navy")):
        wall = a_wall()
        begun(wall)
        before = [tile.name for tile in wall.tiles]
        wall.rank(tuple(reversed(LOOKS)), "navy")
        assert [tile.name for tile in wall.tiles] == before
    wall = a_wall()
    before = [tile.name for tile in wall.tiles]
    wall.rank(tuple(reversed(LOOKS)), before[3])
    assert [tile.name for tile in wall.tiles] == before
