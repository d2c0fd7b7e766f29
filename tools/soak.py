"""Lives a day of 200 guests as fast as the machine can and watches what grows: memory, handles, threads, folders.

`make soak GUESTS=200`. The booth's own threads, coach, shutter, ring, mirror, develop at full size, store, session and
page; the guests follow each other at once and press the shutter after a second. Every fourth frame is rendered, and
while a portrait is developed the camera is slow, so that the develop has the machine. The folder of every session must
be gone after its wipe. `TRACE=1` also names the lines and types that grow with every five guests; three times slower.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import tempfile
import threading
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.update(GLOG_minloglevel="3", TF_CPP_MIN_LOG_LEVEL="3")

import numpy as np
from scipy.stats import theilslopes

from booth.app.engine import Engine
from booth.app.feed import ThreadedFeed
from booth.capture.demo.demo_sitter import DemoSitter
from booth.core.cores import one_core_each
from booth.core.memory import limit_heap_growth
from booth.core.paths import sessions_folder
from booth.session.runtime_facts import resident_bytes
from booth.session.state_machine import State
from tests.rig.driven import Driven, Guest, params_of
from tests.rig.growth import Held, grown, held

GUESTS = 200  # of a day
RENDERS = 4  # every so many frames one is drawn
SPEED = 4.0  # the sitter's time against the camera's: she turns to the lens soon
SLOW_S = 0.1  # between two frames while a portrait is developed
HAND_S = 1.0  # before the mirror until the shutter is pressed
WARM_GUESTS = 10  # models, plates and pools are still being filled, and typefaces opened for pages seldom drawn here
MAX_SLOPE = 0.01  # of memory over the whole day
MAX_BACK = 0.05  # of memory after a guest, over what was held when that guest came
KEPT_SHARE = 0.9  # the sitter may look away just when the shutter is pressed
TRACED_EVERY = 5  # guests; lines and types that grow each time are named
TRACED_BYTES = 10_000  # a line that holds so much more each time is named


@dataclass
class Sample:
    """What the process held between two guests."""

    resident: int
    handles: int
    threads: int


@dataclass
class Soaked:
    """What a soak found."""

    samples: list[Sample] = field(default_factory=list)
    wipes: int = 0
    left: list[str] = field(default_factory=list)
    kept: int = 0
    most: int = 0  # bytes, at any frame
    coached: list[int] = field(default_factory=list)  # bytes, at frames before the mirror
    moments: list[Held] = field(default_factory=list)  # what was held, by line and type


def sample() -> Sample:
    """Measure now, after collecting what nobody holds."""
    gc.collect()
    handles = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").is_dir() else 0
    return Sample(resident_bytes(), handles, threading.active_count())


class Quick:
    """The demo sitter at four times speed: a live source's pace is the loop's own, so she simply lives faster."""

    name, is_live = "soak", False

    def __init__(self, sitter: DemoSitter) -> None:
        self._sitter, self._n = sitter, 0
        self.fps, self.size, self.waits = sitter.fps, sitter.size, True
        self.is_slow: Callable[[], bool] = lambda: False
        self._pause = threading.Event()

    def read(self) -> tuple[np.ndarray, float]:
        """Every fourth of her frames, its time a quarter of hers."""
        if self.is_slow():
            self._pause.wait(SLOW_S)
        n, self._n = self._n, self._n + 1
        return self._sitter.frame(round(n * SPEED)), n / self.fps

    def close(self) -> None:
        """Nothing is held."""


def sparing(booth: Engine) -> None:
    """Let the booth draw only some of its frames."""
    draw, drawn = booth.screen.draw, [0]

    def every_fourth(view):  # type: ignore[no-untyped-def]
        drawn[0] += 1
        if drawn[0] % RENDERS == 0:
            draw(view)

    booth.screen.draw = every_fourth  # type: ignore[method-assign]


def soak(guests: int, home: Path, between: Callable[[int], None] = lambda n: None) -> Soaked:
    """Drive so many visits; `between` is called with the number of guests who have left."""
    done, root = Soaked(), sessions_folder()
    params = params_of("demo", home / "portraits")
    source = Quick(DemoSitter(size=(params.capture.width_px, params.capture.height_px)))
    driven = Driven(params, source, Guest(hand_s=HAND_S))  # type: ignore[arg-type]
    booth = driven.booth
    assert isinstance(booth.feed, ThreadedFeed)
    source.is_slow = lambda: booth.review.is_busy
    sparing(booth)
    state, began_s = State.ATTRACT, time.monotonic()

    def script(_: Driven) -> bool:
        nonlocal state
        now = resident_bytes()
        done.most = max(done.most, now)
        if booth.state is State.COACH:
            done.coached.append(now)
        if booth.state is State.ATTRACT and state is not State.ATTRACT:
            done.wipes += 1
            done.left += [path.name for path in root.glob("session-*")]
        begins, state = state is State.ATTRACT and booth.state is not State.ATTRACT, booth.state
        if begins:  # between two guests, when nothing of one is held
            booth.review._worker.submit(lambda: None).result()  # the models of stills are freed on that thread
            _note(done, time.monotonic() - began_s)
            between(done.wipes)
        return begins and done.wipes >= guests

    driven.run(script)
    done.kept = booth.n_kept
    done.left += [path.name for path in root.glob("session-*")]
    return done


def _note(done: Soaked, after_s: float) -> None:
    """Take a sample and print it."""
    done.samples.append(sample())
    now = done.samples[-1]
    print(
        f"{done.wipes:4} guests, {after_s:6.0f} s: {now.resident / 1e6:6.1f} MB, {now.handles} handles, "
        f"{now.threads} threads",
        flush=True,
    )
    if tracemalloc.is_tracing() and done.wipes >= WARM_GUESTS and done.wipes % TRACED_EVERY == 0:
        done.moments.append(held())


def slope_of(samples: list[Sample]) -> tuple[float, float]:
    """Growth of memory over the guests after the first ones, and half its 95 % interval, as shares of its middle.

    Theil-Sen: the median of the slopes of all pairs of guests, which a few high or low readings cannot tilt; Kendall's
    interval of it (Sen 1968, scipy.stats.theilslopes). The limit holds for the slope itself, the interval is only told.
    """
    warm = samples[WARM_GUESTS:]
    if len(warm) < 3:
        return 0.0, 0.0
    resident = np.array([s.resident for s in warm], float)
    slope, _, low, high = theilslopes(resident, np.arange(len(warm)), 0.95)
    over = (len(warm) - 1) / float(np.median(resident))
    return float(slope) * over, float(high - low) / 2 * over


def worst_back(samples: list[Sample]) -> float:
    """The most that any guest after the first ones left behind, as a share of what was held when that guest came."""
    warm = samples[WARM_GUESTS:] or samples[1:]
    return max((after.resident / before.resident - 1 for before, after in pairwise(warm)), default=0.0)


def told(done: Soaked) -> bool:
    """Print what was found; True where all bars are met."""
    since_first = done.samples[1:] or done.samples
    (slope, unsure), back = slope_of(done.samples), worst_back(done.samples)
    warm = done.samples[WARM_GUESTS:] or since_first
    handles, threads = ({getattr(s, name) for s in warm} for name in ("handles", "threads"))
    resident = [s.resident / 1e6 for s in since_first]
    print(
        f"memory after the first guest {resident[0]:.0f} MB, at the end {resident[-1]:.0f}, highest between two guests "
        f"{max(resident):.0f}; coached {statistics.median(done.coached or [0]) / 1e6:.0f}, most {done.most / 1e6:.0f}"
    )
    print(f"slope {slope:+.2%} (+-{unsure:.2%}) from guest {WARM_GUESTS} on (limit {MAX_SLOPE:.0%})")
    print(f"left behind by one guest, at most {back:+.2%} (limit {MAX_BACK:.0%})")
    print(f"handles {sorted(handles)}, threads {sorted(threads)} from then on (limit: one number each)")
    print(f"{done.wipes} wipes, {len(done.left)} sessions left, {done.kept} portraits kept")
    for line in _grown(done):
        print(f"  {line}")
    is_level = slope <= MAX_SLOPE and back <= MAX_BACK and len(handles) == 1 and len(threads) == 1
    return is_level and not done.left and done.kept >= KEPT_SHARE * done.wipes


def _grown(done: Soaked) -> list[str]:
    """Name what grew from guest to guest, where that was traced."""
    if len(done.moments) < 3:
        return []
    return grown(done.moments, line_bytes=TRACED_BYTES) or ["nothing grew each time"]


def main() -> int:
    """Soak and judge; 1 where something grows or stays."""
    guests, began_s = int(sys.argv[1]) if len(sys.argv) > 1 else GUESTS, time.monotonic()
    if os.environ.get("TRACE"):
        tracemalloc.start()
    limit_heap_growth()
    one_core_each()
    with tempfile.TemporaryDirectory(prefix="booth-soak-") as text:
        os.environ["HOME"] = text
        done = soak(guests, Path(text))
    print(f"{guests} guests in {time.monotonic() - began_s:.0f} s")
    return 0 if told(done) else 1


if __name__ == "__main__":
    sys.exit(main())
