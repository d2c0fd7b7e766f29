"""Makes Frames of a source's pictures: rotation, numbering, and the small copy for the mirror."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from booth.capture.jpeg import REDUCED, BrokenPicture, Jpeg
from booth.capture.source import Source
from booth.config.params.capture import CaptureParams
from booth.core.area_mean import reduced
from booth.core.turning import turned
from booth.core.types import Frame

MIN_SIDE_PX = 2
LEAST_MIRROR_PX = 640  # longer side: below it a late machine gains little and faces are hard to measure


def shrunk(rgb: np.ndarray, width_px: int) -> np.ndarray:
    """Return the picture no wider than `width_px` and no taller than that either, itself where it fits."""
    scale = width_px / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    size = (max(MIN_SIDE_PX, round(rgb.shape[1] * scale)), max(MIN_SIDE_PX, round(rgb.shape[0] * scale)))
    return cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)


def small_copy(coded: Jpeg, longer_px: int) -> np.ndarray:
    """Return a coded picture with its longer side at `longer_px`, decoded no larger than it takes."""
    factor = max(f for f in (1, *REDUCED) if f == 1 or max(coded.size) >= f * longer_px)
    return shrunk(coded.rgb() if factor == 1 else coded.reduced(factor), longer_px)


def turn_of(params: CaptureParams) -> int:
    """How far the profile turns pictures clockwise; what is found out from the faces comes later."""
    return 0 if params.rotate_deg == "auto" else params.rotate_deg


def frame_of(
    picture: np.ndarray | Jpeg, seq: int, t_s: float, params: CaptureParams, mirror_scale: float = 1.0
) -> Frame:
    """Return a Frame of (H, W, 3) uint8 RGB pixels or of a Jpeg, turned as the profile says.

    A Jpeg wider than the mirror stays as it came and is decoded reduced; BrokenPicture where that cannot be done.
    `mirror_scale` 0.5..1 makes the small copy smaller, as a late machine wants it; what was decoded stays at hand.
    """
    if isinstance(picture, Jpeg):
        coded = picture.turned(turn_of(params))
        factor = coded.factor_for(params.mirror_width_px)
        if factor > 1:
            decoded = coded.reduced(factor)
            small = _scaled(decoded, mirror_scale)
            return Frame(seq, t_s, coded, small, None if small is decoded else decoded)
        rgb = coded.rgb()
    else:
        rgb = turned(picture, turn_of(params)) if turn_of(params) else picture
    rgb = np.ascontiguousarray(rgb)
    return Frame(seq, t_s, rgb, _scaled(shrunk(rgb, params.mirror_width_px), mirror_scale))


@dataclass(frozen=True, slots=True, eq=False)
class CodedPicture:
    """A camera's JPEG that becomes a Frame where it is taken (`booth.core.types.CodedFrame`)."""

    picture: Jpeg
    seq: int
    t_s: float
    params: CaptureParams
    mirror_scale: float
    is_whole: Callable[[Frame], bool]  # judges the decoded frame, on the thread that takes it

    def frame(self, *, shown_only: bool = False) -> Frame | None:
        """Return the frame; None where it came damaged. With `shown_only` no more is decoded than the mirror shows."""
        try:
            if shown_only:
                frame = self._small_frame()
            else:
                frame = frame_of(self.picture, self.seq, self.t_s, self.params, self.mirror_scale)
        except BrokenPicture:
            return None
        return frame if self.is_whole(frame) else None

    def _small_frame(self) -> Frame:
        coded = self.picture.turned(turn_of(self.params))
        factor = coded.factor_for(self.params.mirror_width_px)
        most = max(coded.size) / factor if factor > 1 else min(max(coded.size), self.params.mirror_width_px)
        size = _scaled_size(
            (coded.size[0] * most / max(coded.size), coded.size[1] * most / max(coded.size)), self.mirror_scale
        )
        small = reduced(small_copy(coded, max(size)), size)
        return Frame(self.seq, self.t_s, coded, small)


def _scaled_size(size: tuple[float, float], scale: float) -> tuple[int, int]:
    """Return width and height of the mirror's picture at a share of its size, which is not made too small."""
    scale = min(1.0, max(scale, LEAST_MIRROR_PX / max(size)))
    return max(MIN_SIDE_PX, round(size[0] * scale)), max(MIN_SIDE_PX, round(size[1] * scale))


def _scaled(small: np.ndarray, scale: float) -> np.ndarray:
    """Return the mirror's picture at a share of its size, itself at 1 or where it is small already."""
    size = _scaled_size(small.shape[1::-1], scale)
    if size == small.shape[1::-1]:
        return small
    # halves are averaged, which is quick; in between that would cost more than the smaller picture saves
    return cv2.resize(small, size, interpolation=cv2.INTER_AREA if scale == 0.5 else cv2.INTER_LINEAR)


def frames(source: Source, params: CaptureParams, max_s: float | None = None) -> Iterator[Frame]:
    """Yield every frame of a source in order, on the source's own clock, up to `max_s` seconds."""
    seq, last, same = 0, None, None
    while (got := source.read()) is not None:
        picture, t_s = got
        if max_s is not None and t_s > max_s:
            return
        if same is not None and picture is last:  # a photograph is held: nothing has to be shrunk again
            same = Frame(seq, t_s, same.full, same.small)
        else:
            try:
                same = frame_of(picture, seq, t_s, params)
            except BrokenPicture:  # a recording may have a hole
                continue
        last = picture if isinstance(picture, np.ndarray) and not picture.flags.writeable else None
        yield same
        seq += 1
