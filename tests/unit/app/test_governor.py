"""The governor: gives up effects in the stated order when frames are late, and takes them back when there is room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from booth.looks.quality import (
    FAR_APART_FRAMES,
    MOST_SKIPPED_FRAMES,
    MOST_STEPS,
    RUNGS,
    DrawnFrames,
    QualityController,
    busiest_ms,
)

FRAME_S = 1 / 30


class Story:
    """A mirror whose frames take so long, told in seconds."""

    def __init__(self) -> None:
        self.governor, self.now_s = QualityController(30), 0.0

    def working(self, work_ms: float, for_s: float, age_ms: float = 0.0) -> Story:
        """Let frames take so much work, and be so old on the glass, for a while."""
        end_s = self.now_s + for_s
        while self.now_s < end_s:
            self.governor.record(work_ms, self.now_s, age_ms)
            self.now_s += FRAME_S
        return self

    @property
    def rung(self) -> int:
        return self.governor.rung


def test_frames_in_time_keep_full_quality():
    assert Story().working(30, 20.0).rung == 0


def test_one_late_frame_changes_nothing():
    assert Story().working(20, 1.0).working(90, FRAME_S / 2).working(20, 2.0).rung == 0


def test_late_frames_give_up_one_effect_after_the_other_and_no_more_than_needed():
    story = Story().working(45, 0.4)
    assert story.rung == 1
    assert story.working(30, 5.0).rung == 1  # in time again, without room to spare


def test_a_machine_far_too_slow_ends_on_the_last_rung():
    assert Story().working(90, 20.0).rung == len(RUNGS) - 1


def test_the_later_frames_are_the_more_effects_go_at_once():
    assert Story().working(45, 0.4).rung == 1
    assert Story().working(15, 0.4, age_ms=150).rung == 3
    assert Story().working(75, 0.4).rung == MOST_STEPS
    assert Story().working(300, 0.4).rung == MOST_STEPS


def test_a_machine_taken_by_another_program_has_its_last_rung_within_two_seconds():
    assert Story().working(90, 2.0, age_ms=240).rung == len(RUNGS) - 1


def test_frames_that_come_old_lower_the_quality_however_little_work_was_done():
    assert Story().working(15, 20.0, age_ms=60).rung == 0
    story = Story().working(15, 1.0, age_ms=100)
    assert story.rung >= 1
    low = story.working(15, 3.0, age_ms=100).rung
    assert low > 1
    assert story.working(15, 10.0, age_ms=70).rung == low  # in time, without room to spare
    assert story.working(15, 4.0, age_ms=45).rung == low - 1


def test_quality_comes_back_with_room_one_rung_at_a_time():
    story = Story().working(45, 2.0)
    low = story.rung
    assert low > 1
    assert story.working(15, 4.0).rung == low - 1
    assert story.working(15, 40.0).rung == 0


def test_a_rung_that_does_not_hold_is_tried_ever_more_rarely():
    story, steps, rungs = Story(), 0, [0]
    for _ in range(120):  # late with full quality, much room with one rung less
        story.working(45 if story.rung == 0 else 15, 0.5)
        steps += story.rung != rungs[-1]
        rungs.append(story.rung)
    assert steps <= 10
    assert sum(rungs) > 0.7 * len(rungs)


def test_each_rung_keeps_what_the_one_before_gave_up():
    for richer, poorer in zip(RUNGS, RUNGS[1:], strict=False):
        assert poorer.light_every >= richer.light_every
        assert poorer.edge_every >= richer.edge_every
        assert poorer.segment_every_n >= richer.segment_every_n
        assert poorer.track_every_n >= richer.track_every_n
        assert poorer.wraps <= richer.wraps
        assert poorer.tracks_ahead <= richer.tracks_ahead
        assert poorer.mirror_scale <= richer.mirror_scale
        assert poorer != richer


@given(st.lists(st.floats(0, 500), max_size=200))
def test_the_rung_is_always_on_the_ladder(work_ms: list[float]):
    governor = QualityController(30)
    for i, work in enumerate(work_ms):
        governor.record(work, i * FRAME_S)
        assert governor.quality is RUNGS[governor.rung]


def test_work_is_that_of_the_busiest_thread_for_the_tracker_is_a_frame_ahead():
    assert busiest_ms(12.0, {"face": 9.0, "matte": 8.0, "measures": 2.0}) == 12.0
    assert busiest_ms(5.0, {"face": 9.0, "matte": 8.0, "measures": 2.0}) == 10.0
    assert busiest_ms(5.0, {"face": 14.0, "matte": 8.0}) == 14.0
    assert busiest_ms(5.0, {}) == 5.0


def test_what_lasts_three_frames_lasts_three_that_are_drawn_however_many_a_camera_gave():
    every, every_third = DrawnFrames(), DrawnFrames()
    assert [every.number(seq) - every.number(seq) for seq in range(5)] == [0] * 5  # a frame drawn again is the same
    numbers = [every_third.number(seq) for seq in range(0, 30, 3)]
    assert [after - before for before, after in zip(numbers, numbers[1:], strict=False)] == [1] * 9


def test_after_a_pause_or_with_another_shot_nothing_lasts():
    drawn = DrawnFrames()
    first = drawn.number(100)
    later = drawn.number(100 + MOST_SKIPPED_FRAMES + 1)
    assert later - first >= FAR_APART_FRAMES
    assert drawn.number(50) - later >= FAR_APART_FRAMES
