"""The light in the demo sitter's room and on her: a softly blurred room of our own, and gains over her picture.

Everything here is made once, at the start. The room is procedural: wall, window, shelf and lamp, out of focus.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from booth.capture.demo.head_turn import GRID_PX, HEAD_PX, SIDE_PX

ROOM_PX = (320, 180)  # the room is drawn this small; nothing in it is sharp
GAMMA = 2.2  # close enough to sRGB for gains


@dataclass(frozen=True, slots=True)
class RoomLight:
    """One state of the room; colours are linear gains (red, green, blue)."""

    soft: tuple[float, float, float]  # what comes from everywhere
    beam: tuple[float, float, float]  # what comes from one side, onto her
    from_x: float  # -1 image left .. 1 image right
    wall: tuple[float, float, float]  # on wall and shelf
    window: tuple[float, float, float]  # the window's own brightness
    lamp: float  # the lamp's own brightness


ROOM_LIGHTS: dict[str, RoomLight] = {
    "room": RoomLight((0.68, 0.68, 0.68), (0.24, 0.24, 0.23), 0.3, (1.12, 1.04, 0.94), (1.0, 1.0, 1.0), 0.55),
    "warm": RoomLight((0.66, 0.58, 0.47), (0.32, 0.24, 0.15), 0.5, (0.80, 0.62, 0.42), (0.16, 0.19, 0.28), 1.3),
    "side": RoomLight((0.37, 0.37, 0.39), (0.64, 0.62, 0.58), 0.9, (0.50, 0.49, 0.48), (0.35, 0.37, 0.42), 0.4),
    "cool": RoomLight((0.58, 0.65, 0.75), (0.12, 0.15, 0.19), -0.4, (0.66, 0.76, 0.92), (0.8, 0.95, 1.2), 0.1),
    "window": RoomLight((0.52, 0.54, 0.57), (0.24, 0.25, 0.27), -0.25, (0.85, 0.88, 0.93), (1.45, 1.5, 1.6), 0.1),
    "dim": RoomLight((0.26, 0.24, 0.22), (0.14, 0.11, 0.08), 0.6, (0.22, 0.19, 0.16), (0.05, 0.06, 0.10), 0.7),
}  # fmt: skip


def room_rgb(light: RoomLight, size: tuple[int, int], seed: int) -> np.ndarray:
    """Return the empty room as (H, W, 3) uint8 for a frame of `size` (width, height)."""
    w, h = ROOM_PX
    wall, glow = _wall_and_bookshelf(w, h, seed), _window(w, h)
    linear = wall * np.array(light.wall, np.float32) + glow[..., None] * np.array(light.window, np.float32)
    lamp = (
        _blob(w, h, (0.865, 0.40), (0.045, 0.075))[..., None]
        + 0.35 * _blob(w, h, (0.865, 0.42), (0.17, 0.30))[..., None]
    )
    linear = linear + light.lamp * lamp * np.array([0.75, 0.52, 0.28], np.float32)
    shown = np.clip(linear, 0, 1) ** (1 / GAMMA) * 236 + 6
    shown = cv2.GaussianBlur(shown.astype(np.float32), (0, 0), 2.2)
    wide = max(size[0] / w, size[1] / h)
    full = cv2.resize(shown, (round(w * wide), round(h * wide)), interpolation=cv2.INTER_CUBIC)
    x, y = (full.shape[1] - size[0]) // 2, (full.shape[0] - size[1]) // 2
    cut = full[y : y + size[1], x : x + size[0]]
    dither = np.random.default_rng(seed).random(cut.shape[:2], np.float32)[..., None] - 0.5
    room: np.ndarray = np.clip(np.round(cut + dither), 0, 255).astype(np.uint8)
    return room


def _blob(w: int, h: int, middle: tuple[float, float], spread: tuple[float, float]) -> np.ndarray:
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    falloff: np.ndarray = np.exp(
        -(((x / w - middle[0]) / spread[0]) ** 2) - ((y / h - middle[1]) / spread[1]) ** 2
    ).astype(np.float32)
    return falloff


def _wall_and_bookshelf(w: int, h: int, seed: int) -> np.ndarray:
    """A warm grey wall, a shelf with books at image right, a low cupboard; linear (h, w, 3)."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    shade = 0.30 - 0.10 * (x / w) - 0.06 * (y / h)
    room = shade[..., None] * np.array([1.0, 0.95, 0.88], np.float32)
    for row in range(4):
        top, bottom = round(h * (0.10 + 0.20 * row)), round(h * (0.275 + 0.20 * row))
        room[top - 4 : bottom + 5, round(w * 0.70) : round(w * 1.0)] = (0.095, 0.062, 0.040)
        room[top:bottom, round(w * 0.71) : round(w * 0.99)] = (0.045, 0.032, 0.024)
        _books(room, (top, bottom), (round(w * 0.715), round(w * 0.985)), rng)
    room[round(h * 0.80) :, : round(w * 0.42)] = (0.10, 0.068, 0.045)
    soft: np.ndarray = cv2.GaussianBlur(room.astype(np.float32), (0, 0), 4.0)
    return soft


