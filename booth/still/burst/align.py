"""Where each place of the chosen frame lies in the others: dense inverse-search optical flow (Kroeger et al. 2016)."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

BLUR_PX = 1.0  # of the lumas before the flow: noise misleads it
SMOOTH_PX = 2.0  # of the flow
PATCH_PX, STRIDE_PX = 12, 8  # of the picture at half its size, where flow is looked for: finer follows the noise
DESCENT_STEPS, REFINE_STEPS = 8, 3
SPREAD_STEP_PX = 4
STILL_PX, MOVED_PX = 0.05, 0.25  # spread of a place over the frames up to which it stands still, and from which not
GRADIENT_STEP_PX = 2  # the flow is found at half the size
SOBEL = 1 / 8  # makes a Sobel kernel's sum a difference per pixel
GRADIENT_BLUR_PX = 7  # over which a discontinuous flow counts for deblurring
# Change of the flow, px per px, up to which a place is deblurred as any other and from which by so much less: what a
# misplaced frame leaves there would be amplified. Chosen on all people of the burst bench.
CONTINUOUS, DISCONTINUOUS, DISCONTINUOUS_LESS = 0.05, 0.2, 0.8
STILL_SHARE = 0.3  # of the deblurring is left where it does


def align(lumas: Sequence[np.ndarray], ref: int) -> np.ndarray:
    """Return the offsets (n, h, w, 2) float32 px from the chosen frame `ref` to each of n frames (h, w) uint8."""
    search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    search.setFinestScale(0)
    search.setPatchSize(PATCH_PX)
    search.setPatchStride(STRIDE_PX)
    search.setGradientDescentIterations(DESCENT_STEPS)
    search.setVariationalRefinementIterations(REFINE_STEPS)
    height, width = lumas[0].shape
    half = max(1, width // 2), max(1, height // 2)
    soft = [cv2.resize(cv2.GaussianBlur(luma, (0, 0), BLUR_PX), half, interpolation=cv2.INTER_AREA) for luma in lumas]
    back = np.array((width / half[0], height / half[1]), np.float32)
    flow = np.zeros((len(lumas), height, width, 2), np.float32)
    for k, luma in enumerate(soft):
        if k != ref:
            found = search.calc(soft[ref], luma, None)  # type: ignore[call-overload]
            found = cv2.GaussianBlur(found, (0, 0), SMOOTH_PX / 2) * back
            cv2.resize(found, (width, height), dst=flow[k], interpolation=cv2.INTER_LINEAR)
    return flow


def flow_gradient(flow: np.ndarray) -> np.ndarray:
    """Return how much the offsets (h, w, 2) px change from place to place, (h, w) float32, px per px.

    It is large where a head passes before a room that stands still: there a flow that has to be smooth is wrong.
    """
    part = np.ascontiguousarray(flow[::GRADIENT_STEP_PX, ::GRADIENT_STEP_PX])
    scale = SOBEL / GRADIENT_STEP_PX
    across, down = (cv2.Sobel(part, cv2.CV_32F, *d, ksize=3, scale=scale) for d in ((1, 0), (0, 1)))
    gradient = cv2.dilate(np.sqrt((across * across + down * down).sum(-1)), np.ones((3, 3)))
    return cv2.resize(gradient, flow.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def continuous_share(gradients: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return (H, W) float32 0..1 of that size: less than 1 where the flow of most frames is discontinuous.

    `gradients` (n, h, w) are those of `flow_gradient`, px per px.
    """
    mean = cv2.blur(gradients.mean(0), (GRADIENT_BLUR_PX, GRADIENT_BLUR_PX))
    share = np.clip((mean - CONTINUOUS) / (DISCONTINUOUS - CONTINUOUS), 0, 1).astype(np.float32)
    return cv2.resize(1 - DISCONTINUOUS_LESS * share, size, interpolation=cv2.INTER_LINEAR)


def how_moved(flow: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return (H, W) float32 0..1 of that size: 1 where the frames of `flow` (n, h, w, 2) sampled a place differently.

    Where nothing moves all frames hold the same sampling and coding faults, and a mean keeps them.
    """
    part = flow[:, ::SPREAD_STEP_PX, ::SPREAD_STEP_PX]
    spread = np.sqrt(part.var(0).sum(-1))
    share = np.clip((spread - STILL_PX) / (MOVED_PX - STILL_PX), 0, 1)
    return cv2.resize(STILL_SHARE + (1 - STILL_SHARE) * share, size, interpolation=cv2.INTER_LINEAR)
