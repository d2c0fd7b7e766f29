"""What the mirror shows of a Sight: the look at mirror size, on the Sight's own frame."""

from __future__ import annotations

import numpy as np

from booth.clock import WallClock, stopwatch_ms
from booth.looks.canvas import Canvas
from booth.looks.darkroom import Darkroom
from booth.looks.look import Look
from booth.loop.governor import Quality
from booth.types import Sight


def canvas_of(sight: Sight) -> Canvas:
    """Return the mirror-size Canvas of a Sight."""
    alpha = sight.matte.alpha if sight.matte is not None else None
    return Canvas(sight.frame.small, alpha, sight.sitter, sight.frame.seq)


class Mirror:
    """Develops Sights at mirror size with the look of the moment. Belongs to the loop."""

    def __init__(self, look: Look) -> None:
        self._darkroom = Darkroom(look)
        self._clock = WallClock()
        self.took_ms = 0.0

    @property
    def look(self) -> Look:
        """The look now on the mirror."""
        return self._darkroom.look

    @property
    def normals(self) -> np.ndarray | None:
        """The sitter's own relief from a flash calibration, or None."""
        return self._darkroom.normals

    @normals.setter
    def normals(self, normals: np.ndarray | None) -> None:
        self._darkroom.normals = normals

    def wear(self, look: Look) -> None:
        """Put another look on."""
        if look != self._darkroom.look:
            self._darkroom.set_look(look)

    def spend(self, quality: Quality) -> None:
        """Work with this much quality from the next frame on."""
        room = self._darkroom
        room.light_every, room.edge_every, room.wraps = quality.light_every, quality.edge_every, quality.wraps

    def forget(self) -> None:
        """Let go of what was learned of the light on the last guest."""
        self._darkroom.forget()

    def warm(self, size: tuple[int, int]) -> None:
        """Load the compiled loops and paint the plate before the first guest, on a picture of nobody."""
        rgb = np.zeros((size[1], size[0], 3), np.uint8)
        alpha = np.zeros(rgb.shape[:2], np.uint8)
        alpha[size[1] // 3 :, size[0] // 3 : size[0] // 2] = 200
        self._darkroom.develop(Canvas(rgb, alpha, None))

    def show(self, sight: Sight) -> np.ndarray:
        """Return the developed (h, w, 3) uint8 picture, unmirrored; the next call reuses its memory."""
        start_s = self._clock.now_s()
        picture = self._darkroom.develop(canvas_of(sight), t_s=sight.frame.t_s)
        self.took_ms = stopwatch_ms(start_s)
        return picture
