"""The real room behind the sitter, as a fast lens would draw it; the sitter's own colours never spread into it."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from booth.core.area_mean import reduced
from booth.core.color import power_law_to_linear
from booth.core.compiled import numba, read_only
from booth.looks.bokeh import disc_blur, disc_boxes

_MIRROR_H_PX = 180  # a quarter of 720: wide discs hold nothing finer
_STILL_H_PX = 1080
_STILL_PLATE_H_PX = 2160
_GROW_FACES = 0.025  # the matte is grown by this before the room is read: hair's mixed colours stay out
_LEVELS = 4096
_LAMP_GAIN = 3.0  # how far above paper white a clipped lamp is taken to be
_LAMP_POWER = 14
_TILE_PX = 256
_FAR_REDUCTIONS = (6, 24)  # where no room is near, room from further off, in ever smaller pictures
_FAR_SHARE = 0.02  # its weight against what lies within the disc


@lru_cache(maxsize=1)
def _tables() -> tuple[np.ndarray, np.ndarray]:
    """Return light of 8-bit values (256,) float32, and coded values 0..255 float32 of `_LEVELS` steps of light.

    Values near the top are taken for lamps, several times white: spread over a disc they then stay bright.
    """
    coded = np.linspace(0, 1, 4001)
    light = power_law_to_linear(coded) * (1 + (_LAMP_GAIN - 1) * coded**_LAMP_POWER)
    forward = np.interp(np.linspace(0, 1, 256), coded, light).astype(np.float32)
    steps = (
        np.arange(_LEVELS) / (_LEVELS - 1)
    ) ** 2 * _LAMP_GAIN  # even in the root of light: shadows keep their steps
    back = np.interp(steps, light, coded).astype(np.float32) * 255
    return forward, back


@numba.njit(cache=True, nogil=True)
def _weigh(low: np.ndarray, grown: np.ndarray, forward: np.ndarray, out: np.ndarray) -> None:
    """Fill `out` (h, w, 4) with light times share of room, and that share, from 8-bit picture and grown matte."""
    for y in range(low.shape[0]):
        for x in range(low.shape[1]):
            room = max(1.0 - grown[y, x] * (1.15 / 255.0), 0.0)
            room *= room
            for c in range(3):
                out[y, x, c] = forward[low[y, x, c]] * room
            out[y, x, 3] = room


@numba.njit(cache=True, nogil=True)
def _settle(spread: np.ndarray, far: np.ndarray, back: np.ndarray, out: np.ndarray) -> None:
    """Fill `out` (h, w, 3) with coded 0..255 float32 of the weighted mean light, far light where the near has none."""
    scale = np.float32((_LEVELS - 1) / _LAMP_GAIN**0.5)
    share = np.float32(_FAR_SHARE)
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            weight = np.float32(1) / (spread[y, x, 3] + share * far[y, x, 3])
            for c in range(3):
                light = (spread[y, x, c] + share * far[y, x, c]) * weight
                step = int(scale * np.sqrt(max(light, np.float32(0))) + np.float32(0.5))
                out[y, x, c] = back[min(step, _LEVELS - 1)]


@numba.njit(cache=True, nogil=True, fastmath=True)
def _placed(n: int, n_low: int, first: np.ndarray, share: np.ndarray) -> None:
    """Fill `first` (n,) int64 and `share` (n,) with where n pixels lie between n_low; edges repeat."""
    for x in range(n):
        at = np.float32(x + 0.5) * np.float32(n_low) / np.float32(n) - np.float32(0.5)
        at = min(max(at, np.float32(0)), np.float32(n_low - 1))
        first[x] = min(int(at), max(n_low - 2, 0))
        share[x] = at - np.float32(first[x])


@numba.njit(cache=True, nogil=True, fastmath=True)
def _wide_row(low: np.ndarray, first: np.ndarray, share: np.ndarray, out: np.ndarray) -> None:
    """Fill a row `out` (3 w,) with a low row (w', 3) carried to its pixels."""
    step = 1 if low.shape[0] > 1 else 0
    for x in range(first.shape[0]):
        i, f = first[x], share[x]
        for c in range(3):
            out[3 * x + c] = low[i, c] + f * (low[i + step, c] - low[i, c])


@numba.njit(cache=True, nogil=True, fastmath=True)
def _finish_row(above: np.ndarray, below: np.ndarray, f: float, noise: np.ndarray, out: np.ndarray) -> None:
    """Fill a row `out` (n,) uint8 with what lies between two rows (n,) float32 0..255, with noise against banding."""
    for i in range(out.shape[0]):
        value = above[i] + f * (below[i] - above[i]) + noise[i] + np.float32(0.5)
        out[i] = np.uint8(np.int32(min(max(value, np.float32(0)), np.float32(255))))


@numba.njit(cache=True, nogil=True, fastmath=True)
def _enlarge(low: np.ndarray, tile: np.ndarray, out: np.ndarray) -> None:
    """Fill `out` (H, 3 W) uint8 with `low` (h, w, 3) float32 0..255 enlarged straight between its pixels.

    tile (n, 3 n) float32: levels of noise that are added, over and over.
    """
    height, width, side = out.shape[0], out.shape[1] // 3, tile.shape[0]
    across, across_share = np.empty(width, np.int64), np.empty(width, np.float32)
    down, down_share = np.empty(height, np.int64), np.empty(height, np.float32)
    _placed(width, low.shape[1], across, across_share)
    _placed(height, low.shape[0], down, down_share)
    above, below, at = np.empty(3 * width, np.float32), np.empty(3 * width, np.float32), -2
    for y in range(height):
        if down[y] != at:
            if down[y] == at + 1:
                above, below = below, above
            else:
                _wide_row(low[down[y]], across, across_share, above)
            at = down[y]
            _wide_row(low[min(at + 1, low.shape[0] - 1)], across, across_share, below)
        for x in range(0, 3 * width, 3 * side):
            end = min(x + 3 * side, 3 * width)
            _finish_row(above[x:end], below[x:end], down_share[y], tile[y % side, : end - x], out[y, x:end])


class RoomBlur:
    """Blurs the room; keeps its noise tile, and so gives no banding at 8 bits."""

    def __init__(self, seed: int = 11) -> None:
        white = np.random.default_rng(seed).random((_TILE_PX, _TILE_PX, 3), np.float32)
        self._tile = (white - np.roll(white, (1, 1), (0, 1))).reshape(_TILE_PX, -1)

    def blur(self, rgb: np.ndarray, alpha: np.ndarray, strength_faces: float, face_h_px: float) -> np.ndarray:
        """Return the blurred room: uint8 of the picture's size for the mirror, float32 0..1 for the still.

        A still's is no higher than `_STILL_PLATE_H_PX`: a blurred room holds nothing finer.

        `rgb` (H, W, 3) and `alpha` (H, W) are both uint8 or both float 0..1. `strength_faces` is the disc's diameter in
        faces, `face_h_px` the face's height in this picture. Behind the sitter the room is carried on from round them.
        """
        height, width = rgb.shape[:2]
        coded = self.blurred_low(rgb, alpha, strength_faces, face_h_px)
        if rgb.dtype == np.uint8:
            return self.enlarged_8bit(coded, (width, height))
        down = min(1.0, _STILL_PLATE_H_PX / height)
        return _finished(coded, (max(1, round(width * down)), max(1, round(height * down))))

    def blurred_low(self, rgb: np.ndarray, alpha: np.ndarray, strength_faces: float, face_h_px: float) -> np.ndarray:
        """Return the blurred room (h, w, 3) float32, coded 0..255, at the size it was blurred at; see `blur`."""
        is_mirror = rgb.dtype == np.uint8
        height, width = rgb.shape[:2]
        k = min(1.0, (_MIRROR_H_PX if is_mirror else _STILL_H_PX) / height)
        small = (max(1, round(width * k)), max(1, round(height * k)))
        weighted = _room_light(rgb, alpha, small, _GROW_FACES * face_h_px * k)
        diameter_px = strength_faces * face_h_px * k
        spread = disc_boxes(weighted, diameter_px) if is_mirror else disc_blur(weighted, diameter_px)
        coded = np.empty((small[1], small[0], 3), np.float32)
        _settle(spread, _far(weighted), _tables()[1], coded)
        return coded

    def enlarged_8bit(self, coded: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """Return a small picture (h, w, 3) float32 0..255 at `size`, uint8 with noise against banding."""
        large = np.empty((size[1], size[0], 3), np.uint8)
        _enlarge(read_only(coded), read_only(self._tile), large.reshape(size[1], -1))
        return large


def _finished(coded: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    large = cv2.resize(coded * np.float32(1 / 255), size, interpolation=cv2.INTER_CUBIC)
    return np.clip(large, 0, 1, out=large)


def _room_light(rgb: np.ndarray, alpha: np.ndarray, small: tuple[int, int], grow_px: float) -> np.ndarray:
    """Return (h, w, 4) float32: the room's light times the share of room, and that share, at the small size."""
    forward = _tables()[0]
    low, matte = reduced(rgb, small), reduced(alpha, small)
    reach = max(1, round(grow_px))
    grown = cv2.dilate(matte, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1)))
    if rgb.dtype == np.uint8:
        weighted = np.empty((*low.shape[:2], 4), np.float32)
        _weigh(read_only(low), read_only(grown), forward, weighted)
        return weighted
    light = np.interp(low, np.linspace(0, 1, 256, dtype=np.float32), forward).astype(np.float32)
    room = np.square(np.maximum(1 - grown * np.float32(1.15), 0))
    return np.dstack([light * room[..., None], room])


def _far(weighted: np.ndarray) -> np.ndarray:
    """Return (h, w, 4): light and room from ever further off; its room is nowhere nothing."""
    height, width = weighted.shape[:2]
    near_size, far_size = ((max(2, width // r), max(2, height // r)) for r in _FAR_REDUCTIONS)
    near = cv2.GaussianBlur(cv2.resize(weighted, near_size, interpolation=cv2.INTER_AREA), (0, 0), 1.5)
    far = cv2.GaussianBlur(cv2.resize(near, far_size, interpolation=cv2.INTER_AREA), (0, 0), 1.5)
    far = far + (far.reshape(-1, 4).mean(0) + np.array([0, 0, 0, 1e-9], np.float32)) * np.float32(_FAR_SHARE)
    near = near + cv2.resize(far, near_size, interpolation=cv2.INTER_LINEAR) * np.float32(_FAR_SHARE)
    large: np.ndarray = cv2.resize(near, (width, height), interpolation=cv2.INTER_LINEAR)
    return large
