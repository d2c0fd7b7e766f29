"""What a still's renderer holds after a portrait: nothing the size of one."""

from __future__ import annotations

import gc
import tracemalloc

import numpy as np

from booth.looks.canvas import ByFrame, Canvas
from booth.looks.look import load_look
from booth.looks.renderer import LookRenderer

SIZE = (400, 500)


def test_a_backdrop_that_hangs_by_one_sitter_goes_with_their_portrait() -> None:
    alpha = np.zeros(SIZE[::-1], np.float32)
    alpha[200:, 100:300] = 1
    renderer = LookRenderer(load_look("studio-grey"), still=True)

    def develop(x: float) -> None:
        pixels = np.full((*SIZE[::-1], 3), 0.5, np.float32)
        renderer.develop(Canvas(pixels, alpha, None, hung=ByFrame((1280, 720), (1.0, 0.0, x, 0.0, 1.0, -100.0))))

    develop(-400.0)
    tracemalloc.start()
    develop(-420.0)
    gc.collect()
    held, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    picture = SIZE[0] * SIZE[1] * 3 * 4
    assert most > picture, "the backdrop was painted"
    assert held < 0.2 * picture
