"""The one sentence at a time: the first reason why the shutter does not fire, soon but without flapping.

Knows topics, their order and sentences; no measures. Praise is only ever said of a frame that nothing speaks against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from booth.config.params.guidance import Times

PRAISE, HOLD = "praise.good", "hold.still"
PRAISING = frozenset({PRAISE, HOLD})
GAP_S = 0.2  # a reason away for less than this has not gone: measures flicker by a few frames
STALE_S = 0.6  # silence before a reason that comes and goes is spoken all the same
_EPS_S = 1e-6
_NONE: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AdviceCandidate:
    """A reason worth saying: `urgency` 0 is the most urgent; `blocks` where it keeps the shutter from firing."""

    urgency: int
    topic: str
    key: str
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class _Run:
    """How long a topic has been a reason: its newest wish, since when, and when last."""

    wish: AdviceCandidate
    begun_s: float
    last_s: float


@dataclass(frozen=True, slots=True)
class AdviceScheduler:
    """What is being said since when, which reasons there are since when, and how long each was asked for in all."""

    now: AdviceCandidate | None = None
    since_s: float = 0.0
    runs: Mapping[str, _Run] = field(default_factory=lambda: MappingProxyType({}))
    asked_s: Mapping[str, float] = field(default_factory=lambda: _NONE)
    last_s: float | None = None
    broke: AdviceCandidate | None = None  # the praise that the present sentence cut short

    def step(
        self, reasons: tuple[AdviceCandidate, ...], praise: AdviceCandidate | None, t_s: float, times: Times
    ) -> AdviceScheduler:
        """Return the voice after one frame: `reasons` in order, `praise` what may be said where there is none."""
        voice = self._heard(reasons, t_s)
        first = voice._steady(t_s, times)
        blocking = next((wish for wish in reasons if wish.blocks), None)
        if voice.now is None:
            is_stale = blocking is not None and t_s - voice.since_s >= STALE_S
            return voice._say(first or praise or (blocking if is_stale else None), t_s)
        is_full = t_s - voice.since_s >= times.show_s - _EPS_S
        if voice.now.key in PRAISING:
            follows = (first or praise or voice.now) if is_full else voice.now
            return voice._say(follows, t_s) if blocking is None else voice._break_off(first, blocking, t_s)
        if voice.broke is not None and blocking is None and t_s - voice.since_s < times.fault_s:
            return voice._say(voice.broke, t_s)  # a blink: what was being said goes on
        return voice._after_reason(first or blocking, praise, t_s) if is_full else voice

    def silenced(self, t_s: float) -> AdviceScheduler:
        """Return the voice of a coach who has nobody to praise: praise ends at once, a reason stays."""
        if self.now is not None and self.now.key in PRAISING:
            return replace(self, now=None, since_s=t_s, broke=None)
        return self if self.broke is None else replace(self, broke=None)

    def forgiven(self) -> AdviceScheduler:
        """Return the voice with nothing asked for yet, for another picture of the same sitter."""
        return replace(self, asked_s=_NONE)

    def is_spent(self, topic: str, times: Times) -> bool:
        """Tell whether a topic has been asked for as long as it may be."""
        return self.asked_s.get(topic, 0.0) >= times.yield_s

    def _heard(self, reasons: tuple[AdviceCandidate, ...], t_s: float) -> AdviceScheduler:
        runs = {topic: run for topic, run in self.runs.items() if t_s - run.last_s <= GAP_S + _EPS_S}
        for wish in reasons:
            run = runs.get(wish.topic)
            runs[wish.topic] = _Run(wish, t_s if run is None else run.begun_s, t_s)
        asked_s = self.asked_s
        if self.now is not None and self.last_s is not None and self.now.key not in PRAISING:
            so_far_s = asked_s.get(self.now.topic, 0.0)
            asked_s = MappingProxyType({**asked_s, self.now.topic: so_far_s + t_s - self.last_s})
        since_s = t_s if self.last_s is None else self.since_s
        return replace(self, runs=MappingProxyType(runs), asked_s=asked_s, since_s=since_s, last_s=t_s)

    def _steady(self, t_s: float, times: Times) -> AdviceCandidate | None:
        """Return the first reason that has lasted long enough to be spoken."""
        lasting = (run.wish for run in self.runs.values() if t_s - run.begun_s >= times.fault_s - _EPS_S)
        return min(lasting, key=lambda wish: wish.urgency, default=None)

    def _break_off(self, first: AdviceCandidate | None, blocking: AdviceCandidate, t_s: float) -> AdviceScheduler:
        """End praise in the very frame of which it is not true."""
        steady = first if first is not None and first.blocks else blocking
        return replace(self._say(steady, t_s), broke=self.now)

    def _after_reason(
        self, first: AdviceCandidate | None, praise: AdviceCandidate | None, t_s: float
    ) -> AdviceScheduler:
        """Choose what follows a reason that was shown long enough; it stays while it is the first, or flickers."""
        assert self.now is not None
        run = self.runs.get(self.now.topic)
        if run is not None and (first is None or first.urgency >= run.wish.urgency):
            return self._say(run.wish, t_s)
        if first is not None and (first.blocks or not self.now.blocks):
            return self._say(first, t_s)  # what would only be nicer waits for the praise
        return (
            self if praise is None else self._say(AdviceCandidate(self.now.urgency, PRAISE, PRAISE, blocks=False), t_s)
        )

    def _say(self, wish: AdviceCandidate | None, t_s: float) -> AdviceScheduler:
        if wish == self.now:
            return self
        is_same = wish is not None and self.now is not None and wish.key == self.now.key
        return replace(self, now=wish, since_s=self.since_s if is_same else t_s, broke=None)
