"""Who is there, and what hides them."""

from __future__ import annotations

from booth.guidance import limits
from booth.guidance.rule_context import RuleContext
from booth.guidance.rules.rule import Rule


def _others(f: RuleContext) -> float:
    """Area of the first person too many over the sitter's; 0 when nobody is too many."""
    areas = sorted((face.box.area for face in f.analysis.faces[1:]), reverse=True)
    uninvited = areas[f.params.people - 1 :]
    return uninvited[0] / max(f.face.box.area, 1e-9) if uninvited else 0.0


PRESENCE_RULES: tuple[Rule, ...] = (
    Rule(
        "presence.largest_share",
        lambda b: b.others,
        _others,
        lambda f: "presence.alone",
        shown=lambda f: 1 - _others(f),
        reject="others",
        limit=limits.others,
        yields=False,
        bars=True,
    ),
)


def _near_enough(f: RuleContext) -> bool:
    """Below the least eye distance neither eyes nor mouth can be told from their pixels."""
    return f.m.eye_distance_px >= f.params.bands.eye_distance_px.leave


COVER_RULES: tuple[Rule, ...] = (
    Rule(
        "eyes.visible",
        lambda b: b.hidden,
        lambda f: f.analysis.cover.eyes_visible,
        lambda f: "cover.eyes",
        reject="hidden",
        limit=limits.eyes_hidden,
        yields=False,
        applies=_near_enough,
    ),
    Rule(
        "face.visible_share",
        lambda b: b.hidden,
        lambda f: f.analysis.cover.face_visible_share,
        lambda f: "cover.face",
        reject="hidden",
        limit=limits.face_hidden,
        yields=False,
        bars=True,
        applies=_near_enough,
    ),
    Rule(
        "glasses.glare",
        lambda b: b.glare_frac,
        lambda f: f.analysis.cover.glare_frac,
        lambda f: "cover.glare",
        needed=False,
    ),
)
