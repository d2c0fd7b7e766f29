"""What must hold for any input: gates do not chatter, sentences can be read, forbidden frames stay forbidden."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from booth.config.params.guidance import Band, Times
from booth.guidance.advice_scheduler import HOLD, PRAISING, AdviceCandidate, AdviceScheduler
from booth.guidance.frame_choice import APART_S, Candidate, choose
from booth.guidance.gate import Gate
from booth.guidance.shutter import HoldStarted, Taken
from tests.unit.guidance.sitters import SEEN, Sitter, blinking, run, smiling

STILL = AdviceCandidate(99, "hold", HOLD, blocks=False)

values = st.lists(st.one_of(st.none(), st.floats(0, 20)), min_size=2, max_size=120)


@given(values)
def test_a_gate_never_turns_twice_within_its_hold(numbers):
    band, gate, turned = Band(7, 10, 0.3, 0.3), Gate(), []
    for i, value in enumerate(numbers):
        before, gate = gate, gate.step(value, i / 30, band)
        if before.ok is not None and gate.ok is not None and before.ok != gate.ok:
            turned.append(i / 30)
    assert all(b - a >= 0.3 - 1e-9 for a, b in zip(turned, turned[1:], strict=False))


topics = st.lists(st.sets(st.integers(0, 5)), min_size=5, max_size=200)


@given(topics)
@settings(max_examples=60)
def test_no_sentence_goes_early_but_praise_and_what_cut_it_short(script):
    voice, times = AdviceScheduler(), Times()
    for i, wanted in enumerate(script):
        t_s = i / 10
        reasons = tuple(AdviceCandidate(u, f"topic{u}", f"key{u}") for u in sorted(wanted))
        before, voice = voice, voice.step(reasons, None if reasons else STILL, t_s, times)
        is_praise = before.now is None or before.now.key in PRAISING
        if is_praise or voice.now == before.now or t_s - before.since_s >= times.show_s - 1e-9:
            continue
        assert before.broke is not None
        assert voice.now == before.broke


@given(topics)
@settings(max_examples=60)
def test_what_is_said_has_been_a_reason_within_the_last_second(script):
    voice, times, heard_s = AdviceScheduler(), Times(), {}
    for i, wanted in enumerate(script):
        t_s = i / 10
        reasons = tuple(AdviceCandidate(u, f"topic{u}", f"key{u}") for u in sorted(wanted))
        heard_s |= {wish.key: t_s for wish in reasons}
        voice = voice.step(reasons, None if reasons else STILL, t_s, times)
        if voice.now is not None and voice.now.key not in PRAISING:
            assert t_s - heard_s[voice.now.key] <= 1.0 + 1e-6


sitters = st.one_of(
    st.none(),
    st.just(smiling()),
    st.just(blinking(smiling())),
    st.builds(
        Sitter,
        yaw_deg=st.sampled_from([0.0, 8.0, -18.0]),
        roll_deg=st.sampled_from([0.0, 6.0, 12.0]),
        x=st.sampled_from([0.5, 0.5, 0.8]),
        lid_gap=st.sampled_from([0.078, 0.04, 0.01]),
        lip_gap=st.sampled_from([0.004, 0.05, 0.12]),
        gaze_deg=st.sampled_from([(0.0, 0.0), (9.0, 0.0), (15.0, 0.0)]),
        others=st.sampled_from([(), (), (0.35,)]),
        cover=st.sampled_from([SEEN, SEEN, replace(SEEN, face_visible_share=0.2)]),
    ),
)
stories = st.lists(st.tuples(sitters, st.integers(1, 25)), min_size=1, max_size=8)


@given(stories)
@settings(max_examples=25, deadline=None)
def test_praise_implies_a_frame_that_would_be_taken(story):
    """Property of the whole coach: praise, "hold it" and readiness only of a frame that nothing speaks against."""
    played = run((sitter for sitter, frames in story for _ in range(frames)), fps=12.0)
    for guidance in played.log:
        if guidance.advice in PRAISING or guidance.ready:
            assert guidance.blocks == ()
        assert set(guidance.rejects) <= set(guidance.blocks)
    for event in played.events:
        assert not isinstance(event, HoldStarted) or not at(played, event.t_s).blocks
        if isinstance(event, Taken):
            assert not at(played, event.choice.t_s).is_barred
            assert any(event.choice.doubts) or not at(played, event.choice.t_s).rejects


def at(played, t_s):
    return next(g for g in played.log if g.t_s == t_s)


frames = st.lists(
    st.tuples(st.floats(0, 1), st.sets(st.sampled_from(["eyes", "talking", "pose", "blur"]), max_size=2)), max_size=70
)


@given(frames)
def test_the_choice_is_never_forbidden_and_its_alternatives_lie_apart(rows):
    candidates = [Candidate(i, i / 30, score, tuple(sorted(r)), 0.5) for i, (score, r) in enumerate(rows)]
    choice = choose(candidates)
    clean = {c.seq for c in candidates if not c.rejects}
    if choice is None:
        return
    picked = [choice.seq, *choice.alternatives]
    assert set(picked) <= clean
    assert len(picked) <= 3
    assert all(abs(a - b) / 30 >= APART_S - 1e-6 for i, a in enumerate(picked) for b in picked[:i])
