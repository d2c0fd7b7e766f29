"""The one sentence at a time: what to say, how long, when again. Knows urgencies and keys, no measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from booth.config.params.guidance import Times

PRAISE = "praise.good"


@dataclass(frozen=True, slots=True)
class AdviceCandidate:
    """Something worth saying: `urgency` 0 is the most urgent, `topic` is what the tries are counted by."""

    urgency: int
    topic: str
    key: str


@dataclass(frozen=True, slots=True)
class AdviceScheduler:
    """What is being said since when, and what has been said before."""

    now: AdviceCandidate | None = None
    since_s: float = 0.0
    tries: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    ended_s: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def step(
        self, wishes: tuple[AdviceCandidate, ...], cleared: frozenset[str], t_s: float, times: Times
    ) -> AdviceScheduler:
        """Return the voice after hearing what is wanted and which topics are fine now."""
        voice = replace(self, tries={k: n for k, n in self.tries.items() if k not in cleared})
        allowed = tuple(w for w in wishes if voice._may(w, t_s, times))
        best = min(allowed, key=lambda w: w.urgency, default=None)
        now = voice.now
        if now is None:
            return voice._say(best, t_s)
        if best is not None and best.urgency < now.urgency:
            return voice._say(best, t_s)
        shown_s = t_s - voice.since_s
        if shown_s < times.show_s:
            return voice
        if now.topic in cleared and now.key != PRAISE:
            return voice._say(AdviceCandidate(now.urgency, "praise", PRAISE), t_s)
        wanted = next((w for w in wishes if w.topic == now.topic), None)
        if wanted is not None and shown_s < times.say_s:
            return voice if wanted.key == now.key else replace(voice, now=wanted, since_s=t_s)
        return voice._say(best if best is None or best.topic != now.topic else None, t_s)

    def in_vain(self, times: Times) -> frozenset[str]:
        """Return the topics asked for as often as it may be, and no longer being asked for."""
        asked = (topic for topic, count in self.tries.items() if count >= times.tries)
        return frozenset(topic for topic in asked if self.now is None or self.now.topic != topic)

    def _may(self, wish: AdviceCandidate, t_s: float, times: Times) -> bool:
        if self.now is not None and wish.topic == self.now.topic:
            return True
        rested = t_s - self.ended_s.get(wish.topic, -1e9) >= times.repeat_s
        return rested and self.tries.get(wish.topic, 0) < times.tries

    def _say(self, wish: AdviceCandidate | None, t_s: float) -> AdviceScheduler:
        ended = dict(self.ended_s)
        tries = dict(self.tries)
        if self.now is not None:
            ended[self.now.topic] = t_s
        if wish is not None and wish.key != PRAISE:
            tries[wish.topic] = tries.get(wish.topic, 0) + 1
        return AdviceScheduler(wish, t_s, MappingProxyType(tries), MappingProxyType(ended))
