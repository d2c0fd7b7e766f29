"""What hides the face, from the pixels: the tracker invents eyes under sunglasses and a mouth under a mask."""

from __future__ import annotations

from booth.perception.chip import Chip
from booth.types import Cover


def measure_cover(chip: Chip) -> Cover:
    """Measure how much of eyes and face shows; unknown where the face leaves the frame."""
    if not chip.inside.all():
        return Cover()
    return Cover()
