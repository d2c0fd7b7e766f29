"""The sitter's own lids: whatever their height, a blink proves the level, and only the level."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from booth.guidance.face_measures import measure
from booth.guidance.own_lids import LEVEL_LEAST_GAP, OwnLids
from tests.unit.guidance.sitters import HEIGHT, WIDTH, Sitter, a_face

BASE = measure(a_face(Sitter()), WIDTH, HEIGHT)
levels = st.floats(0.034, 0.12)
rates = st.floats(8.0, 60.0)


def lived(gaps: list[float], fps: float, *, blink: float = 0.2) -> OwnLids:
    lids = OwnLids()
    for i, gap in enumerate(gaps):
        lids = lids.step(i / fps, replace(BASE, lid_gap=gap, blink=blink), is_sure=False)
    return lids


@given(levels, rates, st.floats(0.0, 0.5))
@settings(max_examples=60, deadline=None)
def test_the_level_between_blinks_is_learned_and_a_blink_proves_it(level: float, fps: float, down_to: float) -> None:
    blink = [level * down_to] * max(1, round(0.2 * fps))
    lids = lived([level] * round(1.5 * fps) + blink + [level] * round(0.3 * fps), fps)
    assert lids.has_blinked
    assert lids.is_plausible
    assert lids.gap is not None
    assert abs(lids.gap - level) < 0.05 * level


@given(levels, rates, st.floats(0.65, 1.0))
@settings(max_examples=60, deadline=None)
def test_lids_that_never_fall_far_prove_nothing(level: float, fps: float, wavering: float) -> None:
    gaps = [level * (wavering if i % 7 < 2 else 1.0) for i in range(round(4 * fps))]
    assert not lived(gaps, fps).has_blinked


@given(st.lists(st.floats(0.0, LEVEL_LEAST_GAP), min_size=10, max_size=150))
@settings(max_examples=60, deadline=None)
def test_lids_that_stay_shut_prove_nothing_however_they_flutter(gaps: list[float]) -> None:
    assert not lived(gaps, 30.0).has_blinked


@given(st.lists(st.floats(0.0, 0.12), min_size=2, max_size=150), rates)
@settings(max_examples=60, deadline=None)
def test_the_level_is_never_wider_than_what_was_seen_and_the_memory_is_bounded(gaps: list[float], fps: float) -> None:
    lids = lived(gaps, fps)
    assert lids.gap is None or lids.gap <= max(gaps) + 1e-9
    assert len(lids.samples) <= 4.0 / 0.03 + 2
