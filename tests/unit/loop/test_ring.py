"""The ring: what may still become the portrait, in a fixed amount of memory."""

from __future__ import annotations

import numpy as np

from booth import ring as ring_module
from booth.ring import Ring
from booth.types import Frame, Sight


def sight(seq: int, t_s: float, side: int = 8) -> Sight:
    rgb = np.zeros((side, side, 3), np.uint8)
    return Sight(Frame(seq, t_s, rgb, rgb), (), None)


def test_only_what_is_wanted_stays() -> None:
    ring = Ring()
    for n in range(5):
        ring.add(sight(n, n / 30), 0.5, wanted=range(max(0, n - 1), n + 1))
    assert ring.get(2) is None
    assert [s.frame.seq for s in ring.pick((4, 3, 1))] == [4, 3]


def test_where_memory_is_short_the_poorest_go_first_and_the_newest_stay(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(ring_module, "ROOM_BYTES", 30 * 8 * 8 * 3)
    ring = Ring()
    for n in range(60):
        ring.add(sight(n, n / 30), score=1.0 if n == 7 else 0.1 + n / 1000, wanted=range(60))
    assert len(ring) <= 31
    assert ring.get(7) is not None, "the best frame outlives the poor ones"
    assert all(ring.get(n) is not None for n in range(46, 60)), "the last half second stays"


def test_a_cleared_ring_holds_nobody() -> None:
    ring = Ring()
    ring.add(sight(0, 0.0), 0.5, wanted=[0])
    ring.clear()
    assert len(ring) == 0
