"""Sessions of two and three simulated sitters in one picture, through the booth's own loop.

    make groups                   # some minutes
    make groups ARGS="--sessions 30"

The shared photographs act scripts as in `simulated_sitters`, side by side, each by their own clock: they blink, talk
and smile whenever they do. Beside the group each is judged by a coach of their own, as if they sat alone. Prints how
many of the sessions in which all were eligible by that for .8 s at a time gave a portrait with every face eligible, and
how long that took.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np

from booth.config.params import Params, load_params
from booth.core.types import Face, Frame, FrameAnalysis, GroupMember, Matte
from booth.guidance.coach import Coach
from booth.looks.look import DEFAULT_LOOK, load_look
from booth.perception.group_lock import GroupLock
from booth.session.capture_controller import target_of
from booth.session.state_machine import Event, State
from tests.rig.engine import ALPHA, Numbers, an_engine
from tests.shared_media.animation import FPS, SCRIPTS, SIZE, Moment, Script, session
from tests.shared_media.simulated_sitters import CACHE, SHARED, people
from tests.shared_media.still_readings import Reading, StillReader, placed

SLOTS = {2: ((0.34, 0.66), 0.8), 3: ((0.2, 0.5, 0.8), 0.65)}  # where they stand, and their size over a single sitter's
LONGEST_S = 25.0
FIT_S = 0.8
LEAST_SHARE, MEDIAN_MOST_S = 0.95, 12.0  # what has to hold


@dataclass(frozen=True, slots=True)
class Actor:
    """One person and what they do."""

    who: str
    reading: Reading
    script: Script


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one session went; `taken_s` counts from the first face, None where there was no portrait."""

    who: str
    had_moment: bool
    taken_s: float | None = None
    by: str = ""
    doubt: str = ""
    is_good: bool = False  # every face with open eyes and a mouth at rest
    is_shut: bool = False  # somebody's eyes were


@dataclass
class Stage(Numbers):
    """A source on which several act, and the analyzer that follows them."""

    actors: Sequence[Actor] = ()
    seed: int = 0
    fps: float = FPS
    people: int = 1
    did: list[tuple[Moment, ...]] = field(default_factory=list)
    eligible: list[bool] = field(default_factory=list)  # every face of a frame, each judged alone

    def __post_init__(self) -> None:
        rngs = np.random.default_rng(self.seed).spawn(len(self.actors))
        self._plays = [session(a.reading, a.script, LONGEST_S, rng) for a, rng in zip(self.actors, rngs, strict=True)]
        self._lock = GroupLock(len(self.actors))
        guidance = load_params("event").guidance
        self._alone = [Coach.fresh(guidance, target_of(load_look(DEFAULT_LOOK), guidance)) for _ in self.actors]

    def analyze(self, frame: Frame) -> FrameAnalysis:
        """Return what is seen of everybody on this frame."""
        seen, moments = zip(*(next(play) for play in self._plays), strict=True)
        self.did.append(moments)
        self.eligible.append(self._are_eligible(seen))
        places, size = SLOTS[len(self.actors)]
        faces = [_stood(one.faces[0], x, size) for one, x in zip(seen, places, strict=True)]
        self._lock, members, others = self._lock.step(tuple(faces), frame.t_s, SIZE[0] / SIZE[1])
        group = []
        for number, face in members:
            one = seen[next(i for i, known in enumerate(faces) if known is face)]
            group.append(GroupMember(number, face, one.light, one.focus, one.cover))
        return FrameAnalysis(
            frame, (*(one.face for one in group), *others), Matte(ALPHA, frame.seq), group[0].light, group[0].focus,
            group[0].cover, someone=True, group=tuple(group), group_size=self._lock.size,
        )  # fmt: skip

    def _are_eligible(self, seen: Sequence[FrameAnalysis]) -> bool:
        """Judge each by a coach of their own; True where nothing forbids the frame of any."""
        stepped = [coach.step(one) for coach, one in zip(self._alone, seen, strict=True)]
        self._alone = [coach for coach, _ in stepped]
        return not any(guidance.rejects for _, guidance in stepped)


def _stood(face: Face, x: float, size: float) -> Face:
    """Return a face that stood in the middle as it is seen at `x` of the frame's width, `size` times as large."""
    landmarks = face.landmarks.copy()
    landmarks[:, :2] = (landmarks[:, :2] - (0.5, 0.42)) * size + (x, 0.42)
    return placed(face, landmarks)


def has_moment(eligible: Sequence[bool]) -> bool:
    """Tell whether all were eligible for so long at a time."""
    run = 0
    for fit in eligible:
        run = run + 1 if fit else 0
        if run >= round(FIT_S * FPS):
            return True
    return False


