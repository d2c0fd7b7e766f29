"""A camera on this machine. BGR lives only here and in the other readers; exposure is locked once it is good."""

from __future__ import annotations

import logging
import sys
from threading import Event

import cv2
import numpy as np

from booth.capture.jpeg import Jpeg, jpeg_of
from booth.capture.listed import ID_START, Listed, backend, cameras
from booth.capture.modes import Known, ask_for, find_best, mode_memory
from booth.config.params.capture import CaptureParams
from booth.core.clock import WallClock
from booth.core.fault_table import fault

log = logging.getLogger(__name__)

RETRY_S = 0.02  # a camera that is gone fails at once
FAILED_S = 1.0  # a read that fails may be a hiccup; failing for this long is not
MANUAL, AUTO = (0, 1) if sys.platform == "win32" else (1, 3)  # values of CAP_PROP_AUTO_EXPOSURE: DirectShow, V4L2
RAW_TRIES = 3  # the first picture of a camera may be cut off


def listed() -> list[Listed]:
    """Return the cameras the system lists, with their stable IDs."""
    return cameras()


def named() -> list[tuple[int, str]]:
    """Return number and name of the cameras the system lists, in its order."""
    return [(camera.index, camera.name) for camera in listed()]


def opened(index: int) -> cv2.VideoCapture:
    """Return the system's reader of a camera, open or not."""
    return cv2.VideoCapture(index, backend())


def indices() -> list[int]:
    """Return the indices of the cameras the system lists, in its order."""
    return [index for index, _ in named()]


def listing() -> str:
    """Return the cameras in words, for a hint."""
    return ", ".join(f"{index}: {name}" for index, name in named()) or "none is connected"


def index_of(name: str) -> int | None:
    """Return the index of the camera of that stable ID (`id:...`), or the first whose name contains `name`, or None."""
    if name.startswith(ID_START):
        return next((camera.index for camera in listed() if f"{ID_START}{camera.id}" == name), None)
    return next((index for index, title in named() if name.lower() in title.lower()), None)


class Webcam:
    """One open camera. Fault `camera.missing` when it does not open, `camera.lost` when it stops giving pictures.

    Gives the camera's own JPEG bytes where the driver hands them out, else pixels. `known` are its modes, None where
    the profile names a size.
    """

    is_live = True
    is_camera = True

    def __init__(self, index: int, params: CaptureParams) -> None:
        found = {camera.index: camera for camera in listed()}
        if index not in found:
            raise fault("camera.missing", index=index, listing=listing())
        self.index, self.title, self.id = index, found[index].name, found[index].id
        self._key = self.id or self.title  # its modes are remembered by this
        self.name = f"camera {index}"
        self._params, self._clock, self._start_s = params, WallClock(), -1.0
        self._pause = Event()
        self._camera = opened(index)
        self.unlock_exposure()  # a run that was killed may have left it locked
        self.known = self._choose_mode()
        self._gives_jpeg = self._wants_jpeg()
        first = self._take()
        if first is None:
            self._camera.release()
            raise fault("camera.busy", index=index)
        self.size = first.size if isinstance(first, Jpeg) else (first.shape[1], first.shape[0])
        self.fps = self._camera.get(cv2.CAP_PROP_FPS) or float(params.fps)

    def _choose_mode(self) -> Known | None:
        """Bring the camera into the profile's mode, or its best one: remembered, else found by trying."""
        camera, params = self._camera, self._params
        camera.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        if params.width_px > 0:
            ask_for(camera, (params.width_px, params.height_px or params.width_px * 9 // 16), params.fps)
            return None
        memory = mode_memory()
        known = memory.recall(self._key)
        if known is not None:
            size = known.best.width_px, known.best.height_px
            if ask_for(camera, size, params.fps) == size:
                return known
        return self.try_modes()

    def try_modes(self, *, every: bool = False) -> Known | None:
        """Find the best mode by trying, a few seconds, and remember it; None where the camera gives no picture."""
        self._camera.set(cv2.CAP_PROP_CONVERT_RGB, 0)  # a trial that decodes would time this machine, not the camera
        try:
            known = find_best(self._camera, self._params.fps, self._clock.now_s, every=every)
        except ValueError:
            return None
        finally:
            self._camera.set(cv2.CAP_PROP_CONVERT_RGB, 1)
        log.info("camera modes: %s; taken: %s", known, known.best)
        mode_memory().remember(self._key, known)
        return known

    def _wants_jpeg(self) -> bool:
        """Ask for undecoded pictures; where none comes that is a JPEG, the driver decodes as ever."""
        if self._camera.set(cv2.CAP_PROP_CONVERT_RGB, 0):
            for _ in range(RAW_TRIES):
                if jpeg_of(self._camera.read()[1]) is not None:
                    return True
        self._camera.set(cv2.CAP_PROP_CONVERT_RGB, 1)
        return False

    def lock_exposure(self) -> None:
        """Hold exposure and white balance where they are; a camera that cannot simply goes on by itself."""
        exposure = self._camera.get(cv2.CAP_PROP_EXPOSURE)
        balance = self._camera.get(cv2.CAP_PROP_WB_TEMPERATURE)
        if self._camera.set(cv2.CAP_PROP_AUTO_EXPOSURE, MANUAL):
            self._camera.set(cv2.CAP_PROP_EXPOSURE, exposure)
        if self._camera.set(cv2.CAP_PROP_AUTO_WB, 0) and balance > 0:
            self._camera.set(cv2.CAP_PROP_WB_TEMPERATURE, balance)

    def unlock_exposure(self) -> None:
        """Let the camera find exposure, white balance and focus again: at opening, and for the next guest."""
        self._camera.set(cv2.CAP_PROP_AUTO_EXPOSURE, AUTO)
        self._camera.set(cv2.CAP_PROP_AUTO_WB, 1)
        self._camera.set(cv2.CAP_PROP_AUTOFOCUS, 1)

    def read(self) -> tuple[np.ndarray | Jpeg, float] | None:
        """Wait for the next picture; Fault `camera.lost` when none comes."""
        began_s = self._clock.now_s()
        while self._clock.now_s() - began_s < FAILED_S:
            picture = self._take()
            if picture is not None:
                now_s = self._clock.now_s()
                self._start_s = now_s if self._start_s < 0 else self._start_s
                return picture, now_s - self._start_s
            self._pause.wait(RETRY_S)
        raise fault("camera.lost", name=self.name)

    def _take(self) -> np.ndarray | Jpeg | None:
        """Return the next picture, or None where it did not come or came damaged."""
        ok, given = self._camera.read()
        if not ok or given is None:
            return None
        return jpeg_of(given) if self._gives_jpeg else cv2.cvtColor(given, cv2.COLOR_BGR2RGB)

    def close(self) -> None:
        """Release the camera."""
        self._camera.release()


def lock_exposure(source: object) -> None:
    """Hold exposure and white balance where the source is a camera of this machine."""
    camera = getattr(source, "finder", source)
    if isinstance(camera, Webcam):
        camera.lock_exposure()


def unlock_exposure(source: object) -> None:
    """Let a camera of this machine find exposure and white balance again."""
    camera = getattr(source, "finder", source)
    if isinstance(camera, Webcam):
        camera.unlock_exposure()
