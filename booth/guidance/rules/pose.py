"""How the head is held and where the eyes look. Advice names the correcting movement, in the sitter's own sides."""

from __future__ import annotations

from booth.guidance.rule_context import RuleContext
from booth.guidance.rules.rule import Rule


def _turn(f: RuleContext) -> str:
    """Yaw > 0 points the nose to the sitter's left: back to the right."""
    return "pose.turn_right" if f.yaw_off_deg > 0 else "pose.turn_left"


def _chin(f: RuleContext) -> str:
    return "pose.chin_down" if f.pitch_off_deg > 0 else "pose.chin_up"


def _tilt(f: RuleContext) -> str:
    """Roll > 0 leans the head to the sitter's own right shoulder: back to the left."""
    return "pose.tilt_left" if f.m.roll_deg > 0 else "pose.tilt_right"


def _gaze(f: RuleContext) -> float:
    return max(abs(v) for v in f.gaze_off_deg)


POSE_RULES: tuple[Rule, ...] = (
    Rule("pose.yaw_deg", lambda b: b.yaw_deg, lambda f: abs(f.yaw_off_deg), _turn, shown=lambda f: f.m.yaw_deg),
    Rule("pose.pitch_deg", lambda b: b.pitch_deg, lambda f: abs(f.pitch_off_deg), _chin, shown=lambda f: f.m.pitch_deg),
    Rule("pose.roll_deg", lambda b: b.roll_deg, lambda f: abs(f.m.roll_deg), _tilt, shown=lambda f: f.m.roll_deg),
    Rule("gaze.x_deg", lambda b: b.gaze_deg, _gaze, lambda f: "gaze.lens", shown=lambda f: f.gaze_off_deg[0]),
)
