"""Flash calibration of a session: consent, flashes, normals for the mirror; reset with it. Engine thread only."""

from __future__ import annotations

import logging
from collections.abc import Callable

from booth.config.params.kiosk import ScreenParams
from booth.core.faults import Fault
from booth.core.types import FrameAnalysis
from booth.looks.preview import PreviewRenderer
from booth.session.flash_capture import FlashCapture
from booth.session.state_machine import Event
from booth.session.view import FlashFacts

log = logging.getLogger(__name__)

FAILED = "calibrate.failed"  # word key


class FlashCalibration:
    """Joins one calibration a session to the mirror and the camera."""

    def __init__(self, screen: ScreenParams, mirror: PreviewRenderer, hold_exposure: Callable[[], None]) -> None:
        self._calibration, self._mirror, self._hold_exposure = FlashCapture(screen), mirror, hold_exposure

    def ask(self) -> None:
        """The warning is on view: nothing flashes yet, and what was learned before is released."""
        self.reset()

    def answer(self, event: Event, now_s: float) -> None:
        """Take the guest's yes or no to the warning; a yes counts once."""
        if event is Event.AGREE and self._calibration.stage == "asking":
            self._hold_exposure()  # a camera that adapts would even the flashes out
            self._calibration.begin(now_s)
        elif event is Event.DECLINE:
            self._calibration.decline()

    def process(self, analysis: FrameAnalysis) -> None:
        """Keep what the camera saw while the screen flashes."""
        self._calibration.process(analysis)

    def is_over(self, now_s: float) -> bool:
        """True once all patterns were shown and had time to be seen."""
        return self._calibration.is_over(now_s)

    def finish(self, size: tuple[int, int]) -> str | None:
        """Put the face's normals on the mirror; returns a word key of the sentence for the guest when that failed.

        `size` is the screen's width and height.
        """
        try:
            self._calibration.finish(size[0] / size[1])
        except Fault as fault:
            log.info("no relief from the flashes: %s", fault.code)
            return FAILED
        self._mirror.normals = self._calibration.normals
        return None

    def reset(self) -> None:
        """Release the frames and the relief; a no given earlier is dropped only by `end`."""
        self._mirror.normals = None
        if self._calibration.stage != "declined":
            self._calibration.reset()

    def end(self) -> None:
        """The session is over."""
        self._mirror.normals = None
        self._calibration.reset()

    def facts(self, now_s: float) -> FlashFacts:
        """What the page shows."""
        calibration = self._calibration
        return FlashFacts(calibration.is_offered, calibration.stage, calibration.levels(now_s))
