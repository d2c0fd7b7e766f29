"""Recorded clips and network streams through OpenCV's reader; motion JPEG comes as the bytes it was recorded in."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from booth.capture.jpeg import Jpeg, jpeg_of
from booth.core.clock import WallClock
from booth.core.fault_table import fault
from booth.core.faults import Fault

OPEN_TIMEOUT_MS = 5000
READ_TIMEOUT_MS = 2000  # a lost stream is noticed within two seconds
FALLBACK_FPS = 25.0
RAW = (cv2.CAP_PROP_FORMAT, -1)  # the coded packets instead of their pixels
STEP_S = 1e-3  # two frames never share a time
SQUARE_WITHIN = 0.005  # of 1: pixels as square as that are square
MOTION_JPEG = frozenset(cv2.VideoWriter.fourcc(*code) for code in ("MJPG", "mjpg", "jpeg", "JPEG"))
LIVE_TRIES = 4  # packets of a stream: the first may be cut off


class _Reader:
    """OpenCV's reader of one file or address: pictures as RGB pixels with square ones, or as the JPEG they came in."""

    def __init__(self, what: str, options: list[int], tries: int = 1) -> None:
        self._reader = cv2.VideoCapture(what, cv2.CAP_FFMPEG, options)
        self._gives_jpeg = False
        if self._is_motion_jpeg():
            self._reader.release()
            self._reader = cv2.VideoCapture(what, cv2.CAP_FFMPEG, [*options, *RAW])
            self._gives_jpeg = True
        self.first = next((p for p in (self._decoded() for _ in range(tries)) if p is not None), None)
        if self.first is None and self._gives_jpeg:  # packets that are no whole JPEG: the library knows what they are
            self._reader.release()
            self._reader = cv2.VideoCapture(what, cv2.CAP_FFMPEG, options)
            self._gives_jpeg = False
            self.first = self._decoded()
        self._stretch = self._pixel_aspect()
        self.first = None if self.first is None else self._squared(self.first)
        reported = self._reader.get(cv2.CAP_PROP_FPS)
        self.fps = reported if 1 <= reported <= 240 else FALLBACK_FPS

    def _is_motion_jpeg(self) -> bool:
        """True where packets are whole pictures that need neither turning nor stretching."""
        if not self._reader.isOpened() or int(self._reader.get(cv2.CAP_PROP_FOURCC)) not in MOTION_JPEG:
            return False
        is_upright = self._reader.get(cv2.CAP_PROP_ORIENTATION_META) == 0
        return is_upright and abs(self._told_aspect() - 1) <= SQUARE_WITHIN

    def _told_aspect(self) -> float:
        across, down = self._reader.get(cv2.CAP_PROP_SAR_NUM), self._reader.get(cv2.CAP_PROP_SAR_DEN)
        return across / down if across > 0 and down > 0 else 1.0

    def _pixel_aspect(self) -> tuple[float, float]:
        """Return by how much to widen and heighten pictures so that their pixels are square; neither gets smaller.

        The container gives the pixel aspect ratio as coded; the reader has turned the picture already.
        """
        aspect = self._told_aspect()
        if abs(aspect - 1) <= SQUARE_WITHIN:
            return 1.0, 1.0
        if round(self._reader.get(cv2.CAP_PROP_ORIENTATION_META)) % 180 == 90:
            aspect = 1 / aspect
        return max(aspect, 1.0), max(1 / aspect, 1.0)

    def _squared(self, picture: np.ndarray | Jpeg) -> np.ndarray | Jpeg:
        wide, high = self._stretch
        if isinstance(picture, Jpeg) or wide == high:
            return picture
        size = round(picture.shape[1] * wide), round(picture.shape[0] * high)
        return cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC)

    def _decoded(self) -> np.ndarray | Jpeg | None:
        ok, given = self._reader.read()
        if not ok or given is None:
            return None
        return jpeg_of(given) if self._gives_jpeg else cv2.cvtColor(given, cv2.COLOR_BGR2RGB)

    @property
    def at_s(self) -> float:
        """Seconds of the picture read last, as the container gives them."""
        return self._reader.get(cv2.CAP_PROP_POS_MSEC) / 1e3

    def next(self) -> np.ndarray | Jpeg | None:
        """Return the next picture, None at the end; a packet that is damaged is passed over."""
        while self._reader.grab():
            ok, given = self._reader.retrieve()
            if not ok or given is None:
                continue
            picture = jpeg_of(given) if self._gives_jpeg else self._squared(cv2.cvtColor(given, cv2.COLOR_BGR2RGB))
            if picture is not None:
                return picture
        return None

    def release(self) -> None:
        self._reader.release()


def _size_of(picture: np.ndarray | Jpeg) -> tuple[int, int]:
    return picture.size if isinstance(picture, Jpeg) else (picture.shape[1], picture.shape[0])


class Clip:
    """A video file: frames with their recorded times. Fault `source.not_video` when nothing can be read from it."""

    is_live = False

    def __init__(self, path: Path) -> None:
        self.name = path.name
        # An absolute path: the library takes what stands before a colon, as in `rec-10:30.mp4`, for a protocol.
        self._reader = _Reader(str(path.absolute()), [])
        first = self._reader.first
        if first is None:
            self._reader.release()
            empty = path.stat().st_size == 0
            what = f"The file {path.name} is empty." if empty else f"No picture can be read from {path.name}."
            raise Fault("source.not_video", what, "Give a video such as .mp4, .mkv, .mov, .gif, or a picture.")
        self._next: np.ndarray | Jpeg | None = first
        self.size, self.fps = _size_of(first), self._reader.fps
        self._last_s, self._zero_s = 0.0, self._reader.at_s

    def _time_s(self) -> float:
        """Seconds of the picture just read: the container's own, or where it gives none that grows, one frame on."""
        told_s = self._reader.at_s - self._zero_s
        return told_s if told_s >= self._last_s + STEP_S else self._last_s + 1 / self.fps

    def read(self) -> tuple[np.ndarray | Jpeg, float] | None:
        """Return the next frame and its time, or None at the end."""
        if self._next is not None:
            picture, self._next = self._next, None
            return picture, 0.0
        following = self._reader.next()
        if following is None:
            return None
        self._last_s = self._time_s()
        return following, self._last_s

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
        self._reader = _Reader(address, options, LIVE_TRIES)
        if self._reader.first is None:
            self._reader.release()
            raise fault("stream.missing")
        self.size, self.fps = _size_of(self._reader.first), self._reader.fps
        self._clock = WallClock()
        self._start_s = self._clock.now_s()

    def read(self) -> tuple[np.ndarray | Jpeg, float] | None:
        """Wait for the next picture; Fault `stream.lost` when none comes in time."""
        picture = self._reader.next()
        if picture is None:
            raise fault("stream.lost")
        return picture, self._clock.now_s() - self._start_s

    def close(self) -> None:
        """Close the connection."""
        self._reader.release()
