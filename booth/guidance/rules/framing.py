"""Where in the frame the face is and how large."""

from __future__ import annotations

from booth.guidance import limits
from booth.guidance.rule_context import RuleContext
from booth.guidance.rules.rule import Rule


def _step_aside(f: RuleContext) -> str:
    """Name the way back: image right is the sitter's own left, so a face there moves to its right."""
    return "framing.step_right" if f.m.centre_x > 0 else "framing.step_left"


def _height(f: RuleContext) -> float:
    return f.m.eye_line - f.params.eye_line


def _up_or_down(f: RuleContext) -> str:
    return "framing.lower" if _height(f) < 0 else "framing.higher"


def _back_inside(f: RuleContext) -> str:
    """Name the way out of a cut frame: away from the border that cuts most."""
    box = f.face.box
    cuts = {
        "framing.step_right": 1 - box.x1,
        "framing.step_left": box.x0,
        "framing.lower": box.y0,
        "framing.higher": 1 - box.y1,
    }
    return min(cuts, key=lambda key: cuts[key])


FRAMING_RULES: tuple[Rule, ...] = (
    Rule(
        "framing.head_height",
        lambda b: b.too_small,
        lambda f: f.m.head_height,
        lambda f: "framing.closer",
        reject="framing",
    ),
    Rule(
        "framing.eye_distance_px",
        lambda b: b.eye_distance_px,
        lambda f: f.m.eye_distance_px,
        lambda f: "framing.closer",
        reject="far",
        limit=limits.far,
    ),
    Rule(
        "framing.head_height_most",
        lambda b: b.too_large,
        lambda f: f.m.head_height,
        lambda f: "framing.back",
        reject="framing",
    ),
    Rule("framing.inside", lambda b: b.edge, lambda f: f.m.inside, _back_inside, reject="cut", limit=limits.cut),
    Rule(
        "framing.centre_x",
        lambda b: b.off_centre,
        lambda f: abs(f.m.centre_x),
        _step_aside,
        shown=lambda f: f.m.centre_x,
        reject="framing",
    ),
    Rule(
        "framing.centre_y",
        lambda b: b.off_height,
        lambda f: abs(_height(f)),
        _up_or_down,
        shown=_height,
        reject="framing",
    ),
)
