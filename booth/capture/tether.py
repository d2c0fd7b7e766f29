"""A tethered camera as a source: live view or a webcam beside it as viewfinder; the shutter triggers the camera.

The camera has a thread of its own, since each call may take seconds. If it is lost the viewfinder goes on, and
it is opened again with longer and longer waits.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

import numpy as np

from booth.capture.gphoto import NEEDS_OPENING, GPhotoCamera, library
from booth.capture.jpeg import BrokenPicture, Jpeg
from booth.capture.source import Source, open_default
from booth.config.params.capture import CaptureParams
from booth.core.clock import WallClock
from booth.core.fault_table import fault
from booth.core.faults import Fault

log = logging.getLogger(__name__)

FIRST_RETRY_S, LAST_RETRY_S = 0.5, 8.0
CHECK_EVERY_S = 5.0
PREVIEW_S = 4.0  # a live view that gives nothing for so long is lost
LIVE_VIEW_FPS = 25.0  # of cameras' live views, roughly


class Camera(Protocol):
    """What is used of a tethered camera."""

    name: str
    has_live_view: bool

    def preview(self) -> bytes:
        """Return a JPEG of the live view."""

    def shoot(self) -> bytes:
        """Take a picture and return its file."""

    def check(self) -> Fault | None:
        """Return what is the matter; Fault where it does not answer."""

    def close(self) -> None:
        """Release it."""


class Tether:
    """Keeps one camera open on a thread of its own. `trouble` is what is the matter now."""

    def __init__(self, open_camera: Callable[[], Camera]) -> None:
        """Open it now; without an answer `trouble` says why, and `tend` tries again."""
        self._open, self._clock = open_camera, WallClock()
        self._hand = ThreadPoolExecutor(1, thread_name_prefix="tether")
        self._camera: Camera | None = None
        self._next_s, self._delay_s = 0.0, FIRST_RETRY_S
        self._tending: Future[None] | None = None
        self.trouble: Fault | None = None
        self.name = "tethered camera"
        self._hand.submit(self._tend).result()

    @property
    def has_live_view(self) -> bool:
        """True where the camera is there and shows what it sees."""
        return self._camera is not None and self._camera.has_live_view

    def preview(self) -> Future[bytes]:
        """Ask for a picture of the live view."""
        return self._hand.submit(lambda: self._asked(lambda camera: camera.preview()))

    def shoot(self) -> Future[bytes]:
        """Trigger the camera; the answer is the full-size file, or the Fault that kept it from coming."""
        return self._hand.submit(lambda: self._asked(lambda camera: camera.shoot()))

    def tend(self) -> None:
        """Look after the camera now and then; returns at once."""
        if self._clock.now_s() >= self._next_s and (self._tending is None or self._tending.done()):
            self._tending = self._hand.submit(self._tend)

    def _asked(self, act: Callable[[Camera], bytes]) -> bytes:
        if self._camera is None:
            raise self.trouble or fault("tether.missing")
        try:
            given = act(self._camera)
        except Fault as trouble:
            self._meet(trouble)
            raise
        self.trouble = None if self.trouble is not None and self.trouble.code != "tether.battery" else self.trouble
        return given

    def _tend(self) -> None:
        """Open the camera where it is not, else ask how it is."""
        try:
            if self._camera is None:
                self._camera = self._open()
                self.name, self._delay_s = self._camera.name, FIRST_RETRY_S
                log.info("tethered camera: %s", self.name)
                self.trouble = None
            found = self._camera.check()
            if found is not None or (self.trouble is not None and self.trouble.code == "tether.battery"):
                self.trouble = found
            self._next_s = self._clock.now_s() + CHECK_EVERY_S
        except Fault as trouble:
            self._meet(trouble)

    def _meet(self, trouble: Fault) -> None:
        """Remember a fault; a camera that does not answer is released, to be opened again after a while."""
        if self.trouble is None or self.trouble.code != trouble.code:
            log.warning("fault %s", trouble.code)
        self.trouble = trouble
        if trouble.code not in NEEDS_OPENING:
            return
        if self._camera is not None:
            self._camera.close()
            self._camera, self._delay_s = None, FIRST_RETRY_S
        self._next_s = self._clock.now_s() + self._delay_s
        self._delay_s = min(LAST_RETRY_S, self._delay_s * 2)

    def close(self) -> None:
        """Release the camera when it has answered."""

        def last() -> None:
            if self._camera is not None:
                self._camera.close()
                self._camera = None

        self._hand.submit(last)
        self._hand.shutdown(wait=False)


class Tethered:
    """The source: pictures of the viewfinder, and `shoot` for the portrait itself."""

    is_live = True

    def __init__(self, tether: Tether, finder: Source | None) -> None:
        """`finder` is None where the camera's own live view is one. Fault `tether.finder` without either."""
        self.tether, self.finder = tether, finder
        self._clock, self._stop = WallClock(), threading.Event()
        self._start_s = self._clock.now_s()
        self._exposing: Future[bytes] | None = None
        self.is_camera = finder is None or bool(getattr(finder, "is_camera", False))
        self.name = tether.name if finder is None else f"{finder.name}, {tether.name}"
        if finder is None:
            first = self._live_view()
            self.size, self.fps = first.size, LIVE_VIEW_FPS
        else:
            self.size, self.fps, self.is_live = finder.size, finder.fps, finder.is_live

    @property
    def trouble(self) -> Fault | None:
        """What is the matter with the tethered camera; the booth goes on with the viewfinder."""
        return self.tether.trouble

    @property
    def is_exposing(self) -> bool:
        """True while the camera takes a picture: its live view stands still meanwhile, and that is no fault."""
        return self._exposing is not None and not self._exposing.done()

    def read(self) -> tuple[np.ndarray | Jpeg, float] | None:
        """Return the viewfinder's next picture."""
        self.tether.tend()
        if self.finder is not None:
            return self.finder.read()
        try:
            return self._live_view(), self._clock.now_s() - self._start_s
        except Fault as trouble:  # without its live view nothing is seen at all
            raise fault("camera.lost", name=self.tether.name) from trouble

    def _live_view(self) -> Jpeg:
        """Return a picture of the live view, after the exposure under way; Fault `tether.lost` where none comes."""
        try:
            return Jpeg(self.tether.preview().result(None if self.is_exposing else PREVIEW_S))
        except (BrokenPicture, TimeoutError) as error:
            raise fault("tether.lost", name=self.tether.name) from error

    def shoot(self) -> Future[bytes]:
        """Take the portrait; returns at once."""
        self._exposing = self.tether.shoot()
        return self._exposing

    def close(self) -> None:
        """Release viewfinder and camera."""
        self.tether.close()
        if self.finder is not None:
            self.finder.close()


def open_tethered(wanted: str, params: CaptureParams) -> Tethered:
    """Open the tethered camera whose name contains `wanted` and what looks beside it. Fault `tether.*`."""
    library()
    tether = Tether(lambda: GPhotoCamera(wanted))
    try:
        if tether.has_live_view and not params.finder:
            return Tethered(tether, None)
        return Tethered(tether, _finder(params))
    except Fault:
        tether.close()
        raise


def _finder(params: CaptureParams) -> Source:
    import msgspec

    finder, stands_in = open_default(msgspec.structs.replace(params, source=params.finder))
    if stands_in:
        finder.close()
        raise fault("tether.finder")
    return finder
