"""Finds a source again after a loss, also where a camera came back under another number."""

from __future__ import annotations

from booth.capture import webcam
from booth.capture.source import Source, open_source
from booth.capture.webcam import Webcam
from booth.config.params.capture import CaptureParams
from booth.core.fault_table import fault
from booth.core.faults import Fault


class Reopener:
    """Opens what `first` was. A camera: at its number, then by its name, then any where the profile names none.

    The demo sitter never takes a camera's place: a guest would find somebody else in the mirror.
    """

    def __init__(self, params: CaptureParams, first: Source) -> None:
        self._params = params
        self._index: int | None = first.index if isinstance(first, Webcam) else None
        self._title = first.title if isinstance(first, Webcam) else ""

    def __call__(self) -> Source:
        """Return the source, freshly open; Fault `camera.*` or `stream.*` where it is not there yet."""
        if self._index is None:
            return open_source(self._params.source or "demo", self._params)
        trouble: Fault = fault("camera.missing", index=self._index, listing=webcam.listing())
        for index in candidates(self._index, self._title, webcam.named(), anyone=not self._params.source):
            try:
                found = Webcam(index, self._params)
            except Fault as still:
                trouble = still
                continue
            self._index, self._title = found.index, found.title
            return found
        raise trouble


def candidates(index: int, title: str, listed: list[tuple[int, str]], *, anyone: bool) -> list[int]:
    """Return the numbers to try in order: its own under its name, its name elsewhere, its number, then any other."""
    own = [i for i, name in listed if i == index and name == title]
    moved = [i for i, name in listed if name == title]
    exchanged = [i for i, _ in listed if i == index]
    others = [i for i, _ in listed] if anyone else []
    return list(dict.fromkeys([*own, *moved, *exchanged, *others]))
