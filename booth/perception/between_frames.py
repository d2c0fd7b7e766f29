"""Frames between two measured ones, on a machine too slow to measure all: the faces before are carried on to them.

They are shown and never judged. A face goes on as it moved between the last two frames that were measured.
"""

from __future__ import annotations

from dataclasses import replace

from booth.core.types import Face, Frame, FrameAnalysis

GAP_S = 0.25  # measured frames further apart tell no movement
MOST_FACES = 0.1  # face heights that a face is carried on: beyond, it has more likely been taken for another


class BetweenFrames:
    """Remembers the last two measured frames of a video."""

    def __init__(self) -> None:
        self._last: FrameAnalysis | None = None
        self._before: FrameAnalysis | None = None
        self.n_carried = 0  # frames since the last measured one

    def reset(self) -> None:
        """Let go of them."""
        self._last, self._before, self.n_carried = None, None, 0

    def measured(self, analysis: FrameAnalysis) -> FrameAnalysis:
        """Take in a measured frame and return it."""
        self._last, self._before, self.n_carried = analysis, self._last, 0
        return analysis

    def carried(self, frame: Frame) -> FrameAnalysis | None:
        """Return the last analysis carried on to a later frame, its matte still missing; None where there is none."""
        last = self._last
        if last is None or frame.size != last.frame.size:
            return None
        self.n_carried += 1
        moved = [self._moved(number, face, frame.t_s) for number, face in enumerate(last.faces)]
        group = tuple(replace(member, face=face) for member, face in zip(last.group, moved, strict=False))
        return replace(
            last, frame=frame, faces=tuple(moved), matte=None, group=group, thumb_up=None, took_ms={}, is_between=True
        )

    def _moved(self, number: int, face: Face, t_s: float) -> Face:
        """Return a face where it will be at `t_s`."""
        last, before = self._last, self._before
        assert last is not None
        if before is None or len(before.faces) != len(last.faces):
            return face
        dt_s = last.frame.t_s - before.frame.t_s
        if not 0 < dt_s < GAP_S:
            return face
        share = min((t_s - last.frame.t_s) / dt_s, 1.0)
        dx, dy = ((face.landmarks[:, :2] - before.faces[number].landmarks[:, :2]).mean(0) * share).tolist()
        height = face.box.y1 - face.box.y0
        is_plausible = max(abs(dx) * last.frame.size[0] / last.frame.size[1], abs(dy)) < MOST_FACES * height
        return face.moved(dx, dy) if is_plausible else face
