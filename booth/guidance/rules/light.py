"""The light on the face and the place behind it. Nothing here depends on how light or dark the skin is."""

from __future__ import annotations

from booth.guidance.facts import Facts
from booth.guidance.rules.rule import Rule


def _ratio(f: Facts) -> float | None:
    stops = f.sight.light.ratio_stops
    return None if stops is None else abs(stops)


def _toward_light(f: Facts) -> str:
    """Name the brighter side: positive is image right, the sitter's left."""
    return "light.face_left" if (f.sight.light.ratio_stops or 0) > 0 else "light.face_right"


def _backlight(f: Facts) -> float | None:
    """Return the backlight where it costs detail: against a bright wall dark skin alone reads as three stops."""
    light = f.sight.light
    if light.backlight_stops is None or light.crushed_frac is None:
        return None
    return (
        light.backlight_stops
        if light.crushed_frac > f.params.bands.crushed_frac.enter
        else min(light.backlight_stops, 0.0)
    )


LIGHT_RULES: tuple[Rule, ...] = (
    Rule("light.clipped", lambda b: b.clipped_frac, lambda f: f.sight.light.clipped_frac, lambda f: "light.too_bright"),
    Rule("light.crushed", lambda b: b.crushed_frac, lambda f: f.sight.light.crushed_frac, lambda f: "light.too_dark"),
    Rule(
        "light.ratio_stops", lambda b: b.ratio_stops, _ratio, _toward_light, shown=lambda f: f.sight.light.ratio_stops
    ),
    Rule(
        "light.backlight_stops",
        lambda b: b.backlight_stops,
        _backlight,
        lambda f: "light.behind",
        shown=lambda f: f.sight.light.backlight_stops,
    ),
    Rule(
        "background.clutter",
        lambda b: b.clutter_frac,
        lambda f: f.sight.room.clutter_frac,
        None,
        needed=False,
        applies=lambda f: f.params.judge_background,
    ),
)
