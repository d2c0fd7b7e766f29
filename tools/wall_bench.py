"""Times the look wall by each thread's own processor time, so that a busy machine does not count: `make wall-bench`.

The perceive thread's share of a Sight and the loop's (two tiles renewed, the page drawn) run side by side on two cores;
the slower of them sets how many Sights a second there are, and every third renews a tile. The mirror's page is timed
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

from booth.capture.framing import frames
from booth.capture.source import open_source
from booth.cores import one_core_each
from booth.kiosk.machine import State
from booth.kiosk.view import View
from booth.kiosk.window import Window
from booth.looks.look import load_look, look_names
from booth.loop.mirror import Mirror
from booth.loop.wall import PAGE, RENEWED_A_SIGHT, Wall
from booth.params import load_params
from booth.perception.eye import Eye
from booth.types import Sight

FROM_S, TO_S = 4.0, 8.0  # of the demo sitter's time, when she is there
SOURCE_FPS = 30.0
WARM = 12  # Sights: plates are painted, loops are loaded


def sights_of(spent_ms: list[float]) -> list[Sight]:
    """Every Sight of the demo sitter in that time, and what seeing each took of the processor."""
    params = load_params()
    made = []
    with Eye(params) as eye:
        for frame in frames(open_source("demo", params.capture), params.capture, TO_S):
            if frame.t_s >= FROM_S:
                start = time.process_time()
                made.append(eye.see(frame))
                spent_ms.append(1000 * (time.process_time() - start))
    return made


def main() -> None:
    """Print the rates."""
    one_core_each()
    eye_ms: list[float] = []
    sights = sights_of(eye_ms)
    params, first = load_params(), load_look(load_params().kiosk.look)
    window = Window(params.screen, (1280, 720))
    wall, mirror = Wall(tuple(load_look(name) for name in look_names()), first), Mirror(first)
    wall_ms, mirror_ms = [], []
    for sight in sights:
        start = time.thread_time()
        wall.show(sight)
        window.draw(View(State.TRY, wall=wall.tiles, now_s=sight.frame.t_s, in_state_s=5.0))
        wall_ms.append(1000 * (time.thread_time() - start))
        start = time.thread_time()
        picture = mirror.show(sight)
        window.draw(View(State.COACH, picture=picture, sight=sight, now_s=sight.frame.t_s, in_state_s=5.0))
        mirror_ms.append(1000 * (time.thread_time() - start))
    window.close()
    eye, tiles, glass = (statistics.median(np.array(part)[WARM:]) for part in (eye_ms, wall_ms, mirror_ms))
    sights_a_s = min(SOURCE_FPS, 1000 / max(eye, tiles))
    print(f"a Sight: seen in {eye:.1f} ms; the wall's loop takes {tiles:.1f} ms, the mirror's {glass:.1f} ms")
    rate = sights_a_s * RENEWED_A_SIGHT / PAGE
    print(f"wall: {PAGE} looks at {rate:.1f} pictures a second each (wanted 10)")
    free = 1000 / max(eye, glass)
    print(f"mirror: {min(SOURCE_FPS, free):.1f} frames a second (wanted 30), {free:.1f} with a faster camera")


if __name__ == "__main__":
    main()
