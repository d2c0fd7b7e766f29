"""Notifies the service manager that the booth is alive, and ends the program when its loop hangs.

Where systemd starts the booth it gets READY, WATCHDOG and STATUS; elsewhere the messages go nowhere. What a frozen
loop had in memory goes with the process; what lay in its session folder is swept by the next start.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from types import TracebackType

import sdnotify

from booth.core.clock import WallClock
from booth.core.fault_table import fault

log = logging.getLogger(__name__)

STUCK_S = 45.0  # a loop that has not turned for this long will not turn again: the longest wait is a still's develop
LOOK_S = 1.0
FRESH_S = 5.0  # the watchdog is notified while the loop's last turn is no older than this


class Watchdog:
    """Runs beside the loop, which calls `beat` every turn. Use it as a with-block."""

    def __init__(
        self,
        give_up: Callable[[], None] = lambda: os._exit(1),
        notify: Callable[[str], object] | None = None,
        now_s: Callable[[], float] | None = None,
    ) -> None:
        """`give_up` ends the process; `notify` sends one message to the service manager."""
        self.starts_anew = False  # another booth follows in this process: the service manager must not end it
        self._give_up, self._now_s = give_up, now_s or WallClock().now_s
        # Without a service manager the library would leave a socket open that belongs to nobody.
        listens = notify is None and "NOTIFY_SOCKET" in os.environ
        self._line = sdnotify.SystemdNotifier() if listens else None
        self._notify = notify or (self._line.notify if self._line is not None else lambda text: None)
        self._beat_s: float | None = None
        self._status = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def beat(self, status: str = "") -> None:
        """The loop has turned once; `status` is a fault's code or empty."""
        is_first = self._beat_s is None
        self._beat_s = self._now_s()
        if is_first:
            self._notify("READY=1")
        if status != self._status or is_first:
            self._status = status
            self._notify(f"STATUS={status or 'open'}")

    def check(self) -> bool:
        """Check once; False when the loop hangs and the program was asked to end."""
        if self._beat_s is None:
            return True
        since_s = self._now_s() - self._beat_s
        if since_s > STUCK_S:
            log.critical("%s", fault("loop.stuck"))
            self._give_up()
            return False
        if since_s < FRESH_S:
            self._notify("WATCHDOG=1")
        return True

    def _run(self) -> None:
        while not self._stop.wait(LOOK_S) and self.check():
            pass

    def __enter__(self) -> Watchdog:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.starts_anew:
            self._notify("STOPPING=1")
        self._stop.set()
        self._thread.join(2 * LOOK_S)
        self.close()

    def close(self) -> None:
        """Close the connection."""
        if self._line is not None and self._line.socket is not None:
            self._line.socket.close()
            self._line.socket = None
