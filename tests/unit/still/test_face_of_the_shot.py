"""A face that the tracker followed to the shot is developed, though a search of the single picture finds none."""

from __future__ import annotations

import pytest

from booth.capture.demo.demo_sitter import DemoSitter
from booth.config.params import Params
from booth.core.types import Frame, FrameAnalysis
from booth.looks.look import load_look
from booth.perception.face_tracker import FaceTracker
from booth.still.developer import Developer


def test_a_guest_whose_face_was_followed_gets_a_portrait(monkeypatch: pytest.MonkeyPatch) -> None:
    rgb = DemoSitter().frame(318)
    with FaceTracker(video=False) as tracker:
        faces = tracker.find(rgb)
    shot = FrameAnalysis(Frame(0, 0.0, rgb, rgb), faces, None)
    monkeypatch.setattr(FaceTracker, "find", lambda self, rgb, t_s=0.0: ())
    developer = Developer(Params())
    try:
        done = developer.portrait(shot, load_look("as-you-are"))
    finally:
        developer.close()
    assert done.record.stages and "eye_line_frac" not in done.record.measures
