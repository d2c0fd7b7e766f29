"""A camera's own JPEG bytes as a picture: decoded reduced for the mirror, whole only where somebody asks for it."""

from __future__ import annotations

import weakref

import cv2
import numpy as np

from booth.core.types import frozen

REDUCED = {2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 8: cv2.IMREAD_REDUCED_COLOR_8}
FULL_ENOUGH = 0.75  # of the mirror's width: a picture reduced to less would look soft there
TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
TAIL_BYTES = 64  # cameras and AVI files pad a picture with a few bytes behind its end marker

_RGB = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_SIZED = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # start-of-frame markers, ITU-T T.81 table B.1


class BrokenPicture(ValueError):
    """Bytes that were to be a JPEG and cannot be decoded."""


class Jpeg:
    """One JPEG picture, never changed. `data` is (N,) uint8, read-only; `size` is width and height after the turn.

    Raises BrokenPicture for bytes that have no start, no size or no end: a frame cut off on its way.
    """

    __slots__ = ("__weakref__", "_coded_size", "_scan_at", "_turn_deg", "_image_ref", "data")

    def __init__(self, data: bytes | np.ndarray, turn_deg: int = 0) -> None:
        """`turn_deg` is 0, 90, 180 or 270, clockwise: how the decoded picture is turned."""
        flat = np.frombuffer(data, np.uint8) if isinstance(data, bytes) else data.reshape(-1)
        self.data = frozen(flat)
        self._coded_size, self._scan_at = _read_head(flat)
        if bytes((0xFF, _END)) not in flat[-TAIL_BYTES:].tobytes():
            raise BrokenPicture("the picture has no end")
        self._turn_deg = turn_deg
        self._image_ref: weakref.ref[np.ndarray] | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole picture in pixels, after the turn."""
        width, height = self._coded_size
        return (height, width) if self._turn_deg in (90, 270) else (width, height)

    @property
    def n_bytes(self) -> int:
        """Bytes held."""
        return int(self.data.nbytes)

    @property
    def scan(self) -> np.ndarray:
        """The coded pixels without the header, (M,) uint8: some cameras write the time into the header."""
        return self.data[self._scan_at :]

    def turned(self, turn_deg: int) -> Jpeg:
        """Return the same picture turned so far clockwise in all."""
        return self if turn_deg == self._turn_deg else Jpeg(self.data, turn_deg)

    def rgb(self) -> np.ndarray:
        """Return the whole picture, (H, W, 3) uint8, read-only; decoded anew unless somebody still holds it."""
        held = self._image_ref() if self._image_ref is not None else None
        if held is None:
            held = frozen(self._decoded(_RGB))
            self._image_ref = weakref.ref(held)
        return held

    def factor_for(self, width_px: int) -> int:
        """Return by how much to reduce it for a mirror so many pixels wide: 1, 2, 4 or 8; 1 where none fits well."""
        longer = max(self._coded_size)
        return next((f for f in (2, 4, 8) if FULL_ENOUGH * width_px <= longer / f <= width_px), 1)

    def reduced(self, factor: int) -> np.ndarray:
        """Return the picture at a 2nd, 4th or 8th of its size: the decoder skips what is not seen then."""
        return frozen(self._decoded(REDUCED[factor] & ~cv2.IMREAD_COLOR | _RGB))

    def _decoded(self, flags: int) -> np.ndarray:
        try:
            rgb = cv2.imdecode(self.data, flags)
        except cv2.error:
            rgb = None
        if rgb is None:
            raise BrokenPicture("the picture cannot be decoded")
        return cv2.rotate(rgb, TURNS[self._turn_deg]) if self._turn_deg else rgb


def jpeg_of(data: np.ndarray | None) -> Jpeg | None:
    """Return what a reader gave as a Jpeg; None where it is no whole JPEG picture but pixels or a cut-off one."""
    if data is None or data.dtype != np.uint8 or data.size != max(data.shape):
        return None
    try:
        return Jpeg(data)
    except BrokenPicture:
        return None


def _read_head(data: np.ndarray) -> tuple[tuple[int, int], int]:
    """Return width and height, and where the coded pixels begin."""
    at, size = 2, None
    if len(data) < 4 or data[0] != 0xFF or data[1] != _START:
        raise BrokenPicture("the picture has no start")
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = int(data[at + 1]), int(data[at + 2]) << 8 | int(data[at + 3])
        if marker in _SIZED:
            height, width = (int(data[at + i]) << 8 | int(data[at + i + 1]) for i in (5, 7))
            size = width, height
        if marker == _SCAN and size is not None and min(size) > 0:
            return size, at + 2 + length
        at += 2 + length
    raise BrokenPicture("the picture's header is cut off")
