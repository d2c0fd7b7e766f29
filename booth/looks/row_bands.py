"""Lets a large picture's rows be worked on side by side, where this process may use more than one core."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import cv2

MIN_ROWS = 512  # a smaller picture is done before a second thread has begun


def in_bands(height: int, work: Callable[[int, int], object]) -> None:
    """Call `work(top, end)` for rows that together are all `height`, one band a core.

    OpenCV's own number of threads says how many cores are ours: a worker among workers has one, and so has the booth
    while it perceives and draws.
    """
    cores = min(2, cv2.getNumThreads()) if height >= MIN_ROWS else 1
    if cores < 2:
        work(0, height)
        return
    middle = height // 2
    with ThreadPoolExecutor(1) as other:
        below = other.submit(work, middle, height)
        work(0, middle)
        below.result()
