"""A thumb held up, from the 21 points of a hand. Pure; points as MediaPipe's hand landmarker numbers them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

WRIST, THUMB_IP, THUMB_TIP, INDEX_MCP, PINKY_MCP = 0, 3, 4, 5, 17
FINGERS = ((6, 8), (10, 12), (14, 16), (18, 20))  # middle joint and tip of the four
HELD_S = 0.8  # a thumb that goes by means nothing
UP_SHARE = 0.7  # of the thumb's length that has to be height: within 45 degrees of upright
REACH = 0.5  # palms that the thumb's tip has to be above the knuckles


def is_thumb_up(points: np.ndarray, aspect: float = 1.0) -> bool:
    """True for a hand (21, 2 or more), x and y 0..1 of the picture, with its thumb up and its fingers folded.

    `aspect` is the picture's width by its height. Either hand, palm or back.
    """
    hand = np.asarray(points, np.float64)[:, :2] * (aspect, 1.0)
    palm = float(np.linalg.norm(hand[INDEX_MCP] - hand[WRIST]))
    if palm <= 0:
        return False
    thumb = hand[THUMB_TIP] - hand[INDEX_MCP]
    way = hand[THUMB_TIP] - hand[THUMB_IP]
    is_up = -way[1] >= UP_SHARE * float(np.linalg.norm(way)) and -thumb[1] >= REACH * palm
    knuckles = (hand[INDEX_MCP] + hand[PINKY_MCP]) / 2
    folded = sum(
        np.linalg.norm(hand[tip] - knuckles) < np.linalg.norm(hand[middle] - knuckles) + 0.25 * palm
        and hand[THUMB_TIP][1] < hand[tip][1]
        for middle, tip in FINGERS
    )
    return bool(is_up and folded == len(FINGERS))


@dataclass(frozen=True, slots=True)
class ThumbHold:
    """How long a thumb has been up; `is_given` for the one step in which it has been long enough."""

    since_s: float | None = None
    is_given: bool = False
    _is_spent: bool = False

    def step(self, is_up: bool | None, t_s: float) -> ThumbHold:
        """Return what the next look leads to; None (nothing was looked at) changes nothing."""
        if is_up is None:
            return ThumbHold(self.since_s, False, self._is_spent)
        if not is_up:
            return ThumbHold()
        since_s = t_s if self.since_s is None else self.since_s
        gives = not self._is_spent and t_s - since_s >= HELD_S
        return ThumbHold(since_s, gives, self._is_spent or gives)
