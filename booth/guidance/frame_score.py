"""What a frame is worth as the portrait, and what forbids it. Judges one frame; `choose` compares many."""

from __future__ import annotations

import math

from booth.guidance.eyelids import eyes_closed
from booth.guidance.rule_context import RuleContext

WEIGHTS = {"expression": 0.34, "eyes": 0.22, "gaze": 0.16, "pose": 0.14, "sharp": 0.14}

# Above these the mouth is a grimace, not an expression: beyond every one of 61 posed smiles and 46 studio faces.
STRETCH_MOST, FUNNEL_MOST, PUCKER_MOST, FROWN_MOST, ASIDE_MOST = 0.55, 0.30, 0.90, 0.30, 0.30

# Between parted lips a smile shows teeth: 47 of 50 are less than 2 stops darker there than the cheek; talk is 1.2 to
# 2.6 darker, but for one man in five.
HOLLOW_STOPS, HOLLOW_SMILING_STOPS = 1.2, 2.1
SHUT_LIPS = 0.015  # in T; a near lens alone reads as an open jaw, but the lips stay shut


def _unit(value: float) -> float:
    return min(1.0, max(0.0, value))


def _poorly_lit(f: RuleContext) -> bool:
    light, limits = f.analysis.light, f.params.limits
    return (light.clipped_frac or 0) > limits.clipped_frac or (light.crushed_frac or 0) > limits.crushed_frac


def _turned(f: RuleContext) -> bool:
    """Tell whether the head is out of the limits; pitch counts from the sitter's own level and from the true one."""
    limits = f.params.limits
    pitches = (f.pitch_off_deg, f.m.pitch_deg - f.target.pitch_deg)
    nodding = max(pitches) > limits.pitch_up_deg or min(pitches) < -limits.pitch_deg
    return nodding or abs(f.yaw_off_deg) > limits.yaw_deg or abs(f.m.roll_deg) > limits.roll_deg


def _grimace(f: RuleContext) -> bool:
    m = f.m
    return (
        m.stretch > STRETCH_MOST
        or m.funnel > FUNNEL_MOST
        or m.pucker > PUCKER_MOST
        or m.frown > FROWN_MOST
        or m.mouth_aside > ASIDE_MOST
    )


def _talking(f: RuleContext) -> bool:
    """Tell whether the mouth moves, or stands open in a way no smile does: wide, unsmiling, or dark inside."""
    limits = f.params.limits
    moving = f.mouth_motion is not None and f.mouth_motion > limits.mouth_motion
    smiling = f.smile_rise >= f.params.bands.smile_rise.leave
    agape = f.m.lip_gap > (limits.lip_gap_smiling if smiling else limits.lip_gap)
    dark = f.analysis.cover.mouth_dark_stops or 0.0
    hollow = dark > (HOLLOW_SMILING_STOPS if smiling else HOLLOW_STOPS)
    dropped = f.m.jaw_open > limits.jaw_open and f.m.lip_gap > SHUT_LIPS
    return moving or agape or hollow or dropped


def _too_far(f: RuleContext) -> bool:
    return f.m.eye_distance_px < f.params.bands.eye_distance_px.leave


def _hidden(f: RuleContext) -> bool:
    cover, limit = f.analysis.cover, f.params.bands.hidden.leave
    seen = (v for v in (cover.eyes_visible, cover.face_visible_share) if v is not None)
    return min(seen, default=1.0) < limit


def rejects(f: RuleContext) -> tuple[str, ...]:
    """Name everything that forbids this frame, in the order of the checks; empty for an eligible one."""
    checks = {
        "others": f.largest_other > f.params.bands.others.leave and f.params.people == 1,
        "far": _too_far(f),
        "cut": f.m.inside < 0,
        "hidden": _hidden(f),
        "light": _poorly_lit(f),
        "pose": _turned(f),
        "gaze": max(abs(v) for v in f.gaze_off_deg) > f.params.limits.gaze_deg,
        "eyes": eyes_closed(f),
        "talking": _talking(f),
        "grimace": _grimace(f),
        "blur": (f.sharpness or 1.0) < f.params.limits.sharpness,
    }
    return tuple(name for name, forbidden in checks.items() if forbidden)


def _expression(f: RuleContext) -> float:
    m = f.m
    if f.target.expression == "warm":
        real = _unit((f.zero.cheek_lid - m.cheek_lid) / 0.015)  # cheeks rise in 94 % of real smiles
        value = _unit(f.smile_rise / 0.55) * (0.7 + 0.3 * real)
    elif f.target.expression == "any":
        value = 0.5 + 0.5 * _unit(f.smile_rise / 0.55)
    else:
        value = 1 - _unit(abs(m.smile - f.zero.smile - 0.1) / 0.5)
    strain = (1 - 0.5 * _unit(m.smile_uneven / 0.4)) * (1 - _unit((m.stretch - 0.15) / 0.5))
    brow = 1 - 0.5 * _unit((m.brow_down - f.zero.brow_down - 0.15) / 0.35)
    return value * strain * brow * (1 - _unit((m.jaw_open - 0.15) / 0.3))


def score(f: RuleContext) -> float:
    """Return 0..1, how good a portrait this frame would make if nothing forbids it."""
    gaze = math.hypot(*f.gaze_off_deg) / 6
    pose = math.hypot(f.yaw_off_deg / 8, f.pitch_off_deg / 8, f.m.roll_deg / 6)
    own_lid = f.zero.lid_gap or 0.07
    parts = {
        "expression": _expression(f),
        "eyes": _unit((f.m.lid_gap / own_lid - 0.6) / 0.35),
        "gaze": math.exp(-gaze * gaze / 2),
        "pose": math.exp(-pose * pose / 2),
        "sharp": _unit(((f.sharpness or 1.0) - 0.7) / 0.25),
    }
    return sum(WEIGHTS[name] * value for name, value in parts.items())
