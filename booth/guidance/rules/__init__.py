"""The rules in coaching order, most urgent first. The list is the registry."""

from __future__ import annotations

from booth.guidance.rules.expression import EXPRESSION_RULES
from booth.guidance.rules.framing import FRAMING_RULES
from booth.guidance.rules.light import LIGHT_RULES
from booth.guidance.rules.pose import POSE_RULES
from booth.guidance.rules.presence import COVER_RULES, PRESENCE_RULES
from booth.guidance.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *PRESENCE_RULES,
    *FRAMING_RULES,
    *COVER_RULES,
    *LIGHT_RULES,
    *POSE_RULES,
    *EXPRESSION_RULES,
)

__all__ = ["RULES", "Rule"]
