"""The shutter: what it may take, when, and by whose wish."""

from __future__ import annotations

from dataclasses import replace

import pytest

from booth.config.params.guidance import Times
from booth.core.types import Guidance
from booth.guidance.frame_choice import APART_S, Candidate, choose, settled
from booth.guidance.shutter import HoldBroken, HoldStarted, NoneGood, Shutter, Taken


def heard(
    seq: int, *, ready: bool = True, score: float = 0.6, rejects: tuple[str, ...] = (), fps: float = 30.0
) -> Guidance:
    return Guidance(
        seq, seq / fps, {}, None, ready and not rejects, 1.0, score, rejects, rejects,
        wrong=len(rejects) + 0.25 * (1 - score), is_willing=not {"pose", "gaze"} & set(rejects),
    )  # fmt: skip


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


def test_a_hold_outlasts_a_blink_and_a_word_but_not_somebody_who_turns_away():
    for fault, lasts, holds in (("eyes", 8, True), ("talking", 30, True), ("talking", 42, False), ("pose", 12, False)):
        begun = [heard(i, score=0.5) for i in range(5)]
        shutter, events = told(Shutter(Times()), [*begun, *[heard(5 + i, rejects=(fault,)) for i in range(lasts)]])
        assert isinstance(events[0], HoldStarted)
        assert shutter.holding is holds, (fault, lasts)


def test_a_hold_that_breaks_before_anything_good_is_told():
    frames = [heard(0), *[heard(i, rejects=("pose",)) for i in range(1, 20)]]
    shutter, events = told(Shutter(Times()), frames)
    assert [type(e) for e in events] == [HoldStarted, HoldBroken]
    assert not shutter.holding


def test_a_hold_that_breaks_after_something_good_is_taken():
    frames = [heard(i, rejects=() if i < 18 else ("pose",)) for i in range(40)]
    _, events = told(Shutter(Times()), frames)
    assert isinstance(events[-1], Taken)
    assert events[-1].choice.seq < 18


def at_the_end(faults, n: int = 610, fps: float = 30.0) -> Taken:
    """Play frames whose faults are told by number; return the picture."""
    _, events = told(Shutter(Times()), [heard(i, ready=False, rejects=faults(i), fps=fps) for i in range(n)])
    (taken,) = [e for e in events if isinstance(e, Taken)]
    return taken


def test_after_twenty_seconds_the_best_so_far_is_taken_however_long_ago_it_was():
    taken = at_the_end(lambda i: ("gaze",) if 95 <= i <= 110 else ("pose", "gaze"))
    assert taken.by == "timeout"
    assert taken.t_s == pytest.approx(20.0, abs=0.05)
    assert 95 <= taken.choice.seq <= 110
    assert taken.choice.doubts[0] == "gaze"


def test_a_clear_frame_goes_before_any_other_and_is_not_doubted():
    taken = at_the_end(lambda i: () if 95 <= i <= 110 else ("eyes",))
    assert taken.by == "willing"
    assert 95 <= taken.choice.seq <= 110
    assert not any(taken.choice.doubts)


def test_eight_seconds_of_doing_what_is_asked_count_though_something_came_between():
    taken = at_the_end(lambda i: ("pose", "eyes") if 90 <= i < 240 else ("eyes",))
    assert taken.by == "willing"
    assert taken.t_s == pytest.approx(13.0, abs=0.1)


def test_a_barred_frame_is_never_taken_and_a_frame_beside_it_is():
    frames = [replace(heard(i, rejects=("hidden",)), is_barred=i < 700) for i in range(800)]
    _, events = told(Shutter(Times()), frames)
    assert [e.choice.seq >= 700 for e in events if isinstance(e, Taken)] == [True]


def test_only_a_few_frames_of_a_long_session_are_kept():
    shutter = Shutter(Times())
    for i in range(500):
        shutter, _ = shutter.step(heard(i, ready=False, score=(i * 37 % 101) / 101, rejects=("pose",)))
        assert len(shutter.treasures) <= 4
    times = sorted(seq / 30 for seq in shutter.treasures)
    assert all(b - a >= 0.3 - 1e-6 for a, b in zip(times, times[1:], strict=False))


def test_a_source_that_ends_gives_a_willing_sitters_best_frame_but_not_a_passers_by():
    for seconds, by in ((6, ["end"]), (3, [])):
        shutter, _ = told(Shutter(Times()), [heard(i, rejects=("eyes",)) for i in range(30 * seconds)])
        _, events = shutter.finish()
        assert [e.by for e in events] == by


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
    nobody = [
        Guidance(i, i / 30, {}, None, False, 0.0, None, ("nobody",), ("nobody",), is_barred=True) for i in range(60)
    ]
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
    assert len(shutter.keeps) <= 4 + 2 + 30 * 2.1


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


@pytest.mark.parametrize(("fault", "before", "after"), [("eyes", 3, 3), ("talking", 6, 6), ("pose", 2, 2)])
def test_a_fault_casts_its_shadow_on_the_frames_beside_it(fault, before, after):
    marked = settled([row(i, 0.8, *([fault] if i == 20 else [])) for i in range(40)])
    assert [c.seq for c in marked if c.rejects] == list(range(20 - before, 21 + after))


def test_nothing_is_better_than_something_forbidden():
    assert choose([row(i, 0.99, "eyes") for i in range(10)]) is None
    assert choose([]) is None
