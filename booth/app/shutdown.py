"""Shutdown: ends the program within a time limit after a signal, whatever it is doing.

Python runs a signal's handler between two steps of the main thread, which may be waiting for a compile, a model or a
develop. So a thread of its own hears the signal too, and ends the process when the orderly way out takes too long.
What a guest left in memory goes with the process; `wipe` is for what lies on the disk.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable

LIMIT_S = 2.5  # from being asked to the end; the promise is five seconds, a busy machine needs some of them
NAMES = ("SIGTERM", "SIGINT", "SIGHUP")


class Shutdown:
    """The way out of one process. `install` belongs to the main thread."""

    def __init__(self, limit_s: float = LIMIT_S, end: Callable[[int], object] = os._exit) -> None:
        """`end` gets the exit code when time is up."""
        self._limit_s, self._end = limit_s, end
        self._ask: Callable[[], object] | None = None
        self._wipe: Callable[[], object] = lambda: None
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()
        self._wakeup_sockets: tuple[socket.socket, socket.socket] | None = None

    def install(self) -> None:
        """Hear the system's signals from now on. Until `through` says how, being asked ends the process at once."""
        for name in NAMES:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._heard)
        if hasattr(os, "fork"):  # elsewhere a console's signals come by another way, and this needs none
            mouth, ear = socket.socketpair()
            mouth.setblocking(False)
            self._wakeup_sockets = mouth, ear
            signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
            threading.Thread(target=self._listen, args=(ear,), daemon=True, name="leaving").start()

    def through(self, ask: Callable[[], object] | None, wipe: Callable[[], object] = lambda: None) -> None:
        """`ask` begins the orderly way out, `wipe` removes from the disk what must not stay. None: at once again."""
        self._ask, self._wipe = ask, wipe

    def begin(self) -> None:
        """Count the seconds from now, if they aren't counted yet."""
        with self._lock:
            if self._timer is None:
                self._timer = threading.Timer(self._limit_s, self._time_is_up)
                self._timer.daemon = True
                self._timer.start()

    def _listen(self, ear: socket.socket) -> None:
        numbers = {getattr(signal, name) for name in NAMES if hasattr(signal, name)}
        while byte := ear.recv(1):
            if byte[0] in numbers:
                self.begin()

    def _heard(self, number: int, _frame: object) -> None:
        self.begin()
        if self._ask is None:
            self._wipe()
            self._end(128 + number if number == signal.SIGINT else 0)
            return
        self._ask()

    def _time_is_up(self) -> None:
        try:
            self._wipe()
        finally:
            self._end(0)


LEAVING = Shutdown()
"""The one of this process."""
