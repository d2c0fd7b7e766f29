"""The shutter: what it may take, when, and by whose wish."""

from __future__ import annotations

import pytest

from booth.config.params.guidance import Times
from booth.core.types import Guidance
from booth.guidance.frame_choice import APART_S, Candidate, choose, settled
from booth.guidance.shutter import HoldBroken, HoldStarted, NoneGood, Shutter, Taken


def heard(
    seq: int, *, ready: bool = True, score: float = 0.6, rejects: tuple[str, ...] = (), fps: float = 30.0
) -> Guidance:
    return Guidance(seq, seq / fps, {}, None, ready, 1.0, score, rejects)


def told(shutter: Shutter, frames: list[Guidance]) -> tuple[Shutter, list[object]]:
    events: list[object] = []
    for guidance in frames:
        shutter, happened = shutter.step(guidance)
        events.extend(happened)
    return shutter, events


def test_the_frame_before_the_hold_may_be_the_portrait():
    frames = [heard(i, ready=i >= 12, score=0.95 if i == 8 else 0.85) for i in range(60)]
    _, events = told(Shutter(Times()), frames)
    assert isinstance(events[0], HoldStarted)
    assert isinstance(events[1], Taken)
    assert events[1].choice.seq == 8


def test_a_window_of_forbidden_frames_says_so_and_goes_on():
    frames = [heard(i, rejects=("talking",)) for i in range(60)]
    shutter, events = told(Shutter(Times()), frames)
    assert [type(e) for e in events] == [HoldStarted, NoneGood]
    assert shutter.holding


def test_a_hold_that_breaks_before_anything_good_is_told():
    frames = [heard(i, ready=i < 10, rejects=("eyes",)) for i in range(20)]
    shutter, events = told(Shutter(Times()), frames)
    assert [type(e) for e in events] == [HoldStarted, HoldBroken]
    assert not shutter.holding


def test_a_hold_that_breaks_after_something_good_is_taken():
    frames = [heard(i, ready=i < 20, rejects=() if i < 18 else ("pose",)) for i in range(30)]
    _, events = told(Shutter(Times()), frames)
    assert isinstance(events[-1], Taken)
    assert events[-1].choice.seq < 18


def test_the_time_out_takes_the_best_so_far():
    frames = [
        heard(i, ready=False, score=0.7 if i == 100 else 0.3, rejects=() if i == 100 else ("pose",)) for i in range(950)
    ]
    frames = [
        f if abs(f.seq - 100) > 5 else heard(f.seq, ready=False, score=0.7 - 0.01 * abs(f.seq - 100)) for f in frames
    ]
    _, events = told(Shutter(Times()), frames)
    assert [e.by for e in events if isinstance(e, Taken)] == ["timeout"]
    assert abs(events[-1].choice.seq - 100) <= 3


def test_the_time_out_takes_nothing_where_nothing_may_be_taken():
    _, events = told(Shutter(Times()), [heard(i, ready=False, rejects=("eyes",)) for i in range(1000)])
    assert events == []


def test_a_press_takes_a_turned_head_but_not_shut_eyes():
    frames = [heard(i, ready=False, rejects=("eyes", "pose") if 25 <= i <= 31 else ("pose",)) for i in range(28)]
    shutter, _ = told(Shutter(Times()), frames)
    shutter = shutter.press(28 / 30)
    _, events = told(
        shutter, [heard(i, ready=False, rejects=("eyes", "pose") if i <= 31 else ("pose",)) for i in range(28, 50)]
    )
    taken = events[0]
    assert taken.by == "press"
    assert not 22 <= taken.choice.seq <= 34


def test_a_press_on_someone_who_keeps_their_eyes_shut_still_takes_a_picture():
    shutter, _ = told(Shutter(Times()), [heard(i, ready=False, rejects=("eyes",)) for i in range(20)])
    _, events = told(shutter.press(0.66), [heard(i, ready=False, rejects=("eyes",)) for i in range(20, 50)])
    assert [e.by for e in events] == ["press"]


def test_a_press_before_an_empty_stage_takes_nothing_and_says_so():
    nobody = [Guidance(i, i / 30, {}, None, False, 0.0, None, ("nobody",)) for i in range(60)]
    shutter, _ = told(Shutter(Times()), nobody[:20])
    shutter, events = told(shutter.press(0.66), nobody[20:])
    assert [type(e) for e in events] == [NoneGood], "else the page would go on saying that it is being taken"
    assert not shutter.holding


def test_it_rests_after_a_picture_until_it_is_armed_again():
    shutter, events = told(Shutter(Times()), [heard(i, score=0.9) for i in range(200)])
    assert sum(isinstance(e, Taken) for e in events) == 1
    _, again = told(shutter.rearmed(), [heard(i, score=0.9) for i in range(200, 300)])
    assert sum(isinstance(e, Taken) for e in again) == 1


def test_what_may_be_chosen_is_always_kept():
    shutter = Shutter(Times())
    for i in range(300):
        shutter, events = shutter.step(heard(i, ready=i > 40, score=0.5 + 0.3 * (i % 37) / 37))
        for event in events:
            if isinstance(event, Taken):
                assert {event.choice.seq, *event.choice.alternatives} <= shutter.keeps
    assert len(shutter.keeps) <= 2 + 30 * 2.1


def row(seq: int, score: float, *rejects: str, sharp: float = 0.5) -> Candidate:
    return Candidate(seq, seq / 30, score, rejects, sharp)


def test_alternatives_show_another_moment():
    choice = choose([row(i, 0.8 + 0.001 * i) for i in range(40)])
    assert choice is not None
    times = [choice.t_s, *(seq / 30 for seq in choice.alternatives)]
    assert len(times) == 3
    assert min(abs(a - b) for i, a in enumerate(times) for b in times[:i]) >= APART_S - 1e-6


def test_a_tie_goes_to_the_sharper_frame():
    choice = choose([row(0, 0.80, sharp=0.4), row(20, 0.79, sharp=0.6), row(40, 0.70, sharp=0.9)])
    assert choice is not None
    assert choice.seq == 20


@pytest.mark.parametrize(("fault", "margin"), [("eyes", 3), ("talking", 6), ("pose", 2)])
def test_a_fault_casts_its_shadow_on_the_frames_beside_it(fault, margin):
    marked = settled([row(i, 0.8, *([fault] if i == 20 else [])) for i in range(40)])
    assert [c.seq for c in marked if c.rejects] == list(range(20 - margin, 21 + margin))


def test_nothing_is_better_than_something_forbidden():
    assert choose([row(i, 0.99, "eyes") for i in range(10)]) is None
    assert choose([]) is None
