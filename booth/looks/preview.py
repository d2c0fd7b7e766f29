"""What the mirror shows of a FrameAnalysis: the look at mirror size, on the FrameAnalysis's own frame."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from booth.core.clock import WallClock, stopwatch_ms
from booth.core.types import FrameAnalysis
from booth.looks.canvas import Canvas
from booth.looks.look import Look
from booth.looks.quality import Quality
from booth.looks.renderer import LookRenderer


def canvas_of(analysis: FrameAnalysis) -> Canvas:
    """Return the mirror-size Canvas of a FrameAnalysis."""
    alpha = analysis.matte.alpha if analysis.matte is not None else None
    company = tuple(member.face for member in analysis.group[1:])
    return Canvas(analysis.frame.small, alpha, analysis.sitter, analysis.frame.seq, company=company)


class PreviewRenderer:
    """Develops FrameAnalyses at mirror size with the look of the moment. Belongs to the loop."""

    def __init__(self, look: Look, *, is_threaded: bool = False) -> None:
        """With `is_threaded` light and blurred room are worked out beside the loop and are a frame or two late."""
        self._look = look
        self._made: LookRenderer | None = None
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="look") if is_threaded else None
        self._clock = WallClock()
        self.took_ms = 0.0

    @property
    def _renderer(self) -> LookRenderer:
        """The renderer, made when it is first needed: loading its tables and solver takes a second of the start."""
        if self._made is None:
            self._made = LookRenderer(self._look, beside=self._beside)
        return self._made

    @property
    def look(self) -> Look:
        """The look now on the mirror."""
        return self._look

    @property
    def normals(self) -> np.ndarray | None:
        """The sitter's own relief from a flash calibration, or None."""
        return None if self._made is None else self._made.normals

    @normals.setter
    def normals(self, normals: np.ndarray | None) -> None:
        if normals is not None or self._made is not None:
            self._renderer.normals = normals

    def set_look(self, look: Look) -> None:
        """Put another look on."""
        if look != self._look:
            self._look = look
            if self._made is not None:
                self._made.set_look(look)

    def set_quality(self, quality: Quality) -> None:
        """Work with this much quality from the next frame on."""
        room = self._renderer
        room.light_every, room.edge_every, room.wraps = quality.light_every, quality.edge_every, quality.wraps

    def reset(self) -> None:
        """Let go of what was learned of the light on the last guest."""
        if self._made is not None:
            self._made.reset()

    def close(self) -> None:
        """End the thread beside the loop; nothing is shown after."""
        if self._beside is not None:
            self._beside.shutdown(cancel_futures=True)

    def warm(self, size: tuple[int, int]) -> None:
        """Load the compiled loops and paint the plate before the first guest, on a picture of nobody."""
        rgb = np.zeros((size[1], size[0], 3), np.uint8)
        alpha = np.zeros(rgb.shape[:2], np.uint8)
        alpha[size[1] // 3 :, size[0] // 3 : size[0] // 2] = 200
        self._renderer.develop(Canvas(rgb, alpha, None))

    def show(self, analysis: FrameAnalysis) -> np.ndarray:
        """Return the developed (h, w, 3) uint8 picture, unmirrored; the next call reuses its memory."""
        start_s = self._clock.now_s()
        picture = self._renderer.develop(canvas_of(analysis), t_s=analysis.frame.t_s)
        self.took_ms = stopwatch_ms(start_s)
        return picture
