"""A page to print: where to put lamp, window and laptop at home, drawn from what was measured in that room."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

from booth.core.landmarks import OUTER_EYE_CORNERS
from booth.core.types import FrameAnalysis

EVEN_STOPS, STRONG_STOPS, BEHIND_STOPS, DIM_LEVEL = 0.5, 1.5, 1.5, 0.04
EYES_AT = (0.34, 0.50)  # of the frame's height: where a lens at eye level sees the eyes
NEAR_SHARE = 0.55  # of the frame: nearer, and the lens makes the nose large

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1d2328}"
    "h1{font-size:1.6rem}li{margin:.5rem 0}svg{display:block;margin:1rem auto;max-width:100%}"
    "svg text{font:13px system-ui,sans-serif;fill:#1d2328}@media print{body{margin:0}}"
)


@dataclass(frozen=True, slots=True)
class PracticePlan:
    """Measurements of the room; None where it could not be measured. Sides are the sitter's own."""

    ratio_stops: float | None = None  # > 0: the light comes from the left
    backlight_stops: float | None = None
    level: float | None = None  # of the whole frame, 0..1 linear
    eye_line: float | None = None  # 0..1 from the top
    head_share: float | None = None  # of the frame's height


def place_of(analysis: FrameAnalysis) -> PracticePlan:
    """Return the measurements of a FrameAnalysis."""
    light, face = analysis.light, analysis.sitter
    if face is None:
        return PracticePlan(level=light.frame_level)
    eyes = float(face.landmarks[list(OUTER_EYE_CORNERS), 1].mean())
    return PracticePlan(light.ratio_stops, light.backlight_stops, light.frame_level, eyes, face.box.y1 - face.box.y0)


def hints(place: PracticePlan) -> tuple[str, ...]:
    """What to move, most important first; one sentence each, with the figure it comes from."""
    tips = []
    if place.backlight_stops is not None and place.backlight_stops > BEHIND_STOPS:
        tips.append(f"The light is behind you ({place.backlight_stops:.1f} stops): sit the other way round, facing it.")
    if place.level is not None and place.level < DIM_LEVEL:
        tips.append("The room is dim: put a lamp behind the laptop, a little above its screen, shining at a pale wall.")
    ratio = place.ratio_stops
    if ratio is not None and abs(ratio) > EVEN_STOPS:
        side, other = ("left", "right") if ratio > 0 else ("right", "left")
        far = "Turn your chair toward it by a quarter, and" if abs(ratio) > STRONG_STOPS else "Keep it there, and"
        where = f"Your light comes from your {side} ({abs(ratio):.1f} stops)."
        tips.append(f"{where} {far} put white paper on your {other}.")
    if place.eye_line is not None and not EYES_AT[0] <= place.eye_line <= EYES_AT[1]:
        way = "Raise the laptop on books" if place.eye_line < EYES_AT[0] else "Lower the screen, or sit up"
        tips.append(f"{way}, until the lens is as high as your eyes.")
    if place.head_share is not None and place.head_share > NEAR_SHARE:
        tips.append("Move back to an arm's length and a half: a near lens changes the shape of a face.")
    return tuple(tips) or ("All is well placed: keep lamp, window and laptop where they are.",)


def html(place: PracticePlan) -> str:
    """Return the page: a plan seen from above, and what to do; it needs nothing else and loads nothing."""
    items = "".join(f"<li>{escape(hint)}</li>" for hint in hints(place))
    habits = "".join(f"<li>{escape(line)}</li>" for line in (
        "Look into the lens, not at yourself.", "Forehead a little forward, chin a little down.",
        "Turn one shoulder away and let both sink.", "Think of someone you like, and smile with your eyes.",
    ))  # fmt: skip
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Your place at home</title>'
        f"<style>{STYLE}</style><h1>Your place at home</h1>{_plan(place)}<ol>{items}</ol>"
        f"<h2>Before each call</h2><ul>{habits}</ul></html>\n"
    )


def _plan(place: PracticePlan) -> str:
    """You, the laptop and the light from above: the light stands where it will be best, 35 degrees to its own side."""
    side = -1 if (place.ratio_stops or 0) >= 0 else 1  # on paper your left is left of you as you face the laptop
    angle = math.radians(35)
    x, y = 220 + side * 150 * math.sin(angle), 210 - 150 * math.cos(angle)
    return (
        '<svg width="440" height="280" viewBox="0 0 440 280" role="img" aria-label="Plan from above">'
        '<circle cx="220" cy="210" r="24" fill="#b9d5d6"/><text x="220" y="258" text-anchor="middle">you</text>'
        '<rect x="180" y="118" width="80" height="10" rx="3" fill="#1d2328"/>'
        '<text x="220" y="146" text-anchor="middle">laptop, lens at eye height</text>'
        f'<line x1="{x:.0f}" y1="{y:.0f}" x2="220" y2="190" stroke="#d08a2e" stroke-dasharray="5 5"/>'
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="16" fill="#f2a65a"/>'
        f'<text x="{x:.0f}" y="{y - 24:.0f}" text-anchor="middle">window or lamp, a hand above your eyes</text></svg>'
    )
