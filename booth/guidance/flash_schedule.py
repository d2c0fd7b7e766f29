"""Four gentle flashes of the screen: what is shown when, and which of them a camera's frames show.

How long a screen, a camera and its driver take isn't known, so it is told from the frames themselves: the delay at
which the patterns explain the light on the face best. Pure: times and numbers in, numbers out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from booth.core.faults import Fault

PATTERNS = ("left", "right", "top", "bottom")  # of the screen, as the sitter sees it
DARK_S = 0.5  # before the first pattern: the room's own light
RISE_S, HOLD_S = 0.15, 0.35
SLOT_S = 2 * RISE_S + HOLD_S  # 1.5 flashes a second; WCAG 2.3.1 allows three
LAST_S = 0.7  # after the last pattern, for a slow camera
LENGTH_S = DARK_S + len(PATTERNS) * SLOT_S + LAST_S
DELAY_MOST_S, DELAY_STEP_S = 0.6, 0.01
FULL, NONE, EXPOSURE_S = 0.98, 0.01, 0.035  # a frame counts that shows one level during its whole exposure
FEWEST = 3  # frames of each pattern, and of the room alone
EXPLAINED = 0.6  # share of the light's changes that the patterns must explain
FAINTEST = 0.01  # light of a pattern against the room's, below which a camera's noise is larger
MOVED_EYES, TURNED_DEG, BENT_EYES = (
    0.6,
    5.0,
    0.05,
)  # eye distances: shift of the face, its turn, and its change of shape


def levels(since_s: float) -> tuple[float, ...]:
    """Return the linear level 0..1 of each pattern so many seconds after the beginning."""
    return tuple(float(v) for v in level_table(np.array([since_s]))[0])


def level_table(since_s: np.ndarray) -> np.ndarray:
    """Return (n, 4) levels for (n,) seconds; up and down along a soft ramp."""
    starts = DARK_S + SLOT_S * np.arange(len(PATTERNS))
    into = since_s[:, None] - starts[None]
    ramp = np.clip(np.minimum(into, SLOT_S - into) / RISE_S, 0, 1)
    return np.asarray(ramp * ramp * (3 - 2 * ramp))


@dataclass(frozen=True, slots=True, eq=False)
class SortedFlashes:
    """Which frames show what, by their place in the row."""

    delay_s: float
    room: tuple[int, ...]  # no pattern
    lit: tuple[tuple[int, ...], ...]  # each of PATTERNS


def sort_frames(since_s: np.ndarray, light: np.ndarray) -> SortedFlashes:
    """Tell which pattern is on which frame.

    `since_s` (n,) are the frames' own times after the beginning, `light` (n, k) is the linear light on k patches of the
    face. Fault `flash.unseen` where the patterns don't show, `flash.few` where too few frames show one.
    """
    delays = np.arange(0, DELAY_MOST_S + 1e-9, DELAY_STEP_S)
    spread = float(((light - light.mean(0)) ** 2).sum())
    left = np.array([_unexplained(level_table(since_s - delay), light) for delay in delays])
    best = int(left.argmin())
    delay_s = float(delays[best])
    if spread <= 0 or 1 - left[best] / spread < EXPLAINED or not _is_seen(level_table(since_s - delay_s), light):
        hint = "Dim the room, or let them come nearer to the screen."
        raise Fault("flash.unseen", "The screen's light does not show on the face.", hint, exit_code=1)
    before, after = (level_table(since_s - delay_s + by) for by in (-EXPOSURE_S, EXPOSURE_S))
    low, high = np.minimum(before, after), np.maximum(before, after)
    room = tuple(int(i) for i in np.flatnonzero((high < NONE).all(1)))
    lit = tuple(tuple(int(i) for i in np.flatnonzero(low[:, k] > FULL)) for k in range(len(PATTERNS)))
    if min(len(room), *(len(frames) for frames in lit)) < FEWEST:
        raise Fault("flash.few", "The camera was too slow for the flashes.", "Add light to the room.", exit_code=1)
    return SortedFlashes(delay_s, room, lit)


def _design(table: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(table)), table])


def _unexplained(table: np.ndarray, light: np.ndarray) -> float:
    design = _design(table)
    weights = np.linalg.lstsq(design, light, rcond=None)[0]
    return float(((light - design @ weights) ** 2).sum())


def _is_seen(table: np.ndarray, light: np.ndarray) -> bool:
    """True if every pattern brightens the face enough."""
    weights = np.linalg.lstsq(_design(table), light, rcond=None)[0]
    return bool((weights[1:].max(1) > FAINTEST * max(float(weights[0].mean()), 1e-6)).all())


def check_still(marks: np.ndarray, turns_deg: np.ndarray, eyes_px: float) -> None:
    """Raise Fault `flash.moved` where a head moved so much that its pictures don't lie on one another.

    `marks` (n, m, 2) are landmarks in pixels of the frames used, `turns_deg` (n, 2) yaw and pitch, `eyes_px` the
    distance between the eyes.
    """
    middle = marks.mean(1)
    shift = np.linalg.norm(middle - middle[0], axis=1).max() / eyes_px
    turn = np.abs(turns_deg - np.median(turns_deg, axis=0)).max()
    shape = marks - middle[:, None]
    bend = np.sqrt(((shape - shape[0]) ** 2).sum(-1).mean(1)).max() / eyes_px
    if shift > MOVED_EYES or turn > TURNED_DEG or bend > BENT_EYES:
        raise Fault("flash.moved", "The head moved while the screen flashed.", "Keep still and try again.", exit_code=1)
