"""The one list behind the shutter and the sentence: what speaks against a frame, in coaching order.

`RULES` is the list. A rule is active where the frame is beyond its limit, or where its gate is shut and the sitter is
still being asked. The shutter fires on frames without an active rule; the coach names the first one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from booth.guidance.gate import Gate
from booth.guidance.rule_context import RuleContext
from booth.guidance.rules import RULES, Rule

# How much a fault beyond its limit weighs when all frames have one, up to twice this far beyond. By what a guest would
# sooner forgive in a portrait; what is only still being asked for weighs ASKED.
WEIGHTS: Mapping[str, float] = {
    "others": 3.0,
    "hidden": 3.0,
    "eyes": 2.0,
    "talking": 1.5,
    "grimace": 1.5,
    "blur": 1.5,
    "gaze": 1.0,
    "pose": 1.0,
    "light": 1.0,
    "cut": 1.0,
    "far": 1.0,
}
ASKED = 0.3
MAX_BEYOND = 2.0  # times the limit: further off is as bad
SCORE_WEIGHT = 0.25  # of the score 0..1 against the weights above: it decides between like faults


@dataclass(frozen=True, slots=True)
class Against:
    """What speaks against one frame."""

    active: tuple[Rule, ...]  # in coaching order
    beyond: Mapping[str, float]  # reject key -> times the limit, above 1
    is_barred: bool  # may not be the portrait even at the end of a session

    @property
    def rejects(self) -> tuple[str, ...]:
        """Keys of the limits the frame is beyond, in coaching order."""
        return tuple(self.beyond)

    @property
    def blocks(self) -> tuple[str, ...]:
        """Keys of everything that keeps the shutter from firing, in coaching order."""
        return tuple(dict.fromkeys(rule.reject for rule in self.active))

    @property
    def is_willing(self) -> bool:
        """True where nothing is wrong that the sitter could mend."""
        return not any(rule.mendable for rule in self.active)

    def wrong(self, score: float) -> float:
        """Return how much is wrong with the frame, about 0..10; below 0.25 nothing speaks against it."""
        faults = sum(WEIGHTS[key] * min(ratio, MAX_BEYOND) for key, ratio in self.beyond.items())
        asked = ASKED * sum(1 for key in self.blocks if key not in self.beyond)
        return faults + asked + SCORE_WEIGHT * (1.0 - score)


def speaks_against(facts: RuleContext, gates: Mapping[str, Gate], spent: Collection[str] = ()) -> Against:
    """Judge one frame by `RULES`; gates of the readings in `spent` were asked for in vain and block no more."""
    beyond: dict[str, float] = {}
    active: list[Rule] = []
    is_barred = False
    for rule in RULES:
        ratio = rule.beyond(facts)
        if ratio:
            beyond[rule.reject] = max(ratio, beyond.get(rule.reject, 0.0))
            is_barred |= rule.bars
        if ratio or _is_asked(rule, gates, spent):
            active.append(rule)
    return Against(tuple(active), beyond, is_barred)


def _is_asked(rule: Rule, gates: Mapping[str, Gate], spent: Collection[str]) -> bool:
    gate = gates.get(rule.reading)
    if not rule.needed or gate is None or gate.ok is not False:
        return False
    return not (rule.yields and rule.reading in spent)
