"""What the live matte looks at and remembers of one crop: the reduced frame, and a running mean that follows a face."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from booth.core.compiled import read_only
from booth.perception.matte_crop import CropWindow, Stance
from booth.perception.matte_pixels import update_mean
from booth.perception.segmenter import SIDE_PX

CALM_GAIN = 0.2  # share of a new map taken where nothing moves: noise to .33, settled in a second
MOTION_GAIN = 3.0  # a change of .27 and more is taken at once: nothing trails
NOISE = 0.03  # changes below this are the network's own unrest
STAYS = np.eye(2, 3)  # the shift of what has not moved
UNREST_FACES = 0.012  # the tracker's own unrest on a still face is a third of this


@dataclass(frozen=True, slots=True)
class Sketch:
    """The frame reduced once, for all that needs no full detail."""

    rgb: np.ndarray  # (h, w, 3) uint8
    size: tuple[int, int]  # of the frame, px

    @classmethod
    def of(cls, rgb: np.ndarray) -> Sketch:
        """Return the frame at half its size, or as it is where that is small already."""
        height, width = rgb.shape[:2]
        if min(height, width) < 2 * SIDE_PX:
            return cls(rgb, (width, height))
        return cls(cv2.resize(rgb, (width // 2, height // 2), interpolation=cv2.INTER_AREA), (width, height))

    def part(self, window: CropWindow) -> np.ndarray:
        """Return (256, 256, 3) uint8 of a window of the frame."""
        return cv2.resize(self.cut(window), (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_LINEAR)

    def guide(self, window: CropWindow, shape: tuple[int, ...]) -> np.ndarray:
        """Return (h, w, 3) float32 0..1 of a window of the frame."""
        small = cv2.resize(self.cut(window), (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
        return small * np.float32(1 / 255)

    def cut(self, window: CropWindow) -> np.ndarray:
        """Return a window of the frame, (h, w, 3) uint8, a view."""
        return self.cut_of(window, self.rgb)

    def cut_of(self, window: CropWindow, picture: np.ndarray) -> np.ndarray:
        """Return a window of the frame in a picture of the sketch's size, a view."""
        height, width = picture.shape[:2]
        return window.scaled(width / self.size[0], height / self.size[1]).cut(picture)


@dataclass(slots=True)
class View:
    """One crop's running mean, in the crop's own 256 x 256 pixels, and how much it owes to what has moved since."""

    window: CropWindow | None = None
    mean: np.ndarray | None = None
    debt: float = 0.0

    def follow(self, window: CropWindow, shift: np.ndarray) -> None:
        """Carry the mean into a new window; `shift` (2, 3) takes the new frame's pixels to the old one's."""
        if self.mean is not None and self.window is not None:
            if self.window == window and np.array_equal(shift, STAYS):
                return
            old = self.window.to_map(SIDE_PX) @ np.vstack([shift, [0, 0, 1]]) @ window.from_map(SIDE_PX)
            if np.abs(old - np.eye(3)).max() > 1e-3:
                flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
                self.mean = cv2.warpAffine(
                    self.mean, old[:2], (SIDE_PX, SIDE_PX), flags=flags, borderMode=cv2.BORDER_REPLICATE
                )
        self.window = window

    def take(self, seen: np.ndarray) -> None:
        """Let a fresh map in: gently where it agrees, at once where it does not."""
        self.debt = 0.0
        if self.mean is None:
            self.mean = seen
            return
        mean = np.empty_like(self.mean)
        gains = (np.float32(NOISE), np.float32(MOTION_GAIN), np.float32(CALM_GAIN))
        update_mean(read_only(self.mean), read_only(seen), *gains, mean)
        self.mean = mean


def face_shift(before: Stance | None, now: Stance) -> tuple[np.ndarray, float]:
    """Return (2, 3) from the new frame's pixels to the old one's by the face's movement, and the movement in faces."""
    if before is None:
        return np.eye(2, 3), math.inf
    travel = math.hypot(now[0] - before[0], now[1] - before[1]) / now[2]
    if travel < UNREST_FACES:
        return np.eye(2, 3), travel
    scale = before[2] / now[2]
    shift = np.array([[scale, 0, before[0] - scale * now[0]], [0, scale, before[1] - scale * now[1]]])
    return shift, travel


def change_in(
    changed: np.ndarray | None, window: CropWindow, width: int, height: int, without: CropWindow | None = None
) -> float:
    """Return the mean grey-level change inside a window, per frame; that of `without` does not count."""
    if changed is None:
        return 0.0
    part = np.zeros_like(changed)
    scaled = window.scaled(changed.shape[1] / width, changed.shape[0] / height)
    scaled.cut(part)[:] = scaled.cut(changed)
    if without is not None:
        without.scaled(changed.shape[1] / width, changed.shape[0] / height).cut(part)[:] = 0
    return float(part.sum()) / max(1, scaled.width * scaled.height)


def laid_whole(coarse: np.ndarray, window: CropWindow, size: tuple[int, int]) -> np.ndarray:
    """Return the coarse matte laid into the whole frame at the grid's scale."""
    sx, sy = coarse.shape[1] / window.width, coarse.shape[0] / window.height
    whole = np.zeros((math.ceil(size[1] * sy) + 1, math.ceil(size[0] * sx) + 1), np.float32)
    y, x = round(window.y0 * sy), round(window.x0 * sx)
    part = whole[y : y + coarse.shape[0], x : x + coarse.shape[1]]
    part[:] = coarse[: part.shape[0], : part.shape[1]]
    return whole
