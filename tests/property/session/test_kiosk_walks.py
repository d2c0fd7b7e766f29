"""Random walks through the booth: pixels only behind a yes, home only through the wipe, leaving always."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from booth.core.types import Shot
from booth.session.session import ConsentRecord, Session
from booth.session.state_machine import HOLDS_PIXELS, Event, State, step
from tests.kiosk_views import an_analysis

YES = {Event.AGREE: True, Event.CAMERA_ONLY: False}
walks = st.lists(st.sampled_from(list(Event)), max_size=60)


class Guestbook:
    """The least app there can be: opens a session on a yes, keeps a shot where one is taken, wipes on WIPE."""

    def __init__(self, root: Path) -> None:
        self.root, self.state, self.session = root, State.ATTRACT, None
        self.fault_in: State | None = None
        self.passed: list[State] = [State.ATTRACT]

    def happen(self, event: Event) -> None:
        before, self.state = self.state, step(self.state, event, self.fault_in if self.session else None)
        self.passed.append(self.state)
        if before is State.CONSENT and event in YES:
            consent = ConsentRecord("2026-01-01T00:00:00+00:00", "en", "1", YES[event], "", "delete")
            self.session = Session.open(consent, self.root)
        if event is Event.FAULT and self.state is State.FAULT and before is not State.FAULT:
            self.fault_in = before
        if self.state is State.DEVELOP and before is not State.DEVELOP and self.session is not None:
            self.session.keep(Shot(an_analysis(), 0.5, "studio-grey", ()))
        if self.state is State.WIPE and self.session is not None:
            self.session.wipe()
            self.session = None

    @property
    def pixels(self) -> int:
        return len(self.session.shots) if self.session is not None else 0


@settings(max_examples=150, deadline=None)
@given(walks)
def test_guest_pixels_live_only_between_a_yes_and_the_wipe(walk: list[Event]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = Guestbook(Path(folder))
        for event in walk:
            book.happen(event)
            if book.pixels:
                assert book.state in HOLDS_PIXELS | {State.FAULT, State.OPERATOR}
            if book.state in (State.ATTRACT, State.WIPE):
                assert book.session is None
                assert list(Path(folder).iterdir()) == []
        book.happen(Event.LEAVE)
        if book.session is not None:
            book.session.wipe()


@given(walks)
def test_every_way_home_passes_the_wipe(walk: list[Event]) -> None:
    now = State.ATTRACT
    for event in walk:
        before, now = now, step(now, event)
        if now is State.ATTRACT and before is not State.ATTRACT:
            assert before is State.WIPE


@given(walks)
def test_from_anywhere_leaving_and_wiping_lead_home(walk: list[Event]) -> None:
    now = State.ATTRACT
    for event in walk:
        now = step(now, event)
    for event in (Event.LEAVE, Event.WIPED):
        now = step(now, event)
    assert now is State.ATTRACT


@given(walks, st.sampled_from(list(State)))
def test_a_session_is_never_resumed_into_a_page_it_was_not_on(walk: list[Event], fault_in: State) -> None:
    after = step(State.FAULT, Event.RECOVERED, fault_in)
    assert after in (fault_in, State.COACH, State.WIPE)
    if fault_in not in HOLDS_PIXELS | {State.CONSENT}:
        assert after is State.WIPE
