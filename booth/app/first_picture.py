"""The first picture of a review: the mirror's own, cut as the portrait will be, there before the develop is done."""

from __future__ import annotations

import cv2
import numpy as np

from booth.config.params.finish import FinishParams
from booth.core.faults import Fault
from booth.core.types import FrameAnalysis
from booth.looks.look import Look
from booth.still.crop import crop_spec, geometry_of, plan_crop
from booth.still.develop_still import replaces_backdrop
from booth.still.warp import warp_rgb

THUMB_W_PX = 320


def first_picture(
    analysis: FrameAnalysis, shown: np.ndarray, look: Look, params: FinishParams
) -> tuple[np.ndarray, np.ndarray]:
    """Return before and after, (h, w, 3) uint8 each: the frame as taken and as `shown` in the mirror, cut alike.

    Both are the whole frame where nobody was measured or the portrait's cut cannot be had from it.
    """
    frame_rgb = analysis.frame.small
    if analysis.sitter is None or analysis.matte is None:
        return frame_rgb, shown.copy()
    size = frame_rgb.shape[1], frame_rgb.shape[0]
    spec = crop_spec(params.brand.crop or look.crop, params.brand)
    try:
        geometry = geometry_of(analysis.sitter, size)
        extend = replaces_backdrop(look)
        plan = plan_crop(geometry, spec, analysis.matte.alpha, params.correct, may_extend=extend)
    except Fault:
        return frame_rgb, shown.copy()
    return warp_rgb(frame_rgb, plan), warp_rgb(shown, plan)


def thumb(picture: np.ndarray) -> np.ndarray:
    """Return a picture small enough to choose from."""
    height = round(picture.shape[0] * THUMB_W_PX / picture.shape[1])
    return cv2.resize(picture, (THUMB_W_PX, height), interpolation=cv2.INTER_AREA)
