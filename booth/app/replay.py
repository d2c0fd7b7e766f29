"""The booth's loop without a window, on the source's own clock, frame by frame: the same input gives the same log."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from booth.capture.frames import frames
from booth.capture.source import Source
from booth.config.params import Params
from booth.config.words import say
from booth.core.types import Frame, FrameAnalysis, Guidance, Shot
from booth.looks.look import Look
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.session.capture_controller import CaptureController, CaptureStep, Gate
from booth.session.state_machine import Event, State, step

REVIEW_S = 6.0  # stands in for the review: the same sitter is not taken again before


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """One frame of a replay: what was seen, what the coach made of it, the page shown, and a portrait if any."""

    analysis: FrameAnalysis
    guidance: Guidance
    state: State
    shot: Shot | None = None


@dataclass(slots=True)
class Tally:
    """Counts of a replay."""

    frames: int = 0
    with_face: int = 0
    dropped: int = 0

    def record(self, analysis: FrameAnalysis) -> None:
        """Count one frame."""
        self.frames += 1
        self.with_face += analysis.sitter is not None


class ReplaySession:
    """Steps the state table, the studio and a review of fixed length, without anybody there to press a key."""

    def __init__(self, params: Params, look: Look, gate: Gate | None = None) -> None:
        self._capture_controller = CaptureController(params.guidance, look, gate)
        self._forget_s = params.guidance.times.forget_s
        self.state = State.COACH
        self._rests_until_s = -math.inf
        self._last_face_s = -math.inf

    def next_sitter(self) -> None:
        """Somebody else stands before the lens."""
        self._capture_controller.fresh()
        self.state = State.COACH

    def process(self, analysis: FrameAnalysis) -> Played:
        """Go through one frame."""
        t_s = analysis.frame.t_s
        self._leave_review(analysis, t_s)
        if self.state is State.REVIEW:
            return Played(analysis, self._capture_controller.watch(analysis), self.state)
        return self._after(analysis, self._capture_controller.step(analysis))

    def end(self, last: Played) -> Played | None:
        """The source has ended: an open window gives what it has."""
        if self.state is State.REVIEW:
            return None
        moment = self._capture_controller.finish(last.guidance)
        return self._after(last.analysis, moment) if moment.shot else None

    def _leave_review(self, analysis: FrameAnalysis, t_s: float) -> None:
        if analysis.sitter is not None:
            self._last_face_s = t_s
        if self.state is not State.REVIEW:
            return
        left = t_s - self._last_face_s > self._forget_s
        if left or t_s >= self._rests_until_s:
            self.state = State.COACH
            self._capture_controller.fresh() if left else self._capture_controller.again()

    def _after(self, analysis: FrameAnalysis, moment: CaptureStep) -> Played:
        shown = self.state
        for event in moment.events:
            shown = self.state = step(self.state, event)
        if moment.shot is not None:
            self._rests_until_s = analysis.frame.t_s + REVIEW_S
            shown, self.state = State.DEVELOP, State.REVIEW
        elif Event.NO_SHOT in moment.events and not self._capture_controller.holding:
            self.state = State.COACH
        return Played(analysis, moment.guidance, shown, moment.shot)


def play(
    source: Source, eye: FrameAnalyzer, params: Params, look: Look, max_s: float | None = None
) -> Iterator[Played]:
    """Yield every frame of the source as the booth lived it; the last shot may come from the source's end."""
    begins: Callable[[int], bool] = getattr(source, "begins", lambda seq: False)
    yield from lived(frames(source, params.capture, max_s), eye, ReplaySession(params, look), begins)


def lived(
    exposures: Iterable[Frame],
    eye: FrameAnalyzer,
    rehearsal: ReplaySession,
    begins: Callable[[int], bool] = lambda seq: False,
) -> Iterator[Played]:
    """Yield every frame of any exposures in order; `begins` tells the numbers at which somebody else stands there."""
    last: Played | None = None
    for frame in exposures:
        if begins(frame.seq):
            if last is not None and (closing := rehearsal.end(last)) is not None:
                yield closing
            eye.next_picture()
            rehearsal.next_sitter()
        last = rehearsal.process(eye.analyze(frame))
        yield last
    if last is not None and (closing := rehearsal.end(last)) is not None:
        yield closing


@dataclass(slots=True)
class ReplayLog:
    """Gathers the JSON of a replay, as the contract lays it down."""

    source: str
    look: str
    locale: str = "en"
    size: tuple[int, int] = (0, 0)
    fps: float = 0.0
    tally: Tally = field(default_factory=Tally)
    rows: list[dict[str, Any]] = field(default_factory=list)
    shots: list[dict[str, Any]] = field(default_factory=list)

    def record(self, played: Played, file: str | None) -> None:
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


def _row(played: Played, locale: str) -> dict[str, Any]:
    guidance = played.guidance
    return {
        "seq": guidance.seq,
        "t_s": round(guidance.t_s, 4),
        "faces": len(played.analysis.faces),
        "state": played.state.value,
        "advice": guidance.advice,
        "say": say(guidance.advice, locale) if guidance.advice else None,
        "ready": guidance.ready,
        "score": guidance.score,
        "readings": {key: {"value": _finite(r.value), "ok": r.ok} for key, r in sorted(guidance.readings.items())},
    }


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
        "file": file,
    }
