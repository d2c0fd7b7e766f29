"""Recorded clips and network streams through OpenCV's reader."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from booth.core.clock import WallClock
from booth.core.fault_table import fault
from booth.core.faults import Fault

OPEN_TIMEOUT_MS = 5000
READ_TIMEOUT_MS = 2000  # a lost stream is noticed within two seconds
FALLBACK_FPS = 25.0


class Clip:
    """A video file: frames with their recorded times. Fault `source.not_video` when nothing can be read from it."""

    is_live = False

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._reader = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
        first = self._reader.read()[1] if self._reader.isOpened() else None
        if first is None:
            self._reader.release()
            empty = path.stat().st_size == 0
            what = f"The file {path.name} is empty." if empty else f"No picture can be read from {path.name}."
            raise Fault("source.not_video", what, "Give a video such as .mp4, .mkv, .mov, .gif, or a picture.")
        self._next: np.ndarray | None = first
        self.size = (first.shape[1], first.shape[0])
        fps = self._reader.get(cv2.CAP_PROP_FPS)
        self.fps = fps if 1 <= fps <= 240 else FALLBACK_FPS
        self._count, self._last_s = 0, -1.0
        self._zero_s = self._reader.get(cv2.CAP_PROP_POS_MSEC) / 1e3

    def _time_s(self) -> float:
        """Seconds of the frame just read: the container's where it tells a growing time, else counted."""
        told_s = self._reader.get(cv2.CAP_PROP_POS_MSEC) / 1e3 - self._zero_s
        counted_s = self._count / self.fps
        return told_s if told_s > self._last_s and abs(told_s - counted_s) < 1.0 else counted_s

    def read(self) -> tuple[np.ndarray, float] | None:
        """Return the next frame and its time, or None at the end."""
        if self._next is not None:
            bgr, self._next, t_s = self._next, None, 0.0
        else:
            ok, bgr = self._reader.read()
            if not ok:
                return None
            t_s = max(self._time_s(), self._last_s + 1e-3)
        self._count += 1
        self._last_s = t_s
        return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), t_s

    def close(self) -> None:
        """Close the file."""
        self._reader.release()


class Stream:
    """An http or rtsp stream the operator named. Fault `stream.missing` or `stream.lost`."""

    is_live = True
    is_camera = True

    def __init__(self, address: str) -> None:
        self.name = "stream"
        options = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, OPEN_TIMEOUT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_TIMEOUT_MS]
        self._reader = cv2.VideoCapture(address, cv2.CAP_FFMPEG, options)
        first = self._reader.read()[1] if self._reader.isOpened() else None
        if first is None:
            self._reader.release()
            raise fault("stream.missing")
        self.size = (first.shape[1], first.shape[0])
        self.fps = self._reader.get(cv2.CAP_PROP_FPS) or FALLBACK_FPS
        self._clock = WallClock()
        self._start_s = self._clock.now_s()

    def read(self) -> tuple[np.ndarray, float] | None:
        """Wait for the next picture; Fault `stream.lost` when none comes in time."""
        ok, bgr = self._reader.read()
        if not ok:
            raise fault("stream.lost")
        return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), self._clock.now_s() - self._start_s

    def close(self) -> None:
        """Hang up."""
        self._reader.release()
