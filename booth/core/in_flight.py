"""How many frames are on their way from the camera to the glass: a limit, so that a slow machine shows fresh ones.

Each stage that holds a finished frame until the next is free adds a frame's time to the age of all after it. So the
first stage takes the camera's newest frame only when few enough are under way.
"""

from __future__ import annotations

import threading


class FramesInFlight:
    """Frames that were taken from the camera and not drawn yet, by their numbers; shared by the threads of a feed."""

    def __init__(self, most: int) -> None:
        """`most` frames, 1..: fewer are fresher, as many as there are stages keep every stage busy."""
        self.most = most
        self._changed = threading.Condition()
        self._under_way: set[int] = set()

    def __len__(self) -> int:
        return len(self._under_way)

    def limit(self, most: int) -> None:
        """Let so many be under way from now on."""
        with self._changed:
            self.most = most
            self._changed.notify_all()

    def begin(self, seq: int) -> None:
        """Count a frame that was taken."""
        with self._changed:
            self._under_way.add(seq)

    def end(self, seq: int) -> None:
        """Count a frame as drawn, and with it all before it: what was lost on the way comes no more."""
        with self._changed:
            self._under_way = {other for other in self._under_way if other > seq}
            self._changed.notify_all()

    def wait(self, timeout_s: float) -> bool:
        """Wait until another may be taken, at most `timeout_s`; False where that took too long."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._under_way) < self.most, timeout_s)
