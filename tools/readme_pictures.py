"""Makes the README's pictures from the demo sitter: the coached mirror, and a portrait before and after."""

from __future__ import annotations

import os
from pathlib import Path

os.environ["SDL_VIDEODRIVER"] = "dummy"

from PIL import Image

from booth.app.replay import ReplayOptions, play
from booth.capture.source import open_source
from booth.config.params import load_params
from booth.looks.look import load_look
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.still.developer import Developer
from booth.ui.window import Window

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SIZE = (1280, 720)
MIRROR_AT_S = 7.6  # she looks aside, and the coach says so
LOOK = "studio-grey"


def main() -> None:
    """Write docs/pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    params, look = load_params(), load_look(LOOK)
    source, window = open_source("demo", params.capture), Window(params.screen, SIZE)
    with FrameAnalyzer(params) as eye, Developer(params) as developer:
        for played in play(source, eye, params, look, ReplayOptions(screen=window, max_s=30)):
            if abs(played.analysis.frame.t_s - MIRROR_AT_S) < 0.5 / source.fps:
                _save(Image.fromarray(window.snapshot()), "mirror.jpg")
            if played.shot is not None:
                portrait = developer.portrait(played.shot.analysis, look)
                _save(Image.fromarray(portrait.before), "before.jpg")
                _save(Image.fromarray(portrait.after), "after.jpg")
                break


def _save(picture: Image.Image, name: str) -> None:
    picture.save(FOLDER / name, quality=90)


if __name__ == "__main__":
    main()
