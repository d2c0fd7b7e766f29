"""When to take it: arms while the gates hold, looks half a second back, waits a little for better, and says why.

A pure value stepped by Guidance. Knows frames by number only; whoever keeps the pixels keeps those in `keeps`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from booth.config.params.guidance import Times
from booth.core.types import Guidance
from booth.guidance.frame_choice import Candidate, Choice, choose, settled
from booth.guidance.reasons import reasons_for

WORTH_TAKING = 0.75  # a window whose best frame scores this much waits no longer
FUTURE_S = 0.15  # lids fall within a tenth of a second
NEAR_S = 0.25  # beyond this no fault casts its shadow
REST_S = 0.05


@dataclass(frozen=True, slots=True)
class HoldStarted:
    """The gates have held: say hold it."""

    t_s: float


@dataclass(frozen=True, slots=True)
class HoldBroken:
    """The sitter moved on before the window was full and no frame of it will do."""

    t_s: float


@dataclass(frozen=True, slots=True)
class NoneGood:
    """The window is full and every frame of it is forbidden: go on coaching."""

    t_s: float


@dataclass(frozen=True, slots=True)
class Taken:
    """The portrait: which frame, and by what (`hold`, `end`, `press` or `timeout`)."""

    t_s: float
    choice: Choice
    by: str


ShutterEvent = HoldStarted | HoldBroken | NoneGood | Taken


@dataclass(frozen=True, slots=True)
class Shutter:
    """The shutter's memory. After `Taken` it rests until `rearmed`."""

    times: Times
    ring: tuple[Candidate, ...] = ()
    best: tuple[Candidate, ...] = ()  # of the whole session, for the time-out
    hold_s: float | None = None
    press_s: float | None = None
    start_s: float | None = None
    resting: bool = False

    @property
    def keeps(self) -> frozenset[int]:
        """Numbers of the frames that may still be chosen."""
        return frozenset(c.seq for c in (*self.ring, *self.best))

    @property
    def holding(self) -> bool:
        """True between the hold and the picture."""
        return self.hold_s is not None

    def rearmed(self) -> Shutter:
        """Return a shutter ready for the next portrait."""
        return Shutter(self.times)

    def press(self, t_s: float) -> Shutter:
        """Take it by hand at `t_s`: the best frame round the press, only shut eyes and blur avoided."""
        return self if self.press_s is not None else replace(self, press_s=t_s)

    def step(self, guidance: Guidance) -> tuple[Shutter, tuple[ShutterEvent, ...]]:
        """Take note of one frame and tell what follows from it."""
        t_s = guidance.t_s
        shutter = self._noted(guidance)
        if shutter.resting:
            return shutter, ()
        if shutter.press_s is not None:
            return shutter._pressed(t_s)
        if shutter.hold_s is None:
            return shutter._waiting(guidance)
        if not guidance.ready and t_s - shutter.hold_s > REST_S:
            return shutter._let_go(t_s)
        return shutter._held(t_s)

    def finish(self) -> tuple[Shutter, tuple[ShutterEvent, ...]]:
        """The source has ended: a window that is open gives what it has."""
        if self.resting or (self.hold_s is None and self.press_s is None) or not self.ring:
            return self, ()
        t_s, forgiving = self.ring[-1].t_s, self.press_s is not None
        found = choose(self.ring, latest_s=self._latest_s) or choose(self.ring, forgiving=forgiving)
        if found is None:
            return replace(self, hold_s=None, press_s=None), ()
        return self._taken(t_s, found, "press" if forgiving else "end")

    def _noted(self, guidance: Guidance) -> Shutter:
        t_s = guidance.t_s
        sharp = guidance.readings.get("focus.eyes")
        candidate = Candidate(
            guidance.seq,
            t_s,
            guidance.score or 0.0,
            guidance.rejects,
            sharp.value if sharp else None,
            reasons_for(guidance),
        )
        reach_s = self.times.before_s + self.times.after_s
        ring = (*(c for c in self.ring if t_s - c.t_s <= reach_s + 1e-6), candidate)
        start_s = t_s if self.start_s is None and guidance.score is not None else self.start_s
        return replace(self, ring=ring, start_s=start_s, best=self._best_with(ring))

    def _best_with(self, ring: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """Keep the best frame so far: only one whose near future is known counts."""
        newest = next((c for c in reversed(ring) if ring[-1].t_s - c.t_s >= FUTURE_S), None)
        if newest is None or newest.rejects or (self.best and newest.score <= self.best[0].score):
            return self.best
        near = [c for c in ring if abs(c.t_s - newest.t_s) <= NEAR_S]
        clean = next(c for c in settled(near) if c.seq == newest.seq)
        return self.best if clean.rejects else (newest,)

    def _waiting(self, guidance: Guidance) -> tuple[Shutter, tuple[ShutterEvent, ...]]:
        t_s = guidance.t_s
        if guidance.ready:
            return replace(self, hold_s=t_s), (HoldStarted(t_s),)
        if self.start_s is not None and t_s - self.start_s >= self.times.timeout_s and self.best:
            found = choose(self.best)
            return self._taken(t_s, found, "timeout") if found else (self, ())
        return self, ()

    def _held(self, t_s: float) -> tuple[Shutter, tuple[ShutterEvent, ...]]:
        assert self.hold_s is not None
        waited_s = t_s - self.hold_s
        if waited_s < self.times.after_s - 1e-6:
            return self, ()
        found = choose(self.ring, latest_s=self._latest_s)
        if found is None:
            return replace(self, hold_s=t_s), (NoneGood(t_s),)
        if found.score < WORTH_TAKING and waited_s < self.times.after_s + self.times.patience_s:
            return self, ()
        return self._taken(t_s, found, "hold")

    @property
    def _latest_s(self) -> float:
        """The newest time whose near future has been seen: the frame after it may be the first of a blink."""
        return self.ring[-1].t_s - FUTURE_S

    def _let_go(self, t_s: float) -> tuple[Shutter, tuple[ShutterEvent, ...]]:
        """The hold broke: a window with a good frame in it is taken, another is dropped."""
        found = choose(self.ring, latest_s=self._latest_s)
        return self._taken(t_s, found, "hold") if found else (replace(self, hold_s=None), (HoldBroken(t_s),))

    def _pressed(self, t_s: float) -> tuple[Shutter, tuple[ShutterEvent, ...]]:
        assert self.press_s is not None
        if t_s - self.press_s < self.times.before_s - 1e-6:
            return self, ()
        near = tuple(c for c in self.ring if abs(c.t_s - self.press_s) <= self.times.before_s + 1e-6)
        found = choose(near, forgiving=True)
        if found is None:
            return replace(self, hold_s=None, press_s=None), (NoneGood(t_s),)
        return self._taken(t_s, found, "press")

    def _taken(self, t_s: float, choice: Choice, by: str) -> tuple[Shutter, tuple[ShutterEvent, ...]]:
        return replace(self, hold_s=None, press_s=None, resting=True), (Taken(t_s, choice, by),)
