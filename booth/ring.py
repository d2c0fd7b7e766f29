"""The ring of full-size exposures round the hold. Holds pixels: it belongs to the loop and dies with a session."""

from __future__ import annotations

from collections.abc import Collection

from booth.types import Sight

ROOM_BYTES = 170_000_000  # two seconds of 720p at 30 frames a second; larger frames keep fewer, the best ones
NEWEST_S = 0.5  # these always stay: their neighbours still decide whether they are any good


def _weight(sight: Sight) -> int:
    frame = sight.frame
    own_small = 0 if frame.small is frame.rgb else frame.small.nbytes
    return frame.rgb.nbytes + own_small + (sight.matte.alpha.nbytes if sight.matte else 0)


class Ring:
    """Keeps the Sights that may still become the portrait, within a fixed amount of memory."""

    def __init__(self) -> None:
        self._sights: dict[int, Sight] = {}
        self._scores: dict[int, float] = {}

    def __len__(self) -> int:
        return len(self._sights)

    def add(self, sight: Sight, score: float | None, wanted: Collection[int]) -> None:
        """Keep one more exposure; lets go of those no longer wanted and, where memory is short, of the poorest."""
        seq = sight.frame.seq
        self._sights[seq] = sight
        self._scores[seq] = -1.0 if score is None else score
        for old in [s for s in self._sights if s not in wanted and s != seq]:
            self._drop(old)
        room = ROOM_BYTES // max(1, _weight(sight))
        newest_s = sight.frame.t_s - NEWEST_S
        settled = [s for s, kept in self._sights.items() if kept.frame.t_s < newest_s]
        spare = len(self._sights) - room
        # of equals the newer goes: the shutter remembers the first of them as its best
        for poor in sorted(settled, key=lambda s: (self._scores[s], -s))[: max(0, spare)]:
            self._drop(poor)

    def _drop(self, seq: int) -> None:
        del self._sights[seq], self._scores[seq]

    def get(self, seq: int) -> Sight | None:
        """Return the exposure of that number if it is still kept."""
        return self._sights.get(seq)

    def pick(self, seqs: Collection[int]) -> tuple[Sight, ...]:
        """Return those of the exposures that are still kept, in the order asked."""
        return tuple(self._sights[s] for s in seqs if s in self._sights)

    def clear(self) -> None:
        """Forget everything."""
        self._sights.clear()
        self._scores.clear()
