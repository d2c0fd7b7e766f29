"""Makes Frames of a source's pictures: rotation, numbering, and the small copy for the mirror."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from booth.capture.jpeg import TURNS, BrokenPicture, Jpeg
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


def frame_of(picture: np.ndarray | Jpeg, seq: int, t_s: float, params: CaptureParams) -> Frame:
    """Return a Frame of (H, W, 3) uint8 RGB pixels or of a Jpeg, turned as the profile says.

    A Jpeg wider than the mirror stays as it came and is decoded reduced; BrokenPicture where that cannot be done.
    """
    if isinstance(picture, Jpeg):
        coded = picture.turned(params.rotate_deg)
        factor = coded.factor_for(params.mirror_width_px)
        if factor > 1:
            return Frame(seq, t_s, coded, coded.reduced(factor))
        rgb = coded.rgb()
    else:
        rgb = cv2.rotate(picture, TURNS[params.rotate_deg]) if params.rotate_deg else picture
    rgb = np.ascontiguousarray(rgb)
    return Frame(seq, t_s, rgb, shrunk(rgb, params.mirror_width_px))


def frames(source: Source, params: CaptureParams, max_s: float | None = None) -> Iterator[Frame]:
    """Yield every frame of a source in order, on the source's own clock, up to `max_s` seconds."""
    seq = 0
    while (got := source.read()) is not None:
        picture, t_s = got
        if max_s is not None and t_s > max_s:
            return
        try:
            frame = frame_of(picture, seq, t_s, params)
        except BrokenPicture:  # a recording may have a hole
            continue
        yield frame
        seq += 1
