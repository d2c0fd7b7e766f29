"""Where each place of the chosen frame lies in the others: dense inverse-search optical flow (Kroeger et al. 2016)."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

BLUR_PX = 1.0  # of the lumas before the flow: noise misleads it
SMOOTH_PX = 2.0  # of the flow
FINEST_SCALE = 1  # half size: finer follows the noise
PATCH_PX, STRIDE_PX = 12, 6
DESCENT_STEPS = 16


def align(lumas: Sequence[np.ndarray], ref: int) -> np.ndarray:
    """Return the offsets (n, h, w, 2) float32 px from the chosen frame `ref` to each of n frames (h, w) uint8."""
    search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    search.setFinestScale(FINEST_SCALE)
    search.setPatchSize(PATCH_PX)
    search.setPatchStride(STRIDE_PX)
    search.setGradientDescentIterations(DESCENT_STEPS)
    soft = [cv2.GaussianBlur(luma, (0, 0), BLUR_PX) for luma in lumas]
    flow = np.zeros((len(lumas), *lumas[0].shape, 2), np.float32)
    for k, luma in enumerate(soft):
        if k != ref:
            found = search.calc(soft[ref], luma, None)  # type: ignore[call-overload]
            cv2.GaussianBlur(found, (0, 0), SMOOTH_PX, dst=flow[k])
    return flow
