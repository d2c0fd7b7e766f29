"""The camera's best mode: the largest picture that it gives at 25 frames a second, found by trying, then remembered.

OpenCV lists no modes. So each size of a standard list is asked for, MJPG first, and what the driver settles on counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

import cv2
import msgspec
import numpy as np

HOLDS_FPS = 25.0  # fewer are seen as jerks in a mirror
UNREST_SHARE = 0.03  # of a rate counted in so short a time; a camera made for 50 Hz lamps gives just 25
TRIED_S = 0.7  # each mode is watched this long; the first frames are waited for apart
SETTLE_FRAMES = 4  # a driver hands out old buffers first
MAX_READS = 240  # in a trial: a device that answers at once without pictures ends it too
NEAR_BEST_SHARE = 0.9  # of the best rate: in dim light every mode is slow, and the largest of those is as good as any
SMALLER_SHARE = 0.6  # of a picture's pixels: where so much less comes no faster, it is not the cable that limits
SIZES_PX = (
    (7680, 4320), (3840, 2160), (3264, 2448), (2592, 1944), (2560, 1440), (2048, 1536), (1920, 1080), (1600, 1200),
    (1280, 960), (1280, 720), (1024, 768), (800, 600), (640, 480), (640, 360),
)  # fmt: skip
"""Sizes of the USB video class as cameras are sold, largest first."""


class Camera(Protocol):
    """What is used of `cv2.VideoCapture`."""

    def read(self) -> tuple[bool, np.ndarray | None]:
        """Wait for a picture."""

    def get(self, prop: int, /) -> float:
        """Return a property."""

    def set(self, prop: int, value: float, /) -> bool:
        """Ask for a property."""


class Mode(msgspec.Struct, frozen=True):
    """A size that a camera gives, and how many frames a second of it came; None where that was not measured."""

    width_px: int
    height_px: int
    fps: float | None = None

    @property
    def holds(self) -> bool:
        """True where its rate is enough for a mirror."""
        return self.fps is not None and self.fps >= HOLDS_FPS * (1 - UNREST_SHARE)

    def __str__(self) -> str:
        rate = "" if self.fps is None else f" at {self.fps:.0f}"
        return f"{self.width_px}x{self.height_px}{rate}"


class Known(msgspec.Struct, frozen=True):
    """What is remembered of one camera: its modes, largest first, and which was taken."""

    modes: tuple[Mode, ...]
    best: Mode

    def __str__(self) -> str:
        return ", ".join(str(mode) for mode in self.modes)


def ask_for(camera: Camera, size_px: tuple[int, int], fps: int) -> tuple[int, int]:
    """Ask a camera for a size and return what it settled on; (0, 0) where it does not report it.

    MJPG is asked for before the size: raw formats are too slow over USB 2 above 640x480.
    """
    camera.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    camera.set(cv2.CAP_PROP_FRAME_WIDTH, size_px[0])
    camera.set(cv2.CAP_PROP_FRAME_HEIGHT, size_px[1])
    camera.set(cv2.CAP_PROP_FPS, fps)
    return round(camera.get(cv2.CAP_PROP_FRAME_WIDTH)), round(camera.get(cv2.CAP_PROP_FRAME_HEIGHT))


def rate_of(camera: Camera, now_s: Callable[[], float]) -> float:
    """Return how many pictures a second a camera gives in the mode it is in, 0 where none come."""
    for _ in range(SETTLE_FRAMES):
        camera.read()
    start_s, count = now_s(), 0
    for _ in range(MAX_READS):
        count += camera.read()[0]
        if now_s() - start_s >= TRIED_S:
            break
    return count / max(1e-6, now_s() - start_s)


def _offered(camera: Camera, fps: int, sizes_px: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the sizes that the camera settles on, each once and while it is in that mode."""
    seen: set[tuple[int, int]] = set()
    for asked in sizes_px:
        given = ask_for(camera, asked, fps)
        if min(given) > 0 and given not in seen:
            seen.add(given)
            yield given


def find_best(camera: Camera, fps: int, now_s: Callable[[], float], *, every: bool = False) -> Known:
    """Try a camera's modes and leave it in the best; `every` measures the smaller ones too. ValueError without a mode.

    The best is the largest that holds `HOLDS_FPS`; where none does, the largest of those that are about as fast as any.
    """
    modes: list[Mode] = []
    for size in _offered(camera, fps, SIZES_PX):
        rate = None if not every and _is_settled(modes) else rate_of(camera, now_s)
        if rate != 0:  # a size that is promised and gives no picture is none
            modes.append(Mode(*size, rate))
    if not modes:
        raise ValueError("the camera gives no picture in any mode")
    modes.sort(key=lambda mode: mode.width_px * mode.height_px, reverse=True)
    best = _best(modes)
    ask_for(camera, (best.width_px, best.height_px), fps)
    return Known(tuple(modes), best)


def _is_settled(modes: list[Mode]) -> bool:
    """True once smaller modes need no trial: one holds its rate, or smaller came no faster, so light is wanting."""
    if any(mode.holds for mode in modes):
        return True
    rates = [(mode.width_px * mode.height_px, mode.fps) for mode in modes if mode.fps]
    return any(
        small <= SMALLER_SHARE * large and slow <= fast / NEAR_BEST_SHARE
        for i, (large, fast) in enumerate(rates)
        for small, slow in rates[i + 1 :]
    )


def _best(modes: list[Mode]) -> Mode:
    holding = next((mode for mode in modes if mode.holds), None)
    if holding is not None:
        return holding
    fastest = max(mode.fps or 0.0 for mode in modes)
    return next(mode for mode in modes if (mode.fps or 0.0) >= NEAR_BEST_SHARE * fastest)


class ModeMemory:
    """Remembers cameras' modes by their stable ID in one small file; a file that cannot be read or written is none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def recall(self, camera_id: str) -> Known | None:
        """Return what is known of a camera."""
        return self._all().get(camera_id)

    def remember(self, camera_id: str, known: Known) -> None:
        """Keep what was found, unless no mode held its rate: in the dim that says nothing of the camera."""
        if not known.best.holds:
            return
        whole = {**self._all(), camera_id: known}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._path.write_bytes(msgspec.json.format(msgspec.json.encode(whole, order="sorted")))
        except OSError:
            return

    def _all(self) -> dict[str, Known]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Known])
        except (OSError, msgspec.DecodeError):
            return {}


def mode_memory() -> ModeMemory:
    """Return this machine's memory of cameras."""
    return ModeMemory(Path("~/.config/booth/cameras.json").expanduser())
