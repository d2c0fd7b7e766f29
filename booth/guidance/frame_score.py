"""What a frame is worth as the portrait where nothing speaks against it. Judges one frame; `choose` compares many."""

from __future__ import annotations

import math

from booth.guidance.rule_context import RuleContext

WEIGHTS = {"expression": 0.34, "eyes": 0.22, "gaze": 0.16, "pose": 0.14, "sharp": 0.14}

POPULATION_LID_GAP = 0.07  # in T, until the sitter's own is known


def _unit(value: float) -> float:
    return min(1.0, max(0.0, value))


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
    own_lid = f.lids.gap or POPULATION_LID_GAP
    parts = {
        "expression": _expression(f),
        "eyes": _unit((f.m.lid_gap / own_lid - 0.6) / 0.35),
        "gaze": math.exp(-gaze * gaze / 2),
        "pose": math.exp(-pose * pose / 2),
        "sharp": _unit(((f.sharpness or 1.0) - 0.7) / 0.25),
    }
    return sum(WEIGHTS[name] * value for name, value in parts.items())
