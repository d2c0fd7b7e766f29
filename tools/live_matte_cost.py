"""Measure what the live matte costs at 720p, with and without the empty place: `make live-matte-cost`.

The mean counts, not the median: the network looks at every second frame where nothing moves, as here.

Processor time of one call on one pinned core, so that other work on the machine counts little; the segmenter alone,
asked once a frame, is measured beside it. The bundled sitter's
cut-out stands before a painted room under a camera's noise; their face is told, not looked for.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import closing

import cv2
import numpy as np

from booth.config.params.matte import MatteParams
from booth.core.assets import asset
from booth.core.types import Face, Frame
from booth.perception.face_tracker import FaceTracker
from booth.perception.live_matte import LiveMatte
from booth.perception.segmenter import SIDE_PX, PersonSegmenter

SIZE = (1280, 720)
BAR_MS = 7.0
FRAMES, WARM = 150, 20
FPS, NOISE = 30.0, 2.0  # frames a second; grey levels
SITTER_FRAC = 1.3  # of the frame's height, which ends at the waist
N_NOISES = 8


def room() -> np.ndarray:
    """Return (720, 1280, 3) float32: a cluttered place."""
    coarse = np.random.default_rng(4).uniform(60, 180, (9, 16, 1)).astype(np.float32)
    grey = cv2.resize(coarse, SIZE, interpolation=cv2.INTER_CUBIC)
    return grey[..., None] * np.array((1.0, 0.95, 0.85), np.float32)


def pictures() -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the empty place and some frames with the sitter, each (720, 1280, 3) uint8."""
    bgra = cv2.imread(str(asset("portraits", "eileen_collins_cutout.png")), cv2.IMREAD_UNCHANGED)
    scale = SITTER_FRAC * SIZE[1] / bgra.shape[0]
    rgba = cv2.cvtColor(cv2.resize(bgra, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), cv2.COLOR_BGRA2RGBA)
    width = rgba.shape[1]
    left, top, empty = (SIZE[0] - width) // 2, SIZE[1] // 20, room()
    rgba = rgba[: SIZE[1] - top]
    whole, share = empty.copy(), rgba[..., 3:].astype(np.float32) / 255
    part = whole[top:, left : left + width]
    part += share * (rgba[..., :3] - part)
    noises = np.random.default_rng(0).normal(0, NOISE, (N_NOISES, *whole.shape)).astype(np.float32)
    frames = [np.clip(whole + noise + 0.5, 0, 255).astype(np.uint8) for noise in noises]
    return np.clip(empty, 0, 255).astype(np.uint8), frames


def spent_ms(frames: list[np.ndarray], face: Face, plate: np.ndarray | None) -> np.ndarray:
    """Return the processor time, ms, of every call after the first ones."""
    spent = []
    with closing(LiveMatte(MatteParams())) as live:
        for k in range(FRAMES):
            rgb = frames[k % len(frames)]
            start_s = time.process_time()
            live.process(Frame(k, k / FPS, rgb, rgb), face, plate=plate)
            spent.append(1e3 * (time.process_time() - start_s))
    return np.array(spent[WARM:])


def segmenter_ms(rgb: np.ndarray) -> np.ndarray:
    """Return the processor time, ms, of the network alone on one square picture."""
    square, spent = np.ascontiguousarray(cv2.resize(rgb, (SIDE_PX, SIDE_PX))), []
    with closing(PersonSegmenter()) as segmenter:
        for _ in range(WARM + FRAMES // 2):
            start_s = time.process_time()
            segmenter(square)
            spent.append(1e3 * (time.process_time() - start_s))
    return np.array(spent[WARM:])


def main() -> int:
    """Print mean, median and 95th percentile; 1 when the mean with a plate is over the bar."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    cv2.setNumThreads(1)
    empty, frames = pictures()
    with closing(FaceTracker(video=False)) as tracker:
        face = tracker.find(frames[0])[0]
    alone = float(np.median(segmenter_ms(frames[0])))
    means = {}
    for name, plate in (("without a plate", None), ("with a plate", empty)):
        took = spent_ms(frames, face, plate)
        means[name] = float(took.mean())
        median, p95 = (float(np.quantile(took, q)) for q in (0.5, 0.95))
        facts = f"{means[name]:.2f} ms on average (bar {BAR_MS}), median {median:.2f}, p95 {p95:.2f}; "
        facts += f"{means[name] / alone:.2f} of the segmenter's"
        print(f"live matte, {SIZE[0]}x{SIZE[1]}, {name}: {facts} {alone:.2f}")
    return int(means["with a plate"] > BAR_MS)


if __name__ == "__main__":
    sys.exit(main())
