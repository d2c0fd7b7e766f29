"""Lets the pose guide speak before the coach and hold the shutter: a few seconds at most, then never again."""

from __future__ import annotations

from dataclasses import replace

from booth.core.types import FrameAnalysis, Guidance
from booth.guidance.body_measures import measure_body
from booth.guidance.pose_guide import Pose, PoseGuide

FIRST = frozenset({"nobody", "company", "others", "far", "cut", "hidden", "framing", "light"})
"""What is put right before the body is: where to stand, and whether anything can be seen."""


class PoseGate:
    """One a sitter. A frame is worth what it was; only the shutter waits."""

    def __init__(self, pose: Pose) -> None:
        self._guide = PoseGuide(pose)

    @property
    def wants_body(self) -> bool:
        """True while readings of the body are of use."""
        return not self._guide.is_over

    def __call__(self, analysis: FrameAnalysis, guidance: Guidance) -> Guidance:
        """Return the guidance itself, or one that is not ready and speaks of the body."""
        face = analysis.sitter
        if self._guide.is_over or face is None:
            return guidance
        may_ask = not FIRST & set(guidance.blocks)
        body = None if analysis.body is None else measure_body(analysis.body, face, analysis.frame.size)
        self._guide, advice = self._guide.step(body, analysis.frame.t_s, may_ask=may_ask)
        told = replace(guidance, pose=self._guide.pose.name, pose_fill=advice.fill)
        if self._guide.is_over:
            return guidance
        if not may_ask:
            return told
        if not advice.asks:
            return replace(told, advice=advice.say or guidance.advice)
        return replace(
            told,
            advice=advice.say or (guidance.advice if guidance.blocks else None),
            member=None,
            place="",
            ready=False,
            blocks=(*guidance.blocks, "body"),
            is_willing=False,
            progress=min(guidance.progress, 0.5 + 0.3 * advice.fill),
        )
