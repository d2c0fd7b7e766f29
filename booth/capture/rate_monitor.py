"""Whether the camera has slowed down: webcams halve their rate in a dim room. For the operator, never the guest.

Computed from sequence numbers and times of the frames, so that dropped frames don't count as slow.
"""

from __future__ import annotations

from collections import deque

from booth.config.words import say
from booth.core.types import Frame

WINDOW_S = 4.0  # judged over this long
SLOW_FRAC, FINE_FRAC = 0.75, 0.85  # of the rate asked for: slow below the one, well again above the other
FEWEST = 8


class RateMonitor:
    """Watches one camera's rate; one instance a booth."""

    def __init__(self, wanted_fps: float | None) -> None:
        """`wanted_fps` is the rate asked for; None for a source that has no light to wait for."""
        self._wanted_fps = wanted_fps
        self._seen: deque[tuple[int, float]] = deque()
        self.is_slow = False

    def record(self, frame: Frame) -> bool:
        """Count one frame; True when the camera has just become slow, which is worth a line in the log."""
        if self._seen and (frame.seq <= self._seen[-1][0] or frame.t_s - self._seen[-1][1] > WINDOW_S):
            self._seen.clear()  # another source, or one that had stopped
        self._seen.append((frame.seq, frame.t_s))
        while frame.t_s - self._seen[0][1] > WINDOW_S:
            self._seen.popleft()
        rate, before = self.fps, self.is_slow
        if rate is not None and self._wanted_fps is not None:
            self.is_slow = rate < (FINE_FRAC if before else SLOW_FRAC) * self._wanted_fps
        return self.is_slow and not before

    @property
    def fps(self) -> float | None:
        """Frames a second the camera gives, or None before enough were seen."""
        if len(self._seen) < FEWEST or self._seen[-1][1] - self._seen[0][1] < WINDOW_S / 2:
            return None
        (first, begin_s), (last, end_s) = self._seen[0], self._seen[-1]
        return (last - first) / (end_s - begin_s)

    def advice(self, locale: str) -> str | None:
        """Return what the operator should do, or None where the camera keeps its rate."""
        return say("staff.add_light", locale, fps=round(self.fps)) if self.is_slow and self.fps is not None else None
