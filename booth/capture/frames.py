"""Makes Frames of a source's pictures: rotation, numbering, and the small copy for the mirror."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from booth.capture.jpeg import BrokenPicture, Jpeg
from booth.capture.source import Source
from booth.config.params.capture import CaptureParams
from booth.core.turning import turned
from booth.core.types import Frame

MIN_SIDE_PX = 2


def shrunk(rgb: np.ndarray, width_px: int) -> np.ndarray:
    """Return the picture no wider than `width_px` and no taller than that either, itself where it fits."""
    scale = width_px / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    size = (max(MIN_SIDE_PX, round(rgb.shape[1] * scale)), max(MIN_SIDE_PX, round(rgb.shape[0] * scale)))
    return cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)


def _degrees(params: CaptureParams) -> int:
    """How far the profile turns pictures clockwise; what is found out from the faces comes later."""
    return 0 if params.rotate_deg == "auto" else params.rotate_deg


def frame_of(picture: np.ndarray | Jpeg, seq: int, t_s: float, params: CaptureParams) -> Frame:
    """Return a Frame of (H, W, 3) uint8 RGB pixels or of a Jpeg, turned as the profile says.

    A Jpeg wider than the mirror stays as it came and is decoded reduced; BrokenPicture where that cannot be done.
    """
    if isinstance(picture, Jpeg):
        coded = picture.turned(_degrees(params))
        factor = coded.factor_for(params.mirror_width_px)
        if factor > 1:
            return Frame(seq, t_s, coded, coded.reduced(factor))
        rgb = coded.rgb()
    else:
        rgb = turned(picture, _degrees(params)) if _degrees(params) else picture
    rgb = np.ascontiguousarray(rgb)
    return Frame(seq, t_s, rgb, shrunk(rgb, params.mirror_width_px))


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
