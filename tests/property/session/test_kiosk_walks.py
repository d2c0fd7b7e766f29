"""Random walks through the booth's own engine: pixels only behind a yes, home only through the wipe, leaving always."""

from __future__ import annotations

import gc
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from booth.session.state_machine import HOLDS_PIXELS, Event, State, step
from tests.rig.engine import an_engine

GUESTS = [event for event in Event if event not in (Event.WIPED, Event.FAULT)]
events = st.lists(st.sampled_from(list(Event)), max_size=60)
visits = st.lists(st.tuples(st.sampled_from(GUESTS), st.integers(0, 6)), max_size=14)


@settings(max_examples=6, deadline=None)
@given(visits)
def test_guest_pixels_live_only_between_a_yes_and_the_wipe(walk: list[tuple[Event, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, an_engine(Path(folder)) as (engine, numbers):
        for event, n_frames in walk:
            engine.signals.handle_event(event)
            for _ in range(n_frames):
                engine.step()
            if engine.visit.session is not None:
                assert engine.state in HOLDS_PIXELS | {State.FAULT, State.OPERATOR}
            if engine.state is State.ATTRACT:
                assert engine.visit.session is None
                assert list((Path(folder) / "sessions").glob("session-*")) == []
        engine.dispatch(Event.LEAVE)
        engine.step()
        gc.collect()
        if engine.state is State.ATTRACT:
            assert sum(ref() is not None for ref in numbers.pixels) <= 2
        else:
            assert engine.state is State.WIPE


@given(events)
def test_every_way_home_passes_the_wipe(walk: list[Event]) -> None:
    now = State.ATTRACT
    for event in walk:
        before, now = now, step(now, event)
        if now is State.ATTRACT and before is not State.ATTRACT:
            assert before is State.WIPE


@given(events)
def test_from_anywhere_leaving_and_wiping_lead_home(walk: list[Event]) -> None:
    now = State.ATTRACT
    for event in walk:
        now = step(now, event)
    for event in (Event.LEAVE, Event.WIPED):
        now = step(now, event)
    assert now is State.ATTRACT


@given(events, st.sampled_from(list(State)))
def test_a_session_is_never_resumed_into_a_page_it_was_not_on(walk: list[Event], fault_in: State) -> None:
    after = step(State.FAULT, Event.RECOVERED, fault_in)
    assert after in (fault_in, State.COACH, State.WIPE)
    if fault_in not in HOLDS_PIXELS | {State.CONSENT}:
        assert after is State.WIPE
