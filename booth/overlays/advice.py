"""Which picture goes with an advice: the drawing in its band, and the way it points on the screen.

Words name the sitter's own left and right. In a mirror the sitter's right is on the right, so nothing is turned here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Way = tuple[int, int]  # x to the right of the screen, y down

_RIGHT: Way = (1, 0)
_LEFT: Way = (-1, 0)
_UP: Way = (0, -1)
_DOWN: Way = (0, 1)

WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "framing.step_left": _LEFT,
        "framing.step_right": _RIGHT,
        "framing.lower": _DOWN,
        "framing.higher": _UP,
        "body.turn_left": _LEFT,
        "body.turn_right": _RIGHT,
        "body.near_down": _DOWN,
        "pose.turn_left": _LEFT,
        "pose.turn_right": _RIGHT,
        "pose.chin_up": _UP,
        "pose.chin_down": _DOWN,
        "light.face_left": _LEFT,
        "light.face_right": _RIGHT,
    }
)
"""Advice keys that name a direction, and where that is on the screen."""

_ICON_OF_WAY = {_LEFT: "left", _RIGHT: "right", _UP: "up", _DOWN: "down"}
_ICONS = {
    "framing.closer": "closer",
    "framing.back": "back",
    "pose.tilt_left": "tilt_left",
    "pose.tilt_right": "tilt_right",
    "hold.still": "check",
    "praise.good": "check",
    "body.good": "check",
}
_ICON_OF_ROOM = {
    "presence": "person",
    "framing": "person",
    "light": "sun",
    "gaze": "eye",
    "eyes": "eye",
    "cover": "eye",
    "expression": "smile",
    "pose": "person",
    "body": "person",
}


def way_of(advice: str | None) -> Way | None:
    """Return the direction an advice points to on the screen, or None."""
    return WAYS.get(advice) if advice is not None else None


def icon_of(advice: str) -> str:
    """Return the name of the drawing that goes with an advice."""
    if advice in WAYS:
        return _ICON_OF_WAY[WAYS[advice]]
    return _ICONS.get(advice) or _ICON_OF_ROOM.get(advice.split(".")[0], "dot")
