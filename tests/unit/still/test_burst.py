"""Merged stills: cleaner than one frame, of the chosen moment alone, and the one frame where a burst does not help."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from finish_fakes import as_u8, painted_face

from booth.config.params.finish import CorrectParams
from booth.core.types import Burst, Face, Frame, FrameAnalysis
from booth.session.burst import burst_of
from booth.still.burst.agree import FORGIVEN, UNFORGIVEN, agree
from booth.still.burst.align import STILL_SHARE, continuous_share, flow_gradient, how_moved
from booth.still.burst.merge import merged
from booth.still.burst.settle import settle
from booth.still.burst.taking import merged_part
from booth.still.correct import Correction
from booth.still.crop import CROPS, geometry_of, plan_crop
from booth.still.exposure import expose, window_of
from booth.still.size import Sizing

SIZE, N, REF, SIGMA = (240, 300), 6, 2, 6.0


def textured(seed: int = 0) -> np.ndarray:
    """A face-like scene with edges at every scale, (300, 240, 3) uint8."""
    lab, _, _ = painted_face("medium", SIZE, 120)
    rgb = as_u8(lab).astype(np.float32)
    marks = cv2.GaussianBlur(np.random.default_rng(seed).normal(0, 60, rgb.shape[:2]).astype(np.float32), (0, 0), 2)
    return np.clip(rgb + marks[..., None], 0, 255).astype(np.uint8)


def noisy(rgb: np.ndarray, seed: int, shift: tuple[float, float] = (0, 0)) -> np.ndarray:
    moved = cv2.warpAffine(
        rgb, np.array([[1, 0, shift[0]], [0, 1, shift[1]]], float), SIZE, borderMode=cv2.BORDER_REFLECT
    )
    grain = np.random.default_rng(seed).normal(0, SIGMA, rgb.shape)
    return np.clip(moved + grain + 0.5, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def truth() -> np.ndarray:
    return textured()


@pytest.fixture(scope="module")
def frames(truth) -> list[np.ndarray]:
    """Six frames of a sitter who sways by a pixel or two; the chosen one is where the truth is."""
    return [noisy(truth, k, (1.3 * (k - REF) / 2, 0.7 * (k - REF) / 3)) for k in range(N)]


def error(picture: np.ndarray, truth: np.ndarray) -> float:
    inner = slice(20, -20), slice(20, -20)
    return float(np.sqrt(((picture.astype(float) - truth)[inner] ** 2).mean()))


def test_a_merged_still_is_cleaner_than_its_frame_and_stands_where_that_stands(truth, frames):
    found = merged(frames, REF, 1.0)
    assert len(found.heard) == N
    assert error(found.picture, truth) < 0.75 * error(frames[REF], truth)


def test_what_only_one_other_frame_shows_leaves_no_ghost(truth, frames):
    hand = frames[REF + 1].copy()
    cv2.circle(hand, (120, 150), 30, (40, 30, 25), -1)
    clean, told = (merged([*frames[: REF + 1], f, *frames[REF + 2 :]], REF, 1.0) for f in (frames[REF + 1], hand))
    there = slice(125, 175), slice(95, 145)
    rise = error_in(told.picture, truth, there) - error_in(clean.picture, truth, there)
    assert rise < 1.0  # an eighth of what a mean with the hand in it would show
    assert np.mean([f[there] for f in (*frames[: REF + 1], hand)]) < frames[REF][there].mean() - 8


def error_in(picture: np.ndarray, truth: np.ndarray, where: tuple[slice, slice]) -> float:
    return float(np.sqrt(((picture[where].astype(float) - truth[where]) ** 2).mean()))


def test_frames_of_somebody_else_are_not_heard(truth, frames):
    strangers = [frames[REF] if k == REF else noisy(textured(50 + k), k) for k in range(N)]
    assert merged(strangers, REF, 1.0).heard == (REF,)
    burst = Burst(tuple(strangers), REF, tuple(k / 30 for k in range(N)))
    assert merged_part(burst, (slice(0, SIZE[1]), slice(0, SIZE[0]))) is None


def test_a_burst_that_is_short_or_does_not_hold_the_cut_is_left_alone(frames):
    whole = slice(0, SIZE[1]), slice(0, SIZE[0])
    burst = Burst(tuple(frames), REF, tuple(k / 30 for k in range(N)))
    assert merged_part(Burst(tuple(frames[:3]), REF, (0.0, 0.03, 0.07)), whole) is None
    assert merged_part(replace(burst, at_px=(10, 0)), whole) is None
    part = merged_part(burst, whole)
    assert part is not None and part.n_frames == N and part.span_s == pytest.approx(5 / 30)


def test_the_record_names_the_frames_and_the_portrait_stands_as_the_single_one_would(truth, frames):
    _, alpha, face = painted_face("medium", SIZE, 120)
    plan = plan_crop(geometry_of(face, SIZE), CROPS["square"], alpha, CorrectParams(), sizing=Sizing(min_height_px=600))
    rows, columns = window_of(plan, SIZE)
    parts = tuple(np.ascontiguousarray(f[rows, columns]) for f in frames)
    burst = Burst(parts, REF, tuple(k / 30 for k in range(N)), (columns.start, rows.start))
    told = expose(frames[REF], plan, Correction(), CorrectParams(), burst)
    alone = expose(frames[REF], plan, Correction(), CorrectParams())
    still = expose(truth, plan, Correction(), CorrectParams(denoise=0))
    assert told.stages[0].says == "Merged from 6 frames of 0.2 s"
    assert told.pixels.shape == alone.pixels.shape == (600, 600, 3)
    assert error(told.pixels * 255, still.pixels * 255) < error(alone.pixels * 255, still.pixels * 255)


def an_analysis(face: Face, seq: int, rgb: np.ndarray) -> FrameAnalysis:
    return FrameAnalysis(Frame(seq, seq / 30, rgb, rgb), (face,), None)


def test_a_burst_is_cut_to_the_sitter_and_holds_no_frame_twice(frames):
    _, _, face = painted_face("medium", SIZE, 60)
    analyses = [an_analysis(face, k, frame) for k, frame in enumerate(frames)]
    again = Frame(9, 0.08, frames[REF].copy(), frames[REF].copy())  # a photograph stands still before the lens
    late = Frame(40, 40 / 30, frames[0].copy(), frames[0].copy())
    burst = burst_of(analyses[REF], [s.frame for s in analyses if s is not analyses[REF]] + [again, late])
    assert burst is not None and len(burst.frames) == N and burst.chosen == REF
    x, y = burst.at_px
    part = burst.frames[burst.chosen]
    assert np.array_equal(part, frames[REF][y : y + part.shape[0], x : x + part.shape[1]])
    assert burst_of(analyses[REF], [again]) is None


def test_frames_that_sampled_a_place_alike_leave_less_to_deblur():
    flow = np.zeros((N, 40, 60, 2), np.float32)
    flow[:, :, 30:] = np.linspace(-0.5, 0.5, N, dtype=np.float32)[:, None, None, None]
    moved = how_moved(flow, (90, 60))
    assert moved.shape == (60, 90) and np.allclose(moved[:, :36], STILL_SHARE) and np.allclose(moved[:, 54:], 1)
    rng = np.random.default_rng(3)
    mean = cv2.GaussianBlur(rng.normal(120, 40, (60, 90)).astype(np.float32), (0, 0), 1.5)
    total, weight = np.stack([mean, mean]) * 3, np.full((2, 60, 90), 3, np.float32)
    noise = np.ones((60, 90), np.float32)
    still, free = (settle(total, weight, noise, np.full((60, 90), m, np.float32), 1.5) for m in (0.0, 1.0))
    assert np.std(free - mean) > 2 * np.std(still - mean)


def test_a_flow_is_discontinuous_where_a_head_passes_before_the_room() -> None:
    flow = np.zeros((120, 160, 2), np.float32)
    assert flow_gradient(flow + np.float32((3.0, 1.0))).max() < 1e-5, "the camera's own shake is no discontinuity"
    flow[:, 80:, 0] = 2.0
    found = flow_gradient(flow)
    assert found[60, 76:84].min() > UNFORGIVEN and found[:, :70].max() < FORGIVEN
    kept = continuous_share(found[None], (240, 180))
    assert kept.shape == (180, 240) and kept[90, 120] < 0.5 and kept[:, :90].min() == 1


def test_what_is_a_little_misplaced_is_not_heard_where_the_flow_is_discontinuous() -> None:
    """The same third of a pixel is forgiven where all of the picture moves alike."""
    chance = np.random.default_rng(3)
    rows, columns = np.mgrid[:160, :200].astype(np.float32)
    waves = chance.uniform(-0.9, 0.9, (40, 2))

    def seen_at(x: np.ndarray) -> np.ndarray:
        tone = 128 + 9 * sum(np.sin(a * x + b * rows + k) for k, (a, b) in enumerate(waves))
        grey = np.clip(tone + chance.normal(0, 1, x.shape), 0, 255)
        return np.dstack([grey, *np.full((2, *x.shape), 128.0)]).astype(np.uint8)

    def heard(stretch: float) -> float:
        """Return how far frames are heard whose flow grows by `stretch` px per px from column 100 on."""
        flow = np.zeros((4, 160, 200, 2), np.float32)
        flow[1:, ..., 0] = stretch * (columns - 100)
        there = (columns + stretch * 100) / (1 + stretch)
        frames = [seen_at(columns), *(seen_at(there + 0.3) for _ in range(3))]
        return float(agree(frames, flow, 0).say[1:, 40:120, 60:140].mean())

    assert heard(0.0) > heard(0.1) + 0.2
