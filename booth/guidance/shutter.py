"""When to take it: arms while nothing is in the way, looks half a second back, waits a little for better, says why.

Every session ends with a picture: after `willing_s` of a sitter who does what is asked, or after `timeout_s` whatever
they do, the frame of which least is wrong is taken. A pure value stepped by Guidance. Knows frames by number only;
whoever keeps the pixels keeps those in `keeps`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from booth.config.params.guidance import Times
from booth.core.types import Guidance
from booth.guidance.frame_choice import Candidate, Choice, choose, least_wrong, settled
from booth.guidance.reasons import reasons_for

WORTH_TAKING = 0.75  # a window whose best frame scores this much waits no longer
FUTURE_S = 0.15  # lids fall within a tenth of a second
NEAR_S = 0.25  # beyond this no fault casts its shadow
WAVER_S = 1.2  # eyes and mouth may be off this long without ending the hold: a blink, a smile that begins, a word
KEPT_MOST = 4  # of the best frames of a session: the one to take, two others, and one to spare
KEPT_APART_S = 0.3
END_WILLING_S = 5.0  # a source that ends sooner leaves no picture but that of an open window
STEP_MOST_S = 0.5  # frames further apart than this do not tell what the sitter did between them


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
    """The portrait: which frame, and by what (`hold`, `end`, `press`, `willing` or `timeout`)."""

    t_s: float
    choice: Choice
    by: str


ShutterEvent = HoldStarted | HoldBroken | NoneGood | Taken


@dataclass(frozen=True, slots=True)
class Shutter:
    """The shutter's memory. After `Taken` it rests until `rearmed`."""

    times: Times
    ring: tuple[Candidate, ...] = ()
    best: tuple[Candidate, ...] = ()  # of the whole session, least wrong first, for its end
    hold_s: float | None = None
    press_s: float | None = None
    start_s: float | None = None  # of this sitter
    face_s: float | None = None  # when a face was last seen
    good_s: float | None = None  # when a frame had last nothing against it
    still_s: float | None = None  # when nothing was wrong that the sitter could mend
    last_s: float | None = None
    willing_s: float = 0.0  # how long in all the sitter has done what was asked
    resting: bool = False

    @property
    def keeps(self) -> frozenset[int]:
        """Numbers of the frames that may still be chosen."""
        return frozenset(c.seq for c in (*self.ring, *self.best))

    @property
    def treasures(self) -> frozenset[int]:
        """Numbers of the best frames of the session: the last to be let go of."""
        return frozenset(c.seq for c in self.best)

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
        by = shutter._is_due(t_s)
        found = shutter._at_the_end() if by else None
        if by and found is not None:
            return shutter._taken(t_s, found, by)
        if shutter.hold_s is None:
            return shutter._waiting(guidance)
        if shutter._has_lapsed(t_s, shutter.hold_s):
            return shutter._let_go(t_s)
        return shutter._held(t_s)

    def finish(self) -> tuple[Shutter, tuple[ShutterEvent, ...]]:
        """The source has ended: a window that is open gives what it has, and so does a willing sitter's session."""
        if self.resting or not self.ring:
            return self, ()
        t_s, forgiving = self.ring[-1].t_s, self.press_s is not None
        found = None
        if self.hold_s is not None or forgiving:
            found = choose(self.ring, latest_s=self._latest_s) or choose(self.ring, forgiving=forgiving)
        if found is None and self.willing_s >= END_WILLING_S:
            found = self._at_the_end()
        if found is None:
            return replace(self, hold_s=None, press_s=None), ()
        return self._taken(t_s, found, "press" if forgiving else "end")

    def _is_due(self, t_s: float) -> str:
        """Return by which rule the session has to end now, or an empty string."""
        if self.willing_s >= self.times.willing_s - 1e-6:
            return "willing"
        return "timeout" if self.start_s is not None and t_s - self.start_s >= self.times.timeout_s - 1e-6 else ""

    def _at_the_end(self) -> Choice | None:
        """Return the best frame so far, whatever is against it; only a clear one where the profile wants no other."""
        clear = choose(self.ring, latest_s=self._latest_s) or choose(self.best)
        return clear or (least_wrong(self.best) if self.times.takes_doubtful else None)

    def _noted(self, guidance: Guidance) -> Shutter:
        t_s, has_face = guidance.t_s, guidance.score is not None
        if not has_face and self.face_s is not None and t_s - self.face_s > self.times.forget_s:
            return self._without_them()._noted(guidance)
        reach_s = self.times.before_s + self.times.after_s
        ring = (*(c for c in self.ring if t_s - c.t_s <= reach_s + 1e-6), _candidate(guidance))
        passed_s = 0.0 if self.last_s is None else min(STEP_MOST_S, t_s - self.last_s)
        return replace(
            self,
            ring=ring,
            best=self._best_with(ring),
            start_s=t_s if self.start_s is None and has_face else self.start_s,
            face_s=t_s if has_face else self.face_s,
            good_s=t_s if has_face and not guidance.blocks else self.good_s,
            still_s=t_s if guidance.is_willing else self.still_s,
            last_s=t_s,
            willing_s=self.willing_s + (passed_s if guidance.is_willing else 0.0),
        )

    def _without_them(self) -> Shutter:
        """Return the shutter after its sitter has left: the next one gets no picture of them."""
        return replace(Shutter(self.times), press_s=self.press_s, hold_s=self.hold_s, resting=self.resting)

    def _best_with(self, ring: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """Keep the best frames so far, some time apart: only one whose near future is known counts."""
        newest = next((c for c in reversed(ring) if ring[-1].t_s - c.t_s >= FUTURE_S), None)
        if newest is None or newest.is_barred:
            return self.best
        near = [c for c in ring if abs(c.t_s - newest.t_s) <= NEAR_S]
        fresh = next(c for c in settled(near) if c.seq == newest.seq)
        rivals = [c for c in self.best if abs(c.t_s - fresh.t_s) < KEPT_APART_S]
        if any(c.wrong <= fresh.wrong for c in rivals):
            return self.best
        kept = (*(c for c in self.best if c not in rivals), fresh)
        return tuple(sorted(kept, key=lambda c: (c.wrong, c.seq))[:KEPT_MOST])

    def _has_lapsed(self, t_s: float, hold_s: float) -> bool:
        """Tell whether the sitter has moved on: what they could mend lasts, or eyes and mouth are off for long."""
        not_still_s = t_s - max(self.still_s or 0.0, hold_s)
        not_good_s = t_s - max(self.good_s or 0.0, hold_s)
        return not_still_s > self.times.lapse_s + 1e-6 or not_good_s > WAVER_S + 1e-6

    def _waiting(self, guidance: Guidance) -> tuple[Shutter, tuple[ShutterEvent, ...]]:
        if guidance.ready:
            return replace(self, hold_s=guidance.t_s), (HoldStarted(guidance.t_s),)
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


def _candidate(guidance: Guidance) -> Candidate:
    sharp = guidance.readings.get("focus.eyes")
    return Candidate(
        seq=guidance.seq,
        t_s=guidance.t_s,
        score=guidance.score or 0.0,
        rejects=guidance.blocks,
        sharpness=sharp.value if sharp else None,
        reasons=reasons_for(guidance),
        wrong=guidance.wrong,
        is_barred=guidance.is_barred,
        doubts=guidance.rejects,
    )
