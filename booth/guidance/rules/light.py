"""The light on the face and the place behind it. Nothing here depends on how light or dark the skin is."""

from __future__ import annotations

from booth.guidance import limits
from booth.guidance.rule_context import RuleContext
from booth.guidance.rules.rule import Rule

HARD_SHARE = 0.75  # of the light on the face that comes from one lamp: less leaves the far side lit


def _ratio(f: RuleContext) -> float | None:
    stops = f.analysis.light.ratio_stops
    return None if stops is None else abs(stops)


def _toward_light(f: RuleContext) -> str:
    """Name the brighter side: positive is image right, the sitter's left."""
    return "light.face_left" if (f.analysis.light.ratio_stops or 0) > 0 else "light.face_right"


def _side_deg(f: RuleContext) -> float | None:
    """Return how far to the side a light stands that leaves the other side dark; a soft one counts as in front."""
    light = f.analysis.light
    if light.azimuth_deg is None or light.key_share is None:
        return None
    return abs(light.azimuth_deg) if light.key_share >= HARD_SHARE else 0.0


def _toward_side_light(f: RuleContext) -> str:
    return "light.face_left" if (f.analysis.light.azimuth_deg or 0) > 0 else "light.face_right"


def _ratio_is_fine(f: RuleContext) -> bool:
    """Where the cheeks differ too much the sentence is the same one, and said already."""
    ratio = _ratio(f)
    return ratio is None or ratio <= f.params.bands.ratio_stops.enter


def _mixed(f: RuleContext) -> float | None:
    stops = f.analysis.light.mixed_stops
    return None if stops is None else abs(stops)


def _backlight(f: RuleContext) -> float | None:
    """Return the backlight where it costs detail: against a bright wall dark skin alone reads as three stops."""
    light = f.analysis.light
    if light.backlight_stops is None or light.crushed_frac is None:
        return None
    return (
        light.backlight_stops
        if light.crushed_frac > f.params.bands.crushed_frac.enter
        else min(light.backlight_stops, 0.0)
    )


LIGHT_RULES: tuple[Rule, ...] = (
    Rule(
        "light.clipped",
        lambda b: b.clipped_frac,
        lambda f: f.analysis.light.clipped_frac,
        lambda f: "light.too_bright",
        reject="light",
        limit=limits.clipped,
    ),
    Rule(
        "light.crushed",
        lambda b: b.crushed_frac,
        lambda f: f.analysis.light.crushed_frac,
        lambda f: "light.too_dark",
        reject="light",
        limit=limits.crushed,
    ),
    Rule(
        "light.ratio_stops",
        lambda b: b.ratio_stops,
        _ratio,
        _toward_light,
        shown=lambda f: f.analysis.light.ratio_stops,
        reject="light",
    ),
    Rule(
        "light.backlight_stops",
        lambda b: b.backlight_stops,
        _backlight,
        lambda f: "light.behind",
        shown=lambda f: f.analysis.light.backlight_stops,
        reject="light",
    ),
    Rule(
        "light.azimuth_deg",
        lambda b: b.side_deg,
        _side_deg,
        _toward_side_light,
        shown=lambda f: f.analysis.light.azimuth_deg,
        needed=False,
        applies=_ratio_is_fine,
    ),
    Rule(
        "light.mixed_stops",
        lambda b: b.mixed_stops,
        _mixed,
        lambda f: "light.mixed",
        shown=lambda f: f.analysis.light.mixed_stops,
        needed=False,
    ),
    Rule(
        "background.clutter",
        lambda b: b.clutter_frac,
        lambda f: f.analysis.room.clutter_frac,
        None,
        needed=False,
        applies=lambda f: f.params.judge_background,
    ),
)
