"""Times the live loop by stage, with the floor and the naive pipeline on the same frames in the same run.

Machines are noisy, so what counts are ratios of medians: `over_floor` and `under_naive`. The three run in short turns
one after the other, so that a slow phase of the machine affects all alike.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence
from threading import Event
from typing import Any

import cv2
import numpy as np

from booth.capture.jpeg import Jpeg
from booth.capture.source import Source
from booth.core.clock import WallClock, stopwatch_ms
from booth.diagnostics.naive import Laps, decode, float_blend, mesh_light
from booth.perception.floor import TRIANGLES, Floor

JPEG_QUALITY = 92  # about what a webcam's MJPG carries
CLIP_S = 3.0  # this much of the source is kept as coded frames and played round and round


def percentile(values: Sequence[float], share: float) -> float:
    """Return a percentile of at least one value; `share` in 0..100."""
    return round(float(np.percentile(values, share)), 3) if values else 0.0


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return the p50 and p95 of some milliseconds."""
    return {"p50": percentile(values, 50), "p95": percentile(values, 95)}


def coded_clip(source: Source, size: tuple[int, int]) -> list[np.ndarray]:
    """Return some seconds of a source as MJPG frames of one size, so that decoding is part of every frame's cost.

    Frames that are JPEG of that size already stay as they came: each (N,) uint8.
    """
    clip: list[np.ndarray] = []
    for _ in range(round(CLIP_S * 30)):
        got = source.read()
        if got is None:
            break
        picture = got[0]
        if isinstance(picture, Jpeg) and picture.size == size:
            clip.append(picture.data)
            continue
        rgb = picture.rgb() if isinstance(picture, Jpeg) else picture
        rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA) if _size(rgb) != size else rgb
        bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
        clip.append(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].reshape(-1))
    return clip


class _TimedJpeg(Jpeg):
    """A camera's frame that notes how long it took to decode for the mirror."""

    __slots__ = ("_clock", "_laps")

    def __init__(self, data: np.ndarray, laps: list[float]) -> None:
        super().__init__(data)
        self._clock, self._laps = WallClock(), laps

    def turned(self, turn_deg: int) -> Jpeg:
        return self  # the bench's camera stands upright

    def _decoded(self, flags: int) -> np.ndarray:
        start_s = self._clock.now_s()
        rgb = super()._decoded(flags)
        self._laps.append(stopwatch_ms(start_s))
        return rgb


def _size(rgb: np.ndarray) -> tuple[int, int]:
    return rgb.shape[1], rgb.shape[0]


class CodedSource:
    """A camera that hands out its JPEG frames, as a webcam does, unthrottled or at a frame rate."""

    name = "bench"
    is_live = True

    def __init__(self, clip: Sequence[np.ndarray], fps: float, *, throttled: bool) -> None:
        self._clip, self.is_throttled = clip, throttled
        self.waits = not throttled
        self.fps = fps
        self.size = Jpeg(clip[0]).size
        self._clock = WallClock()
        self._start_s = self._clock.now_s()
        self._count = 0
        self.decode_ms: list[float] = []
        self._pause = Event()

    def read(self) -> tuple[Jpeg, float]:
        """Return the next frame; a throttled source waits until the frame is due, like a sensor."""
        due_s = self._start_s + self._count / self.fps
        if self.is_throttled and (wait_s := due_s - self._clock.now_s()) > 0:
            self._pause.wait(wait_s)
        picture = _TimedJpeg(self._clip[self._count % len(self._clip)], self.decode_ms)
        self._count += 1
        return picture, self._clock.now_s() - self._start_s

    def close(self) -> None:
        """Nothing is held open."""


class ReferencePipelines:
    """The floor and the naive pipeline, run a few frames at a time."""

    def __init__(self, clip: Sequence[np.ndarray], look_plate: np.ndarray) -> None:
        self._clip, self._plate = clip, look_plate
        self._floor, self._naive = Floor(), Floor()
        self.floor_laps, self.naive_laps = Laps(), Laps()
        self._n_floor = self._n_naive = 0
        self._surface = _surface(_size(look_plate))

    def run_floor(self, n_frames: int) -> None:
        """Decode, landmarks and person mask, nothing else."""
        self.floor_laps.begin()
        for _ in range(n_frames):
            coded, t_s = self._next(self._n_floor)
            self._n_floor += 1
            laps = self.floor_laps
            rgb = laps.lap("decode", decode, coded)
            laps.lap("face", self._floor.faces, rgb, t_s)
            laps.lap("segmenter", self._floor.person, rgb, t_s)
            laps.end()

    def run_naive(self, n_frames: int) -> None:
        """The same features the way a tutorial does them."""
        self.naive_laps.begin()
        for _ in range(n_frames):
            coded, t_s = self._next(self._n_naive)
            self._n_naive += 1
            laps = self.naive_laps
            rgb = laps.lap("decode", decode, coded)
            faces = laps.lap("face", self._naive.faces, rgb, t_s)
            alpha = laps.lap("segmenter", self._naive.person, rgb, t_s)
            lit = laps.lap("relight", mesh_light, rgb, faces[0], TRIANGLES) if faces else rgb
            out = laps.lap("blend", float_blend, lit, alpha, self._plate)
            laps.lap("screen", self._show, out)
            laps.end()

    def _next(self, n: int) -> tuple[np.ndarray, float]:
        return self._clip[n % len(self._clip)], n / 30

    def _show(self, rgb: np.ndarray) -> None:
        import pygame

        pygame.surfarray.blit_array(self._surface, rgb[:, ::-1].swapaxes(0, 1))
        target = pygame.display.get_surface()
        if target is not None:
            target.blit(self._surface, (0, 0))
            pygame.display.flip()

    def close(self) -> None:
        """Free the models."""
        self._floor.close()
        self._naive.close()


def _surface(size: tuple[int, int]) -> Any:
    import pygame

    return pygame.Surface(size)


def resident_mb() -> float:
    """Return this process's resident memory in megabytes; 0 where the system does not report it."""
    try:
        with open("/proc/self/statm") as file:  # noqa: PTH123 - a kernel file
            return round(int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)
    except OSError:
        return 0.0


def ratios(frame_ms: Sequence[float], floor_ms: Sequence[float], naive_ms: Sequence[float]) -> dict[str, float]:
    """Return `over_floor` and `under_naive`: ratios of medians of one run."""
    frame = statistics.median(frame_ms)
    return {
        "over_floor": round(frame / statistics.median(floor_ms), 3),
        "under_naive": round(statistics.median(naive_ms) / frame, 3),
    }


def shares(facts: dict[str, Any]) -> dict[str, float]:
    """Return what single parts cost against the floor's median."""
    floor = facts["floor_ms"]["p50"]
    stages = facts["stages"]

    def p50(*names: str) -> float:
        return sum(stages[n]["p50"] for n in names if n in stages)

    return {
        "coach_and_measures": round(p50("coach", "measures", "sitter") / floor, 3),
        "matte": round(p50("matte") / floor, 3),
        "look": round(p50("look") / floor, 3),
        "screen": round(p50("screen") / floor, 3),
    }
