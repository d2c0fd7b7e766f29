"""Maps the camera's picture to the screen and draws lines there; the only place that mirrors.

Points are given in 0..1 of the unmirrored frame, lengths in frame heights; results are pixels of the canvas.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from booth.draw.painter import cut_to_shape, fit_picture
from booth.draw.scene import Rect
from booth.draw.theme import Colour

_SHIFT = 4  # fractional bits of cv2 coordinates: lines glide instead of hopping from pixel to pixel


@dataclass(frozen=True, slots=True, eq=False)
class Stencil:
    """Lines drawn once and laid over many pictures: only the pixels that they touch."""

    flat: np.ndarray  # (n,) flat pixel indices of the screen
    keep: np.ndarray  # (n, 1) float32: how much of the picture stays
    add: np.ndarray  # (n, 3) float32: what is added to it

    @classmethod
    def of(cls, size: tuple[int, int], strokes: list[tuple[list[np.ndarray], Colour, float, float]]) -> Stencil:
        """Draw strokes (lines, colour, width_px, alpha) in their order for a screen of size (w, h)."""
        left, top, right, bottom = _reach(size, strokes)
        keep = np.ones((bottom - top, right - left), np.float32)
        add = np.zeros((bottom - top, right - left, 3), np.float32)
        for lines, colour, width_px, alpha in strokes:
            cover = np.zeros(keep.shape, np.uint8)
            fixed = [np.round((line - (left, top)) * 2**_SHIFT).astype(np.int32) for line in lines]
            cv2.polylines(cover, fixed, False, 255, max(1, round(width_px)), cv2.LINE_AA, _SHIFT)
            share = cover.astype(np.float32) * (alpha / 255)
            keep *= 1 - share
            add = add * (1 - share[..., None]) + share[..., None] * np.array(colour, np.float32)
        rows, columns = np.nonzero(keep < 1)
        return cls((rows + top) * size[0] + columns + left, keep[rows, columns, None], add[rows, columns])


def _reach(
    size: tuple[int, int], strokes: list[tuple[list[np.ndarray], Colour, float, float]]
) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom of the part of a screen that strokes can touch."""
    ends = [np.concatenate(lines) for lines, *_ in strokes if lines]
    if not ends:
        return 0, 0, 0, 0
    points, margin = np.concatenate(ends), max(width_px for _, _, width_px, _ in strokes) + 2
    low = np.clip(np.floor(points.min(0) - margin).astype(int), 0, size)
    high = np.clip(np.ceil(points.max(0) + margin).astype(int) + 1, low, size)
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


@dataclass(frozen=True, slots=True)
class Shade:
    """How a mirror darkens: by `share` all over, or, from one `side` of the screen on, fading into `ink`."""

    share: float = 0.0
    side: str = "all"
    ink: Colour = (0, 0, 0)


@lru_cache(maxsize=2)
def _fade(w: int, h: int, shade: Shade) -> tuple[np.ndarray, np.ndarray]:
    """What a picture is multiplied with (of 255), and what is added then: two (h, w, 3) uint8."""
    n = h if shade.side == "bottom" else w
    along = np.clip(np.linspace(-0.12, 1.5, n), 0, 1)
    left = 1 - shade.share * (1 - along * along * (3 - 2 * along))
    left = left[::-1] if shade.side in ("right", "bottom") else left
    plane = np.broadcast_to(left[:, None] if shade.side == "bottom" else left[None, :], (h, w))[..., None]
    keep = np.repeat(np.round(255 * plane).astype(np.uint8), 3, axis=2)
    return keep, np.round((1 - plane) * np.array(shade.ink, np.float32)).astype(np.uint8)


def _turned(picture: np.ndarray, shade: Shade, out: np.ndarray) -> None:
    """Write a picture (h, w, 3) uint8, mirrored and darkened, into `out` of its size."""
    if shade.share <= 0:
        cv2.flip(picture, 1, out)
    elif shade.side == "all":
        cv2.convertScaleAbs(cv2.flip(picture, 1), out, alpha=1 - shade.share)
    else:
        keep, add = _fade(picture.shape[1], picture.shape[0], shade)
        cv2.add(cv2.multiply(cv2.flip(picture, 1), keep, scale=1 / 255), add, out)


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """Open lines of one colour, width and opacity."""

    lines: list[np.ndarray]  # (n, 2) float32 screen pixels each
    colour: Colour
    width_px: float
    alpha: float = 1.0  # below 1 the picture shines through


