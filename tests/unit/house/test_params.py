"""Profiles: read, extended, and wrong in every way an operator can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from booth.config.params import load_params, profile_names
from booth.core.faults import Fault


def test_every_packaged_profile_reads_and_differs() -> None:
    assert {"event", "office", "home"} <= set(profile_names())
    digests = {load_params(name).digest for name in profile_names()}
    assert len(digests) == len(profile_names())


def test_a_profile_extends_a_packaged_one_and_says_only_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('extends = "office"\nname = "mine"\n[capture]\nrotate_deg = 90\n')
    mine, office = load_params(path), load_params("office")
    assert mine.capture.rotate_deg == 90
    assert mine.guidance == office.guidance


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("[capture]\nwidth_px = 3\n", "profile.key", "width_px"),
        ("[capture]\nwidht_px = 1280\n", "profile.key", "widht_px"),
        ("[capture\n", "profile.broken", "line 1"),
        ('extends = "nobody"\n', "profile.missing", "nobody"),
    ],
)
def test_a_broken_profile_names_the_key(tmp_path: Path, text: str, code: str, words: str) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(text)
    with pytest.raises(Fault) as caught:
        load_params(path)
    assert caught.value.code == code
    assert words in caught.value.message
    assert caught.value.hint


def test_the_line_of_a_wrong_value_is_told(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("name = 'x'\n\n[capture]\nfps = 30\nwidth_px = 3\n")
    with pytest.raises(Fault, match="line 5"):
        load_params(path)


def test_a_profile_that_extends_itself_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "round.toml"
    path.write_text(f'extends = "{path}"\n')
    with pytest.raises(Fault) as caught:
        load_params(path)
    assert caught.value.code == "profile.loop"


def test_an_unknown_profile_names_the_near_one() -> None:
    with pytest.raises(Fault) as caught:
        load_params("ofice")
    assert "office" in caught.value.hint
