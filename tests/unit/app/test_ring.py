"""The ring: what may still become the portrait, in a fixed amount of memory."""

from __future__ import annotations

import cv2
import numpy as np

from booth.capture.frames import shrunk
from booth.capture.jpeg import Jpeg
from booth.core.types import Frame, FrameAnalysis
from booth.session import frame_ring as ring_module
from booth.session.frame_ring import FrameRing, PackedAnalysis


def analysis(seq: int, t_s: float, side: int = 8) -> FrameAnalysis:
    rgb = np.zeros((side, side, 3), np.uint8)
    return FrameAnalysis(Frame(seq, t_s, rgb, rgb), (), None)


def test_only_what_is_wanted_stays() -> None:
    ring = FrameRing()
    for n in range(5):
        ring.add(analysis(n, n / 30), 0.5, wanted=range(max(0, n - 1), n + 1))
    assert ring.get(2) is None
    assert [s.frame.seq for s in ring.pick((4, 3, 1))] == [4, 3]


def test_where_memory_is_short_the_poorest_go_first_and_the_newest_stay(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(ring_module, "ROOM_BYTES", 30 * 8 * 8 * 3)
    ring = FrameRing()
    for n in range(60):
        ring.add(analysis(n, n / 30), score=1.0 if n == 7 else 0.1 + n / 1000, wanted=range(60))
    assert len(ring) <= 31
    assert ring.get(7) is not None, "the best frame outlives the poor ones"
    assert all(ring.get(n) is not None for n in range(46, 60)), "the last half second stays"


def test_the_neighbours_of_a_frame_are_the_nearest_still_kept_in_order() -> None:
    ring = FrameRing()
    for n in range(10):
        ring.add(analysis(n, n / 30), 0.5, wanted=[k for k in range(10) if k != 4])
    ring.add(analysis(10, 10 / 30), 0.5, wanted=[k for k in range(10) if k not in (3, 4)])
    assert [frame.seq for frame in ring.neighbours(5, 4)] == [2, 6, 7, 8]
    assert ring.neighbours(5, 0) == ()


def test_a_cleared_ring_holds_nobody() -> None:
    ring = FrameRing()
    ring.add(analysis(0, 0.0), 0.5, wanted=[0])
    ring.clear()
    assert len(ring) == 0


def full_hd(seq: int, t_s: float) -> FrameAnalysis:
    x = np.linspace(0, 255, 1920, dtype=np.float32)[None, :, None]
    y = np.linspace(0, 255, 1080, dtype=np.float32)[:, None, None]
    rgb = np.concatenate([x + 0 * y, y + 0 * x, (x + y) / 2], axis=2).astype(np.uint8)
    return FrameAnalysis(Frame(seq, t_s, rgb, shrunk(rgb, 1280)), (), None)


def test_two_seconds_of_a_full_size_camera_fit_and_the_best_frame_is_kept_as_it_came() -> None:
    ring, one = FrameRing(), full_hd(0, 0.0)
    for n in range(45):
        analysis = FrameAnalysis(Frame(n, n / 30, one.frame.rgb, one.frame.small), (), None)
        ring.add(analysis, score=1.0 if n == 20 else 0.1 + n / 1000, wanted=range(45))
    assert ring.n_bytes <= ring_module.ROOM_BYTES
    assert len(ring) >= 36, "packed, not let go"
    best = ring.get(20)
    assert best is not None
    assert best.frame.rgb is one.frame.rgb


def test_a_packed_frame_comes_back_with_its_small_copy_and_nearly_its_pixels() -> None:
    one = full_hd(3, 0.1)
    packed = PackedAnalysis.of(one)
    back = packed.whole()
    assert (back.frame.seq, back.frame.t_s, back.frame.size) == (3, 0.1, (1920, 1080))
    assert back.frame.small.shape == one.frame.small.shape
    off = np.abs(back.frame.rgb.astype(int) - one.frame.rgb.astype(int))
    assert np.percentile(off, 99) <= 4
    assert packed.full.nbytes * 2 == one.frame.rgb.nbytes


def test_the_best_of_a_long_session_outlive_everything_newer_and_are_not_packed(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(ring_module, "ROOM_BYTES", 12 * 8 * 8 * 3)
    ring = FrameRing()
    for n in range(200):
        newest = range(max(0, n - 60), n + 1)
        ring.add(analysis(n, n / 30), None, wanted={3, 9, *newest}, treasured={3, 9})
    assert [s.frame.seq for s in ring.pick((3, 9))] == [3, 9]
    assert len(ring) <= 2 + 16


def coded(seq: int, t_s: float) -> FrameAnalysis:
    rng = np.random.default_rng(5)
    picture = cv2.resize(rng.integers(0, 255, (270, 480, 3), dtype=np.uint8), (3840, 2160))
    full = Jpeg(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 70])[1])
    return FrameAnalysis(Frame(seq, t_s, full, full.reduced(4)), (), None)


def test_two_seconds_of_4k_fit_as_the_bytes_they_came_in() -> None:
    ring, one = FrameRing(), coded(0, 0.0)
    for n in range(60):
        small = one.frame.small.copy()
        ring.add(FrameAnalysis(Frame(n, n / 30, one.frame.full, small), (), None), score=n / 60, wanted=range(60))
    assert len(ring) == 60
    assert ring.n_bytes <= ring_module.ROOM_BYTES
    first = ring.get(3)
    assert first is not None
    assert np.array_equal(first.frame.small, one.frame.small)
    assert first.frame.rgb.shape == (2160, 3840, 3)


def test_a_packed_jpeg_is_the_same_picture_again() -> None:
    one = coded(4, 0.2)
    packed = PackedAnalysis.of(one)
    assert np.array_equal(packed.whole().frame.small, one.frame.small)
    assert packed.whole().frame.full is one.frame.full
