"""Holds the camera's exposure still once the light on the face is good, so that the frames of a hold match."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from booth.capture.webcam import lock_exposure, unlock_exposure
from booth.config.params.capture import CaptureParams
from booth.core.types import Guidance

JUDGED = ("light.clipped", "light.crushed")


class ExposureLock:
    """Locks once a session; `release` gives the camera its automatic back."""

    def __init__(self, params: CaptureParams, ask: Callable[[Callable[..., Any]], Any]) -> None:
        self._wanted, self._ask = params.lock_exposure, ask
        self._is_locked = False

    def record(self, guidance: Guidance) -> None:
        """Lock when the face's light passes and the profile wants it."""
        light = [guidance.readings.get(key) for key in JUDGED]
        good = all(reading is not None and reading.ok for reading in light)
        if good:
            self.hold()

    def hold(self) -> None:
        """Lock as it is now, where the profile wants locks at all; a lock already held stays."""
        if self._wanted and not self._is_locked:
            self._is_locked = True
            self._ask(lock_exposure)

    def release(self) -> None:
        """Unlock; without a lock nothing happens."""
        if self._is_locked:
            self._is_locked = False
            self._ask(unlock_exposure)
