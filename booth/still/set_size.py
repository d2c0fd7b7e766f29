"""Brings a portrait that was not developed to the size of its set: the plain camera's, or the mirror's standing in."""

from __future__ import annotations

from dataclasses import replace

import cv2
import msgspec
import numpy as np

from booth.core.types import frozen
from booth.still.developer import Developed
from booth.still.record import StageEntry


def in_set_size(portrait: Developed, size_px: tuple[int, int]) -> Developed:
    """Return the portrait cut round its middle to the set's shape and resampled to (width, height) `size_px`.

    Nothing is looked for in the picture: whoever wanted just the camera is not measured here either.
    """
    if portrait.after.shape[1::-1] == size_px:
        return portrait
    stages = [*portrait.record.stages, StageEntry("crop", "Cut to the shape of the set", {})]
    grown = size_px[1] / min(portrait.after.shape[0], portrait.after.shape[1] * size_px[1] / size_px[0])
    if grown != 1:
        name, says = ("size.enlarge", "Enlarged") if grown > 1 else ("size.shrink", "Made smaller")
        stages.append(StageEntry(name, f"{says} to the size of the set", {"times": round(grown, 3)}))
    record = msgspec.structs.replace(portrait.record, stages=tuple(stages), size=size_px)
    alpha = None if portrait.alpha is None else fitted(portrait.alpha, size_px)
    return replace(portrait, after=fitted(portrait.after, size_px), alpha=alpha, record=record)


def fitted(picture: np.ndarray, size_px: tuple[int, int]) -> np.ndarray:
    """Return the middle of an (h, w, ...) uint8 picture in the shape of `size_px`, at exactly that size."""
    height, width = picture.shape[:2]
    scale = min(width / size_px[0], height / size_px[1])
    cut_w, cut_h = min(width, round(size_px[0] * scale)), min(height, round(size_px[1] * scale))
    x, y = (width - cut_w) // 2, (height - cut_h) // 2
    how = cv2.INTER_AREA if scale > 1 else cv2.INTER_CUBIC
    return frozen(cv2.resize(picture[y : y + cut_h, x : x + cut_w], size_px, interpolation=how))
