"""What must hold for any input: gates do not chatter, sentences can be read, forbidden frames stay forbidden."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from booth.config.params.guidance import Band, Times
from booth.guidance.advice_scheduler import AdviceCandidate, AdviceScheduler
from booth.guidance.frame_choice import APART_S, Candidate, choose
from booth.guidance.gate import Gate

values = st.lists(st.one_of(st.none(), st.floats(0, 20)), min_size=2, max_size=120)


@given(values)
def test_a_gate_never_turns_twice_within_its_hold(numbers):
    band, gate, turned = Band(7, 10), Gate(), []
    for i, value in enumerate(numbers):
        before, gate = gate, gate.step(value, i / 30, band)
        if before.ok is not None and gate.ok is not None and before.ok != gate.ok:
            turned.append(i / 30)
    assert all(b - a >= 0.3 - 1e-9 for a, b in zip(turned, turned[1:], strict=False))


topics = st.lists(st.sets(st.integers(0, 5)), min_size=5, max_size=200)


@given(topics)
@settings(max_examples=60)
def test_no_sentence_goes_early_but_for_something_more_urgent(script):
    voice, times = AdviceScheduler(), Times()
    for i, wanted in enumerate(script):
        t_s = i / 10
        wishes = tuple(AdviceCandidate(u, f"topic{u}", f"key{u}") for u in wanted)
        cleared = frozenset(f"topic{u}" for u in range(6) if u not in wanted)
        before, voice = voice, voice.step(wishes, cleared, t_s, times)
        if before.now is None or voice.now == before.now or t_s - before.since_s >= times.show_s - 1e-9:
            continue
        assert voice.now is not None
        assert voice.now.urgency < before.now.urgency


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
