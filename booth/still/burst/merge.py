"""A burst of frames becomes one still: aligned, heard where they agree, fused on a finer grid, deblurred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from booth.still.burst.agree import Agreement, agree
from booth.still.burst.align import align, continuous_share, how_moved
from booth.still.burst.fuse import fuse
from booth.still.burst.settle import settle

FINEST = 1.5  # of the merged grid: an ordinary lens resolves no more, the rest is a good resampler
CHROMA_PX = 0.8  # of the frame: smoothing of a lone frame's colour, which holds half the detail
HEARD = 0.15  # of the head, on average: a frame that spoke at less took no part worth naming


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """A merged still, `scale` times as fine as its frames."""

    picture: np.ndarray  # (H, W, 3) uint8, colours in the order they came
    heard: tuple[int, ...]  # indices of the frames that took part, the chosen one among them


def merge(frames: Sequence[np.ndarray], ref: int, scale: float = 2.0) -> np.ndarray:
    """Merge n frames (h, w, 3) uint8 BGR about the chosen one `ref`; (H, W, 3) uint8 BGR, `scale` times as fine."""
    found = merged(frames, ref, min(scale, FINEST), (cv2.COLOR_BGR2YCrCb, cv2.COLOR_YCrCb2BGR)).picture
    if scale <= FINEST:
        return found
    height, width = frames[ref].shape[:2]
    return cv2.resize(found, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_LANCZOS4)


def merged(
    frames: Sequence[np.ndarray],
    ref: int,
    scale: float,
    codes: tuple[int, int] = (cv2.COLOR_RGB2YCrCb, cv2.COLOR_YCrCb2RGB),
) -> Merged:
    """Merge n frames (h, w, 3) uint8; `codes` are OpenCV's to luma and chroma and back."""
    ycc = [cv2.cvtColor(frame, codes[0]) for frame in frames]
    lumas = [np.ascontiguousarray(frame[..., 0]) for frame in ycc]
    flow = align(lumas, ref)
    agreed = agree(ycc, flow, ref)
    h, w = lumas[0].shape
    size = round(w * scale), round(h * scale)
    luma = _luma(lumas, flow, agreed, size, scale)
    chroma = [_chroma(agreed, channel, size) for channel in (1, 2)]
    out = np.clip(np.dstack([luma, *chroma]) + 0.5, 0, 255).astype(np.uint8)
    heard = tuple(k for k, say in enumerate(agreed.say) if k == ref or say.mean() > HEARD)
    return Merged(cv2.cvtColor(out, codes[1]), heard)


def _luma(
    lumas: list[np.ndarray], flow: np.ndarray, agreed: Agreement, size: tuple[int, int], scale: float
) -> np.ndarray:
    total, weight = fuse(lumas, flow, agreed, size)
    grain = cv2.resize(agreed.grain, size, interpolation=cv2.INTER_LINEAR)
    moved = how_moved(flow, size) * continuous_share(agreed.gradients, size)
    return settle(total, weight, grain, moved, scale)


def _chroma(agreed: Agreement, channel: int, size: tuple[int, int]) -> np.ndarray:
    """Merge a chroma at the frame's own size: 4:2:0 holds no more of it. Where few frames spoke it is smoothed."""
    total = np.zeros_like(agreed.grain)
    for say, picture in zip(agreed.say, agreed.moved, strict=True):
        total += say * picture[channel]
    spoke = agreed.say.sum(0)
    mean = total / spoke
    mean += (cv2.GaussianBlur(mean, (0, 0), CHROMA_PX) - mean) / spoke
    return cv2.resize(mean, size, interpolation=cv2.INTER_CUBIC)
