"""Times the look wall by each thread's own processor time, so that a busy machine does not count: `make wall-bench`.

The perceive thread's share of a FrameAnalysis and the loop's (two tiles, the page) run side by side on two cores;
the slower of them sets the rate of analyses, and every third renews a tile. The mirror's page is timed
in the same run for comparison.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.update(GLOG_minloglevel="3", TF_CPP_MIN_LOG_LEVEL="3", SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy")

import numpy as np

from booth.app.look_grid import PAGE, RENEWED_PER_ANALYSIS, LookGrid
from booth.capture.frames import frames
from booth.capture.source import open_source
from booth.config.params import load_params
from booth.core.cores import one_core_each
from booth.core.types import FrameAnalysis
from booth.looks.look import load_look, look_names
from booth.looks.preview import PreviewRenderer
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.session.state_machine import State
from booth.session.view import View
from booth.ui.window import Window

FROM_S, TO_S = 4.0, 8.0  # of the demo sitter's time, when she is there
SOURCE_FPS = 30.0
WARM = 12  # FrameAnalyses: plates are painted, loops are loaded


def sights_of(spent_ms: list[float]) -> list[FrameAnalysis]:
    """Every FrameAnalysis of the demo sitter in that time, and what seeing each took of the processor."""
    params = load_params()
    made = []
    with FrameAnalyzer(params) as eye:
        for frame in frames(open_source("demo", params.capture), params.capture, TO_S):
            if frame.t_s >= FROM_S:
                start = time.process_time()
                made.append(eye.analyze(frame))
                spent_ms.append(1000 * (time.process_time() - start))
    return made


def main() -> None:
    """Print the rates."""
    one_core_each()
    eye_ms: list[float] = []
    analyses = sights_of(eye_ms)
    params, first = load_params(), load_look(load_params().kiosk.look)
    window = Window(params.screen, (1280, 720))
    wall, mirror = LookGrid(tuple(load_look(name) for name in look_names()), first), PreviewRenderer(first)
    wall_ms, mirror_ms = [], []
    for analysis in analyses:
        start = time.thread_time()
        wall.show(analysis)
        window.draw(View(State.TRY, wall=wall.tiles, now_s=analysis.frame.t_s, in_state_s=5.0))
        wall_ms.append(1000 * (time.thread_time() - start))
        start = time.thread_time()
        picture = mirror.show(analysis)
        window.draw(View(State.COACH, picture=picture, analysis=analysis, now_s=analysis.frame.t_s, in_state_s=5.0))
        mirror_ms.append(1000 * (time.thread_time() - start))
    window.close()
    eye, tiles, glass = (statistics.median(np.array(part)[WARM:]) for part in (eye_ms, wall_ms, mirror_ms))
    sights_a_s = min(SOURCE_FPS, 1000 / max(eye, tiles))
    print(f"a Sight: seen in {eye:.1f} ms; the wall's loop takes {tiles:.1f} ms, the mirror's {glass:.1f} ms")
    rate = sights_a_s * RENEWED_PER_ANALYSIS / PAGE
    print(f"wall: {PAGE} looks at {rate:.1f} pictures a second each (wanted 10)")
    free = 1000 / max(eye, glass)
    print(f"mirror: {min(SOURCE_FPS, free):.1f} frames a second (wanted 30), {free:.1f} with a faster camera")


if __name__ == "__main__":
    main()
