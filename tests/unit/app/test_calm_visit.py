"""A visit that waits and takes back: touches start a page's minute anew, deleting and leaving can be undone."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from booth.app.engine import Engine
from booth.app.guest_script import CoachedGuest
from booth.app.screen import NoScreen, ScriptedScreen
from booth.draw.scene import Signal
from booth.session.state_machine import Event, State
from booth.session.view import ASKS_S, View
from tests.rig.engine import Numbers, an_engine, turn_until


class Touched(NoScreen):
    """A screen that remembers its last view, and may be touched."""

    is_drawn = True
    view: View | None = None
    touches = False

    def was_touched(self) -> bool:
        return self.touches

    def draw(self, view: View) -> None:
        self.view = view


def to_review(engine: Engine) -> None:
    turn_until(engine, lambda: engine.state is State.REVIEW, 30)
    engine.screen.stop_script()  # type: ignore[attr-defined]


def stay(engine: Engine, seconds: float) -> None:
    began_s = engine.clock.now_s()
    while engine.clock.now_s() - began_s < seconds:
        engine.step()


def coached(touched: Touched) -> ScriptedScreen:
    return ScriptedScreen(touched, CoachedGuest())


def test_a_review_does_not_run_out_under_a_finger_and_asks_before_it_ends(tmp_path: Path) -> None:
    touched = Touched()
    with an_engine(tmp_path, screen=coached(touched)) as (engine, _):
        to_review(engine)
        limit_s = engine.params.review.limit_s
        for _ in range(3):
            stay(engine, 0.8 * limit_s)
            touched.touches = True
            engine.step()
            touched.touches = False
        assert engine.state is State.REVIEW, "touched every 48 s it stays"
        stay(engine, limit_s - ASKS_S - 1)
        assert touched.view is not None and not touched.view.is_running_out
        stay(engine, 2)
        assert touched.view.is_running_out
        stay(engine, ASKS_S)
        assert engine.state is State.GOODBYE


@pytest.mark.parametrize("event", [Event.DELETE, Event.WITHDRAW])
def test_five_seconds_take_it_back_with_every_pixel(tmp_path: Path, event: Event) -> None:
    touched = Touched()
    with an_engine(tmp_path, screen=coached(touched)) as (engine, _):
        to_review(engine)
        stay(engine, 2.0)  # the shot's other frames are shown one a turn
        thumbs = engine.review.thumbs
        engine.signals.handle_event(event)
        stay(engine, 4.0)
        assert engine.state is State.UNDO and touched.view is not None and touched.view.picture is None
        engine.signals.handle_event(Event.UNDO)
        engine.step()
        assert engine.state is State.REVIEW and engine.review.thumbs == thumbs
        assert engine.visit.session is not None and engine.visit.session.shots


def test_after_five_seconds_nothing_is_left(tmp_path: Path) -> None:
    with an_engine(tmp_path, screen=coached(Touched())) as (engine, numbers):
        to_review(engine)
        engine.signals.handle_event(Event.DELETE)
        took_s = turn_until(engine, lambda: engine.state is not State.UNDO, 6)
        assert took_s == pytest.approx(engine.params.kiosk.undo_s, abs=0.2)
        assert engine.state is State.GOODBYE and engine.shown.outcome == "deleted" and engine.visit.session is None
        engine.dispatch(Event.UNDO)
        assert engine.state is State.GOODBYE, "too late"
        engine.dispatch(Event.LEAVE)
        engine.step()
        gc.collect()
        assert sum(ref() is not None for ref in numbers.pixels) <= 2


@pytest.mark.parametrize("page", [State.TRY, State.DRESS, State.PRACTICE, State.COACH])
def test_leaving_can_be_taken_back_on_every_page_of_a_session(tmp_path: Path, page: State) -> None:
    way = {State.DRESS: Event.DRESS_UP, State.PRACTICE: Event.PRACTISE, State.COACH: Event.CHOSEN}
    with an_engine(tmp_path) as (engine, _):
        events = [Event.START, Event.AGREE] + ([way[page]] if page in way else [])
        for event in (*events, Event.WITHDRAW):
            engine.signals.handle_event(event)
            engine.step()
        assert engine.state is State.UNDO
        engine.signals.handle_event(Event.UNDO)
        assert engine.state is page


def test_before_a_yes_leaving_needs_no_undo(tmp_path: Path) -> None:
    with an_engine(tmp_path) as (engine, _):
        for event in (Event.START, Event.WITHDRAW):
            engine.signals.handle_event(event)
        assert engine.state is State.ATTRACT


def test_the_first_tap_on_a_tile_selects_and_the_second_on_it_goes_on(tmp_path: Path) -> None:
    with an_engine(tmp_path, Numbers()) as (engine, _):
        for event in (Event.START, Event.AGREE):
            engine.signals.handle_event(event)
        worn = engine.mirror.preview.look.name
        engine.signals.handle(Signal("pick", worn))
        assert engine.state is State.TRY, "also where the look is on already"
        engine.signals.handle(Signal("pick", "navy"))
        assert engine.state is State.TRY and engine.mirror.preview.look.name == "navy"
        engine.signals.handle(Signal("pick", "navy"))
        assert engine.state is State.COACH


def test_just_the_camera_counts_down_after_the_press(tmp_path: Path) -> None:
    touched = Touched()
    with an_engine(tmp_path, screen=touched) as (engine, _):
        for event in (Event.START, Event.CAMERA_ONLY, Event.MANUAL):
            engine.signals.handle_event(event)
        seen = set()
        while engine.state in (State.COACH, State.HOLD):
            engine.step()
            assert touched.view is not None
            seen.add(None if touched.view.countdown_s is None else int(touched.view.countdown_s))
        assert {2, 1, 0} <= seen


@pytest.mark.long
def test_a_visit_that_lasts_too_long_does_not_end_under_a_finger(tmp_path: Path) -> None:
    touched = Touched()
    with an_engine(tmp_path, screen=coached(touched)) as (engine, _):
        to_review(engine)
        limit_s, session_s = engine.params.kiosk.session_limit_s, engine.visit.session_s
        touched.touches = True
        stay(engine, session_s + limit_s + 3 - engine.clock.now_s())
        assert engine.state is State.REVIEW
        touched.touches = False
        engine.step()
        assert touched.view is not None and touched.view.is_running_out
        stay(engine, ASKS_S + 1)
        assert engine.state is State.ATTRACT
        assert engine.visit.session_left_s(0.0, limit_s) == float("inf")
