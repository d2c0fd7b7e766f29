"""Which part of the picture the segmenter is shown: the head, and all that may be the sitter. Geometry only."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from booth.core.types import Face

HEAD_HALF_FACES = 1.25  # half the head crop's side in face heights: tighter cuts tall hair, wider loses detail
HEAD_DROP_FACES = 0.1
BODY_FACES = 3.2  # least crop width in face widths; shoulders are 3 to 4 and the crop grows where they touch its side
FEATHER_FRAC = 0.12  # of the head crop: the blend into the body's map
WIDER = 1.3  # each time the sitter is found to reach past the crop
TOUCH_FRAC = 0.02  # share of the crop's side taken up by sitter that counts as reaching past it
STILL_FACES = 0.05  # a head crop off by less than this stays where it is


Stance = tuple[float, float, float]
"""A face's centre, x and y, and its height, in pixels."""


@dataclass(frozen=True, slots=True)
class CropWindow:
    """A rectangle of a picture in whole pixels, always inside it."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.y1 - self.y0

    def cut(self, picture: np.ndarray) -> np.ndarray:
        """Return the window's part of a picture, a view."""
        return picture[self.y0 : self.y1, self.x0 : self.x1]

    def from_map(self, width_px: int, height_px: int | None = None) -> np.ndarray:
        """Return (3, 3) from the pixels of a map stretched over the window to the picture's; centres are whole."""
        sx, sy = self.width / width_px, self.height / (height_px or width_px)
        return np.array([[sx, 0, self.x0 + sx / 2 - 0.5], [0, sy, self.y0 + sy / 2 - 0.5], [0, 0, 1]])

    def to_map(self, width_px: int, height_px: int | None = None) -> np.ndarray:
        """Return the inverse of `from_map`."""
        return np.linalg.inv(self.from_map(width_px, height_px))

    def scaled(self, sx: float, sy: float) -> CropWindow:
        """Return the window in a picture scaled by these factors, at least one pixel large."""
        x0, y0 = int(self.x0 * sx), int(self.y0 * sy)
        return CropWindow(x0, y0, max(x0 + 1, round(self.x1 * sx)), max(y0 + 1, round(self.y1 * sy)))

    def is_near(self, other: CropWindow) -> bool:
        """True when the other differs by no more than the tracker's unrest."""
        near = max(1.0, STILL_FACES * other.height / (2 * HEAD_HALF_FACES))
        pairs = ((self.x0, other.x0), (self.y0, other.y0), (self.x1, other.x1), (self.y1, other.y1))
        return all(abs(a - b) <= near for a, b in pairs)

    def within(self, around: CropWindow, grid: tuple[int, ...]) -> np.ndarray:
        """Return (3, 3) from the window's own cells to the picture; it counts cells of a `grid` over `around`."""
        move = np.array([[1, 0, self.x0], [0, 1, self.y0], [0, 0, 1]])
        return around.from_map(grid[1], grid[0]) @ move


@functools.lru_cache(maxsize=4)  # crops that stay put ask the same in every frame
def feather(
    head: CropWindow, body: CropWindow, grid: tuple[int, ...], fall_frac: float = FEATHER_FRAC
) -> tuple[np.ndarray, CropWindow]:
    """Return how much of each cell is the head crop's, (h, w) float32, and which cells of the grid they are.

    It falls to 0 toward the head crop's sides, but not where both end with the picture: there is nothing to blend to.
    """
    columns, x0 = _ramp(head.x0, head.x1, body.x0, body.x1, grid[1], fall_frac)
    rows, y0 = _ramp(head.y0, head.y1, body.y0, body.y1, grid[0], fall_frac)
    share = np.minimum(columns[None], rows[:, None])
    share.flags.writeable = False
    return share, CropWindow(x0, y0, x0 + len(columns), y0 + len(rows))


def _ramp(start: int, end: int, low: int, high: int, cells: int, fall_frac: float) -> tuple[np.ndarray, int]:
    """Return the feather along one axis for the cells it covers, and the first of them."""
    at = low + (np.arange(cells, dtype=np.float32) + 0.5) * (high - low) / cells
    first, last = np.searchsorted(at, (start, end))
    at = at[first : max(last, first + 1)]
    fall = fall_frac * (end - start)
    left = np.ones_like(at) if start <= low else (at - start) / fall
    right = np.ones_like(at) if end >= high else (end - at) / fall
    return np.clip(np.minimum(left, right), 0, 1), int(first)


def stance_px(face: Face, width: int, height: int) -> Stance:
    """Return where a face is in a picture of that size."""
    box = face.box
    return (box.x0 + box.x1) / 2 * width, (box.y0 + box.y1) / 2 * height, max(8.0, (box.y1 - box.y0) * height)


def head_window(stance: Stance, width: int, height: int, half_faces: float = HEAD_HALF_FACES) -> CropWindow:
    """Return the square round the head, cut at the picture's edges."""
    x, y, face_h = stance
    half, y = half_faces * face_h, y + HEAD_DROP_FACES * face_h
    x0, y0 = _even(np.clip(x - half, 0, width - 2)), _even(np.clip(y - half, 0, height - 2))
    return CropWindow(x0, y0, _even(np.clip(x + half, x0 + 2, width)), _even(np.clip(y + half, y0 + 2, height)))


def _even(at: float) -> int:
    """Return a whole even pixel: the half-size picture has it too."""
    return int(at) & ~1


class WholeBody:
    """The crop of all that may be the sitter; grows when shoulders or arms reach past it."""

    def __init__(self) -> None:
        self._least_px = self._side_px = 0.0
        self._centre: float | None = None

    def window(self, stance: Stance, face: Face, width: int, height: int) -> CropWindow:
        """Return a full-height crop as wide as the sitter needs, or in an upright picture a full-width one."""
        x, y, face_h = stance
        if height > width:
            y0 = int(np.clip(min(y - 1.4 * face_h, height - width), 0, height - 2))
            return CropWindow(0, y0, width, height)
        face_w = (face.box.x1 - face.box.x0) * width
        wanted = max(BODY_FACES * face_w, self._least_px)
        if wanted > self._side_px or wanted < 0.8 * self._side_px:
            self._side_px = 1.1 * wanted  # with room to spare, so that it need not change soon
        side = _even(min(width, max(height, self._side_px)))
        if self._centre is None or abs(x - self._centre) > 0.15 * face_h:
            self._centre = x  # a crop that stays put keeps its map quiet
        x0 = _even(np.clip(self._centre - side / 2, 0, width - side))
        return CropWindow(x0, 0, x0 + side, height)

    def wants_more(self, kept: np.ndarray, window: CropWindow, width: int) -> bool:
        """True, and the next window is wider, when the sitter touches a side of the crop that is not the picture's.

        `kept` is the sitter's coarse matte over `window`, any size.
        """
        if window.width >= width:
            return False
        left = window.x0 > 0 and float((kept[:, :2] > 0.5).mean()) > TOUCH_FRAC
        right = window.x1 < width and float((kept[:, -2:] > 0.5).mean()) > TOUCH_FRAC
        if left or right:
            self._least_px = window.width * WIDER
        return left or right
