"""What a guest leaves in memory is named: no line of the program and no type of object grows with every visit."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from booth.app.engine import Engine
from booth.config.params import Params
from booth.config.params.deliver import DeliverParams
from booth.session.state_machine import Event, State
from tests.rig.engine import an_engine, turn_until, walk_to_review
from tests.rig.growth import Held, grown, held

WARM, VISITS, MOMENTS = 1, 2, 3  # guests before anything counts, and between two of so many moments
LINE_BYTES = 20_000  # between two moments: a single small picture has more
SMALL = Params(deliver=DeliverParams(min_height_px=0))  # what is proven is not the portrait's pixels


@pytest.fixture
def tracing() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def visit(engine: Engine) -> None:
    """One guest: coached, a picture taken, kept and handed over."""
    walk_to_review(engine)
    engine.review.use_mirror_picture()
    engine.dispatch(Event.KEEP)
    for event in (Event.DELIVERED, Event.LEAVE):
        engine.step()
        engine.dispatch(event)
    turn_until(engine, lambda: engine.state is State.ATTRACT, 30)


@pytest.mark.long
def test_no_line_and_no_type_grows_from_guest_to_guest(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with an_engine(tmp_path, params=SMALL) as (engine, numbers):
        for _ in range(WARM):
            visit(engine)
        request.getfixturevalue("tracing")
        moments: list[Held] = []
        for _ in range(MOMENTS):
            for _ in range(VISITS if moments else 0):
                visit(engine)
            numbers.pixels.clear()  # the test's own list
            moments.append(held())
        assert grown(moments, line_bytes=LINE_BYTES) == []
        assert engine.n_kept == WARM + VISITS * (MOMENTS - 1)


class Left:
    """What a visit might leave behind."""


def test_what_grows_each_time_is_named_and_what_grew_once_is_not(
    tracing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Left, "__module__", "booth.left")
    moments, hoard = [held()], []
    once = bytearray(9 * LINE_BYTES)
    for _ in range(MOMENTS - 1):
        hoard.append((bytearray(2 * LINE_BYTES), Left()))
        moments.append(held())
    told = grown(moments, line_bytes=LINE_BYTES)
    assert len(told) == 2, told
    kind, line = told
    assert line.startswith("tests/unit/app/test_growth.py:") and "bytes more" in line
    assert kind == "at least 1 more objects of booth.left.Left each time"
    assert grown(moments, line_bytes=len(once)) == [kind]
