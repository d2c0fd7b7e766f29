"""Looks: every packaged one reads, extends, and says what is wrong with a broken one."""

from __future__ import annotations

from pathlib import Path

import pytest

from booth.core.faults import Fault
from booth.looks.grade import Grade, colour_matrix, tone_table
from booth.looks.light.light_spec import LIGHTS
from booth.looks.look import load_look, look_names


def test_every_packaged_look_reads_and_says_what_it_is_for() -> None:
    for name in look_names():
        look = load_look(name)
        assert look.title
        assert look.purpose.endswith(".")
        assert look.light.name in LIGHTS or (look.has_place and look.light.name == "place" and look.light.lamps)


def test_there_are_at_least_sixteen_finished_looks() -> None:
    assert len([n for n in look_names() if load_look(n).group != "real"]) >= 16


def test_a_look_extends_another_and_changes_only_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('extends = "studio-grey"\ntitle = "Mine"\n[light]\nname = "split"\n')
    mine, base = load_look("mine", (tmp_path,)), load_look("studio-grey")
    assert (mine.title, mine.light.name) == ("Mine", "split")
    assert mine.light.strength == base.light.strength
    assert mine.backdrop == base.backdrop


def test_another_kind_of_backdrop_replaces_the_bases_whole(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('extends = "studio-grey"\n[backdrop]\nkind = "highkey"\n')
    assert type(load_look("mine", (tmp_path,)).backdrop).__name__ == "HighKey"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('extends = "mine"\n', "look.loop"),
        ("title = 3\n", "look.key"),
        ("[light]\n", "look.key"),
        ("[light\n", "look.broken"),
        ('title = "x"\npurpose = "y."\n[backdrop]\nkind = "velvet"\n', "look.key"),
        ('title = "x"\npurpose = "y."\n[light]\nname = "moon"\n', "light.unknown"),
        ('title = "x"\npurpose = "y."\n[light]\nstrength = 9\n', "look.key"),
        ('title = "x"\npurpose = "y."\n[[light.lamps]]\nel_deg = 200\n', "look.key"),
    ],
)
def test_what_is_wrong_with_a_look_is_told(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(Fault) as caught:
        load_look("mine", (tmp_path,))
    assert caught.value.code == code


def test_an_unknown_look_names_the_near_ones() -> None:
    with pytest.raises(Fault) as caught:
        load_look("studio-gray")
    assert "studio-grey" in caught.value.hint


def test_a_plain_grade_changes_nothing() -> None:
    table = tone_table(Grade())
    assert abs(table[:, 0] - table[:, 2]).max() == 0
    assert table[0, 0] == 0
    assert table[-1, 0] == 1
    assert abs(table[:, 1] - [i / 1023 for i in range(1024)]).max() < 1e-4
    assert abs(colour_matrix(Grade()) - [[1, 0, 0], [0, 1, 0], [0, 0, 1]]).max() < 1e-6


def test_no_grade_ever_turns_tones_round() -> None:
    for name in look_names():
        table = tone_table(load_look(name).grade)
        assert (table[1:] >= table[:-1]).all()


def test_black_and_white_is_without_colour() -> None:
    matrix = colour_matrix(load_look("silver").grade)
    assert abs(matrix - matrix[0]).max() < 1e-6
