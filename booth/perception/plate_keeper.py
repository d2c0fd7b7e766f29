"""Remembers the empty place while nobody is there: in memory only, a few exposures of it, never with anybody in it.

When is decided by `guidance.plate_rule`; how a plate is laid behind a picture by `clean_plate`. Belongs to one thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from booth.core.color import POWER_LAW_GAMMA
from booth.core.types import Frame, Matte, frozen
from booth.guidance.plate_rule import LEAST_LOOKS, PERSON_MOST_FRAC, EmptyLook, PlateRule

THUMB_PX = (64, 36)
MOVED_LEVELS = 10.0  # a cell's change between two looks, 8-bit levels after the whole picture's exposure is taken out
LEAST_MOVED = 4  # cells of the thumb; one alone is a blinking lamp
FRAMES_MOST = 8  # pictures averaged into one plate: noise to a third
SAME_STOPS = 0.4  # an exposure as near as this is the same plate, renewed
PLATES_MOST, PIXELS_MOST = 3, 24_000_000  # of all plates together: 72 MB
AGREES_LEVELS = 14.0  # a cell of certain room is as the plate has it
LEAST_AGREEING = 0.5  # share of the certain room; below it the plate is of another place or light
DISAGREES_MOST = 4  # looks in a row: then the plate is dropped
ROOM_MOST = 6  # alpha 0..255 of a cell that is certain room
MIN_CELLS = 60  # of certain room, below which nothing is known


class SeesPeople(Protocol):
    """Tells people from the rest of a picture, also those without a face."""

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        """Return a map of 0..1."""
        ...


@dataclass(slots=True, eq=False)
class _Plate:
    """The mean of some pictures of the empty place under one exposure."""

    total: np.ndarray  # (H, W, 3) uint16: the sum of `n` pictures
    n: int
    thumb: np.ndarray  # (36, 64, 3) float32
    level_stops: float  # the exposure that it stands for, also after it was renewed
    rgb: np.ndarray | None = None  # (H, W, 3) uint8, made when it is first asked for
    n_disagreed: int = 0

    def let_in(self, rgb: np.ndarray) -> None:
        """Average another picture in; of many the oldest count for less and less."""
        if self.n < FRAMES_MOST:
            self.n += 1
        else:
            self.total -= self.total // self.n
        self.total += rgb
        self.rgb = None

    def mean(self) -> np.ndarray:
        """Return the plate's picture, read-only; the same every time."""
        if self.rgb is None:
            self.rgb = frozen((self.total // self.n).astype(np.uint8))
        return self.rgb


class PlateKeeper:
    """Holds the plates of one camera."""

    def __init__(self, sees_people: SeesPeople) -> None:
        self._sees_people = sees_people
        self._rule = PlateRule()
        self._waiting: tuple[np.ndarray | None, np.ndarray] | None = None  # the last look's picture and its thumb
        self._plates: list[_Plate] = []

    def __len__(self) -> int:
        """How many exposures of the empty place are held."""
        return len(self._plates)

    def forget(self) -> None:
        """Drop every plate and what led to it."""
        self._rule, self._waiting = PlateRule(), None
        self._plates.clear()

    def look(self, frame: Frame, someone: bool) -> None:
        """Take in a frame of a time in which nobody is measured; `someone` says that a face was found in it."""
        if someone:
            self.interrupt()
            return
        if not self._rule.wants(frame.t_s):
            return
        thumb = _thumb(frame.small)
        moved = self._waiting is not None and _moved(self._waiting[1], thumb)
        person_frac = float((self._sees_people(frame.small) > 0.5).mean())
        self._rule = self._rule.step(EmptyLook(frame.t_s, someone, person_frac, moved))
        if self._rule.may_keep and self._waiting is not None and self._waiting[0] is not None:
            self._take(self._waiting[0], self._waiting[1])
        # a picture that may show somebody does not even wait: only where nothing has moved since the look before
        may_wait = self._rule.n_looks >= LEAST_LOOKS and (person_frac <= PERSON_MOST_FRAC or self._rule.may_keep)
        self._waiting = (frame.rgb if may_wait else None, thumb)

    def interrupt(self) -> None:
        """Somebody is there: what waits to be kept is let go, and the wait for an empty place starts anew."""
        self._rule, self._waiting = PlateRule(), None

    def best(self, rgb: np.ndarray) -> np.ndarray | None:
        """Return the plate whose exposure is nearest to that of an (h, w, 3) uint8 picture, or None.

        The medians are compared: a sitter covers less than half of a picture in which room is left to know.
        """
        if not self._plates:
            return None
        thumb = _thumb(rgb)
        return min(self._plates, key=lambda plate: _apart(plate.thumb, thumb)).mean()

    def judge(self, rgb: np.ndarray, matte: Matte) -> None:
        """Hold the plates against a picture with a sitter; drop one that disagrees with the room again and again."""
        if not self._plates:
            return
        alpha = cv2.resize(matte.alpha, THUMB_PX, interpolation=cv2.INTER_AREA)
        room = cv2.dilate(alpha, np.ones((5, 5), np.uint8)) <= ROOM_MOST
        if np.count_nonzero(room) < MIN_CELLS:
            return
        thumb = _thumb(rgb)
        for plate in self._plates:
            agrees = _agreeing(plate.thumb[room], thumb[room]) >= LEAST_AGREEING
            plate.n_disagreed = 0 if agrees else plate.n_disagreed + 1
        self._plates = [plate for plate in self._plates if plate.n_disagreed < DISAGREES_MOST]

    def _take(self, rgb: np.ndarray, thumb: np.ndarray) -> None:
        """Let a picture of the empty place into the plate of its exposure; plates of a changed place are dropped."""
        every = np.ones(thumb.shape[:2], bool)
        self._plates = [
            plate
            for plate in self._plates
            if plate.total.shape == rgb.shape and _agreeing(plate.thumb[every], thumb[every]) >= LEAST_AGREEING
        ]
        fresh = _Plate(rgb.astype(np.uint16), 1, thumb, _level_stops(thumb))
        near = [plate for plate in self._plates if abs(plate.level_stops - fresh.level_stops) < SAME_STOPS / 2]
        for plate in near:
            if not _moved(plate.thumb, thumb, by_exposure=False):
                plate.let_in(rgb)
                return
            self._plates.remove(plate)
            fresh.level_stops = plate.level_stops
        most = max(1, min(PLATES_MOST, PIXELS_MOST // (rgb.shape[0] * rgb.shape[1])))
        self._plates = [*self._plates[-(most - 1) :], fresh] if most > 1 else [fresh]


def _thumb(rgb: np.ndarray) -> np.ndarray:
    return cv2.resize(rgb, THUMB_PX, interpolation=cv2.INTER_AREA).astype(np.float32)


def _level_stops(thumb: np.ndarray) -> float:
    """The exposure of a picture of the empty place, in stops from an arbitrary zero."""
    return float(np.log2(thumb.mean() + 1)) * POWER_LAW_GAMMA


def _gain(before: np.ndarray, now: np.ndarray) -> float:
    """How much brighter one thumb is than the other: the median of the cells' ratios."""
    return float(np.median((now.mean(-1) + 1) / (before.mean(-1) + 1)))


def _moved(before: np.ndarray, now: np.ndarray, *, by_exposure: bool = True) -> bool:
    """True when something in the place is not where it was; `by_exposure` forgives a change of the whole picture."""
    gain = _gain(before, now) if by_exposure else 1.0
    off = np.abs(now - before * np.float32(gain)).max(-1)
    return bool(np.count_nonzero(off > MOVED_LEVELS) >= LEAST_MOVED)


def _agreeing(before: np.ndarray, now: np.ndarray) -> float:
    """Return the share of cells, (n, 3) each, that are as they were but for the exposure."""
    off = np.abs(now - before * np.float32(_gain(before, now))).max(-1)
    return float((off < AGREES_LEVELS).mean())


def _apart(before: np.ndarray, now: np.ndarray) -> float:
    """How far two exposures lie apart, in stops."""
    return abs(float(np.log2(_gain(before, now)))) * POWER_LAW_GAMMA
