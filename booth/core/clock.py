"""The only module that reads a clock: real time for the booth, frame time for replay."""

from __future__ import annotations

import ctypes
import datetime
import functools
import time
import uuid
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """A source of seconds since an arbitrary start, never going back."""

    def now_s(self) -> float:
        """Seconds since the clock's start."""


class WallClock:
    """Real, monotonic time."""

    def now_s(self) -> float:
        """Seconds on the machine's monotonic clock."""
        return time.perf_counter()


class FrameClock:
    """Time that is set by the caller: the source's own clock in a replay or a test."""

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


def processor_s() -> float:
    """Seconds of processor time that all threads of this process have taken; other processes' work is not in it."""
    return time.process_time()


def suspended_s() -> float:
    """Seconds the machine has been suspended since it was started; 0 where the system does not report it."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    if boot is None:
        return 0.0
    return time.clock_gettime(boot) - time.clock_gettime(time.CLOCK_MONOTONIC)


def utc_now() -> datetime.datetime:
    """The calendar time, for records and file names only."""
    return datetime.datetime.now(datetime.UTC)


@functools.cache
def boot_id() -> str:
    """An ID that changes with every start of the machine, or of the program where the system reports none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return uuid.uuid4().hex


def up_s() -> float:
    """Seconds since the machine was started, suspended ones too where the system counts them."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class _Timex(ctypes.Structure):
    """struct timex of adjtimex(2) on 64-bit Linux, as far as it is read; the rest is room."""

    _fields_ = (
        ("modes", ctypes.c_uint), ("offset", ctypes.c_long), ("freq", ctypes.c_long), ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long), ("status", ctypes.c_int), ("constant", ctypes.c_long),
        ("precision", ctypes.c_long), ("tolerance", ctypes.c_long), ("seconds", ctypes.c_long),
        ("room", ctypes.c_byte * 512),
    )  # fmt: skip


_STA_UNSYNC = 0x40  # linux/timex.h
_TIME_ERROR = 5


def vouched_s() -> float | None:
    """The calendar, seconds since 1970, where the kernel says that a time service keeps it; None where none does."""
    try:
        adjtimex = ctypes.CDLL(None).adjtimex
        reported = _Timex()
        state = adjtimex(ctypes.byref(reported))
    except (OSError, AttributeError, TypeError):
        return None
    is_kept = 0 <= state < _TIME_ERROR and not reported.status & _STA_UNSYNC
    return float(reported.seconds) if is_kept else None
