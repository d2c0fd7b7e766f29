"""One rule: a measure, its band, and the words that help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from booth.config.params.guidance import Band, Bands
from booth.guidance.rule_context import RuleContext


@dataclass(frozen=True, slots=True)
class Rule:
    """How one reading is judged and spoken of.

    `band` picks the limits; `measure` gives the number they judge (None: not known now), with `shown` where the
    reading of that name reports another one (a signed angle, say). `say` names the advice once the gate is shut, None
    for a rule that is never coached. Only `needed` gates keep the shutter from arming, and those that `yields` stop
    doing so once they have been asked for in vain: what forbids a frame still does.
    """

    reading: str
    band: Callable[[Bands], Band]
    measure: Callable[[RuleContext], float | None]
    say: Callable[[RuleContext], str] | None
    shown: Callable[[RuleContext], float | None] | None = None
    needed: bool = True
    yields: bool = True
    smoothed: bool = True
    applies: Callable[[RuleContext], bool] = lambda facts: True

    def value(self, facts: RuleContext) -> float | None:
        """Return the number a reader of the log sees."""
        return (self.shown or self.measure)(facts)
