"""The only module that asks the time: real for the booth, frame-driven for replay."""

from __future__ import annotations

import datetime
import time
from typing import Protocol


class Clock(Protocol):
    """Something that tells seconds since an arbitrary start, never going back."""

    def now_s(self) -> float:
        """Seconds since the clock's start."""


class WallClock:
    """Real, monotonic time."""

    def now_s(self) -> float:
        """Seconds on the machine's monotonic clock."""
        return time.perf_counter()


class FrameClock:
    """Time that moves only when told: the source's own clock in a replay or a test."""

    def __init__(self, t_s: float = 0.0) -> None:
        self._t_s = t_s

    def now_s(self) -> float:
        """Seconds of the newest frame."""
        return self._t_s

    def set(self, t_s: float) -> None:
        """Move on to `t_s`; going back is ignored."""
        self._t_s = max(self._t_s, t_s)


def stopwatch_ms(since_s: float) -> float:
    """Milliseconds of real time since `since_s`, a value of `WallClock.now_s`."""
    return (time.perf_counter() - since_s) * 1e3


def asleep_s() -> float:
    """Seconds the machine has been suspended since it was started; 0 where the system does not tell."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    if boot is None:
        return 0.0
    return time.clock_gettime(boot) - time.clock_gettime(time.CLOCK_MONOTONIC)


def utc_now() -> datetime.datetime:
    """The calendar time, for records and file names only."""
    return datetime.datetime.now(datetime.UTC)
