"""The film of a replay: what the sitter would have seen, drawn on a screen that is not there."""

from __future__ import annotations

import os
from pathlib import Path

import cv2

from booth.faults import Fault
from booth.kiosk.window import Window
from booth.looks.look import Look
from booth.loop.mirror import Mirror
from booth.loop.showing import Showing
from booth.params import Params
from booth.replay import Played

SIZE = (1280, 720)
CODECS = {".mp4": "mp4v", ".avi": "MJPG", ".mkv": "mp4v"}


class Screening:
    """Writes the mirror with its guidance to a video file, a frame a Sight. Fault `video.*` where that cannot be."""

    def __init__(self, path: Path, params: Params, look: Look, fps: float) -> None:
        codec = CODECS.get(path.suffix.lower())
        if codec is None:
            raise Fault("video.ending", f"{path.name} has no ending of a video.", f"Use {', '.join(CODECS)}.")
        os.environ["SDL_VIDEODRIVER"] = "dummy"
        self._window = Window(params.screen, SIZE)
        self._mirror = Mirror(look)
        self._showing = Showing(params, stands_in=False)
        self._film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), fps, SIZE)
        if not self._film.isOpened():
            raise Fault("video.unwritable", f"No video can be written to {path}.", "Choose another file or ending.")

    def show(self, played: Played) -> None:
        """Add one frame."""
        t_s = played.sight.frame.t_s
        self._showing.note(played.sight, played.guidance, t_s)
        self._showing.picture = self._mirror.show(played.sight)
        self._window.draw(self._showing.coaching(t_s, self._mirror.look, played.state))
        self._film.write(cv2.cvtColor(self._window.snapshot(), cv2.COLOR_RGB2BGR))

    def close(self) -> None:
        """Finish the file."""
        self._film.release()
        self._window.close()
