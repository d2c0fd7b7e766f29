"""The video of a replay: what the mirror would have shown, drawn offscreen."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import cv2
import msgspec

from booth.config.params.kiosk import ScreenParams
from booth.core.faults import Fault
from booth.draw.scene import Signal
from booth.session.state_machine import State
from booth.session.view import View
from booth.ui.window import Window

SIZE = (1280, 720)
CODECS = {".mp4": "mp4v", ".avi": "MJPG", ".mkv": "mp4v"}


class VideoExport:
    """A screen that writes each drawn page to a video file. Raises Fault `video.ending` or `video.unwritable`."""

    is_drawn = True
    size = SIZE

    def __init__(self, path: Path, params: ScreenParams, fps: float) -> None:
        codec = CODECS.get(path.suffix.lower())
        if codec is None:
            raise Fault("video.ending", f"{path.name} has no ending of a video.", f"Use {', '.join(CODECS)}.")
        os.environ["SDL_VIDEODRIVER"] = "dummy"
        self._window = Window(msgspec.structs.replace(params, sound=False, spoken=False, bystanders=False), SIZE)
        self._film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), fps, SIZE)
        if not self._film.isOpened():
            raise Fault("video.unwritable", f"No video can be written to {path}.", "Choose another file or ending.")

    def poll(self) -> tuple[Signal, ...]:
        """Return no signals."""
        return ()

    def was_touched(self) -> bool:
        """Nobody touches it."""
        return False

    def draw(self, view: View) -> None:
        """Add one page, drawn as if it had been open for a while: a frame of a clip has no time to settle."""
        shown = view if view.state is not State.DEVELOP else replace(view, state=State.COACH)
        self._window.draw(shown)
        self._film.write(cv2.cvtColor(self._window.snapshot(), cv2.COLOR_RGB2BGR))

    def close(self) -> None:
        """Finish the file."""
        self._film.release()
        self._window.close()
