"""Frames between two measured ones: faces go on as they moved, nobody is judged by them, and none is invented."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from booth.config.params import load_params
from booth.core.types import Frame, FrameAnalysis
from booth.perception.between_frames import GAP_S, BetweenFrames
from booth.perception.face_finder import FaceFinder
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.perception.person_measures import PersonMeasures
from tests.unit.light.sitters import a_face

SIZE = (320, 240)


def a_frame(t_s: float, size: tuple[int, int] = SIZE) -> Frame:
    rgb = np.zeros((size[1], size[0], 3), np.uint8)
    return Frame(round(t_s * 30), t_s, rgb, rgb)


def seen(t_s: float, shift: float = 0.0) -> FrameAnalysis:
    return FrameAnalysis(a_frame(t_s), (a_face().moved(shift, 0),), None)


def middle(analysis: FrameAnalysis) -> float:
    assert analysis.sitter is not None
    return float(analysis.sitter.landmarks[:, 0].mean())


def test_a_face_that_moves_goes_on_at_its_pace():
    between = BetweenFrames()
    between.measured(seen(0.0))
    last = between.measured(seen(2 / 30, shift=0.02))
    carried = between.carried(a_frame(3 / 30))
    assert carried is not None and carried.is_between and carried.frame.t_s == 3 / 30
    assert middle(carried) == pytest.approx(middle(last) + 0.01, abs=1e-5)
    assert carried.sitter.box.x0 == pytest.approx(last.sitter.box.x0 + 0.01)
    assert carried.matte is None


@pytest.mark.parametrize(("first_s", "shift"), [(-GAP_S, 0.02), (0.0, 0.3)])
def test_after_a_gap_or_a_jump_it_stays_where_it_was(first_s: float, shift: float):
    between = BetweenFrames()
    between.measured(seen(first_s))
    last = between.measured(seen(2 / 30, shift=shift))
    assert middle(between.carried(a_frame(3 / 30))) == middle(last)


def test_nothing_is_carried_from_another_size_or_after_a_reset():
    between = BetweenFrames()
    between.measured(seen(0.0))
    assert between.carried(a_frame(1 / 30, (640, 480))) is None
    between.reset()
    assert between.carried(a_frame(1 / 30)) is None


class Finder:
    """A tracker that finds the same face in every frame it is asked about."""

    def __init__(self) -> None:
        self.faces, self.asked = (a_face(),), []

    def find(self, rgb, t_s=0.0):
        self.asked.append(round(t_s * 30))
        return self.faces

    def close(self) -> None:
        pass


@pytest.fixture
def analyzer(monkeypatch):
    monkeypatch.setattr(FaceFinder, "_make_tracker", lambda self: Finder())
    monkeypatch.setattr(FrameAnalyzer, "_make_reader", lambda self: None)
    monkeypatch.setattr(PersonMeasures, "is_believed", lambda self, cover, t_s: True)
    with FrameAnalyzer(load_params(), matte=False) as made:
        yield made


def test_a_late_booth_looks_for_faces_in_every_second_frame(analyzer):
    analyzer.finder.track_every_n = 2
    found = [analyzer.analyze(a_frame(n / 30)) for n in range(9)]
    assert [f.is_between for f in found[1:]] == [False, True] * 4  # the first has nobody to carry
    assert all(f.faces for f in found)
    assert len(analyzer.finder._tracker.asked) == 9 - 4
    analyzer.finder.track_every_n = 1
    assert not any(analyzer.analyze(a_frame(n / 30)).is_between for n in range(9, 14))


def test_a_later_booth_looks_in_every_third_and_the_network_once_in_between(analyzer, monkeypatch):
    analyzer.finder.track_every_n, rests = 3, []
    analyzer.set_quality(2)
    monkeypatch.setattr(FrameAnalyzer, "_see_matte", lambda self, *args: rests.append(args[-1]))
    found = [analyzer.analyze(a_frame(n / 30)) for n in range(9)]
    assert [f.is_between for f in found] == [False, True, False, True, True, False, True, True, False]
    assert rests[2:] == [True, False, True] * 2 + [True]


def test_where_nobody_was_found_everybody_is_looked_for(analyzer):
    analyzer.finder.track_every_n = 2
    analyzer.finder._tracker.faces = ()
    assert not any(analyzer.analyze(a_frame(n / 30)).is_between for n in range(6))


def test_a_frame_is_looked_at_after_all_where_the_sitter_was_forgotten_meanwhile(analyzer):
    analyzer.finder.track_every_n = 2
    for n in range(3):
        analyzer.analyze(a_frame(n / 30))
    tracked = [analyzer.track(a_frame(n / 30)) for n in (3, 4)]
    between = next(t for t in tracked if t.is_between)
    analyzer.reset()  # another guest: the frame was under way
    seen_now = analyzer.analyze_tracked(replace(between))
    assert not seen_now.is_between and seen_now.faces


def test_a_thread_that_comes_back_when_all_is_closed_finds_nobody():
    analyzer = FrameAnalyzer(load_params(), matte=False)
    analyzer.close()
    assert analyzer.track(a_frame(0.0)).found == ()  # the library ends the process where a model is used after its end
