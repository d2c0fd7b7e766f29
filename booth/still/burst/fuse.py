"""Every place of a finer grid is the mean of the frames that may speak there, each read with a bicubic."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from booth.still.burst.agree import Agreement


def fuse(
    lumas: Sequence[np.ndarray], flow: np.ndarray, agreed: Agreement, size: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the sums of say x value and of say, (2, H, W) float32 each: of the even and of the odd frames.

    `lumas` are n frames (h, w) uint8, `flow` (n, h, w, 2) where each place of the chosen one lies in them.
    """
    width, height = size
    grid = np.empty((height, width, 2), np.float32)
    h, w = lumas[0].shape
    grid[..., 0] = np.clip((np.arange(width) + 0.5) * (w / width) - 0.5, 0, w - 1)
    grid[..., 1] = np.clip((np.arange(height) + 0.5) * (h / height) - 0.5, 0, h - 1)[:, None]
    total, weight = np.zeros((2, 2, height, width), np.float32)
    for k, (luma, moved, say) in enumerate(zip(lumas, flow, agreed.say, strict=True)):
        if not say.any():
            continue
        at = cv2.resize(moved, size, interpolation=cv2.INTER_LINEAR)
        at += grid
        exposed = luma.astype(np.float32) * agreed.gains[k]
        value = cv2.remap(exposed, at, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        here = cv2.resize(say, size, interpolation=cv2.INTER_LINEAR)
        weight[k & 1] += here
        total[k & 1] += np.multiply(value, here, out=value)
    return total, weight
