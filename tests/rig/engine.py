"""The booth's own engine on analyses made of numbers: no models, no window, time as the test says."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from booth.app.engine import Engine
from booth.app.feed import InlineFeed
from booth.app.parts import EngineSetup, Folders
from booth.app.replay import isolated
from booth.app.screen import NoScreen
from booth.config.params import Params
from booth.core.clock import FrameClock
from booth.core.types import Frame, FrameAnalysis, Matte, frozen
from booth.looks.look import load_look
from booth.session.state_machine import Event, State
from tests.unit.guidance.sitters import Sitter, an_analysis, smiling

SIZE = (1280, 720)  # width and height of a frame in pixels, of which each has one colour and takes no memory
FPS = 15
ALPHA = np.zeros((SIZE[1], SIZE[0]), np.uint8)
ALPHA[200:, 400:880] = 255
frozen(ALPHA)


@dataclass
class Numbers:
    """A source of frames and the analyzer that knows the sitter in them."""

    sitter: Sitter | None = field(default_factory=smiling)
    fps: float = FPS
    name: str = "numbers"
    size: tuple[int, int] = SIZE
    is_live: bool = False
    seq: int = 0
    pixels: list[weakref.ref[np.ndarray]] = field(default_factory=list)

    def read(self) -> None:
        """The frames come by `frames`."""

    def close(self) -> None:
        """Nothing to close."""

    def frames(self) -> Iterator[Frame]:
        """Yield frames for ever, each with pixels of its own that are remembered weakly."""
        while True:
            rgb = np.broadcast_to(np.uint8(self.seq % 200 + 20), (SIZE[1], SIZE[0], 3))
            self.pixels.append(weakref.ref(rgb))
            yield Frame(self.seq, self.seq / self.fps, rgb, rgb)
            self.seq += 1
            del rgb

    def analyze(self, frame: Frame) -> FrameAnalysis:
        """Return the sitter's numbers on this frame."""
        seen = an_analysis(self.sitter, frame.seq, frame.t_s)
        matte = None
        if self.sitter is not None:
            matte = Matte(ALPHA, frame.seq)
        return replace(seen, frame=frame, matte=matte, someone=self.sitter is not None)

    def reset(self) -> None:
        """Nothing is remembered."""


@contextlib.contextmanager
def an_engine(
    folder: Path, numbers: Numbers | None = None, params: Params | None = None, **setup: Any
) -> Iterator[tuple[Engine, Numbers]]:
    """Give an engine whose every file lies below `folder`, and the source it reads."""
    numbers, clock = numbers or Numbers(), FrameClock()
    params = isolated(params or Params(), folder)
    feed = InlineFeed(numbers.frames(), numbers, clock, numbers)  # type: ignore[arg-type]
    made = EngineSetup(
        feed, setup.pop("screen", NoScreen()), clock, Folders.below(folder), develops=setup.pop("develops", False),
        in_turn=True, controls_quality=False, **setup,
    )  # fmt: skip
    engine = Engine(params, load_look("studio-grey"), made)
    try:
        yield engine, numbers
    finally:
        engine.close()


def turn_until(engine: Engine, done: Callable[[], bool], limit_s: float) -> float:
    """Turn until `done`; returns the seconds of the source it took. AssertionError after `limit_s`."""
    began_s = engine.clock.now_s()
    while not done():
        engine.step()
        assert engine.clock.now_s() - began_s < limit_s, f"still {engine.state} after {limit_s} s"
    return engine.clock.now_s() - began_s


def walk_to_review(engine: Engine) -> None:
    """Start, say yes, take the first look, and turn until the portrait is on view."""
    for event in (Event.START, Event.AGREE, Event.CHOSEN):
        engine.step()
        engine.dispatch(event)
    turn_until(engine, lambda: engine.state is State.REVIEW, 30)
