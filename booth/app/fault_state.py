"""State of faults: the fault on its page, the one that keeps it there, the one that ends it.

Severities of faults are in `booth.core.fault_table`.
"""

from __future__ import annotations

import logging
from collections import Counter

from booth.app.health_monitor import HealthMonitor, NullHealthMonitor
from booth.app.watchdog import Watchdog
from booth.core.fault_table import concerns_camera, stops
from booth.core.faults import Fault
from booth.session.state_machine import State

log = logging.getLogger(__name__)

SHOWN_S = 3.0  # long enough to be read
NEEDS_CAMERA = frozenset({State.ATTRACT, State.CONSENT, State.TRY, State.COACH, State.HOLD, State.FAULT})


class FaultState:
    """Used on the engine's thread only. `failed` is the fault that ends the program, None while nothing does."""

    def __init__(self, health_monitor: HealthMonitor | NullHealthMonitor, watchdog: Watchdog) -> None:
        self.health_monitor, self.watchdog = health_monitor, watchdog
        self.on_page: Fault | None = None
        self.failed: Fault | None = None
        self.counts: Counter[str] = Counter()  # times each fault began, by code
        self.has_ended = False  # a recorded source has, or the program has to
        self.has_source_ended = False  # a recorded source has
        self._lasts: Fault | None = None
        self._until_s = 0.0

    def handle_fault(self, trouble: Fault, state: State, now_s: float) -> bool:
        """Record a fault; False where the open page does not show it."""
        if concerns_camera(trouble) and state not in NEEDS_CAMERA:
            return False
        if state is not State.FAULT or self.on_page is None or self.on_page.code != trouble.code:
            log.warning("fault %s", trouble.code)
            self.counts[trouble.code] += 1
            self._until_s = now_s + SHOWN_S
        self.on_page = trouble
        if stops(trouble):
            self.has_ended = True
            self.has_source_ended = trouble.code == "source.ended"
            self.failed = None if trouble.code == "source.ended" else trouble
        return True

    def step(self, state: State, now_s: float) -> Fault | None:
        """Check everything but the guest once a turn; returns the active fault."""
        before = set(self.health_monitor.notes)
        self._lasts = self.health_monitor.step(now_s)
        self.counts.update(set(self.health_monitor.notes) - before)
        self.counts["session.slept"] += self.health_monitor.has_slept
        self.watchdog.beat(self.code(state))
        return self._lasts

    def code(self, state: State) -> str:
        """The code on the page of this state, or empty."""
        return self.on_page.code if state is State.FAULT and self.on_page is not None else ""

    def may_recover(self, now_s: float) -> bool:
        """True once the fault on the page is over and could be read."""
        return self._lasts is None and now_s >= self._until_s
