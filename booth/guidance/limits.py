"""How near one frame is to each limit beyond which it is no portrait, as a ratio: above 1 it is beyond.

Every function takes `Facts` and returns 0.. without a unit; 0 also where the measure could not be taken.
"""

from __future__ import annotations

from booth.guidance.eyelids import eyes_closed
from booth.guidance.rule_context import RuleContext

# Above these the mouth is a grimace, not an expression: beyond every one of 61 posed smiles and 46 studio faces.
STRETCH_MOST, FUNNEL_MOST, PUCKER_MOST, FROWN_MOST, ASIDE_MOST = 0.55, 0.30, 0.90, 0.30, 0.30

SMILE_WIDTH = 0.84  # of the mouth, in IED: 62 smiles with teeth have .86 and more, speech seldom
HELD_GAP = 0.09  # in T: lips kept apart wider than this without a smile are no expression anyone wants
SHUT_LIPS = 0.015  # in T; a near lens alone reads as an open jaw, but the lips stay shut

# From open to shut a lid gap falls from about .08 T to .01 and the blink score rises from about .1 to .7.
GAP_RANGE, BLINK_RANGE = (0.08, 0.01), (0.1, 0.7)


def others(f: RuleContext) -> float:
    """Return the area of the largest other face against what is allowed beside one sitter."""
    return f.largest_other / max(f.params.bands.others.leave, 1e-6) if f.params.people == 1 else 0.0


def far(f: RuleContext) -> float:
    """Return the least eye distance in pixels at which eyes can be judged over the one seen."""
    return f.params.bands.eye_distance_px.leave / max(f.m.eye_distance_px, 1.0)


def cut(f: RuleContext) -> float:
    """Return 1 where the face touches the frame's border, growing by 1 for every face width outside."""
    return max(0.0, 1.0 - f.m.inside)


def eyes_hidden(f: RuleContext) -> float:
    """Return how much of the eyes is covered."""
    return _covered(f.analysis.cover.eyes_visible, f.params.bands.hidden.leave)


def face_hidden(f: RuleContext) -> float:
    """Return how much of mouth and nose is covered."""
    return _covered(f.analysis.cover.face_visible_share, f.params.bands.hidden.leave)


def _covered(visible: float | None, least: float) -> float:
    return 0.0 if visible is None else (1.0 - visible) / max(1.0 - least, 1e-6)


def clipped(f: RuleContext) -> float:
    """Return the share of blown-out skin against the most allowed."""
    return (f.analysis.light.clipped_frac or 0.0) / max(f.params.limits.clipped_frac, 1e-6)


def crushed(f: RuleContext) -> float:
    """Return the share of black skin against the most allowed."""
    return (f.analysis.light.crushed_frac or 0.0) / max(f.params.limits.crushed_frac, 1e-6)


def turned(f: RuleContext) -> float:
    """Return the turn past the look's target, or past the front the other way, against the most allowed.

    A face to the front is a portrait in every look: one that wants a turn asks for it, and does without at last.
    """
    target = f.target.yaw_deg
    nearest = min(max(f.m.yaw_deg, min(0.0, target)), max(0.0, target))  # of all turns from the front to the target
    return abs(f.m.yaw_deg - nearest) / max(f.params.limits.yaw_deg, 1e-6)


def nodding(f: RuleContext) -> float:
    """Return the chin's height against the most allowed, from the sitter's own level and from the true one."""
    limits = f.params.limits
    pitches = (f.pitch_off_deg, f.m.pitch_deg - f.target.pitch_deg)
    return max(max(pitches) / max(limits.pitch_up_deg, 1e-6), -min(pitches) / max(limits.pitch_deg, 1e-6))


def tilted(f: RuleContext) -> float:
    """Return the roll against the most allowed."""
    return abs(f.m.roll_deg) / max(f.params.limits.roll_deg, 1e-6)


def looking_away(f: RuleContext) -> float:
    """Return the gaze from the sitter's own zero against the most allowed."""
    return max(abs(v) for v in f.gaze_off_deg) / max(f.params.limits.gaze_deg, 1e-6)


def lids_down(f: RuleContext) -> float:
    """Return 0 for open eyes, else 1 for lids hardly down to 2 for shut ones: ranks frames of one sitter."""
    if not eyes_closed(f):
        return 0.0
    parts = (_share(f.m.lid_gap, GAP_RANGE), _share(f.m.blink, BLINK_RANGE))
    return 1.0 + 1e-6 + sum(parts) / len(parts)


def _share(value: float, span: tuple[float, float]) -> float:
    return min(1.0, max(0.0, (value - span[0]) / (span[1] - span[0])))


def talking(f: RuleContext) -> float:
    """Return how far the mouth moves, or stands open as in speech."""
    return max(moving_lips(f), agape(f))


def moving_lips(f: RuleContext) -> float:
    """Return the lips' motion against the most that this sitter's move at rest or in a held smile."""
    return (f.mouth_motion or 0.0) / max(f.mouth_motion_limit, 1e-6)


def agape(f: RuleContext) -> float:
    """Return how far the mouth stands open: wider than any smile, or parted without one and not for long.

    Teeth, a beard, full or shaded lips are not enough; lips kept apart for a second are an expression.
    """
    limits = f.params.limits
    ratios = [f.m.lip_gap / max(limits.lip_gap_smiling, 1e-6)]
    if f.smile_rise < f.params.bands.smile_rise.leave and f.m.mouth_width < SMILE_WIDTH:
        ratios.append(f.m.lip_gap / (HELD_GAP if f.mouth_held else max(limits.lip_gap, 1e-6)))
    if f.m.lip_gap > SHUT_LIPS:
        ratios.append(f.m.jaw_open / max(limits.jaw_open, 1e-6))
    return max(ratios)


def grimacing(f: RuleContext) -> float:
    """Return how far the mouth is from any expression somebody would want."""
    m = f.m
    return max(
        m.stretch / STRETCH_MOST,
        m.funnel / FUNNEL_MOST,
        m.pucker / PUCKER_MOST,
        m.frown / FROWN_MOST,
        m.mouth_aside / ASIDE_MOST,
    )


def blurred(f: RuleContext) -> float:
    """Return the sharpness lost against the session's best, over the most that may be lost."""
    sharp = 1.0 if f.sharpness is None else f.sharpness
    return max(0.0, 1.0 - sharp) / max(1.0 - f.params.limits.sharpness, 1e-6)
