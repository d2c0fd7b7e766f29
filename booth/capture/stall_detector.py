"""Decides from fingerprints and times alone whether a camera still sees: frozen, repeating, black, slow,
another size, damaged.

Pure: no clock, no pixels. Whether pictures come at all is decided in `capture_thread`, for there is nothing to judge
then. A live camera's noise makes every frame different, however still the sitter and dark the room; frames that are
alike to the last bit were not taken by a sensor.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from booth.capture.damage_detector import DamageDetector
from booth.capture.fingerprint import Fingerprint

NOTICED_S = 1.3  # a fault is reported when it has lasted this long: noticed within two seconds, and no hiccup counts
DIM_LEVEL = 24  # below it a codec may leave no noise: a dark, empty room may look frozen for a while
DIM_NOTICED_S = 8.0
BLACK_LEVEL = 6  # a camera that sees anything at all has brighter pixels than this, even in a dark room
LOOP_S = 1.3  # longest loop that is looked for: a driver that hands the same buffers out again has few of them
LOOP_SEEN_S = 0.5
LOOP_SEEN = 10  # frames in a row that were there one loop ago
HISTORY = 160  # frames; a loop of LOOP_S at 120 frames a second
SLOW_RATE = 12.0  # a second: below it guidance lags. Dim light halves a camera from 30 to 15, which still works
RATE_S = 1.8


@dataclass(frozen=True, slots=True)
class StallFinding:
    """A code of the fault table, or None where all is well; `rate` is frames a second, lately."""

    code: str | None
    rate: float
    is_whole: bool = True  # False: this one frame is damaged and not to be used


class StallDetector:
    """Steps once a frame. A fresh one belongs to a freshly opened camera: its first frame says the size."""

    def __init__(self) -> None:
        self._size: tuple[int, int] | None = None
        self._history: deque[tuple[float, int]] = deque(maxlen=HISTORY)
        self._times: deque[float] = deque()
        self._start_s: float | None = None
        self._alike_s = self._black_s = self._loop_s = None  # type: float | None
        self._lag = self._run = 0
        self._damage = DamageDetector()
        self._damaged_s: float | None = None
        self._level = 255  # of the last frame whose pixels were seen

    def step(self, seen: Fingerprint, t_s: float) -> StallFinding:
        """Judge one more frame that came at `t_s`."""
        self._start_s = t_s if self._start_s is None else self._start_s
        self._size = self._size or seen.size
        self._level = self._level if seen.level is None else seen.level
        rate = self._rate(t_s)
        code = None
        if seen.size != self._size:
            code = "camera.size"
        elif self._is_black(t_s):
            code = "camera.black"
        elif self._is_frozen(seen, t_s):
            code = "camera.frozen"
        elif self._repeats(seen, t_s):
            code = "camera.repeating"
        elif rate < SLOW_RATE and t_s - self._start_s > RATE_S:
            code = "camera.slow"
        is_whole = seen.rows is None or self._damage.is_whole(seen.rows)
        if code is None and seen.rows is not None and self._is_damaged(is_whole, t_s):
            code = "camera.damaged"
        self._history.append((t_s, seen.total))
        return StallFinding(code, rate, is_whole)

    @property
    def is_suspicious(self) -> bool:
        """True while something looks wrong that has not lasted long enough to be reported."""
        return self._alike_s is not None or self._black_s is not None or self._run > 1

    def _rate(self, t_s: float) -> float:
        self._times.append(t_s)
        while t_s - self._times[0] > RATE_S:
            self._times.popleft()
        if len(self._times) < 2:
            return SLOW_RATE  # after a gap, which the capture thread reports, nothing is known
        return (len(self._times) - 1) / max(1e-6, self._times[-1] - self._times[0])

    def _is_black(self, t_s: float) -> bool:
        if self._level >= BLACK_LEVEL:
            self._black_s = None
            return False
        self._black_s = t_s if self._black_s is None else self._black_s
        return t_s - self._black_s >= NOTICED_S

    def _is_damaged(self, is_whole: bool, t_s: float) -> bool:
        """True where hardly a frame has come whole for long; single ones are left out without a word."""
        if is_whole:
            self._damaged_s = None
            return False
        self._damaged_s = t_s if self._damaged_s is None else self._damaged_s
        return t_s - self._damaged_s >= NOTICED_S

    def _is_frozen(self, seen: Fingerprint, t_s: float) -> bool:
        if not self._history or seen.total != self._history[-1][1]:
            self._alike_s = None
            return False
        self._alike_s = self._history[-1][0] if self._alike_s is None else self._alike_s
        return t_s - self._alike_s >= (DIM_NOTICED_S if self._level < DIM_LEVEL else NOTICED_S)

    def _repeats(self, seen: Fingerprint, t_s: float) -> bool:
        """Follow one suspected loop length; a frame that breaks it names the next suspect."""
        was = self._history[-self._lag][1] if 0 < self._lag <= len(self._history) else None
        if was == seen.total and self._lag > 1:
            self._run += seen.total != self._history[-1][1]  # one picture held still is no loop
        else:
            self._lag, self._loop_s = self._suspect(seen, t_s), t_s
            self._run = 1 if self._lag else 0
        if self._lag < 2 or self._loop_s is None:
            return False
        return self._run >= LOOP_SEEN and t_s - self._loop_s >= LOOP_SEEN_S and self._level >= DIM_LEVEL

    def _suspect(self, seen: Fingerprint, t_s: float) -> int:
        """How many frames ago this very frame was there, 0 where it was not."""
        for lag, (then_s, total) in enumerate(reversed(self._history), 1):
            if t_s - then_s > LOOP_S:
                return 0
            if total == seen.total and lag > 1:
                return lag
        return 0
