"""The first picture of a review: there before the develop is, cut as the portrait will be, replaced when it is done."""

from __future__ import annotations

import time
from dataclasses import replace
from threading import Event as Gate

import numpy as np
import pytest

from booth.app import review as review_module
from booth.app.review import Review
from booth.config.params import Params
from booth.core.types import Frame, FrameAnalysis, Matte, Shot
from booth.looks.look import load_look
from booth.looks.preview import PreviewRenderer
from booth.still.developer import Developed
from booth.still.record import EditRecord
from tests.unit.still.finish_fakes import as_u8, painted_face

RECORD = EditRecord("studio-grey", "loop", (), (), "", "", "composite", "headshot", (8, 8))


def an_analysis(seq: int) -> FrameAnalysis:
    lab, alpha, face = painted_face("medium", (1280, 720), 260)
    rgb = as_u8(lab)
    return FrameAnalysis(Frame(seq, seq / 30, rgb, rgb), (face,), Matte((alpha * 255).astype(np.uint8), seq))


class SlowDeveloper:
    """Develops to a flat colour, when it is let."""

    may = Gate()
    fails = False

    def __init__(self, params: Params, *, is_set: bool = False) -> None:
        self._params = params

    def portrait(self, analysis: FrameAnalysis, look: object, *beside: object) -> Developed:
        assert self.may.wait(10)
        if self.fails:
            raise RuntimeError("no")
        flat = np.full((1000, 800, 3), 90, np.uint8)
        return Developed(flat, flat, None, RECORD, self._params)

    def close(self) -> None:
        pass


@pytest.fixture
def review(monkeypatch: pytest.MonkeyPatch) -> Review:
    monkeypatch.setattr(review_module, "Developer", SlowDeveloper)
    SlowDeveloper.may, SlowDeveloper.fails = Gate(), False
    made = Review(Params())
    yield made
    SlowDeveloper.may.set()
    made.close()


def settled(review: Review) -> bool:
    """Let the worker go on, and take over what it made."""
    SlowDeveloper.may.set()
    review._pending.exception(10)
    return review.poll()


LOOK = load_look("studio-grey")


def begun(review: Review) -> PreviewRenderer:
    mirror = PreviewRenderer(LOOK)
    mirror.warm((1280, 720))
    shot = Shot(an_analysis(0), 0.9, LOOK.name, ("reason.ready",), (an_analysis(7),))
    review.begin(shot, LOOK, mirror)
    return mirror


def test_the_look_is_on_view_within_half_a_second_while_the_develop_has_not_even_begun(review: Review) -> None:
    mirror = PreviewRenderer(LOOK)
    mirror.warm((1280, 720))
    mirror.show(an_analysis(3))
    start_s = time.thread_time()  # the processor's time: a busy machine's wall clock proves nothing
    review.begin(Shot(an_analysis(0), 0.9, LOOK.name, (), (an_analysis(7),)), LOOK, mirror)
    facts = review.facts if review.poll() else None
    took_s = time.thread_time() - start_s
    assert facts is not None
    assert facts.is_busy
    assert took_s < 0.5
    height, width = facts.after.shape[:2]
    assert width / height == pytest.approx(4 / 5, abs=0.01), "cut as the portrait will be"
    assert facts.before.shape == facts.after.shape
    corner = facts.after[5:40, 5:40].astype(int).mean((0, 1))
    assert np.abs(corner - facts.before[5:40, 5:40].mean((0, 1))).max() > 5, "the backdrop is the look's"


def test_the_portrait_takes_the_first_pictures_place(review: Review) -> None:
    begun(review)
    assert review.poll()
    assert not review.poll(), "nothing new until the develop is done"
    assert settled(review)
    assert not review.facts.is_busy
    assert review.facts.after.shape == (1000, 800, 3)


def test_the_shots_other_frames_are_shown_one_a_turn_so_that_the_shutter_stalls_nothing(review: Review) -> None:
    begun(review)
    n_frames = len(review._frames())
    assert n_frames > 1
    for n in range(1, n_frames + 1):
        assert len(review.thumbs) == n
        review.poll()
    assert len(review.thumbs) == n_frames


def test_another_frame_or_look_is_seen_at_once_too(review: Review) -> None:
    mirror = begun(review)
    settled(review)
    review.choose(1)
    assert review.facts.is_busy
    assert review.facts.after.shape != (1000, 800, 3)
    settled(review)
    high_key = load_look("high-key")
    before = review.thumbs[0]
    mirror.set_look(high_key)
    SlowDeveloper.may.clear()
    review.set_look(high_key)
    assert review.facts.is_busy
    assert review.facts.after[5:40, 5:40].mean() > 200, "white backdrop"
    assert not np.array_equal(before, review.thumbs[0])


def test_a_guest_who_is_not_measured_sees_the_whole_frame(review: Review) -> None:
    plain = replace(an_analysis(0), faces=(), matte=None)
    review.begin(Shot(plain, 0.0, "as-you-are", ()), LOOK, PreviewRenderer(LOOK))
    assert np.array_equal(review.facts.after, plain.frame.rgb)


def test_a_failed_develop_is_told_and_nothing_stays_after_a_drop(review: Review) -> None:
    begun(review)
    review.poll()
    SlowDeveloper.fails = True
    with pytest.raises(RuntimeError):
        settled(review)
    review.drop()
    assert review.facts is None
    assert review.thumbs == ()


def test_what_was_asked_for_is_kept_as_the_mirror_showed_it_when_the_develop_hangs(review: Review) -> None:
    begun(review)
    review.poll()
    assert review.is_busy
    review.use_mirror_picture()
    kept = review.portrait()
    assert not review.is_busy
    assert kept.record.stages[0].name == "stand_in", "the record says so"
    assert review.changed[0].key == "change.stand_in"
    height, width = kept.after.shape[:2]
    assert width / height == pytest.approx(4 / 5, abs=0.01)
    corner = kept.after[5:40, 5:40].astype(int).mean((0, 1))
    assert np.abs(corner - kept.before[5:40, 5:40].mean((0, 1))).max() > 5, "with its look"
    assert len(kept.file_bytes()) > 10_000
    SlowDeveloper.may.set()


def test_the_next_shot_does_not_wait_for_a_develop_that_was_left_behind(review: Review) -> None:
    begun(review)
    review.use_mirror_picture()
    SlowDeveloper.may.set()
    begun(review)
    assert settled(review)
    assert review.portrait().after.shape == (1000, 800, 3)


def test_what_may_be_wrong_is_told_of_the_frame_on_view(review: Review) -> None:
    mirror = PreviewRenderer(LOOK)
    mirror.warm((1280, 720))
    shot = Shot(an_analysis(0), 0.9, LOOK.name, (), (an_analysis(7),), doubts=("eyes", ""), by="willing")
    review.begin(shot, LOOK, mirror)
    assert review.facts.doubt == "review.doubt.eyes"
    review.choose(1)
    assert review.facts.doubt is None


def test_taken_because_is_true_of_the_frame_on_view(review: Review) -> None:
    mirror = PreviewRenderer(LOOK)
    mirror.warm((1280, 720))
    smiling, calm = ("reason.eyes_open", "reason.smiling"), ("reason.eyes_open",)
    shot = Shot(an_analysis(0), 0.9, LOOK.name, smiling, (an_analysis(7),), other_reasons=(calm,))
    review.begin(shot, LOOK, mirror)
    assert review.facts.why == smiling
    review.choose(1)
    assert review.facts.why == calm
