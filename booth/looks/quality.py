"""Keeps the frame rate by giving up effect quality, in a stated order, and takes it back when there is room.

Pure: what happened and the time go in, a rung comes out. Never the frame rate gives way, and never the saved file: a
still is developed at full quality whatever the mirror does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace


def busiest_ms(loop_ms: float, seen_ms: Mapping[str, float]) -> float:
    """Return what the busiest thread worked for a frame: the loop, the tracker, or the rest of perception by stage."""
    tracker_ms = seen_ms.get("face", 0.0)
    return max(loop_ms, tracker_ms, sum(seen_ms.values()) - tracker_ms)


@dataclass(frozen=True, slots=True)
class Quality:
    """How much work one mirrored frame gets. Counts are frames: an effect is worked out anew every so many."""

    name: str  # as the F2 overlay and the bench say it
    light_every: int = 2  # carried with the face in between
    edge_every: int = 2  # the blurred colours that keep the old room out of the hair
    wraps: bool = True  # the backdrop's light round the sitter's edge
    segment_every_n: int = 1  # the person network; the outline follows the picture's own edges in between
    track_every_n: int = 1  # faces are looked for and measured in every n-th frame, and carried on in between
    mirror_scale: float = 1.0  # 0.5..1 of the mirror picture's sides: matte, light and look work at that size
    reads_body: bool = True  # where a pose guide is on at all
    tracks_ahead: bool = True  # the next frame's faces are looked for while the one before is outlined


# On a machine that has no core to spare, what is begun early only waits, and is old when it is drawn.
_LATE = Quality("late", 5, 8, wraps=False, segment_every_n=2, tracks_ahead=False)

# The order in which quality goes, least missed first; each rung keeps what the ones before it gave up.
RUNGS = (
    Quality("full"),
    Quality("light every 3rd frame", 3),
    Quality("edge colours every 4th frame", 3, 4),
    Quality("no light round the edge", 3, 4, wraps=False),
    Quality("outline every 2nd frame", 3, 4, wraps=False, segment_every_n=2),
    Quality("light every 5th frame", 5, 8, wraps=False, segment_every_n=2),
    Quality("picture at 3/4 size", 5, 8, wraps=False, segment_every_n=2, mirror_scale=0.75),
    replace(_LATE, name="faces every 2nd frame", track_every_n=2, mirror_scale=0.75),
    replace(_LATE, name="picture at 1/2 size", track_every_n=2, mirror_scale=0.5),
    replace(_LATE, name="faces every 3rd frame", track_every_n=3, mirror_scale=0.5),
)

BODY_RUNGS = (RUNGS[0], Quality("no pose guide", reads_body=False), *(replace(r, reads_body=False) for r in RUNGS[1:]))
"""While a pose guide is on it is the first to go."""

LATE_SHARE = 1.06  # of a frame's time: a camera's own unrest stays below
LATE_FRAMES, WINDOW_FRAMES = 5, 15  # so many late ones of the last so many lower the quality
LATER_BY, MOST_STEPS = 0.35, 4  # each so many times as late as late takes one rung more, up to so many at once
LATE_AGE_FRAMES, FRESH_AGE_FRAMES = 2.4, 1.8  # from lens to glass, in frame times: late, and with room to spare
ROOM_SHARE = 0.75  # of a frame's time: a thread that is busy for less has room for a rung more
ROOM_S = 3.0  # for so long there must be room before quality rises
LAST_ROOM_S = 60.0  # a rung that did not hold is tried again ever more rarely, up to this
MOST_SKIPPED_FRAMES = 10  # of a camera: a third of a second; after more than that nothing is carried on
FAR_APART_FRAMES = 1000
SETTLE_S = 0.5  # after a step the next frames show what it did


class DrawnFrames:
    """Numbers frames by how many were drawn: of a late mirror's camera frames most are never seen.

    What lasts so many frames would else be worked out anew in every one that is drawn, and make the mirror later still.
    """

    def __init__(self) -> None:
        self._seq, self._number = -(10**9), 0

    def number(self, seq: int) -> int:
        """Return the number of the frame that a camera gave as its `seq`-th; a pause or another shot skips many."""
        gap = seq - self._seq
        self._number += gap if gap in (0, 1) else 1 if 1 < gap <= MOST_SKIPPED_FRAMES else FAR_APART_FRAMES
        self._seq = seq
        return self._number


class QualityController:
    """One a mirror. `note` every drawn frame; `quality` is what the next one may cost."""

    def __init__(self, fps: float = 30.0) -> None:
        """`fps` is the rate to keep, frames a second, 5..120: the camera's, or 30 where the camera is faster."""
        self._frame_ms = 1e3 / min(max(fps, 5.0), 30.0)
        self._late: deque[float] = deque(maxlen=WINDOW_FRAMES)  # above 1: late
        self._rungs: tuple[Quality, ...] = RUNGS
        self._rung = 0
        self._room_since_s: float | None = None
        self._wants_s = ROOM_S
        self._stepped_s = self._raised_s = -1e9

    @property
    def rung(self) -> int:
        """How many steps of quality are given up; 0 for none."""
        return self._rung

    @property
    def quality(self) -> Quality:
        """What a frame may cost now."""
        return self._rungs[self._rung]

    def guide_pose(self, *, is_on: bool) -> None:
        """Note whether a pose guide is on: what else was given up stays so."""
        rungs = BODY_RUNGS if is_on else RUNGS
        if rungs is not self._rungs:
            self._rungs = rungs
            self._rung = self._rung + 1 if is_on and self._rung else max(0, self._rung - (not is_on))

    def record(self, work_ms: float, now_s: float, age_ms: float = 0.0) -> bool:
        """Take in one drawn frame; True when the quality changed.

        work_ms  what the busiest thread worked for it
        age_ms   from lens to glass: on a machine that others use a frame may be late though little was done for it
        """
        if now_s - self._stepped_s < SETTLE_S:
            return False
        lateness = max(age_ms / LATE_AGE_FRAMES, work_ms / LATE_SHARE) / self._frame_ms
        self._late.append(lateness)
        if work_ms > ROOM_SHARE * self._frame_ms or age_ms > FRESH_AGE_FRAMES * self._frame_ms:
            self._room_since_s = None
        elif self._room_since_s is None:
            self._room_since_s = now_s
        if len(self._late) >= LATE_FRAMES and self._rung < len(self._rungs) - 1:
            over = sorted(self._late)[-LATE_FRAMES] - 1  # what so many frames were late by, at least
            if over > 0:
                return self._lower(now_s, min(1 + int(over / LATER_BY), MOST_STEPS))
        if self._rung > 0 and self._room_since_s is not None and now_s - self._room_since_s >= self._wants_s:
            return self._raise(now_s)
        return False

    def _lower(self, now_s: float, by: int) -> bool:
        soon_after = now_s - self._raised_s < 2 * ROOM_S
        self._wants_s = min(self._wants_s * 2, LAST_ROOM_S) if soon_after else self._wants_s
        return self._step(by, now_s)

    def _raise(self, now_s: float) -> bool:
        if now_s - self._raised_s > LAST_ROOM_S:
            self._wants_s = ROOM_S
        self._raised_s = now_s
        return self._step(-1, now_s)

    def _step(self, by: int, now_s: float) -> bool:
        self._rung = min(self._rung + by, len(self._rungs) - 1)
        self._stepped_s, self._room_since_s = now_s, None
        self._late.clear()
        return True
