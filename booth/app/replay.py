"""The booth's loop without a window, on the source's own clock, frame by frame: the same input gives the same log."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from booth.app.engine import Engine, Step
from booth.app.feed import InlineFeed
from booth.app.guest_script import CoachedGuest
from booth.app.parts import EngineSetup, Folders
from booth.app.screen import Guest, NoScreen, Screen, ScriptedScreen
from booth.capture.frames import frames
from booth.capture.source import Source
from booth.config.params import Params
from booth.config.params.deliver import DeliverParams, StoreParams
from booth.config.params.health import HealthParams
from booth.config.params.hooks import HooksParams
from booth.config.words import say_to
from booth.core.clock import FrameClock
from booth.core.types import Frame, FrameAnalysis, Guidance, Shot
from booth.looks.look import Look
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.session.capture_controller import Gate

MAX_RETAKES = 10_000  # a replay's guest is taken again as long as the source lasts


@dataclass(slots=True)
class ReplayCounts:
    """Counts of a replay."""

    frames: int = 0
    with_face: int = 0
    dropped: int = 0

    def record(self, analysis: FrameAnalysis) -> None:
        """Count one frame."""
        self.frames += 1
        self.with_face += analysis.sitter is not None


def isolated(params: Params, folder: Path, portraits: Path | None = None) -> Params:
    """Return the profile without anything that would leave traces outside `folder`: no hooks, store, page or print.

    Kept portraits go to `portraits`. A replay's guest may be taken again as often as the source lasts.
    """
    replace = msgspec.structs.replace
    store = StoreParams(key_file=str(folder / "store.key"))
    deliver = DeliverParams(folder=str(portraits or folder / "portraits"), name=params.deliver.name, store=store)
    kiosk = replace(params.kiosk, retakes=MAX_RETAKES, counts_looks=False)
    return replace(params, deliver=deliver, kiosk=kiosk, hooks=HooksParams(), health=HealthParams())


@dataclass(frozen=True, slots=True, eq=False)
class ReplayOptions:
    """How a source is played."""

    screen: Screen = field(default_factory=NoScreen)
    guest: Guest = field(default_factory=CoachedGuest)
    gate: Gate | None = None  # a further condition on each frame
    max_s: float | None = None
    portraits: Path | None = None  # where a script's kept portraits go; None: they go with the replay
    develops: bool = False  # a script that keeps needs it


def play(
    source: Source, analyzer: FrameAnalyzer, params: Params, look: Look, options: ReplayOptions | None = None
) -> Iterator[Step]:
    """Yield every frame of a source as the booth processed it; the last shot may come from the source's end."""
    options = options or ReplayOptions()
    yield from _played(frames(source, params.capture, options.max_s), source, analyzer, (params, look, options))


def play_frames(
    exposures: Iterable[Frame], analyzer: FrameAnalyzer, params: Params, look: Look, gate: Gate | None = None
) -> Iterator[Step]:
    """Yield every frame of any exposures in order, as `play` does."""
    source = _Exposures(params.capture.fps)
    yield from _played(iter(exposures), source, analyzer, (params, look, ReplayOptions(gate=gate)))


@dataclass(slots=True)
class _Exposures:
    """Stands for the source of frames that come from anywhere."""

    fps: float
    name: str = "frames"
    size: tuple[int, int] = (0, 0)
    is_live: bool = False

    def read(self) -> None:
        """The frames come another way."""

    def close(self) -> None:
        """Nothing to close."""


def _played(
    exposures: Iterator[Frame], source: Source, analyzer: FrameAnalyzer, played: tuple[Params, Look, ReplayOptions]
) -> Iterator[Step]:
    params, look, options = played
    with tempfile.TemporaryDirectory(prefix="booth-replay-") as folder:
        clock = FrameClock()
        feed = InlineFeed(exposures, source, clock, analyzer)
        setup = EngineSetup(
            feed, ScriptedScreen(options.screen, options.guest), clock, Folders.below(Path(folder)),
            develops=options.develops, in_turn=True, judges_always=True, controls_quality=False, gate=options.gate,
        )  # fmt: skip
        engine = Engine(isolated(params, Path(folder), options.portraits), look, setup)
        last: Step | None = None
        feed.next_sitter = lambda: engine.next_sitter(last)
        feed.at_end = lambda: engine.end_source(last)
        try:
            for done in engine.steps():
                last = done
                yield done
        finally:
            engine.close()


@dataclass(slots=True)
class ReplayLog:
    """Gathers the JSON of a replay, as the contract lays it down."""

    source: str
    look: str
    locale: str = "en"
    size: tuple[int, int] = (0, 0)
    fps: float = 0.0
    tally: ReplayCounts = field(default_factory=ReplayCounts)
    rows: list[dict[str, Any]] = field(default_factory=list)
    shots: list[dict[str, Any]] = field(default_factory=list)

    def record(self, played: Step, file: str | None) -> None:
        """Write one frame down; a closing shot of a frame already noted adds only the shot."""
        frame = played.analysis.frame
        if not self.rows or self.rows[-1]["seq"] != frame.seq:
            self.tally.record(played.analysis)
            self.size = frame.size
            self.rows.append(_row(played, self.locale))
        if played.shot is not None:
            self.shots.append(_shot(played.shot, file))

    def as_json(self) -> dict[str, Any]:
        """Return the whole log."""
        return {
            "version": 1,
            "source": self.source,
            "size": list(self.size),
            "fps": round(self.fps, 3),
            "look": self.look,
            "frames": self.rows,
            "shots": self.shots,
            "counts": {"frames": self.tally.frames, "with_face": self.tally.with_face, "dropped": self.tally.dropped},
        }


def _row(played: Step, locale: str) -> dict[str, Any]:
    frame, guidance = played.analysis.frame, played.guidance or _unjudged(played.analysis)
    return {
        "seq": frame.seq,
        "t_s": round(frame.t_s, 4),
        "faces": len(played.analysis.faces),
        "state": played.state.value,
        "advice": guidance.advice,
        "say": say_to(guidance.advice, guidance.place, locale) if guidance.advice else None,
        "ready": guidance.ready,
        "score": guidance.score,
        "rejects": list(guidance.blocks),
        "readings": {key: {"value": _finite(r.value), "ok": r.ok} for key, r in sorted(guidance.readings.items())},
    }


def _unjudged(analysis: FrameAnalysis) -> Guidance:
    """What stands in the log for a frame on which nothing was measured."""
    return Guidance(analysis.frame.seq, analysis.frame.t_s, {}, None, False, 0.0, None)


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), 4)


def _shot(shot: Shot, file: str | None) -> dict[str, Any]:
    frame = shot.analysis.frame
    return {
        "seq": frame.seq,
        "t_s": round(frame.t_s, 4),
        "score": round(shot.score, 4),
        "alternatives": [s.frame.seq for s in shot.alternatives],
        "reasons": list(shot.reasons),
        "by": shot.by,
        "doubts": [doubt for doubt in shot.doubts[:1] if doubt],
        "file": file,
    }
