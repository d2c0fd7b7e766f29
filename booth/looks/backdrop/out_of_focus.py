"""The parts out-of-focus scenes share: shapes on sheets at a distance, and the camera's rendering."""

from __future__ import annotations

import cv2
import numpy as np

from booth.looks.backdrop.plane import Plane
from booth.looks.backdrop.tone import enlarged, photographed
from booth.looks.bokeh import disc_blur

_SHIFT = 4  # sixteenths of a pixel, as far as cv2 places polygon corners
_VEIL = 0.025  # light scattered in the lens over the whole picture
_VIGNETTE = 0.16  # light lost in the corners of a fast lens, wide open
_SOFT_DISC_PX = 28.0  # shapes have no points of light: their blur may be worked out this coarsely
_MASK = (1 << 64) - 1


class Dice:
    """Numbers 0..1 in a fixed order from a key, for things drawn one after another (SplitMix64)."""

    def __init__(self, key: int) -> None:
        self._state = key * 0x9E3779B97F4A7C15 & _MASK

    def roll(self, low: float = 0.0, high: float = 1.0) -> float:
        """Return the next number, evenly spread between the two."""
        self._state = self._state + 0x9E3779B97F4A7C15 & _MASK
        word = (self._state ^ self._state >> 30) * 0xBF58476D1CE4E5B9 & _MASK
        word = (word ^ word >> 27) * 0x94D049BB133111EB & _MASK
        return low + (high - low) * ((word ^ word >> 31) >> 11) / (1 << 53)

    def pick(self, n: int) -> int:
        """Return the next whole number below `n`."""
        return min(n - 1, int(self.roll() * n))


class Sheet:
    """One distance of a scene: its light (H, W, 3) and what of the things behind it hides (H, W), before the lens."""

    def __init__(self, plane: Plane) -> None:
        self.plane = plane
        self.rgba = np.zeros((plane.height_px, plane.width_px, 4), np.float32)

    def polygon(self, corners: np.ndarray, light: np.ndarray | tuple[float, float, float]) -> None:
        """Paint a polygon, (n, 2) in faces, of even light."""
        self.polygons(np.asarray(corners)[None], np.asarray(light, np.float64)[None])

    def polygons(self, corners: np.ndarray, lights: np.ndarray) -> None:
        """Paint polygons one over another, (k, n, 2) in faces, of light (k, 3)."""
        px, py = self.plane.px(corners[..., 0], corners[..., 1])
        points = np.round(np.stack([px, py], -1) * (1 << _SHIFT)).clip(-(2**26), 2**26).astype(np.int32)
        for outline, (red, green, blue) in zip(points, lights.tolist(), strict=True):
            cv2.fillPoly(self.rgba, [outline], (red, green, blue, 1.0), cv2.LINE_8, _SHIFT)

    def box(self, x0: float, y0: float, x1: float, y1: float, light: np.ndarray | tuple[float, float, float]) -> None:
        """Paint an upright rectangle in faces."""
        # cv2 fills every pixel an outline touches: without half a pixel off each side things grow as pictures shrink.
        dx, dy = min(0.5 / self.plane.x_px, abs(x1 - x0) / 2), min(0.5 / self.plane.y_px, abs(y1 - y0) / 2)
        x0, x1, y0, y1 = x0 + dx, x1 - dx, y0 + dy, y1 - dy
        self.polygon(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32), light)

    def over(self, behind: np.ndarray, disc: float) -> np.ndarray:
        """Return the light (H, W, 3) with this sheet, spread over discs of `disc` faces, before what is behind it."""
        spread = disc_blur(self.rgba, disc * self.plane.face_px, most_px=_SOFT_DISC_PX)
        hidden = np.clip(spread[..., 3:], 0, 1)
        out: np.ndarray = behind * (1 - hidden) + spread[..., :3]
        return out


def rendered(light: np.ndarray, plane: Plane, target: Plane) -> np.ndarray:
    """Return (H, W, 3) float32 sRGB-coded of a scene's light as a fast lens gives it, at the target's size."""
    x, y = plane.axes()
    half_w, half_h = plane.half
    r2 = (x * x + y * y) / (half_w**2 + half_h**2)
    glow = cv2.resize(light, (32, 18), interpolation=cv2.INTER_AREA)
    veil = cv2.resize(
        cv2.GaussianBlur(glow, (0, 0), 4), (plane.width_px, plane.height_px), interpolation=cv2.INTER_CUBIC
    )
    seen = (light * (1 - _VEIL) + veil * _VEIL) * (1 - _VIGNETTE * r2)[..., None]
    return enlarged(photographed(seen.astype(np.float32)), (target.width_px, target.height_px))
