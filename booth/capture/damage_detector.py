"""Decides from numbers of a frame whether it came whole: a picture cut off or torn on its way decodes all the same.

What a decoder makes of lost data is one flat colour down to the bottom, or the rest of the picture pushed aside. Either
begins at a row and goes to the last one, from one frame to the next. Pure: no clock, no pixels.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

ROWS, BLOCKS = 30, 4  # rows sampled over the frame, parts of a row whose mean is kept
MIN_ROWS = 2  # of the sampled ones: less may be a caption at the edge
TORN_LEVELS = 14.0  # mean change of a row's parts in one frame, 0..255; a guest's own hand does not fill whole rows
QUIET_LEVELS = 5.0  # rows above the tear change less than this
DARK_LEVEL, BRIGHT_LEVEL = 24, 250  # flat rows beyond are a dark corner or a burnt-out window
REMEMBERED = 90  # frames; what was flat in all of them belongs to the scene


@dataclass(frozen=True, slots=True, eq=False)
class RowFacts:
    """Of one frame's sampled rows, top to bottom."""

    is_flat: np.ndarray  # (ROWS,) bool: one colour from edge to edge, neither dark nor burnt out
    means: np.ndarray  # (ROWS, BLOCKS) float32: mean level of each part, 0..255


def row_facts(rgb: np.ndarray) -> RowFacts:
    """Return the facts of an (H, W, 3) uint8 picture of at least 30x4 pixels; about 30 us at 720p."""
    height, width = rgb.shape[:2]
    step = max(1, width // 160)
    rows = rgb[np.arange(ROWS) * height // ROWS + height // (2 * ROWS), ::step]
    low, high = rows.min(1), rows.max(1)
    level = rows[:, 0].mean(-1)
    is_flat = ((high == low).all(-1)) & (level > DARK_LEVEL) & (level < BRIGHT_LEVEL)
    n = rows.shape[1] // BLOCKS
    means = rows[:, : n * BLOCKS].reshape(ROWS, BLOCKS, n * 3).mean(-1, dtype=np.float32)
    return RowFacts(is_flat, means)


class DamageDetector:
    """Steps once a frame of one opening of a camera; `reset` forgets what was seen."""

    def __init__(self) -> None:
        self._flat_before: deque[int] = deque(maxlen=REMEMBERED)
        self._last: np.ndarray | None = None
        self._doubted: np.ndarray | None = None

    def is_whole(self, facts: RowFacts) -> bool:
        """Return False for a frame that is torn or cut off against the whole ones before it."""
        flat = _from_the_bottom(facts.is_flat)
        is_cut = bool(self._flat_before) and flat - min(self._flat_before) >= MIN_ROWS
        is_torn = _jumps(facts.means, self._last) and (self._doubted is None or _jumps(facts.means, self._doubted))
        self._doubted = facts.means if is_torn else None  # two frames alike after a jump: the scene has changed
        if is_cut or is_torn:
            return False
        self._flat_before.append(flat)
        self._last = facts.means
        return True

    def reset(self) -> None:
        """Forget: the next frame is taken as it is."""
        self._flat_before.clear()
        self._last = self._doubted = None


def _from_the_bottom(flags: np.ndarray) -> int:
    """Return how many rows in one piece are flagged from the last one up."""
    return int(np.argmin(flags[::-1])) if not flags.all() else len(flags)


def _jumps(means: np.ndarray, before: np.ndarray | None) -> bool:
    """True where all rows below some row have changed since `before`, by much on average, and none above it has."""
    if before is None:
        return False
    change = np.abs(means - before).mean(1)
    torn = _from_the_bottom(change > QUIET_LEVELS)
    if not MIN_ROWS <= torn < len(change):
        return False
    above, below = change[: len(change) - torn], change[len(change) - torn :]
    return bool((above <= QUIET_LEVELS).all() and below.mean() > TORN_LEVELS)
