"""Lives an hour of the sitter's time at four times speed and watches what grows: memory, handles, threads, folders.

`make soak MINUTES=60`. The booth's own perceive step, coach, shutter, ring, mirror, develop, session and page, driven
frame by frame on the sitter's clock as the replay drives them; every fourth frame is rendered. The folder of every
session must be gone after its wipe.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.update(GLOG_minloglevel="3", TF_CPP_MIN_LOG_LEVEL="3")

import numpy as np

from booth.app.feed import ThreadedFeed
from booth.capture.demo.demo_sitter import DemoSitter
from booth.core.cores import one_core_each
from booth.core.memory import limit_heap_growth
from booth.core.paths import sessions_folder
from booth.session.runtime_facts import resident_bytes
from booth.session.state_machine import State
from tests.rig.driven import Driven, Guest, params_of

RENDERS = 4  # every so many frames one is drawn
SIM_FPS = 30.0
SPEED = 4.0  # frames of the sitter's time that are lived: every fourth, so an hour takes a quarter of its frames
WARM_SHARE = 0.25  # of the samples: models, plates and pools are still being filled
MAX_SLOPE = 0.01  # of memory over the whole run
HANDLES_MORE = 6


@dataclass
class Sample:
    """What the process held at one moment."""

    t_s: float
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
    dropped: int = 0


def sample(t_s: float) -> Sample:
    """Measure now, after collecting what nobody holds."""
    gc.collect()
    handles = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").is_dir() else 0
    return Sample(t_s, resident_bytes(), handles, threading.active_count())


class Quick:
    """The demo sitter at four times speed: a live source's pace is the loop's own, so she simply lives faster."""

    name, is_live = "soak", False

    def __init__(self, sitter: DemoSitter) -> None:
        self._sitter, self._n = sitter, 0
        self.fps, self.size, self.waits = sitter.fps, sitter.size, True

    def read(self) -> tuple[np.ndarray, float]:
        """Every fourth of her frames, its time a quarter of hers."""
        n, self._n = self._n, self._n + 1
        return self._sitter.frame(round(n * SPEED)), n / self.fps

    def close(self) -> None:
        """Nothing is held."""


def soak(minutes: float, home: Path) -> Soaked:
    """Drive visits for so many minutes of the sitter's time."""
    done, root = Soaked(), sessions_folder()
    params = params_of("demo", home / "portraits")
    size = (params.capture.width_px, params.capture.height_px)
    driven = Driven(params, Quick(DemoSitter(size=size)), Guest())  # type: ignore[arg-type]
    booth, drawn = driven.booth, [0]
    feed = booth.feed
    assert isinstance(feed, ThreadedFeed)
    draw = booth.screen.draw

    def every_fourth(view):  # type: ignore[no-untyped-def]
        drawn[0] += 1
        if drawn[0] % RENDERS == 0:
            draw(view)

    booth.screen.draw = every_fourth  # type: ignore[method-assign]
    state = State.ATTRACT

    def script(_: Driven) -> bool:
        nonlocal state
        t_s = feed.capture._seq / SIM_FPS * SPEED
        if booth.state is State.ATTRACT and state is not State.ATTRACT:
            done.wipes += 1
            done.left += [path.name for path in root.glob("session-*")]
        begins, state = state is State.ATTRACT and booth.state is not State.ATTRACT, booth.state
        if begins:  # between two guests, when nothing of one is held
            done.samples.append(sample(t_s))
            held = done.samples[-1]
            line = f"{t_s / 60:6.1f} min  {held.resident / 1e6:6.1f} MB  {held.handles} handles  {held.threads} threads"
            print(f"{line}  {done.wipes} wipes", flush=True)
        return t_s >= minutes * 60

    driven.run(script)
    done.kept, done.dropped = booth.n_kept, feed.capture.slot.dropped
    done.left += [path.name for path in root.glob("session-*")]
    return done


def slope_of(samples: list[Sample]) -> float:
    """Growth of memory over the whole run as a share of its middle, from a straight line through the warm samples."""
    warm = samples[int(len(samples) * WARM_SHARE) :]
    if len(warm) < 3:
        return 0.0
    t_s = np.array([s.t_s for s in warm])
    held = np.array([s.resident for s in warm], float)
    return float(np.polyfit(t_s, held, 1)[0] * (t_s[-1] - t_s[0]) / np.median(held))


def main() -> int:
    """Soak and judge; 1 where something grows or stays."""
    minutes, began_s = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0, time.monotonic()
    limit_heap_growth()
    one_core_each()
    with tempfile.TemporaryDirectory(prefix="booth-soak-") as text:
        os.environ["HOME"] = text
        done = soak(minutes, Path(text))
    warm = done.samples[int(len(done.samples) * WARM_SHARE) :] or done.samples
    slope, first, last = slope_of(done.samples), warm[0], warm[-1]
    grew = (last.handles > first.handles + HANDLES_MORE, last.threads > first.threads + 2)
    print(f"{minutes:g} simulated minutes in {time.monotonic() - began_s:.0f} s")
    print(f"memory {last.resident / 1e6:.0f} MB, slope {slope:+.2%} (limit {MAX_SLOPE:.0%})")
    print(f"handles {first.handles} -> {last.handles}, threads {first.threads} -> {last.threads}")
    print(f"{done.wipes} wipes, {len(done.left)} sessions left, {done.kept} portraits kept, {done.dropped} dropped")
    return 1 if slope > MAX_SLOPE or any(grew) or done.left else 0


if __name__ == "__main__":
    sys.exit(main())
