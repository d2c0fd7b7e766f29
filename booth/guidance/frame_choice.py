"""Which of many frames becomes the portrait: what is forbidden first, then the score, ties to the sharper one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

TIE = 0.03  # scores this near are a draw
APART_S = 0.2  # alternatives show another moment
EYES_MARGIN_S = 0.10  # the lids are on their way before and after a blink
TALK_MARGIN_S = 0.20  # lips part before the first sound and close after the last
_MARGINS_S = {
    "eyes": EYES_MARGIN_S,
    "talking": TALK_MARGIN_S,
    "pose": 0.08,
    "gaze": 0.08,
    "grimace": 0.12,
    "hidden": 0.2,
}
_SLACK_S = 1e-6


@dataclass(frozen=True, slots=True)
class Candidate:
    """One frame of the ring with what the coach made of it."""

    seq: int
    t_s: float
    score: float
    rejects: tuple[str, ...] = ()
    sharpness: float | None = None
    reasons: tuple[str, ...] = ()  # word keys for what is right about it


@dataclass(frozen=True, slots=True)
class Choice:
    """The frame to take, up to two others, and why."""

    seq: int
    t_s: float
    score: float
    alternatives: tuple[int, ...]
    reasons: tuple[str, ...]


def settled(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates with the faults of near neighbours added: what is just over or about to come counts."""
    marked = [(c.t_s, name) for c in candidates for name in c.rejects if name in _MARGINS_S]
    result = []
    for c in candidates:
        near = {name for t_s, name in marked if abs(t_s - c.t_s) <= _MARGINS_S[name] + _SLACK_S}
        result.append(replace(c, rejects=tuple(dict.fromkeys((*c.rejects, *sorted(near))))))
    return result


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
    best = _best(eligible)
    chosen = [best]
    while len(chosen) < 3:
        rest = [c for c in eligible if all(abs(c.t_s - x.t_s) >= APART_S - _SLACK_S for x in chosen)]
        if not rest:
            break
        chosen.append(_best(rest))
    return Choice(best.seq, best.t_s, best.score, tuple(c.seq for c in chosen[1:]), best.reasons)


def _best(eligible: Sequence[Candidate]) -> Candidate:
    top = max(c.score for c in eligible)
    drawn = [c for c in eligible if c.score >= top - TIE]
    return max(drawn, key=lambda c: (c.sharpness or 0.0, c.score, -c.seq))


def _forgiven(candidates: Sequence[Candidate]) -> list[Candidate]:
    seen = [c for c in candidates if "nobody" not in c.rejects]
    clear = [c for c in settled(seen) if not {"eyes", "blur"} & set(c.rejects)]
    return clear or list(seen)
