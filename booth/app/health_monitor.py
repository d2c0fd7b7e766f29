"""Monitors camera, perception thread, disk and suspend. Reads no pixels.

`step` is called every turn and returns the present fault; the engine handles it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from booth.core.fault_table import ROWS, Weight, fault
from booth.core.faults import Fault

log = logging.getLogger(__name__)

DISK_EVERY_S = 10.0
SLEPT_S = 2.0  # a suspend shorter than this is none
GAP_S = 15.0  # a loop that did not turn for this long was stopped or slept, whatever the clocks say
STUCK_S = 12.0  # longest time one look may take; the first, which loads and compiles, may take FIRST_STUCK_S
FIRST_STUCK_S = 180.0


class TroubleSource(Protocol):
    """A thread of the booth that may be in trouble."""

    @property
    def trouble(self) -> Fault | None:
        """The code of the present trouble, or None."""
        ...


class ThreadMonitor(TroubleSource, Protocol):
    """The perception thread."""

    @property
    def busy_since_s(self) -> float | None:
        """When the look under way began; None between looks."""
        ...

    @property
    def has_looked(self) -> bool:
        """True once a look was finished."""
        ...


@dataclass(frozen=True, slots=True)
class Machine:
    """What is asked of the machine, each a plain number."""

    free_bytes: Callable[[], int]
    suspended_s: Callable[[], float]
    low_bytes: int
    make_room: Callable[[], None] = field(default=lambda: None)


class HealthMonitor:
    """Steps with the loop. `notes` holds what the booth goes on with, by code."""

    def __init__(self, capture: TroubleSource, perceive: ThreadMonitor, machine: Machine) -> None:
        self._capture, self._perceive, self._machine = capture, perceive, machine
        self._turned_s: float | None = None
        self._asleep_s = machine.suspended_s()
        self._disk_s = -DISK_EVERY_S
        self.notes: dict[str, Fault] = {}
        self.has_slept = False  # since the last step

    def step(self, now_s: float) -> Fault | None:
        """Return what stops or pauses the booth at `now_s`, or None."""
        self._note_sleep(now_s)
        self._note_disk(now_s)
        camera = self._capture.trouble
        self._note("camera.slow", camera if camera is not None and camera.code == "camera.slow" else None)
        self._note_tether()
        degrees = getattr(self._perceive, "mounted_deg", None)
        self._note("camera.turned", None if degrees is None else fault("camera.turned", degrees=degrees))
        for trouble in (self._perceive.trouble, self._stuck(now_s), camera):
            if trouble is not None and ROWS[trouble.code].weight is not Weight.NOTE:
                return trouble
        return None

    def _note(self, code: str, trouble: Fault | None) -> None:
        if trouble is None:
            self.notes.pop(code, None)
            return
        if code not in self.notes:
            log.warning("fault %s", code)
        self.notes[code] = trouble

    def _note_tether(self) -> None:
        """Report on the tethered camera, one fault at a time."""
        beside: Fault | None = getattr(self._capture, "beside", None)
        for code in [c for c in self.notes if c.startswith("tether.") and (beside is None or beside.code != c)]:
            self._note(code, None)
        if beside is not None:
            self._note(beside.code, beside)

    def _note_sleep(self, now_s: float) -> None:
        suspended_s = self._machine.suspended_s()
        gap_s = 0.0 if self._turned_s is None else now_s - self._turned_s
        self.has_slept = suspended_s - self._asleep_s > SLEPT_S or gap_s > GAP_S
        self._asleep_s, self._turned_s = suspended_s, now_s
        if self.has_slept:
            log.warning("fault %s", fault("session.slept").code)

    def _note_disk(self, now_s: float) -> None:
        if now_s - self._disk_s < DISK_EVERY_S:
            return
        self._disk_s = now_s
        try:
            free = self._machine.free_bytes()
        except OSError:
            return  # a missing folder is reported when something is to be kept there
        is_low = free < self._machine.low_bytes
        if is_low:
            self._machine.make_room()
        self._note("disk.low", fault("disk.low", free_gb=f"{free / 1e9:.1f}") if is_low else None)

    def _stuck(self, now_s: float) -> Fault | None:
        since_s = self._perceive.busy_since_s
        limit_s = STUCK_S if self._perceive.has_looked else FIRST_STUCK_S
        is_stuck = since_s is not None and now_s - since_s > limit_s and not self.has_slept
        return fault("perception.stuck") if is_stuck else None


class NullHealthMonitor:
    """Monitors nothing, for a run on recorded pictures: no camera, no sleep, no disk to watch."""

    def __init__(self) -> None:
        self.notes: dict[str, Fault] = {}
        self.has_slept = False

    def step(self, now_s: float) -> Fault | None:
        """Return None."""
        return None
