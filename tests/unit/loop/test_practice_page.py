"""The printed page says what was measured, on the sitter's own side, and loads nothing."""

from __future__ import annotations

import pytest

from booth.practice_page import Place, hints, html


@pytest.mark.parametrize(
    ("place", "word"),
    [
        (Place(ratio_stops=2.0), "from your left (2.0 stops). Turn"),
        (Place(ratio_stops=-0.9), "from your right (0.9 stops). Keep"),
        (Place(backlight_stops=2.5), "behind you (2.5 stops)"),
        (Place(level=0.01), "dim"),
        (Place(eye_line=0.2), "Raise the laptop"),
        (Place(eye_line=0.7), "Lower the screen"),
        (Place(head_share=0.7), "Move back"),
        (Place(), "All is well placed"),
    ],
)
def test_each_measure_has_its_hint(place: Place, word: str) -> None:
    assert word in hints(place)[0]


def test_the_page_stands_by_itself_and_is_mirrored_with_the_room() -> None:
    left, right = html(Place(ratio_stops=2.0)), html(Place(ratio_stops=-2.0))
    assert "http" not in left
    assert 'cx="134"' in left
    assert 'cx="306"' in right
