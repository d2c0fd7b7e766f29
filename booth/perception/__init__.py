"""Sees: the only room that knows the tracker and the segmenters. Frame in, FrameAnalysis out.

The models are closed by hand, always. Left to the garbage collector they would close themselves from inside it, and
wait there for a thread that may already be gone: a hang, seen when a failing test left one open.
"""

from __future__ import annotations

from mediapipe.tasks.python import vision


def _left_to_its_owner(_self: object) -> None:
    """Do nothing when collected."""


for _model in (vision.FaceLandmarker, vision.ImageSegmenter):
    _model.__del__ = _left_to_its_owner
