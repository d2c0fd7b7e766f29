"""The table of a session's life: every state ends, leaving always works, home lies behind the wipe."""

from __future__ import annotations

from booth.config.params import Params
from booth.session.state_machine import HOLDS_PIXELS, NEXT, Event, State, limit_s, mermaid, step

ANSWERS = {State.WIPE: Event.WIPED}  # what the booth itself answers when nobody does anything


def test_no_state_is_without_a_time_limit() -> None:
    for state in State:
        assert 0 < limit_s(state, Params()) <= 600
        assert (state, Event.TIMEOUT) in NEXT


def test_time_alone_leads_everyone_home_through_the_wipe() -> None:
    for state in State:
        now, seen = state, [state]
        for _ in range(12):
            now = step(now, ANSWERS.get(now, Event.TIMEOUT))
            seen.append(now)
            if now is State.ATTRACT:
                break
        assert now is State.ATTRACT
        assert state is State.ATTRACT or State.WIPE in seen


def test_leaving_is_one_step_from_anywhere() -> None:
    for state in sorted(HOLDS_PIXELS | {State.CONSENT, State.FAULT, State.OPERATOR}):
        assert step(state, Event.LEAVE) is State.WIPE


def test_only_the_wipe_opens_the_door_to_the_next_guest() -> None:
    before = {state for (state, _), after in NEXT.items() if after is State.ATTRACT and state is not State.ATTRACT}
    assert before == {State.WIPE}


def test_pictures_begin_only_behind_a_yes() -> None:
    outside = set(State) - HOLDS_PIXELS - {State.FAULT, State.OPERATOR, State.WIPE}
    ways_in = {(s, e) for (s, e), after in NEXT.items() if s in outside and after in HOLDS_PIXELS - {State.GOODBYE}}
    assert ways_in == {(State.CONSENT, Event.AGREE), (State.CONSENT, Event.CAMERA_ONLY)}


def test_a_guest_goes_the_whole_way() -> None:
    state = State.ATTRACT
    for event in (Event.START, Event.AGREE, Event.CHOSEN, Event.HOLD_BEGUN, Event.SHOT, Event.DEVELOPED, Event.KEEP,
                  Event.DELIVERED, Event.TIMEOUT, Event.WIPED):  # fmt: skip
        after = step(state, event)
        assert after is not state, f"{event} meant nothing in {state}"
        state = after
    assert state is State.ATTRACT


def test_a_camera_that_comes_back_gives_the_same_guest_their_session_back() -> None:
    assert step(State.COACH, Event.FAULT) is State.FAULT
    assert step(State.FAULT, Event.RECOVERED, State.HOLD) is State.COACH
    assert step(State.FAULT, Event.RECOVERED, State.REVIEW) is State.REVIEW


def test_a_fault_without_a_session_starts_over_through_the_wipe() -> None:
    assert step(State.FAULT, Event.RECOVERED) is State.WIPE


def test_what_cannot_be_erased_keeps_the_booth_shut() -> None:
    assert step(State.WIPE, Event.TIMEOUT) is State.FAULT
    assert step(State.WIPE, Event.START) is State.WIPE


def test_an_event_without_meaning_changes_nothing() -> None:
    assert step(State.ATTRACT, Event.KEEP) is State.ATTRACT


def test_the_diagram_names_every_state() -> None:
    drawn = mermaid()
    assert drawn.startswith("stateDiagram-v2")
    assert all(state.value in drawn for state in State)
