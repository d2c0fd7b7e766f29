"""The ring of full-size exposures round the hold. Holds pixels; engine thread only, emptied with the session.

A frame that came as JPEG stays one; two seconds of 4K are about 50 MB. Where memory is short, the poorer frames are
packed before any is released: pixels to a half, JPEG frames by their small copy. The best ones stay as they came.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import cv2
import numpy as np

from booth.capture.frames import shrunk, small_copy
from booth.capture.jpeg import Jpeg
from booth.core.types import Frame, FrameAnalysis, frozen

ROOM_BYTES = 170_000_000  # two seconds of 720p at 30 frames a second, as they came
NEWEST_S = 0.5  # these always stay: their neighbours still decide whether they are any good
BEST_WHOLE = 8  # so many of the best are never packed: the choice and its alternatives come from among them
PACKS_AT_ONCE = 2  # a frame; about a millisecond each at 1080p

_THIN = frozen(np.zeros((2, 2, 3), np.uint8))


@dataclass(frozen=True, slots=True, eq=False)
class PackedAnalysis:
    """An analysis with fewer bytes: JPEG as it came, else luma and halved colour; its small copy is remade."""

    thin: FrameAnalysis  # everything but the pixels
    full: Jpeg | np.ndarray  # or (3 H / 2, W) uint8 I420
    small_px: int  # longer side of the small copy

    @classmethod
    def of(cls, analysis: FrameAnalysis) -> PackedAnalysis:
        """Pack a FrameAnalysis whose frame has even sides or is coded."""
        frame, full = analysis.frame, analysis.frame.full
        if not isinstance(full, Jpeg):
            full = frozen(cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2YUV_I420))
        thin = replace(analysis, frame=Frame(frame.seq, frame.t_s, _THIN, _THIN))
        return cls(thin, full, max(frame.small.shape[:2]))

    def whole(self) -> FrameAnalysis:
        """Return it with its pixels, of luma and halved colour within a few 8-bit levels of what they were."""
        frame = self.thin.frame
        if isinstance(self.full, Jpeg):
            small = small_copy(self.full, self.small_px)
            return replace(self.thin, frame=Frame(frame.seq, frame.t_s, self.full, small))
        rgb = cv2.cvtColor(self.full, cv2.COLOR_YUV2RGB_I420)
        return replace(self.thin, frame=Frame(frame.seq, frame.t_s, rgb, shrunk(rgb, self.small_px)))


def _is_packable(analysis: FrameAnalysis) -> bool:
    frame = analysis.frame
    width, height = frame.size
    return isinstance(frame.full, Jpeg) or (frame.small is not frame.full and height % 2 == 0 and width % 2 == 0)


def _weight(held: FrameAnalysis | PackedAnalysis) -> int:
    analysis = held.thin if isinstance(held, PackedAnalysis) else held
    matte = analysis.matte.alpha.nbytes if analysis.matte else 0
    if isinstance(held, PackedAnalysis):
        return matte + (held.full.n_bytes if isinstance(held.full, Jpeg) else held.full.nbytes)
    return analysis.frame.n_bytes + matte


class FrameRing:
    """Keeps the FrameAnalyses that may still become the portrait, within a fixed amount of memory."""

    def __init__(self) -> None:
        self._held: dict[int, FrameAnalysis | PackedAnalysis] = {}
        self._scores: dict[int, float] = {}

    def __len__(self) -> int:
        return len(self._held)

    @property
    def n_bytes(self) -> int:
        """Bytes of pixels held now."""
        return sum(_weight(held) for held in self._held.values())

    def add(
        self, analysis: FrameAnalysis, score: float | None, wanted: Collection[int], treasured: Collection[int] = ()
    ) -> None:
        """Keep one more exposure; releases those no longer wanted and, where memory is short, of the poorest.

        The few that are `treasured`, the best of the session so far, are neither packed nor released.
        """
        seq = analysis.frame.seq
        self._held[seq] = analysis
        self._scores[seq] = -1.0 if score is None else score
        for old in [s for s in self._held if s not in wanted and s != seq]:
            self._drop(old)
        self._make_room(analysis.frame.t_s - NEWEST_S, treasured)

    def _make_room(self, newest_s: float, treasured: Collection[int]) -> None:
        """Pack the poorest, then let the poorest that are settled go."""
        if self.n_bytes <= ROOM_BYTES:
            return
        ranked = sorted((s for s in self._held if s not in treasured), key=self._scores.__getitem__)
        n_packed = 0
        for seq in ranked[:-BEST_WHOLE]:
            held = self._held[seq]
            if n_packed < PACKS_AT_ONCE and isinstance(held, FrameAnalysis) and _is_packable(held):
                self._held[seq] = PackedAnalysis.of(held)
                n_packed += 1
        over = self.n_bytes - ROOM_BYTES
        for seq in [s for s in ranked if self._time_s(s) < newest_s]:
            if over <= 0:
                return
            over -= _weight(self._held[seq])
            self._drop(seq)

    def _time_s(self, seq: int) -> float:
        held = self._held[seq]
        return (held.thin if isinstance(held, PackedAnalysis) else held).frame.t_s

    def _drop(self, seq: int) -> None:
        del self._held[seq], self._scores[seq]

    def get(self, seq: int) -> FrameAnalysis | None:
        """Return the exposure of that number if it is still kept."""
        held = self._held.get(seq)
        return held.whole() if isinstance(held, PackedAnalysis) else held

    def neighbours(self, seq: int, n: int) -> tuple[Frame, ...]:
        """Return the up to `n` frames still kept that are nearest to the one of that number, in order; without it."""
        near = sorted((s for s in self._held if s != seq), key=lambda s: (abs(s - seq), s))[:n]
        return tuple(analysis.frame for analysis in self.pick(sorted(near)))

    def pick(self, seqs: Collection[int]) -> tuple[FrameAnalysis, ...]:
        """Return those of the exposures that are still kept, in the order asked."""
        found = (self.get(s) for s in seqs)
        return tuple(analysis for analysis in found if analysis is not None)

    def clear(self) -> None:
        """Forget everything."""
        self._held.clear()
        self._scores.clear()