@dataclass(frozen=True, slots=True, eq=False)
class FrameTransform:
    """Draws on `canvas`, the RGB pixels of the whole screen, within the box `rect` where the mirror stands."""

    canvas: np.ndarray  # (H, W, 3) uint8, written to
    rect: Rect
    frame_size: tuple[int, int]  # width and height of the mirrored picture in pixels

    @property
    def scale(self) -> float:
        """Screen pixels for one pixel of the picture."""
        return max(self.rect.w / self.frame_size[0], self.rect.h / self.frame_size[1])

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the screen pixel of a point of the unmirrored frame."""
        cx, cy = self.rect.centre
        return cx - (x - 0.5) * self.frame_size[0] * self.scale, cy + (y - 0.5) * self.frame_size[1] * self.scale

    def length(self, frame_heights: float) -> float:
        """Return screen pixels of a length in frame heights."""
        return frame_heights * self.frame_size[1] * self.scale

    def points(self, frame_xy: np.ndarray) -> np.ndarray:
        """Return (n, 2) screen pixels of (n, 2) points of the unmirrored frame."""
        size = np.array(self.frame_size, np.float32) * self.scale
        turned = np.array([-1, 1], np.float32)  # the screen shows a mirror image
        return np.asarray(self.rect.centre + (frame_xy - 0.5) * size * turned, np.float32)

    def mirror(self, picture: np.ndarray, shade: Shade) -> None:
        """Lay an (H, W, 3) uint8 picture into the box, mirrored: the one place where that happens."""
        box = self.canvas[self.rect.y : self.rect.bottom, self.rect.x : self.rect.right]
        cut = cut_to_shape(picture, (self.rect.w, self.rect.h))
        if max(cut.shape[:2]) < max(box.shape[:2]):  # turned and darkened while it is small
            small = np.empty_like(cut)
            _turned(cut, shade, small)
            cv2.resize(small, (self.rect.w, self.rect.h), box, interpolation=cv2.INTER_LINEAR)
        else:
            _turned(fit_picture(picture, (self.rect.w, self.rect.h)), shade, box)

    def lines(self, lines: list[np.ndarray], colour: Colour, width_px: float, alpha: float = 1.0) -> None:
        """Draw open lines, each (n, 2) screen pixels; `alpha` below 1 lets the picture shine through."""
        self.strokes([Stroke(lines, colour, width_px, alpha)])

    def strokes(self, strokes: list[Stroke]) -> None:
        """Draw lines over each other, in one pass over the part of the picture that they lie in."""
        every = [line for stroke in strokes for line in stroke.lines]
        region = self._region(every, max((stroke.width_px for stroke in strokes), default=0.0))
        if region is None:
            return
        x, y, w, h = region
        # The canvas is a view of larger memory: cv2 draws on a copy of its part only.
        part = self.canvas[y : y + h, x : x + w]
        under = part.copy()
        for stroke in strokes:
            fixed = [np.round((line - (x, y)) * 2**_SHIFT).astype(np.int32) for line in stroke.lines]
            drawn = under if stroke.alpha >= 1 else under.copy()
            cv2.polylines(drawn, fixed, False, stroke.colour, max(1, round(stroke.width_px)), cv2.LINE_AA, _SHIFT)
            if stroke.alpha < 1:
                cv2.addWeighted(drawn, stroke.alpha, under, 1 - stroke.alpha, 0, under)
        part[...] = under

    def lay(self, stencil: Stencil) -> None:
        """Lay a stencil made for a screen of this size over the picture."""
        pixels = self.canvas.reshape(-1, 3)
        pixels[stencil.flat] = (pixels[stencil.flat] * stencil.keep + stencil.add).astype(np.uint8)

    def disc(self, at_px: tuple[float, float], radius_px: float, colour: Colour, alpha: float = 1.0) -> None:
        """Fill a circle."""
        region = self._region([np.array([at_px], np.float32)], radius_px * 2 + 2)
        if region is None:
            return
        x, y, w, h = region
        part = self.canvas[y : y + h, x : x + w]
        drawn = part.copy()
        centre = (round((at_px[0] - x) * 2**_SHIFT), round((at_px[1] - y) * 2**_SHIFT))
        cv2.circle(drawn, centre, round(radius_px * 2**_SHIFT), colour, -1, cv2.LINE_AA, _SHIFT)
        part[...] = drawn if alpha >= 1 else cv2.addWeighted(drawn, alpha, part, 1 - alpha, 0)

    def _region(self, lines: list[np.ndarray], width_px: float) -> tuple[int, int, int, int] | None:
        if not lines:
            return None
        points = np.concatenate(lines)
        low = np.floor(points.min(0) - width_px - 2).astype(int)
        high = np.ceil(points.max(0) + width_px + 2).astype(int)
        x0, y0 = max(self.rect.x, int(low[0])), max(self.rect.y, int(low[1]))
        x1, y1 = min(self.rect.right, int(high[0])), min(self.rect.bottom, int(high[1]))
        return None if x1 <= x0 or y1 <= y0 else (x0, y0, x1 - x0, y1 - y0)
