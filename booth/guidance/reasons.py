"""The plain reasons why a frame was taken: what its readings say is right about it."""

from __future__ import annotations

from booth.core.types import Guidance

_ORDER = (
    ("eyes.open", "reason.eyes_open"),
    ("gaze.x_deg", "reason.looking"),
    ("pose.roll_deg", "reason.level"),
    ("expression.smile", "reason.smiling"),
    ("focus.eyes", "reason.sharp"),
    ("light.clipped", "reason.light"),
)


def reasons_for(guidance: Guidance) -> tuple[str, ...]:
    """Return word keys for every reading of the list that passes, most telling first."""
    return tuple(key for reading, key in _ORDER if (r := guidance.readings.get(reading)) is not None and r.ok)
