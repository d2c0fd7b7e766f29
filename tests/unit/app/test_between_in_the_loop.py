"""A frame between two measured ones is shown and never judged: the sentence stays, and nothing is taken of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from booth.core.types import Frame, FrameAnalysis
from booth.session.state_machine import Event, State
from tests.rig.engine import Numbers, an_engine, walk_to_review


class EverySecond(Numbers):
    """A late booth: every second frame is carried on from the one before."""

    def analyze(self, frame: Frame) -> FrameAnalysis:
        return replace(super().analyze(frame), is_between=frame.seq % 2 == 1)


def test_a_portrait_is_taken_of_a_measured_frame_and_the_others_are_only_shown(tmp_path: Path) -> None:
    with an_engine(tmp_path, EverySecond()) as (engine, _):
        judged: list[int] = []
        controller = engine.portrait.capture_controller
        step = controller.step
        controller.step = lambda analysis: judged.append(analysis.frame.seq) or step(analysis)  # type: ignore
        walk_to_review(engine)
        assert judged and not any(seq % 2 for seq in judged)
        assert engine.state is State.REVIEW


def test_the_sentence_stays_while_such_a_frame_is_shown(tmp_path: Path) -> None:
    with an_engine(tmp_path, EverySecond()) as (engine, _):
        told = [(done.analysis.is_between, done.guidance is None, held) for done, held in _steps_in_coach(engine)]
        assert {(True, True, True), (False, False, True)} == set(told)


def _steps_in_coach(engine):
    """Return each step while coached, and whether a guidance is on view after it."""
    for event in (Event.START, Event.AGREE, Event.CHOSEN):
        engine.step()
        engine.dispatch(event)
    engine.step()
    engine.step()
    seen = []
    while engine.state is State.COACH and len(seen) < 8:
        done = engine.step()
        seen.append((done, engine.shown.guidance is not None))
    return seen[:-1]
