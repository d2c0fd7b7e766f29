"""The perceive step remembers the empty place in presence mode and hands it on with every analysis of a sitter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import cv2
import numpy as np
import pytest

from booth.config.params import load_params
from booth.core.latest import Latest
from booth.core.types import Frame, FrameAnalysis
from booth.perception.face_finder import TrackedFaces
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.perception.perception_thread import PerceptionMode, PerceptionThread
from booth.perception.presence_detector import PresenceDetector


def a_room() -> np.ndarray:
    rng = np.random.default_rng(4)
    room = cv2.resize(rng.uniform(60, 190, (5, 8, 3)).astype(np.float32), (640, 360), interpolation=cv2.INTER_CUBIC)
    return np.clip(room, 0, 255).astype(np.uint8)


class Loop:
    """The perceive thread's own step, without the thread: frames come from here, and so does the time."""

    def __init__(self, profile: str) -> None:
        params = load_params(profile)
        self.analyzer, self.presence = FrameAnalyzer(params), PresenceDetector()
        self.thread = PerceptionThread(Latest(), lambda: self.analyzer)
        self._seq = 0

    def sees(self, rgb: np.ndarray, mode: PerceptionMode) -> FrameAnalysis:
        self._seq += 1
        frame = Frame(self._seq, self._seq / 2, rgb, rgb)
        self.thread.mode = mode
        return self.thread._sight(TrackedFaces(frame, None), self.analyzer, self.presence)

    def close(self) -> None:
        self.analyzer.close()
        self.presence.close()


@pytest.fixture(params=["event", "home"])
def loop(request: pytest.FixtureRequest) -> Iterator[tuple[str, Loop]]:
    with closing(Loop(request.param)) as made:
        yield request.param, made


def test_the_empty_room_comes_with_the_next_sitters_frames(loop: tuple[str, Loop]) -> None:
    profile, booth = loop
    for _ in range(14):  # seven seconds
        assert booth.sees(a_room(), PerceptionMode.PRESENCE).plate is None
    seen = booth.sees(a_room(), PerceptionMode.ALL)
    if profile == "home":
        assert seen.plate is None
        return
    assert seen.plate is not None and np.abs(seen.plate.astype(int) - a_room()).mean() < 1
    booth.analyzer.reset()  # between two guests the room stays what it is
    assert booth.sees(a_room(), PerceptionMode.ALL).plate is not None
