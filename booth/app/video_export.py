"""The film of a replay: what the sitter would have seen, drawn on a screen that is not there."""

from __future__ import annotations

import os
from pathlib import Path

import cv2

from booth.app.replay import Played
from booth.app.view_builder import ViewBuilder
from booth.config.params import Params
from booth.core.faults import Fault
from booth.looks.look import Look
from booth.looks.preview import PreviewRenderer
from booth.ui.window import Window

SIZE = (1280, 720)
CODECS = {".mp4": "mp4v", ".avi": "MJPG", ".mkv": "mp4v"}


class VideoExport:
    """Writes the mirror with its guidance to a video file, one frame an analysis. Raises Fault `video.*`."""

    def __init__(self, path: Path, params: Params, look: Look, fps: float) -> None:
        codec = CODECS.get(path.suffix.lower())
        if codec is None:
            raise Fault("video.ending", f"{path.name} has no ending of a video.", f"Use {', '.join(CODECS)}.")
        os.environ["SDL_VIDEODRIVER"] = "dummy"
        self._window = Window(params.screen, SIZE)
        self._mirror = PreviewRenderer(look)
        self._showing = ViewBuilder(params, stands_in=False)
        self._film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), fps, SIZE)
        if not self._film.isOpened():
            raise Fault("video.unwritable", f"No video can be written to {path}.", "Choose another file or ending.")

    def show(self, played: Played) -> None:
        """Add one frame."""
        t_s = played.analysis.frame.t_s
        self._showing.record(played.analysis, played.guidance, t_s)
        self._showing.picture = self._mirror.show(played.analysis)
        self._window.draw(self._showing.coaching(t_s, self._mirror.look, played.state))
        self._film.write(cv2.cvtColor(self._window.snapshot(), cv2.COLOR_RGB2BGR))

    def close(self) -> None:
        """Finish the file."""
        self._film.release()
        self._window.close()
