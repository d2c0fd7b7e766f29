"""The printed page says what was measured, on the sitter's own side, and loads nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from booth.cli.practice import practice
from booth.core.faults import Fault
from booth.diagnostics.practice_page import PracticePlan, hints, html


@pytest.mark.parametrize(
    ("place", "word"),
    [
        (PracticePlan(ratio_stops=2.0), "from your left (2.0 stops). Turn"),
        (PracticePlan(ratio_stops=-0.9), "from your right (0.9 stops). Keep"),
        (PracticePlan(backlight_stops=2.5), "behind you (2.5 stops)"),
        (PracticePlan(level=0.01), "dim"),
        (PracticePlan(eye_line=0.2), "Raise the laptop"),
        (PracticePlan(eye_line=0.7), "Lower the screen"),
        (PracticePlan(head_share=0.7), "Move back"),
        (PracticePlan(), "All is well placed"),
    ],
)
def test_each_measure_has_its_hint(place: PracticePlan, word: str) -> None:
    assert word in hints(place)[0]


def test_the_page_stands_by_itself_and_is_mirrored_with_the_room() -> None:
    left, right = html(PracticePlan(ratio_stops=2.0)), html(PracticePlan(ratio_stops=-2.0))
    assert "http" not in left
    assert 'cx="134"' in left
    assert 'cx="306"' in right


def test_the_demo_sitters_room_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(Fault) as refused:
        practice(tmp_path / "page.html", source="demo")
    assert refused.value.code == "practice.demo" and "camera" in refused.value.message
    assert not (tmp_path / "page.html").exists()
