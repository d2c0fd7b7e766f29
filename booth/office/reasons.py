"""Why there is no portrait, or none within the brand, as sentences for whoever runs the office run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from booth.config.words import say

OUTSIDE: Mapping[str, str] = MappingProxyType(
    {
        "eye_line_frac": "the eyes are {times:.1f} times as far from their line as the brand allows",
        "head_height_frac": "the head is larger or smaller than the brand allows, by {times:.1f} times its tolerance",
        "roll_deg": "the head is tilted {times:.1f} times as far as the brand allows",
        "backdrop_de": "the background differs from the set's {times:.1f} times as much as the brand allows",
        "light_ratio_stops": "one side of the face is darker than the brand allows, {times:.1f} times its tolerance",
        "clipped_frac": "{times:.1f} times as much of the face is burnt out as the brand allows",
    }
)
"""A measure of the drift report -> what it means to be outside; {times} counts tolerances."""

OWN: Mapping[str, str] = MappingProxyType(
    {"brand": "nothing within the brand can be cut from it", "nobody": "there is nobody in the picture"}
)
"""What forbids a frame and has no sentence that guests read."""


def outside_words(off: Mapping[str, float]) -> str:
    """Return what of a portrait is outside the brand, worst first."""
    worst_first = sorted(off.items(), key=lambda one: -one[1])
    return "; ".join(
        OUTSIDE.get(key, f"{key}: {{times:.1f}} tolerances").format(times=times) for key, times in worst_first
    )


def not_taken_words(blocks: Sequence[str], advice: str | None) -> str:
    """Return why no frame of a photograph could be taken: what forbids it, else what the coach would ask for."""
    reasons = [OWN.get(key) or _said(f"reject.{key}", key) for key in blocks]
    if not reasons and advice:
        reasons = [f"the coach would ask: {_said(advice, advice)}"]
    return "; ".join(reasons) or "nothing held long enough"


def _said(key: str, otherwise: str) -> str:
    try:
        return say(key)
    except KeyError:
        return otherwise