def _books(room: np.ndarray, rows: tuple[int, int], columns: tuple[int, int], rng: np.random.Generator) -> None:
    inks = np.array(
        [(0.20, 0.07, 0.05), (0.06, 0.10, 0.17), (0.24, 0.20, 0.13), (0.07, 0.13, 0.10), (0.30, 0.27, 0.22)]
    )
    x = columns[0]
    while x < columns[1] - 5:
        thick = int(rng.integers(3, 8))
        if rng.random() < 0.8:
            tall = rng.uniform(0.62, 0.95) * (rows[1] - rows[0])
            room[rows[1] - round(tall) : rows[1], x : x + thick] = inks[rng.integers(len(inks))] * rng.uniform(0.7, 1.2)
        x += thick


def _window(w: int, h: int) -> np.ndarray:
    """A window at image left with its glow on the wall; linear (h, w)."""
    pane = np.zeros((h, w), np.float32)
    for x0, x1 in ((0.045, 0.135), (0.15, 0.24)):
        for y0, y1 in ((0.06, 0.31), (0.335, 0.60)):
            pane[round(h * y0) : round(h * y1), round(w * x0) : round(w * x1)] = 0.62
    return cv2.GaussianBlur(pane, (0, 0), 4.5) + 0.30 * cv2.GaussianBlur(pane, (0, 0), 30)


def gain_map(light: RoomLight, depth: np.ndarray) -> np.ndarray:
    """Return display-space gains over the portrait as (128, 128, 3) float32, from the head's depth field."""
    slope_x = cv2.GaussianBlur(np.gradient(depth, axis=1) / GRID_PX, (0, 0), 2.0)
    y, x = np.mgrid[0:SIDE_PX:GRID_PX, 0:SIDE_PX:GRID_PX].astype(np.float32)
    round_head = -np.clip((x - HEAD_PX[0]) / 58, -1, 1)
    slope_x = (
        0.4 * slope_x + 0.7 * round_head
    )  # the mesh's relief on a round head: cheeks face aside more than the mesh says
    body = -np.clip((x - HEAD_PX[0] + 20) / 170, -1, 1) * 0.9
    on_body = np.clip((y - 165) / 40, 0, 1)
    slope_x = slope_x * (1 - on_body) + body * on_body
    facing = -slope_x / np.sqrt(1 + slope_x**2)  # sideways part of the surface normal, > 0 toward image right
    ahead = 1 / np.sqrt(1 + slope_x**2)
    lit = np.clip(light.from_x * facing * 1.1 + np.sqrt(max(0.0, 1 - light.from_x**2 * 0.6)) * ahead, 0, None)
    lit = cv2.GaussianBlur(lit.astype(np.float32), (0, 0), 1.5)[..., None]
    linear = np.array(light.soft, np.float32) + lit * np.array(light.beam, np.float32)
    gains: np.ndarray = (linear ** (1 / GAMMA)).astype(np.float32)
    return gains
