"""A camera on this machine. BGR lives only here and in the other readers; exposure is locked once it is good."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Event

import cv2
import numpy as np
from cv2_enumerate_cameras import enumerate_cameras

from booth.config.params.capture import CaptureParams
from booth.core.clock import WallClock
from booth.core.fault_table import fault

RETRY_S = 0.02  # a camera that is gone fails at once
FAILED_S = 1.0  # a read that fails may be a hiccup; failing for this long is not
V4L2_MANUAL, V4L2_AUTO = 1, 3  # values of CAP_PROP_AUTO_EXPOSURE


def _backend() -> int:
    if sys.platform.startswith("linux"):
        return cv2.CAP_V4L2
    return cv2.CAP_DSHOW if sys.platform == "win32" else cv2.CAP_AVFOUNDATION


def named() -> list[tuple[int, str]]:
    """Return number and name of the cameras the system lists, in its order."""
    if sys.platform.startswith("linux") and not any(Path("/dev").glob("video*")):
        return []
    return [(camera.index, camera.name) for camera in enumerate_cameras(_backend())]


def opened(index: int) -> cv2.VideoCapture:
    """Return the system's reader of a camera, open or not."""
    return cv2.VideoCapture(index, _backend())


def indices() -> list[int]:
    """Return the indices of the cameras the system lists, in its order."""
    return [index for index, _ in named()]


def listing() -> str:
    """Return the cameras in words, for a hint."""
    return ", ".join(f"{index}: {name}" for index, name in named()) or "none is connected"


def index_of(name: str) -> int | None:
    """Return the index of the first camera whose name contains `name`, in any case; None when there is none."""
    return next((index for index, title in named() if name.lower() in title.lower()), None)


class Webcam:
    """One open camera. Fault `camera.missing` when it does not open, `camera.lost` when it stops giving pictures."""

    is_live = True
    is_camera = True

    def __init__(self, index: int, params: CaptureParams) -> None:
        titles = dict(named())
        if index not in titles:
            raise fault("camera.missing", index=index, listing=listing())
        self.index, self.title = index, titles[index]
        self.name = f"camera {index}"
        self._params, self._clock, self._start_s = params, WallClock(), -1.0
        self._pause = Event()
        self._camera = opened(index)
        self._configure()
        ok, bgr = self._camera.read()
        if not ok:
            self._camera.release()
            raise fault("camera.busy", index=index)
        self.size = (bgr.shape[1], bgr.shape[0])
        self.fps = self._camera.get(cv2.CAP_PROP_FPS) or float(params.fps)
        self.is_locked = False

    def _configure(self) -> None:
        # MJPG has to be asked for before the size: raw formats are too slow over USB 2 above 640x480.
        self._camera.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._camera.set(cv2.CAP_PROP_FRAME_WIDTH, self._params.width_px)
        self._camera.set(cv2.CAP_PROP_FRAME_HEIGHT, self._params.height_px)
        self._camera.set(cv2.CAP_PROP_FPS, self._params.fps)
        self._camera.set(cv2.CAP_PROP_BUFFERSIZE, 1)

    def lock_exposure(self) -> None:
        """Hold exposure and white balance where they are; a camera that cannot simply goes on by itself."""
        exposure = self._camera.get(cv2.CAP_PROP_EXPOSURE)
        balance = self._camera.get(cv2.CAP_PROP_WB_TEMPERATURE)
        if self._camera.set(cv2.CAP_PROP_AUTO_EXPOSURE, V4L2_MANUAL):
            self._camera.set(cv2.CAP_PROP_EXPOSURE, exposure)
        if self._camera.set(cv2.CAP_PROP_AUTO_WB, 0) and balance > 0:
            self._camera.set(cv2.CAP_PROP_WB_TEMPERATURE, balance)
        self.is_locked = True

    def unlock_exposure(self) -> None:
        """Let the camera find exposure and white balance again, for the next guest."""
        self._camera.set(cv2.CAP_PROP_AUTO_EXPOSURE, V4L2_AUTO)
        self._camera.set(cv2.CAP_PROP_AUTO_WB, 1)
        self.is_locked = False

    def read(self) -> tuple[np.ndarray, float] | None:
        """Wait for the next picture; Fault `camera.lost` when none comes."""
        began_s = self._clock.now_s()
        while self._clock.now_s() - began_s < FAILED_S:
            ok, bgr = self._camera.read()
            if ok:
                now_s = self._clock.now_s()
                self._start_s = now_s if self._start_s < 0 else self._start_s
                return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), now_s - self._start_s
            self._pause.wait(RETRY_S)
        raise fault("camera.lost", name=self.name)

    def close(self) -> None:
        """Let the camera go."""
        self._camera.release()


def lock_exposure(source: object) -> None:
    """Hold exposure and white balance where the source is a camera of this machine."""
    if isinstance(source, Webcam):
        source.lock_exposure()


def unlock_exposure(source: object) -> None:
    """Let a camera of this machine find exposure and white balance again."""
    if isinstance(source, Webcam):
        source.unlock_exposure()
