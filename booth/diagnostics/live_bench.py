"""Benchmark of the live loop: the booth's own threads, coach, look and screen, on coded frames."""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import numpy as np

from booth.app.engine import Engine, Step
from booth.app.feed import ThreadedFeed
from booth.app.guest_script import PreviewGuest
from booth.app.parts import EngineSetup, Folders
from booth.app.replay import MAX_RETAKES, isolated
from booth.app.screen import ScriptedScreen
from booth.capture.frames import frame_of
from booth.capture.source import open_source
from booth.config.params import Params
from booth.config.params.guidance import GuidanceParams
from booth.core.clock import WallClock, processor_s, stopwatch_ms
from booth.core.cores import one_core_each
from booth.core.faults import Fault
from booth.core.types import FrameAnalysis
from booth.diagnostics.bench import (
    CodedSource,
    ReferencePipelines,
    coded_clip,
    percentile,
    ratios,
    resident_mb,
    shares,
    spread,
)
from booth.diagnostics.busy import BusyMachine
from booth.diagnostics.naive import decode
from booth.looks.look import Look
from booth.still.developer import Developer
from booth.ui.window import Window

WARM_FRAMES = 25  # the first frames compile, load and paint
SLICE_FRAMES = 45  # floor and naive run this many frames in each turn
TURNS = 4
FIRST_WAIT_S = 60.0
NEVER_S = 1e6
LEAD_S = 9.0  # the demo sitter stands before the lens by then


@dataclass(slots=True)
class LiveLaps:
    """What was timed of the live loop, in milliseconds."""

    frame: list[float] = field(default_factory=list)
    glass: list[float] = field(default_factory=list)
    stages: dict[str, list[float]] = field(default_factory=dict)
    dropped: int = 0
    processor_ms: float = 0.0  # of all threads, a frame
    rss_mb: float = 0.0
    rungs: list[int] = field(default_factory=list)  # of the quality controller's levels, one a frame
    n_bodies: int = 0  # readings of the body that came in
    spent_s: float = 0.0  # of wall time

    def record(self, name: str, spent_ms: float) -> None:
        """Add one lap of a stage."""
        self.stages.setdefault(name, []).append(spent_ms)


class LiveLoop:
    """The booth's own engine on coded frames, with a guest who stays before the mirror."""

    def __init__(
        self, source: CodedSource, params: Params, look: Look, window: Window, *, reads_body: bool = False
    ) -> None:
        kiosk = msgspec.structs.replace(params.kiosk, retakes=MAX_RETAKES, coach_s=3600, session_limit_s=3600)
        self._folder = TemporaryDirectory(prefix="booth-bench-")
        folder = Path(self._folder.name)
        params = isolated(msgspec.structs.replace(params, kiosk=kiosk, guidance=_never_taken(params)), folder)
        self._source, self._feed = source, ThreadedFeed(params, source, paced=False)
        # Unthrottled, everything is timed at full quality; a paced camera is what quality control is for.
        setup = EngineSetup(
            self._feed, ScriptedScreen(_KeptOpen(window), PreviewGuest()), folders=Folders.below(folder),
            develops=False, controls_quality=source.is_throttled, keeps_body=reads_body,
        )  # fmt: skip
        self._engine = Engine(params, look, setup)
        self.laps = LiveLaps()
        self._body_s: float | None = None  # of the newest reading of the body

    def run(self, n_frames: int) -> LiveLaps:
        """Draw so many frames after a few to warm up, and return the laps."""
        clock = WallClock()
        self._feed.start()
        try:
            for _ in range(WARM_FRAMES):
                self._next(clock)
            dropped_before = self._feed.dropped
            last_s, began_s = clock.now_s(), processor_s()
            for _ in range(n_frames):
                self._record(self._next(clock), clock)
                now_s = clock.now_s()
                self.laps.frame.append((now_s - last_s) * 1e3)
                last_s = now_s
            self.laps.spent_s = sum(self.laps.frame) / 1e3
            self.laps.processor_ms = (processor_s() - began_s) * 1e3 / n_frames
            self.laps.dropped = self._feed.dropped - dropped_before
        finally:
            self._engine.close()
            self._folder.cleanup()
        self.laps.stages["decode"] = self._source.decode_ms[WARM_FRAMES:]
        return self.laps

    def _next(self, clock: WallClock) -> Step:
        """Turn the engine until it has drawn an analysis."""
        until_s = clock.now_s() + FIRST_WAIT_S
        while clock.now_s() < until_s and not self._engine.is_over:
            done = self._engine.step()
            if done is not None:
                return done
        raise Fault("bench.no_frame", "The live loop gave no frame.", "Try another --source.", exit_code=1)

    def _record(self, done: Step, clock: WallClock) -> None:
        self.laps.glass.append((clock.now_s() - done.analysis.frame.t_s) * 1e3)
        for name, spent in (*done.took_ms, *done.analysis.took_ms.items()):
            self.laps.record(name, spent)
        self.laps.rungs.append(self._engine.upkeep.quality.rung)
        body = done.analysis.body
        if body is not None and body.t_s != self._body_s:
            self._body_s = body.t_s
            self.laps.n_bodies += 1


