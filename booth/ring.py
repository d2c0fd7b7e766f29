"""The ring of full-size exposures round the hold, and the best of them. Holds pixels: lives and dies with a session."""

from __future__ import annotations

from collections.abc import Iterable

from booth.types import Sight

KEPT_BEST = 12  # beyond the newest half second only these many stay: memory, not time, is the limit


class Ring:
    """Keeps the Sights of the last moments, full size. Not shared between threads: it belongs to the loop."""

    def __init__(self, span_s: float) -> None:
        """`span_s` is how far back from the newest frame a Sight is kept."""
        self._span_s = span_s
        self._sights: dict[int, Sight] = {}
        self._scores: dict[int, float] = {}

    def __len__(self) -> int:
        return len(self._sights)

    def add(self, sight: Sight, score: float | None, before_s: float) -> None:
        """Keep one more exposure with its score (None never wins); lets the oldest and the worst go."""
        seq, now_s = sight.frame.seq, sight.frame.t_s
        self._sights[seq] = sight
        self._scores[seq] = -1.0 if score is None else score
        for old in [s for s, kept in self._sights.items() if now_s - kept.frame.t_s > self._span_s]:
            self._drop(old)
        settled = [s for s, kept in self._sights.items() if now_s - kept.frame.t_s > before_s]
        for poor in sorted(settled, key=self._scores.__getitem__, reverse=True)[KEPT_BEST:]:
            self._drop(poor)

    def _drop(self, seq: int) -> None:
        del self._sights[seq], self._scores[seq]

    def get(self, seq: int) -> Sight | None:
        """Return the exposure of that number if it is still kept."""
        return self._sights.get(seq)

    def pick(self, seqs: Iterable[int]) -> tuple[Sight, ...]:
        """Return those of the exposures that are still kept, in the order asked."""
        return tuple(self._sights[s] for s in seqs if s in self._sights)

    def clear(self) -> None:
        """Forget everything."""
        self._sights.clear()
        self._scores.clear()
