"""From an exposure to the cut's own pixels: merged where there is a burst, corrected, quieted, and enlarged late.

Noise is measured and lowered on the pixels that the camera sent, before they are enlarged: afterwards it would be as
coarse as the features of a face.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from booth.config.params.finish import CorrectParams
from booth.core.types import Burst
from booth.still.burst.taking import merged_part
from booth.still.correct import Correction, correction_table, denoise, noise_sigma
from booth.still.crop import CropPlan
from booth.still.enlarge import enlarge, finer
from booth.still.record import StageEntry
from booth.still.warp import warp_rgb

MARGIN_PX = 12  # of the source round a cut: what filters and the resampling reach for


@dataclass(frozen=True, slots=True, eq=False)
class Exposed:
    """The cut's own pixels, ready for retouch and look."""

    pixels: np.ndarray  # (h, w, 3) float32 0..1, may be written to
    sigma: float  # noise that was measured, 1/255
    stages: list[StageEntry] = field(default_factory=list)


def expose(
    rgb: np.ndarray, plan: CropPlan, correction: Correction, params: CorrectParams, burst: Burst | None = None
) -> Exposed:
    """Return the cut `plan` of an (H, W, 3) uint8 picture; a `burst` holds the frames round it."""
    table = correction_table(correction)[None]
    if not plan.is_enlarged:
        before = warp_rgb(rgb, plan)
        sigma = noise_sigma(before)
        pixels = cv2.LUT(before, table)
        return Exposed(pixels, sigma, _quieted(pixels, sigma, params))
    rows, columns = window_of(plan, (rgb.shape[1], rgb.shape[0]))
    matrix = plan.matrix.copy()
    matrix[:, 2] += matrix[:, :2] @ (columns.start, rows.start)
    merged = None if burst is None else merged_part(burst, (rows, columns))
    part, stages = np.ascontiguousarray(rgb[rows, columns]), []
    if merged is not None:
        part, matrix = merged.rgb, finer(matrix, merged.scale)
        says = f"Merged from {merged.n_frames} frames of {merged.span_s:.1f} s"
        stages.append(StageEntry("burst.merge", says, {"frames": float(merged.n_frames)}))
    sigma = noise_sigma(part)
    pixels = cv2.LUT(part, table)
    stages += _quieted(pixels, sigma, params)
    return Exposed(enlarge(pixels, matrix, plan.size_px, deblur=merged is None), sigma, stages)


def window_of(plan: CropPlan, source_px: tuple[int, int]) -> tuple[slice, slice]:
    """Return the rows and columns of a source that a cut is taken from, with a margin; at least a pixel each."""
    width, height = plan.size_px
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], float) - 0.5
    low, high = plan.undo(corners).min(0) - MARGIN_PX, plan.undo(corners).max(0) + MARGIN_PX
    spans = []
    for side in (1, 0):
        start = int(np.clip(np.floor(low[side]), 0, source_px[side] - 1))
        spans.append(slice(start, int(np.clip(np.ceil(high[side]) + 1, start + 1, source_px[side]))))
    return spans[0], spans[1]


def _quieted(pixels: np.ndarray, sigma: float, params: CorrectParams) -> list[StageEntry]:
    """Lower the noise of a float32 picture in place; return what is to be told of it."""
    share = denoise(pixels, sigma, params)
    amounts = {"measured": round(sigma, 2), "share": share}
    return [StageEntry("correct.denoise", "Noise was lowered", amounts)] if share else []
