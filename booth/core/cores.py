"""How the cores are shared: the booth's threads are its own parallelism, so every library gets one core each."""

from __future__ import annotations

import sys

import cv2

SWITCH_S = 0.0005  # with the default of 5 ms a thread may wait that long, many times a frame, for its next call


def one_core_each() -> None:
    """Keep OpenCV from splitting every call over both cores.

    The perception thread and the loop already run side by side; a call that waits for the other core's share of it was
    measured to cost up to five times its own time while both are busy.
    """
    cv2.setNumThreads(1)
    sys.setswitchinterval(SWITCH_S)
