"""A pose through the booth's own loop: chosen where one dresses up, asked first, never for long, never of two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import pytest

from booth.config.params import Params
from booth.core.faults import Fault
from booth.core.types import Body, Frame, FrameAnalysis
from booth.draw.scene import Signal
from booth.guidance.pose_guide import PATIENCE_S
from booth.looks.look import load_look
from booth.looks.quality import RUNGS, QualityController
from booth.session.state_machine import Event, State
from tests.rig.engine import Numbers, an_engine, turn_until
from tests.unit.guidance.sitters import Sitter, a_face, smiling
from tests.unit.guidance.test_pose_guide import a_body


def asking(name: str) -> Params:
    params = Params()
    return msgspec.structs.replace(params, guidance=msgspec.structs.replace(params.guidance, pose=name))


@dataclass
class Standing(Numbers):
    """A sitter who stands as `turn` says, by the seconds since the guide first looked."""

    sitter: Sitter | None = field(default_factory=smiling)
    turn: Callable[[float], float] = lambda t_s: 0.0
    people: int = 1
    reads_body: bool = False
    looked_s: list[float] = field(default_factory=list)
    body: Body | None = None

    def analyze(self, frame: Frame) -> FrameAnalysis:
        seen = replace(super().analyze(frame), faces=(a_face(self.sitter or Sitter()),))
        if self.reads_body and (not self.looked_s or frame.t_s - self.looked_s[-1] >= 0.28):
            self.looked_s.append(frame.t_s)
            self.body = a_body(self.turn(frame.t_s - self.looked_s[0]), t_s=frame.t_s)
        return replace(seen, body=self.body if self.reads_body else None)


def begin(engine) -> float:
    engine.step()
    for event in (Event.START, Event.AGREE, Event.CHOSEN):
        engine.signals.handle_event(event)
    assert engine.state is State.COACH
    return engine.clock.now_s()


def advised(engine) -> str | None:
    engine.step()
    return engine.shown.guidance.advice if engine.shown.guidance else None


def test_without_a_pose_the_body_is_never_read(tmp_path: Path) -> None:
    with an_engine(tmp_path, Standing()) as (engine, numbers):
        begin(engine)
        turn_until(engine, lambda: engine.state is State.REVIEW, 6.0)
        assert numbers.looked_s == []


def test_who_turns_is_told_so_and_then_taken(tmp_path: Path) -> None:
    numbers = Standing(turn=lambda t_s: min(30.0, 20.0 * t_s))
    with an_engine(tmp_path, numbers, asking("three-quarter-left")) as (engine, _):
        begin(engine)
        said = []
        while engine.state is not State.REVIEW:
            said.append(advised(engine))
            assert len(said) < 15 * 8
        heard = [key for key, before in zip(said, [None, *said], strict=False) if key and key != before]
        assert heard.index("body.turn_left") < heard.index("body.good") < heard.index("hold.still")
        assert engine.portrait.capture_controller.wants_body is False
        assert numbers.reads_body is False


@pytest.mark.long
def test_who_does_not_turn_waits_five_seconds_more_and_no_longer(tmp_path: Path) -> None:
    with an_engine(tmp_path / "plain", Standing()) as (engine, _):
        begin(engine)
        plain_s = turn_until(engine, lambda: engine.state is State.REVIEW, 8.0)
    with an_engine(tmp_path / "posed", Standing(), asking("three-quarter-left")) as (engine, _):
        begin(engine)
        posed_s = turn_until(engine, lambda: engine.state is State.REVIEW, 14.0)
    assert plain_s < posed_s <= plain_s + PATIENCE_S + 0.7


def test_praise_is_not_said_while_the_pose_is_waited_for(tmp_path: Path) -> None:
    with an_engine(tmp_path, Standing(), asking("straight")) as (engine, _):
        begin(engine)
        for _ in range(15 * 3):
            advice = advised(engine)
            guidance = engine.shown.guidance
            if guidance is not None and "body" in guidance.blocks:
                assert advice not in ("hold.still", "praise.good")


def test_a_guest_chooses_where_they_dress_up_and_the_next_one_is_not_asked(tmp_path: Path) -> None:
    with an_engine(tmp_path, Standing(turn=lambda t_s: 2.0)) as (engine, numbers):
        engine.step()
        for event in (Event.START, Event.AGREE, Event.DRESS_UP):
            engine.signals.handle_event(event)
        engine.signals.handle(Signal("wear", "pose.three-quarter-right"))
        for _ in range(20):
            engine.step()
        assert engine.portrait.capture_controller.pose == "three-quarter-right"
        assert numbers.looked_s
        engine.signals.handle_event(Event.CHOSEN)
        for _ in range(12):
            advice = advised(engine)
        assert advice == "body.turn_right"
        engine.signals.handle_event(Event.LEAVE)
        engine.step()
        begin(engine)
        assert engine.portrait.capture_controller.pose == ""


def test_a_look_may_name_its_pose_and_one_there_is_not_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('extends = "studio-grey"\npose = "three-quarter-left"\n', encoding="utf-8")
    assert load_look("mine", (tmp_path,)).pose == "three-quarter-left"
    (tmp_path / "odd.toml").write_text('extends = "studio-grey"\npose = "three-quarter-lef"\n', encoding="utf-8")
    with pytest.raises(Fault, match="no pose called"):
        load_look("odd", (tmp_path,))


def test_the_pose_guide_is_the_first_to_go_and_gives_no_rung_away() -> None:
    control = QualityController(30)
    control.guide_pose(is_on=True)
    t_s = 1.0
    while control.quality.reads_body:
        control.record(45.0, t_s)
        t_s += 1 / 15
        assert t_s < 3
    assert (control.quality.light_every, control.quality.wraps) == (RUNGS[0].light_every, True)
    control.guide_pose(is_on=False)
    assert control.quality == RUNGS[0]


def test_a_bench_has_the_body_read_without_a_guide_while_people_are_coached_and_not_before(tmp_path: Path) -> None:
    with an_engine(tmp_path, Standing(), keeps_body=True) as (engine, numbers):
        engine.step()
        assert numbers.reads_body is False
        begin(engine)
        turn_until(engine, lambda: len(numbers.looked_s) >= 3, 2.0)
        assert engine.shown.guidance is not None and "body" not in engine.shown.guidance.blocks
