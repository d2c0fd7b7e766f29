"""What a single photograph can settle of the reasons against it, and what would need its person's history.

Talking is motion, a nod and a gaze count from the sitter's own zero, and narrow eyes from their own open ones: where
only those could tell, the reason is a doubt and not a refusal. What forbids the picture by itself stays a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from booth.config.params.guidance import GuidanceParams, Limits
from booth.core.types import Guidance, Reading
from booth.guidance.eyelids import DOUBT_VALUE
from booth.guidance.neutral_baseline import GAZE_REACH_DEG, PITCH_REACH_DEG

YAW_SPREAD_DEG = 3.5  # the tracker's own, p5 to p95 of people who face the lens
CAMERA_TILT_DEG = 10.0  # beyond the limit of roll: a camera held askew, which the crop can level, looks the same
TELLING_EYE_PX = 24.0  # between the irises; from here to the least distance eyes can be seen but not judged
FAINTLY_SEEN = 0.3  # of the visibility score: eyes in deep shade or behind tinted glasses, not hidden
GAPING = 0.1  # between the lips, in face heights
FAINT_SMILE = 0.55  # smile score; 62 posed smiles whose lips part further than that have .67 and more
TURNED_OVER = "reject.turned_over"

# The readings that stand behind each reason, told with it.
BEHIND: Mapping[str, tuple[str, ...]] = {
    "others": ("presence.faces", "presence.largest_share"),
    "far": ("framing.eye_distance_px",),
    "cut": ("framing.inside",),
    "hidden": ("eyes.visible", "face.visible_share"),
    "light": ("light.clipped", "light.crushed"),
    "pose": ("pose.yaw_deg", "pose.pitch_deg", "pose.roll_deg"),
    "gaze": ("gaze.x_deg", "gaze.y_deg"),
    "eyes": ("eyes.open", "eyes.blink"),
    "talking": ("mouth.open", "mouth.lip_gap"),
    "grimace": ("mouth.open", "expression.smile"),
    "blur": ("focus.eyes",),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks against a picture: its word key, whether it is only a doubt, and the readings behind it."""

    key: str
    is_doubt: bool
    readings: tuple[tuple[str, float], ...]


def reasons_against(guidance: Guidance, params: GuidanceParams) -> tuple[Reason, ...]:
    """Return what speaks against a picture that was judged as the first of its session, refusals first."""
    found = []
    gaping = ("talking",) if "talking" not in guidance.rejects and _gapes(guidance.readings) else ()
    for name in (*guidance.rejects, *gaping):
        known = ((key, guidance.readings.get(key)) for key in BEHIND.get(name, ()))
        behind = tuple((key, float(r.value)) for key, r in known if r is not None and r.value is not None)
        check = _DOUBTS.get(name)
        is_doubt = check is not None and check(guidance.readings, params.limits)
        found.append(Reason(f"reject.{name}", is_doubt, behind))
    return tuple(sorted(found, key=lambda reason: reason.is_doubt))


def verdict_of(reasons: tuple[Reason, ...]) -> str:
    """Return `pass`, `doubt` or `fail`."""
    if not reasons:
        return "pass"
    return "doubt" if all(reason.is_doubt for reason in reasons) else "fail"


Readings = Mapping[str, Reading]


def _value(readings: Readings, key: str) -> float:
    reading = readings.get(key)
    return 0.0 if reading is None or reading.value is None else float(reading.value)


def _pose(readings: Readings, limits: Limits) -> bool:
    yaw, pitch, roll = (_value(readings, f"pose.{axis}_deg") for axis in ("yaw", "pitch", "roll"))
    low, high = -limits.pitch_deg - PITCH_REACH_DEG, limits.pitch_up_deg + PITCH_REACH_DEG
    upright = abs(roll) <= limits.roll_deg + CAMERA_TILT_DEG
    return upright and low <= pitch <= high and abs(yaw) <= limits.yaw_deg + YAW_SPREAD_DEG


def _gaze(readings: Readings, limits: Limits) -> bool:
    return max(abs(_value(readings, f"gaze.{axis}_deg")) for axis in "xy") <= limits.gaze_deg + GAZE_REACH_DEG


def _gapes(readings: Readings) -> bool:
    """True for a mouth wide open without a smile: in a sequence it would move on, one picture cannot tell."""
    return _value(readings, "mouth.lip_gap") > GAPING and _value(readings, "expression.smile") < FAINT_SMILE


def _hidden(readings: Readings, _: Limits) -> bool:
    return min(_value(readings, "eyes.visible"), _value(readings, "face.visible_share")) >= FAINTLY_SEEN


_DOUBTS: Mapping[str, Callable[[Readings, Limits], bool]] = {
    "eyes": lambda readings, _: _value(readings, "eyes.open") >= DOUBT_VALUE,
    "talking": lambda readings, limits: True,
    "pose": _pose,
    "gaze": _gaze,
    "hidden": _hidden,
    "far": lambda readings, _: _value(readings, "framing.eye_distance_px") >= TELLING_EYE_PX,
}
