"""What each look costs on the mirror, in processor time against the look of the bench: prints a table, dearest first.

A look is within the live budget when the mirror it needs leaves the frame rate alone: at most `BUDGET` of the frame
time of 30 frames a second, beside a perceive thread on the other core.
"""

from __future__ import annotations

import os
import statistics
import sys
import time

os.environ["SDL_VIDEODRIVER"] = "dummy"

from booth.capture.frames import frame_of
from booth.capture.source import open_source
from booth.config.params import load_params
from booth.core.cores import one_core_each
from booth.core.types import FrameAnalysis
from booth.looks.look import load_look, look_names
from booth.looks.preview import PreviewRenderer
from booth.perception.frame_analyzer import FrameAnalyzer

LEAD_S = 9.0  # the demo sitter stands before the lens by then
FRAMES, WARM = 40, 10
REFERENCE = "studio-grey"
BUDGET_MS = 0.75 * 1e3 / 30


def analyses() -> list[FrameAnalysis]:
    """Return some consecutive FrameAnalyses of the demo sitter."""
    params = load_params()
    source = open_source("demo", params.capture)
    for _ in range(round(LEAD_S * source.fps)):
        source.read()
    with FrameAnalyzer(params) as eye:
        seen = []
        for seq in range(FRAMES):
            got = source.read()
            assert got is not None
            seen.append(eye.analyze(frame_of(got[0], seq, got[1], params.capture)))
    source.close()
    return seen


def cost_ms(name: str, seen: list[FrameAnalysis]) -> float:
    """Return the mean processor milliseconds of a mirrored frame in this look."""
    mirror, spent = PreviewRenderer(load_look(name)), []
    for i, analysis in enumerate(seen):
        start_s = time.thread_time()
        mirror.show(analysis)
        if i >= WARM:
            spent.append((time.thread_time() - start_s) * 1e3)
    return statistics.fmean(spent)


def main() -> int:
    """Print the table; 1 when a look is beyond the budget."""
    one_core_each()
    seen = analyses()
    cost_ms(REFERENCE, seen)
    costs = {name: cost_ms(name, seen) for name in look_names()}
    for name, ms in sorted(costs.items(), key=lambda row: -row[1]):
        print(
            f"{name:20} {ms:6.2f} ms  {ms / costs[REFERENCE]:5.2f} of {REFERENCE}  {ms / BUDGET_MS:5.2f} of the budget"
        )
    return int(max(costs.values()) > BUDGET_MS)


if __name__ == "__main__":
    sys.exit(main())