def play(actors: Sequence[Actor], seed: int) -> Outcome:
    """Let a group act before the booth's loop until a picture is taken."""
    params = load_params("event")
    guidance = msgspec.structs.replace(params.guidance, people=len(actors))
    who = " + ".join(f"{actor.who} ({actor.script.name})" for actor in actors)
    with tempfile.TemporaryDirectory() as folder:
        shot = _played(
            Path(folder), msgspec.structs.replace(params, guidance=guidance), Stage(actors=actors, seed=seed)
        )
        stage, taken = shot
    if taken is None:
        return Outcome(who, has_moment(stage.eligible))
    moments = stage.did[taken.analysis.frame.seq]
    return Outcome(
        who, has_moment(stage.eligible), stage.did.__len__() / FPS, taken.by, taken.doubts[0] if taken.doubts else "",
        all(one.is_portrait for one in moments), any(one.shut > 0.3 for one in moments),
    )  # fmt: skip


def _played(folder: Path, params: Params, stage: Stage):
    with an_engine(folder, stage, params) as (engine, _):
        engine.signals.handle_event(Event.START)
        engine.signals.handle_event(Event.AGREE)
        engine.signals.handle_event(Event.CHOSEN)
        assert engine.state is State.COACH
        for _ in range(round(LONGEST_S * FPS)):
            done = engine.step()
            if done is not None and done.shot is not None:
                return stage, done.shot
    return stage, None


def all_sessions(shared: Path, n: int, folder: Path = CACHE, every: int = 1) -> Iterator[Outcome]:
    """Yield the outcomes of n sessions, of two and of three in turn, whose people and scripts are drawn by lot."""
    rng = np.random.default_rng(23)
    reader = StillReader(folder)
    try:
        known = [(path.stem, readings) for path in people(shared, every) if (readings := reader.read(path))]
        for i in range(n):
            chosen = rng.choice(len(known), 2 + i % 2, replace=False)
            scripts = [SCRIPTS[int(k)] for k in rng.integers(len(SCRIPTS), size=len(chosen))]
            cast = [
                Actor(known[int(k)][0], known[int(k)][1][s.variant], s) for k, s in zip(chosen, scripts, strict=True)
            ]
            yield play(cast, int(rng.integers(1 << 30)))
    finally:
        reader.close()


def figures(outcomes: Sequence[Outcome]) -> tuple[float, float, int]:
    """Return the share of sessions with a moment that gave a portrait fit for all, median seconds, and shut eyes."""
    due = [o for o in outcomes if o.had_moment]
    times = [o.taken_s if o.taken_s is not None else np.inf for o in due]
    good = [o for o in due if o.taken_s is not None and o.is_good and not o.doubt]
    return len(good) / max(1, len(due)), float(np.median(times)), sum(o.is_shut for o in outcomes)


def report(outcomes: Sequence[Outcome]) -> str:
    """Return the figures, and every session that was spoilt, slow or in doubt."""
    lines = []
    for n, of in ((2, "two"), (3, "three"), (0, "all")):
        part = [o for o in outcomes if n in (0, o.who.count(" + ") + 1)]
        if part:
            share, median_s, shut = figures(part)
            moments = sum(o.had_moment for o in part)
            lines.append(f"{of:6} {len(part)} sessions, {moments} with a moment: {100 * share:.1f} % with every face"
                         f" fit, median {median_s:.1f} s, {shut} with eyes shut")  # fmt: skip
    odd = [o for o in outcomes if o.taken_s is None or o.doubt or not o.is_good or o.taken_s > MEDIAN_MOST_S]
    lines += [f"  {o.who}: {o.taken_s} s by {o.by or 'nothing'} {o.doubt} {'' if o.is_good else 'spoilt'}" for o in odd]
    return "\n".join(lines)


def main() -> int:
    """Play the sessions and print the figures; 1 where they fall short."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sessions", type=int, default=120, help="how many")
    parser.add_argument("--every", type=int, default=1, help="only every n-th photograph")
    given = parser.parse_args()
    if not (SHARED / "media").is_dir():
        raise SystemExit("Needs ../shared, which this clone does not have.")
    outcomes = list(all_sessions(SHARED, given.sessions, every=given.every))
    print(report(outcomes))
    share, median_s, shut = figures(outcomes)
    return 0 if share >= LEAST_SHARE and median_s <= MEDIAN_MOST_S and not shut else 1


if __name__ == "__main__":
    raise SystemExit(main())
