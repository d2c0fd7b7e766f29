"""Makes Frames of a source's pictures: rotation, numbering, and the small copy for the mirror."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from booth.capture.photo.turning import turned
from booth.capture.source import Source
from booth.config.params.capture import CaptureParams
from booth.core.types import Frame

MIN_SIDE_PX = 2


def shrunk(rgb: np.ndarray, width_px: int) -> np.ndarray:
    """Return the picture no wider than `width_px` and no taller than that either, itself where it fits."""
    scale = width_px / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    size = (max(MIN_SIDE_PX, round(rgb.shape[1] * scale)), max(MIN_SIDE_PX, round(rgb.shape[0] * scale)))
    return cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)


def frame_of(rgb: np.ndarray, seq: int, t_s: float, params: CaptureParams) -> Frame:
    """Return a Frame of an (H, W, 3) uint8 RGB picture, turned as the profile says."""
    if params.rotate_deg != "auto" and params.rotate_deg:
        rgb = turned(rgb, params.rotate_deg)
    rgb = np.ascontiguousarray(rgb)
    return Frame(seq=seq, t_s=t_s, rgb=rgb, small=shrunk(rgb, params.mirror_width_px))


def frames(source: Source, params: CaptureParams, max_s: float | None = None) -> Iterator[Frame]:
    """Yield every frame of a source in order, on the source's own clock, up to `max_s` seconds."""
    seq, last, same = 0, None, None
    while (got := source.read()) is not None:
        rgb, t_s = got
        if max_s is not None and t_s > max_s:
            return
        if (
            last is not None and rgb is last and same is not None
        ):  # a photograph is held: nothing has to be shrunk again
            same = Frame(seq=seq, t_s=t_s, rgb=same.rgb, small=same.small)
        else:
            same = frame_of(rgb, seq, t_s, params)
        last = rgb if not rgb.flags.writeable else None
        yield same
        seq += 1
