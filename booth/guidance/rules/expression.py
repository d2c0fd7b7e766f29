"""Eyes, brows, mouth and smile: judged frame by frame, where a misread face is as likely as a fault of the sitter's."""

from __future__ import annotations

from booth.guidance import limits
from booth.guidance.eyelids import openness
from booth.guidance.rule_context import RuleContext
from booth.guidance.rules.rule import Rule


def _mouth(f: RuleContext) -> str:
    return "expression.pause" if limits.moving_lips(f) > 1 else "expression.lips"


def _wants_smile(f: RuleContext) -> bool:
    return f.target.expression == "warm"


EXPRESSION_RULES: tuple[Rule, ...] = (
    Rule(
        "eyes.open",
        lambda b: b.lids,
        openness,
        lambda f: "eyes.open",
        reject="eyes",
        limit=limits.lids_down,
        needed=False,
        mendable=False,
        smoothed=False,
    ),
    Rule(
        "mouth.open",
        lambda b: b.jaw_open,
        lambda f: f.m.jaw_open,
        _mouth,
        reject="talking",
        limit=limits.talking,
        needed=False,
        mendable=False,
        smoothed=False,
    ),
    Rule(
        "expression.grimace",
        lambda b: b.grimace,
        limits.grimacing,
        lambda f: "expression.relax",
        reject="grimace",
        limit=limits.grimacing,
        needed=False,
        mendable=False,
        smoothed=False,
    ),
    Rule(
        "focus.eyes",
        lambda b: b.sharpness,
        lambda f: f.sharpness,
        lambda f: "focus.still",
        reject="blur",
        limit=limits.blurred,
        needed=False,
        mendable=False,
        smoothed=False,
    ),
    Rule(
        "expression.brow_rise",
        lambda b: b.brow_rise,
        lambda f: max(0.0, f.m.brow_down - f.zero.brow_down),
        lambda f: "expression.brows",
        needed=False,
        mendable=False,
    ),
    Rule(
        "expression.smile",
        lambda b: b.smile_rise,
        lambda f: f.smile_rise,
        lambda f: "expression.smile",
        needed=False,
        mendable=False,
        applies=_wants_smile,
    ),
)
