"""Finds a source again after a loss, also where a camera came back under another number."""

from __future__ import annotations

from booth.capture import webcam
from booth.capture.listed import Listed
from booth.capture.source import Source, open_source
from booth.capture.webcam import Webcam
from booth.config.params.capture import CaptureParams
from booth.core.fault_table import fault
from booth.core.faults import Fault


class Reopener:
    """Opens what `first` was. A camera: by its ID, its number, its name, then any where the profile names none.

    The demo sitter never takes a camera's place: a guest would find somebody else in the mirror.
    """

    def __init__(self, params: CaptureParams, first: Source) -> None:
        self._params = params
        self._was = _listed(first) if isinstance(first, Webcam) else None

    def __call__(self) -> Source:
        """Return the source, freshly open; Fault `camera.*` or `stream.*` where it is not there yet."""
        if self._was is None:
            return open_source(self._params.source or "demo", self._params)
        trouble: Fault = fault("camera.missing", index=self._was.index, listing=webcam.listing())
        for index in candidates(self._was, webcam.listed(), anyone=not self._params.source):
            try:
                found = Webcam(index, self._params)
            except Fault as still:
                trouble = still
                continue
            self._was = _listed(found)
            return found
        raise trouble


def _listed(camera: Webcam) -> Listed:
    return Listed(camera.index, camera.title, camera.id)


def candidates(was: Listed, now: list[Listed], *, anyone: bool) -> list[int]:
    """Return the numbers to try in order: its stable ID, its number and name, its name, its number, then any other."""
    own = [c.index for c in now if was.id and c.id == was.id]
    here = [c.index for c in now if (c.index, c.name) == (was.index, was.name)]
    moved = [c.index for c in now if c.name == was.name]
    exchanged = [c.index for c in now if c.index == was.index]
    others = [c.index for c in now] if anyone else []
    return list(dict.fromkeys([*own, *here, *moved, *exchanged, *others]))
