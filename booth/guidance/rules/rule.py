"""One rule: a measure, its band, its limit, and the words that help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from booth.config.params.guidance import Band, Bands
from booth.guidance.rule_context import RuleContext


@dataclass(frozen=True, slots=True)
class Rule:
    """How one reading is judged and spoken of.

    `band` picks what is asked for; `measure` gives the number it judges (None: not known now), with `shown` where the
    reading of that name reports another one (a signed angle, say). `limit` tells how near the frame is to being no
    portrait at all, above 1 it is beyond (see `booth.guidance.limits`). `reject` is the key both go by among the
    frame's `rejects` and `blocks`; a rule without one is only a wish. `say` names the advice.

    A shut gate blocks the shutter where the rule is `needed`; one that `yields` stops doing so once it has been asked
    for long enough. A limit never yields, but at the end of a session only `bars` still forbids the picture.
    `mendable` is what the sitter could change; the rest may as well be a misread face.
    """

    reading: str
    band: Callable[[Bands], Band]
    measure: Callable[[RuleContext], float | None]
    say: Callable[[RuleContext], str] | None
    shown: Callable[[RuleContext], float | None] | None = None
    reject: str = ""
    limit: Callable[[RuleContext], float] | None = None
    needed: bool = True
    yields: bool = True
    bars: bool = False
    mendable: bool = True
    smoothed: bool = True
    applies: Callable[[RuleContext], bool] = lambda facts: True

    def value(self, facts: RuleContext) -> float | None:
        """Return the number a reader of the log sees."""
        return (self.shown or self.measure)(facts)

    def beyond(self, facts: RuleContext) -> float:
        """Return how far beyond its limit the frame is: 0 within, else above 1."""
        ratio = self.limit(facts) if self.limit is not None else 0.0
        return ratio if ratio > 1.0 else 0.0
