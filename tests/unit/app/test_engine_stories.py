"""Stories of the engine: the same source gives the same run, a wipe forgets everyone, and what fails stays small."""

from __future__ import annotations

import gc
import itertools
from pathlib import Path

import pytest

from booth.app.guest_data import GuestData, Holder
from booth.app.guest_script import CoachedGuest, ScriptedGuest, read_script
from booth.app.replay import play_frames
from booth.app.screen import NoScreen, ScriptedScreen
from booth.config.params import Params
from booth.core.faults import Fault
from booth.draw.scene import Signal
from booth.looks.look import load_look
from booth.session.state_machine import Event, State
from booth.session.view import View
from tests.rig.engine import Numbers, an_engine, turn_until

VISIT = """
0.2 event start
0.4 event agree
0.6 event chosen
9.0 event delete
10.0 event leave
"""


def scripted(folder: Path, text: str) -> ScriptedScreen:
    (folder / "visit.txt").write_text(text, encoding="utf-8")
    return ScriptedScreen(NoScreen(), ScriptedGuest(read_script(folder / "visit.txt")))


def lived_through(folder: Path, text: str, seconds: float) -> list[tuple[float, str, int]]:
    """Return when which page came, and the frames of the shots."""
    told: list[tuple[float, str, int]] = []
    folder.mkdir()
    with an_engine(folder, screen=scripted(folder, text)) as (engine, _):
        for done in engine.steps():
            t_s = done.analysis.frame.t_s
            if t_s > seconds:
                break
            shot = -1 if done.shot is None else done.shot.analysis.frame.seq
            if not told or told[-1][1] != engine.state.value or shot >= 0:
                told.append((round(t_s, 3), engine.state.value, shot))
    return told


def test_a_scripted_visit_goes_through_the_whole_table_and_twice_the_same(tmp_path: Path) -> None:
    first, again = (lived_through(tmp_path / name, VISIT, 11.0) for name in ("one", "two"))
    assert first == again
    pages = [page for _, page, _ in first]
    assert pages[:4] == ["attract", "consent", "try", "coach"]
    assert "review" in pages and pages[-1] == "attract"
    assert any(shot >= 0 for _, _, shot in first)


def test_nothing_of_a_visit_outlives_its_wipe(tmp_path: Path) -> None:
    with an_engine(tmp_path, screen=ScriptedScreen(NoScreen(), CoachedGuest())) as (engine, numbers):
        turn_until(engine, lambda: engine.state is State.REVIEW, 30)
        assert sum(ref() is not None for ref in numbers.pixels) > 3, "the shot and its alternatives are held"
        engine.screen.stop_script()
        engine.dispatch(Event.LEAVE)
        assert engine.state is State.ATTRACT
        engine.step()
        gc.collect()
        assert sum(ref() is not None for ref in numbers.pixels) <= 2, "only the frame in hand"
        assert not list((tmp_path / "sessions").glob("session-*"))


def test_a_wipe_goes_on_past_a_part_that_fails_and_says_so(tmp_path: Path) -> None:
    with an_engine(tmp_path, screen=ScriptedScreen(NoScreen(), CoachedGuest())) as (engine, numbers):
        turn_until(engine, lambda: engine.state is State.REVIEW, 30)
        engine.screen.stop_script()
        whole = engine.guest_data

        def fails() -> None:
            raise OSError("busy")

        engine.guest_data = GuestData((Holder("worn out", fails), *whole.holders))
        engine.dispatch(Event.LEAVE)
        assert engine.shown.fault is not None and engine.shown.fault.code == "session.wipe"
        gc.collect()
        assert sum(ref() is not None for ref in numbers.pixels) <= 2, "what could be wiped is"
        engine.guest_data = whole


def test_frames_before_a_yes_are_let_go_at_once(tmp_path: Path) -> None:
    with an_engine(tmp_path) as (engine, numbers):
        for _ in range(20):
            engine.step()
        gc.collect()
        assert engine.visit.session is None
        assert sum(ref() is not None for ref in numbers.pixels) <= 2


def test_closing_twice_or_before_the_first_turn_is_harmless(tmp_path: Path) -> None:
    with an_engine(tmp_path) as (engine, _):
        engine.close()
        engine.close()


def test_nobody_there_ends_the_session(tmp_path: Path) -> None:
    screen = scripted(tmp_path, "0.1 event start\n0.2 event agree\n0.3 event chosen\n")
    with an_engine(tmp_path, Numbers(sitter=None), screen=screen) as (engine, _):
        turn_until(engine, lambda: engine.state is State.COACH, 2)
        took_s = turn_until(engine, lambda: engine.state is State.ATTRACT, engine.params.kiosk.idle_s + 5)
        assert took_s == pytest.approx(engine.params.kiosk.idle_s, abs=1.5)


BAD_SCRIPTS = (
    ("1 event nonsense", "script.line"),
    ("one event start", "script.line"),
    ("2 event start\n1 event agree", "script.order"),
)


@pytest.mark.parametrize(("text", "code"), BAD_SCRIPTS)
def test_a_script_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "bad.txt").write_text(text, encoding="utf-8")
    with pytest.raises(Fault) as refused:
        read_script(tmp_path / "bad.txt")
    assert refused.value.code == code


def test_a_source_that_ends_in_a_hold_gives_its_portrait_all_the_same(tmp_path: Path) -> None:
    for seconds in (1.2, 2.0):  # after a hold has begun, before its window has passed
        exposures = itertools.takewhile(lambda frame, s=seconds: frame.t_s < s, Numbers().frames())
        steps = list(play_frames(exposures, Numbers(), Params(), load_look("studio-grey")))  # type: ignore[arg-type]
        assert [step.state for step in steps if step.shot is not None], "the last step brings it"


def test_a_press_counts_for_the_page_that_was_drawn_when_it_came(tmp_path: Path) -> None:
    class Presses(NoScreen):
        """Counts how often it is asked between two drawn pages."""

        is_drawn = True
        polls = drawn = 0

        def poll(self) -> tuple[Signal, ...]:
            self.polls += 1
            return ()

        def draw(self, view: View) -> None:
            self.drawn += 1

    presses = Presses()
    with an_engine(tmp_path, screen=presses) as (engine, _):
        for _ in range(5):
            engine.step()
    assert presses.polls == presses.drawn == 5
