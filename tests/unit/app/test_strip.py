"""Several shots on one sheet at the delivery: chosen by touches, kept beside the portrait, erased with it, wiped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from booth.app import review as review_module
from booth.app.engine import Engine
from booth.config.params import Params
from booth.core.types import FrameAnalysis
from booth.draw.scene import Signal
from booth.session.state_machine import Event, State
from booth.still.card import CARD_PX
from booth.still.developer import Developed
from booth.still.record import EditRecord
from tests.rig.engine import an_engine, turn_until, walk_to_review

RECORD = EditRecord("studio-grey", "loop", (), (), "", "", "composite", "headshot", (8, 10))


class FlatDeveloper:
    """Develops to a flat colour that tells the frame."""

    fails = False

    def __init__(self, params: Params, *, is_set: bool = False) -> None:
        self._params = params

    def portrait(self, analysis: FrameAnalysis, look: object, *beside: object) -> Developed:
        if self.fails:
            raise RuntimeError("no")
        flat = np.full((1000, 800, 3), analysis.frame.seq % 200, np.uint8)
        return Developed(flat, flat, None, RECORD, self._params)

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setattr(review_module, "Developer", FlatDeveloper)
    monkeypatch.setattr(FlatDeveloper, "fails", False)
    with an_engine(tmp_path, develops=True) as (made, _):
        walk_to_review(made)
        made.dispatch(Event.KEEP)
        assert made.state is State.SHARE
        yield made


def ask(engine: Engine, *asked: str) -> None:
    for what in asked:
        engine.signals.handle(Signal("ask", what))


def kept(engine: Engine) -> list[str]:
    return sorted(path.name for path in engine.portrait.folder.folder.iterdir())


def test_the_chosen_shots_are_kept_as_one_sheet_beside_the_portrait(engine: Engine) -> None:
    n = len(engine.review.thumbs)
    assert n >= 2 and engine.strip.is_offered and len(kept(engine)) == 1
    ask(engine, "strip")
    facts = engine.strip.facts(engine.portrait.flow.facts())
    assert facts.page == "strip" and facts.picked == tuple(range(min(n, 4)))
    for number in range(2, n):
        ask(engine, f"strip_pick:{number}")
    assert engine.strip.facts(engine.portrait.flow.facts()).picked == (0, 1)
    ask(engine, "strip_make")
    turn_until(engine, lambda: len(kept(engine)) == 2, 30)
    facts = engine.strip.facts(engine.portrait.flow.facts())
    assert facts.sheet is not None and facts.sheet.shape[1::-1] == CARD_PX
    assert facts.name == kept(engine)[1] and facts.page == "main" and not facts.may_strip


def test_one_shot_alone_makes_no_sheet_and_a_develop_that_fails_is_said(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(engine, "strip", *(f"strip_pick:{number}" for number in range(1, len(engine.review.thumbs))), "strip_make")
    assert not engine.strip.facts(engine.portrait.flow.facts()).is_making
    monkeypatch.setattr(FlatDeveloper, "fails", True)
    ask(engine, "strip_pick:1", "strip_make")
    turn_until(engine, lambda: "fault_text.develop" in engine.strip.facts(engine.portrait.flow.facts()).status, 30)
    assert len(kept(engine)) == 1 and engine.state is State.SHARE


@pytest.mark.long
def test_erasing_the_sheet_erases_the_portrait_too(engine: Engine) -> None:
    ask(engine, "strip", "strip_make")
    turn_until(engine, lambda: len(kept(engine)) == 2, 30)
    ask(engine, "erase", "erase_yes")
    assert kept(engine) == []


def test_nothing_of_the_sheet_is_held_after_the_guest_has_left(engine: Engine) -> None:
    ask(engine, "strip", "strip_make")
    turn_until(engine, lambda: len(kept(engine)) == 2, 30)
    engine.dispatch(Event.DELIVERED)
    turn_until(engine, lambda: engine.state is State.ATTRACT, 60)
    assert engine.strip._sheet is None and engine.strip._pending is None and engine.strip._first is None