def _never_taken(params: Params) -> GuidanceParams:
    """Return the coach's times with which no picture is taken: a guest is timed who is still being coached.

    Released at once and taken again, a good sitter gave a shot every .75 s, and each costs the loop some frames.
    """
    times = msgspec.structs.replace(params.guidance.times, hold_s=NEVER_S, willing_s=NEVER_S, timeout_s=NEVER_S)
    return msgspec.structs.replace(params.guidance, times=times)


class _KeptOpen:
    """A window shared by several engines."""

    is_drawn = True

    def __init__(self, window: Window) -> None:
        self._window = window
        self.poll, self.draw, self.was_touched = window.poll, window.draw, window.was_touched

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the page in pixels."""
        return self._window.size

    def close(self) -> None:
        """Stays open."""


@dataclass(frozen=True, slots=True)
class BenchTask:
    """What is timed, and for how long."""

    source: str
    size: tuple[int, int]  # of the camera's frames, px
    seconds: float  # of the live loop
    n_busy: int = 0  # cores that other processes take meanwhile
    reads_body: bool = False  # as while a pose guide asks, but all the time


def bench_live(params: Params, look: Look, task: BenchTask) -> dict[str, Any]:
    """Time everything in one run and return the facts of the contract's `bench --json`."""
    one_core_each()
    clip, first_frame_s = _read_clip(params, task)
    window = Window(params.screen, (1280, 720))
    try:
        with BusyMachine(task.n_busy):
            unthrottled, paced, ends = _in_turns(clip, params, look, window, task)
    finally:
        window.close()
    facts = {
        "version": 1,
        "look": look.name,
        "light": look.light.name,
        "size": list(task.size),
        "cores": _cores(),
        "busy": task.n_busy,
        "body": {
            "on": task.reads_body,
            "per_s": round(unthrottled.n_bodies / unthrottled.spent_s, 2),
            "paced_per_s": round(paced.n_bodies / paced.spent_s, 2),
        },
        "fps": round(1e3 / statistics.median(unthrottled.frame), 1),
        "frame_ms": spread(unthrottled.frame),
        "glass_ms": {**spread(paced.glass), "max": round(max(paced.glass), 3)},
        "paced_fps": round(1e3 / statistics.fmean(paced.frame), 1),
        "stages": {name: spread(values) for name, values in sorted(unthrottled.stages.items())},
        "floor_ms": {"p50": percentile(ends.floor_laps.totals, 50)},
        "floor_stages": {name: spread(v) for name, v in ends.floor_laps.stages.items()},
        "naive_ms": {"p50": percentile(ends.naive_laps.totals, 50)},
        "naive_stages": {name: spread(v) for name, v in ends.naive_laps.stages.items()},
        **ratios(unthrottled.frame, ends.floor_laps.totals, ends.naive_laps.totals),
        "p95_over_floor": round(percentile(unthrottled.frame, 95) / percentile(ends.floor_laps.totals, 50), 3),
        "processor_ms": _processor(unthrottled, paced, ends),
        "dropped": paced.dropped,
        "governor": {"most": max(paced.rungs), "mean": round(statistics.fmean(paced.rungs), 2)},
        "rss_mb": unthrottled.rss_mb,
        "first_frame_s": round(first_frame_s, 2),
        "still": _still(clip, params, look),
    }
    facts["shares_of_floor"] = shares(facts)
    return facts


