"""The first picture of a review: the mirror's own, cut as the portrait will be, there before the develop is done."""

from __future__ import annotations

import cv2
import numpy as np

from booth.config.params.finish import FinishParams
from booth.core.faults import Fault
from booth.core.types import FrameAnalysis
from booth.looks.look import Look
from booth.still.beyond import carry_on_room
from booth.still.develop_still import replaces_backdrop
from booth.still.group_crop import CropWish, plan_people
from booth.still.warp import warp_alpha, warp_rgb

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
    people = tuple(member.face for member in analysis.group) or (analysis.sitter,)
    name = params.brand.crop or look.crop
    wish = CropWish(name, params.brand, params.correct, replaces_backdrop(look))
    try:
        plan = plan_people(people, analysis.matte.alpha, wish)
    except Fault:
        return frame_rgb, shown.copy()
    plan = plan.native()  # the portrait is enlarged while it is developed: here that would cost a frame's time, unseen
    alpha, size = warp_alpha(analysis.matte.alpha, plan), (frame_rgb.shape[1], frame_rgb.shape[0])
    before, after = (np.require(warp_rgb(rgb, plan), requirements=["W"]) for rgb in (frame_rgb, shown))
    return carry_on_room(before, alpha, size, plan), carry_on_room(after, alpha, size, plan)


def thumb(picture: np.ndarray) -> np.ndarray:
    """Return a picture small enough to choose from."""
    height = round(picture.shape[0] * THUMB_W_PX / picture.shape[1])
    return cv2.resize(picture, (THUMB_W_PX, height), interpolation=cv2.INTER_AREA)
