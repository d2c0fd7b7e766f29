"""Facts are frozen from birth, and what does not belong together is refused."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from booth.core.latest import Latest
from booth.core.types import Frame, FrameAnalysis, Matte


def a_frame(seq: int = 0, t_s: float = 0.0) -> Frame:
    rgb = np.zeros((4, 6, 3), np.uint8)
    return Frame(seq, t_s, rgb, rgb)


def test_pixels_cannot_be_written_after_birth() -> None:
    frame = a_frame()
    with pytest.raises(ValueError, match="read-only"):
        frame.rgb[0, 0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        frame.seq = 3  # type: ignore[misc]


def test_a_frame_of_the_wrong_kind_is_refused_with_both_shapes() -> None:
    with pytest.raises(ValueError, match=r"Frame.rgb must be .* got \(4, 6\) float64"):
        Frame(0, 0.0, np.zeros((4, 6)), np.zeros((4, 6, 3), np.uint8))


def test_a_matte_is_never_laid_on_another_frame() -> None:
    with pytest.raises(ValueError, match="matte of frame 1 laid on frame 2"):
        FrameAnalysis(a_frame(2), (), Matte(np.zeros((4, 6), np.uint8), 1))


def test_newest_wins_and_the_loss_is_counted() -> None:
    slot: Latest[int] = Latest()
    assert slot.take(0) is None
    for n in range(3):
        slot.put(n)
    assert slot.take(0) == 2
    assert slot.take(0) is None
    assert slot.dropped == 2
