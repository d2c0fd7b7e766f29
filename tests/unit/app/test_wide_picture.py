"""LinkedIn's background picture is developed once the portrait is kept, where there is a page to offer it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from booth.app import review as review_module
from booth.app.engine import Engine
from booth.config.params import Params
from booth.core.types import FrameAnalysis
from booth.delivery.delivery_service import DeliveryService
from booth.session.state_machine import Event, State
from booth.still.crop import LINKEDIN_PX
from booth.still.developer import Developed
from booth.still.record import EditRecord
from tests.rig.engine import an_engine, walk_to_review

RECORD = EditRecord("studio-grey", "loop", (), (), "", "", "composite", "headshot", (8, 10))


class FlatDeveloper:
    """Develops to a flat colour, wide where that is wanted."""

    def __init__(self, params: Params, *, is_set: bool = False) -> None:
        self._params = params

    def portrait(self, analysis: FrameAnalysis, look: object, *beside: object, is_wide: bool = False) -> Developed:
        width, height = LINKEDIN_PX if is_wide else (800, 1000)
        flat = np.full((height, width, 3), 90, np.uint8)
        return Developed(flat, flat, None, RECORD, self._params)

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setattr(review_module, "Developer", FlatDeveloper)
    with an_engine(tmp_path, develops=True) as (made, _):
        walk_to_review(made)
        yield made


@pytest.mark.parametrize("has_page", [True, False])
def test_it_is_made_where_there_is_a_page(engine: Engine, has_page: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Future[Developed] | None] = []
    keep = engine.portrait.service.keep_developed

    def keeps(portrait: Any, changes: Any, consent: Any, wide: Future[Developed] | None = None) -> Any:
        asked.append(wide)
        return keep(portrait, changes, consent, wide)

    monkeypatch.setattr(DeliveryService, "has_page", has_page)
    monkeypatch.setattr(engine.portrait.service, "keep_developed", keeps)
    engine.dispatch(Event.KEEP)
    assert engine.state is State.SHARE and len(asked) == 1
    if not has_page:
        assert asked == [None]
        return
    assert asked[0] is not None and asked[0].result(5).after.shape == (LINKEDIN_PX[1], LINKEDIN_PX[0], 3)


def test_one_that_has_not_begun_is_dropped_with_the_guest(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: Future[Developed] = Future()
    monkeypatch.setattr(engine.review, "_worker", type("Busy", (), {"submit": lambda *_: waiting})())
    assert engine.review.develop_wide() is waiting
    engine.review.drop()
    assert waiting.cancelled() and engine.review.develop_wide() is None
    monkeypatch.undo()
