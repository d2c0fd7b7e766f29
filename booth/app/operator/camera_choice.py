"""What the operator may look through: the cameras of this machine, the first that works, or the demo sitter."""

from __future__ import annotations

from concurrent.futures import Future

import msgspec

from booth.capture import webcam
from booth.capture.capture_thread import CaptureThread
from booth.capture.listed import source_of
from booth.capture.reopen import Reopener
from booth.capture.source import open_default
from booth.config.params.capture import CaptureParams
from booth.core.faults import Fault

AUTOMATIC = ("", "staff.camera_first")
DEMO = ("demo", "staff.camera_demo")


class CameraSwitcher:
    """Lists sources and switches the capture thread to one."""

    def __init__(self, pump: CaptureThread, params: CaptureParams) -> None:
        self._pump, self._params = pump, params

    def listed(self) -> tuple[tuple[str, str], ...]:
        """Return (source, title): a camera by its name, or by its stable ID where two are called alike."""
        cameras = webcam.listed()
        found = tuple((source_of(camera, cameras), f"{camera.index}: {camera.name}") for camera in cameras)
        known = {source for source, _ in (AUTOMATIC, *found, DEMO)}
        own = self._params.source
        return (AUTOMATIC, *found, *(() if own in known else ((own, own),)), DEMO)

    def change(self, source: str) -> Future[None]:
        """Look through another source; Fault in the Future where it does not open, and the old one is back then."""
        wanted = msgspec.structs.replace(self._params, source=source)
        return self._pump.change(lambda: open_default(wanted)[0], lambda opened: Reopener(wanted, opened))

    def resize(self, width_px: int, height_px: int) -> Future[None]:
        """Look through the same source at another size; Fault in the Future where it does not open."""
        wanted = msgspec.structs.replace(self._params, width_px=width_px, height_px=height_px)
        return self._pump.change(lambda: open_default(wanted)[0], lambda opened: Reopener(wanted, opened))


class OneCamera:
    """The one source of a run that has no camera to change."""

    def __init__(self, params: CaptureParams) -> None:
        self._source = params.source

    def listed(self) -> tuple[tuple[str, str], ...]:
        """Return the source itself."""
        return ((self._source, self._source),)

    def change(self, source: str) -> Future[None]:
        """Nothing else can be looked through: the Future has Fault `camera.fixed`."""
        answer: Future[None] = Future()
        answer.set_exception(Fault("camera.fixed", "This run has no other source.", "Start the booth to choose one."))
        return answer

    def resize(self, width_px: int, height_px: int) -> Future[None]:
        """The source is as large as it is: the Future has Fault `camera.fixed`."""
        return self.change("")