def _read_clip(params: Params, task: BenchTask) -> tuple[Sequence[np.ndarray], float]:
    """Return the coded frames that are timed, and the seconds that it took to have them."""
    clock = WallClock()
    began_s = clock.now_s()
    source = open_source(task.source, params.capture)
    for _ in range(round(LEAD_S * source.fps) if task.source == "demo" else 0):
        source.read()
    clip = coded_clip(source, task.size)
    source.close()
    if not clip:
        raise Fault("bench.no_frame", "The source gave no frame to time.", "Try another --source.")
    return clip, clock.now_s() - began_s


def _in_turns(
    clip: Sequence[np.ndarray], params: Params, look: Look, window: Window, task: BenchTask
) -> tuple[LiveLaps, LiveLaps, ReferencePipelines]:
    """Run live, floor and naive in turns, so that a slow phase of the machine affects all alike."""

    def loop(n_frames: int, *, throttled: bool = False) -> LiveLaps:
        coded = CodedSource(clip, 30, throttled=throttled)
        return LiveLoop(coded, params, look, window, reads_body=task.reads_body).run(n_frames)

    live = LiveLaps()
    n_live = max(60, round(task.seconds * 30 / TURNS))
    _join(live, loop(n_live))
    live.rss_mb = resident_mb()  # before floor and naive load models of their own
    ends = ReferencePipelines(clip, np.full((*_height_width(clip), 3), 128, np.uint8))
    try:
        ends.run_floor(5)
        ends.run_naive(3)
        for laps in (ends.floor_laps, ends.naive_laps):
            laps.clear()
        for turn in range(TURNS):
            if turn > 0:
                _join(live, loop(n_live))
            ends.run_floor(SLICE_FRAMES)
            ends.run_naive(max(10, SLICE_FRAMES // 3))
        paced = loop(round(task.seconds * 30), throttled=True)
    finally:
        ends.close()
    return live, paced, ends


def _processor(unthrottled: LiveLaps, paced: LiveLaps, ends: ReferencePipelines) -> dict[str, float]:
    """Return processor time a frame, of all threads, and over the floor's: other processes hardly move these."""
    floor, naive = statistics.fmean(ends.floor_laps.processor), statistics.fmean(ends.naive_laps.processor)
    live = unthrottled.processor_ms
    spent = {"live": live, "paced": paced.processor_ms, "floor": floor, "naive": naive}
    return {**{name: round(ms, 2) for name, ms in spent.items()}, "over_floor": round(live / floor, 3)}


def _join(whole: LiveLaps, part: LiveLaps) -> None:
    n, more = len(whole.frame), len(part.frame)
    whole.processor_ms = (whole.processor_ms * n + part.processor_ms * more) / max(1, n + more)
    whole.frame += part.frame
    whole.glass += part.glass
    whole.n_bodies += part.n_bodies
    whole.spent_s += part.spent_s
    for name, values in part.stages.items():
        whole.stages.setdefault(name, []).extend(values)


def _height_width(clip: Sequence[np.ndarray]) -> tuple[int, int]:
    return decode(clip[0]).shape[:2]  # type: ignore[return-value]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def _still(clip: Sequence[np.ndarray], params: Params, look: Look) -> dict[str, Any]:
    """Time one still of the clip's middle, after one to warm up."""
    rgb = decode(clip[len(clip) // 2])
    analysis = FrameAnalysis(frame_of(rgb, 0, 0.0, params.capture), (), None, someone=True)
    spent = 0.0
    try:
        with Developer(params) as developer:
            for _ in range(2):
                clock_s = WallClock().now_s()
                developer.portrait(analysis, look).file_bytes()
                spent = stopwatch_ms(clock_s)
    except Fault:
        return {"size": [rgb.shape[1], rgb.shape[0]], "ms": None}
    return {"size": [rgb.shape[1], rgb.shape[0]], "ms": round(spent, 1)}
