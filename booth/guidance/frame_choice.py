"""Which of many frames becomes the portrait: what is forbidden first, then the score, ties to the sharper one.

Where a session has to end and every frame has something against it, the one of which least is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from booth.guidance.conditions import WEIGHTS

TIE = 0.03  # scores this near are a draw
APART_S = 0.2  # alternatives show another moment
WORSE_MOST = 0.5  # an alternative to a doubtful frame is not more wrong than by this
# How long before and after a marked frame its neighbours share the mark, in seconds. Lids are on their way before and
# after a blink; lips part before the first sound and close after the last.
_MARGINS_S: Mapping[str, tuple[float, float]] = {
    "eyes": (0.10, 0.10),
    "talking": (0.20, 0.20),
    "pose": (0.08, 0.08),
    "gaze": (0.08, 0.08),
    "grimace": (0.12, 0.12),
    "hidden": (0.2, 0.2),
}
_SLACK_S = 1e-6


@dataclass(frozen=True, slots=True)
class Candidate:
    """One frame of the ring with what the coach made of it."""

    seq: int
    t_s: float
    score: float
    rejects: tuple[str, ...] = ()  # everything that keeps the shutter from firing
    sharpness: float | None = None
    reasons: tuple[str, ...] = ()  # word keys for what is right about it
    wrong: float = 0.0  # see Guidance.wrong
    is_barred: bool = False
    doubts: tuple[str, ...] = ()  # limits it is beyond


@dataclass(frozen=True, slots=True)
class Choice:
    """The frame to take, up to two others, and why; `doubts` has one key a frame, "" where nothing is wrong."""

    seq: int
    t_s: float
    score: float
    alternatives: tuple[int, ...]
    reasons: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    other_reasons: tuple[tuple[str, ...], ...] = ()  # of each alternative: what is right about that one


def settled(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates with the faults of near neighbours added: what is just over or about to come counts."""
    marked = [(c.t_s, name) for c in candidates for name in c.rejects if name in _MARGINS_S]
    result = []
    for c in candidates:
        near = {name for t_s, name in marked if _is_near(c.t_s - t_s, name)}
        added = sorted(near - set(c.rejects))
        wrong = c.wrong + sum(WEIGHTS[name] for name in added)
        result.append(replace(c, rejects=(*c.rejects, *added), wrong=wrong))
    return result


def _is_near(after_mark_s: float, name: str) -> bool:
    before_s, after_s = _MARGINS_S[name]
    return -before_s - _SLACK_S <= after_mark_s <= after_s + _SLACK_S


def choose(candidates: Sequence[Candidate], *, forgiving: bool = False, latest_s: float = math.inf) -> Choice | None:
    """Return the best eligible frame with up to two alternatives, or None when every frame is forbidden.

    Frames after `latest_s` cast their shadow but are not chosen: what follows them is not known yet.
    With `forgiving` (the guest took it by hand) only shut eyes and blur are avoided, and even they if nothing is left.
    """
    eligible = [c for c in settled(candidates) if not c.rejects and c.t_s <= latest_s + _SLACK_S]
    if forgiving and not eligible:
        eligible = _forgiven(candidates)
    if not eligible:
        return None
    chosen = [_best(eligible)]
    while len(chosen) < 3:
        rest = [c for c in eligible if all(abs(c.t_s - x.t_s) >= APART_S - _SLACK_S for x in chosen)]
        if not rest:
            break
        chosen.append(_best(rest))
    return _choice(chosen)


def least_wrong(candidates: Sequence[Candidate]) -> Choice | None:
    """Return the frame of which least is wrong with up to two others hardly worse; None where all are barred."""
    allowed = sorted((c for c in candidates if not c.is_barred), key=lambda c: (c.wrong, -c.score, c.seq))
    if not allowed:
        return None
    chosen = [allowed[0]]
    for c in allowed[1:]:
        is_apart = all(abs(c.t_s - x.t_s) >= APART_S - _SLACK_S for x in chosen)
        if len(chosen) < 3 and is_apart and c.wrong <= chosen[0].wrong + WORSE_MOST:
            chosen.append(c)
    best = _choice(chosen)
    return replace(best, doubts=tuple(c.doubts[0] if c.doubts else "" for c in chosen))


def _choice(chosen: Sequence[Candidate]) -> Choice:
    best, others = chosen[0], chosen[1:]
    seqs, reasons = tuple(c.seq for c in others), tuple(c.reasons for c in others)
    return Choice(best.seq, best.t_s, best.score, seqs, best.reasons, other_reasons=reasons)


def _best(eligible: Sequence[Candidate]) -> Candidate:
    top = max(c.score for c in eligible)
    drawn = [c for c in eligible if c.score >= top - TIE]
    return max(drawn, key=lambda c: (c.sharpness or 0.0, c.score, -c.seq))


def _forgiven(candidates: Sequence[Candidate]) -> list[Candidate]:
    seen = [c for c in candidates if "nobody" not in c.rejects]
    clear = [c for c in settled(seen) if not {"eyes", "blur"} & set(c.rejects)]
    return clear or list(seen)
