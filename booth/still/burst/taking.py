"""Which frames of a burst are merged, and whether: bounded in memory and time, and not where motion is too great."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from booth.core.types import Burst
from booth.still.burst.merge import FINEST, merged

MIN_FRAMES, MAX_FRAMES = 4, 12  # 4 / 8 / 12 give a dim camera 34.2 / 34.8 / 35.1 dB
MAX_PART_PX = 2_500_000  # of a cut: twelve frames of it take about 400 bytes a pixel while they are merged


@dataclass(frozen=True, slots=True, eq=False)
class MergedPart:
    """A part of the chosen frame, merged: `scale` times as fine, of so many frames within so long."""

    rgb: np.ndarray  # (h, w, 3) uint8
    scale: float
    n_frames: int
    span_s: float


def merged_part(burst: Burst, part: tuple[slice, slice]) -> MergedPart | None:
    """Merge rows and columns of the whole frame; None where the one frame says it better.

    That is where the burst does not hold all of them, where they are too many pixels, or too few frames agree.
    """
    rows, columns = (slice(s.start - at, s.stop - at) for s, at in zip(part, burst.at_px[::-1], strict=True))
    height, width = burst.frames[burst.chosen].shape[:2]
    n_px = (rows.stop - rows.start) * (columns.stop - columns.start)
    near = sorted(sorted(range(len(burst.frames)), key=lambda k: (abs(k - burst.chosen), k))[:MAX_FRAMES])
    is_held = min(rows.start, columns.start) >= 0 and rows.stop <= height and columns.stop <= width
    if len(near) < MIN_FRAMES or n_px > MAX_PART_PX or not is_held:
        return None
    cuts = [np.ascontiguousarray(burst.frames[k][rows, columns]) for k in near]
    try:
        found = merged(cuts, near.index(burst.chosen), FINEST)
    except MemoryError:
        return None
    if len(found.heard) < MIN_FRAMES:
        return None
    times = [burst.times_s[near[k]] for k in found.heard]
    return MergedPart(found.picture, FINEST, len(found.heard), max(times) - min(times))
