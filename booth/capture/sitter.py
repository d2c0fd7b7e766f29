"""The demo sitter: a camera that always has a guest, for a booth without a camera, for replays and for tests.

A real photograph brought to life (see assets/portraits/CREDITS.md), drawn anew for every frame and then seen by the
real tracker like anybody else. Frame n is the same for the same seed and size, whatever was read before.
"""

from __future__ import annotations

import json
import math

import cv2
import numpy as np

from booth.assets import asset
from booth.capture.sitter_eye import Eye
from booth.capture.sitter_light import ROOM_LIGHTS, gain_map, room_rgb
from booth.capture.sitter_mouth import Mouth
from booth.capture.sitter_script import Behaviour, behaviour
from booth.capture.sitter_turn import Turn

SCALE = 2.0  # texture pixels a portrait pixel; about what a near head needs in a 720-line frame
FACE_PX = (223.0, 125.0)  # middle of the landmarks' box in the portrait
FACE_HEIGHT_PX = 106.0  # of the landmarks' box in the portrait
PORTRAIT_LEVEL_DEG = (0.0, 10.0, 2.5)  # yaw, pitch, roll that make the tracker read her portrait as level
NODE_PX = 12  # frame pixels between nodes of the warp
YAW_GAIN = 1.42  # the tracker reads a flat picture's turn as less than it is
BODY_LEAN = 0.25  # of the head's tilt
GRAIN_SIGMA = 1.6  # 8-bit levels, like a small camera indoors
GRAIN_MARGIN_PX = 64


class DemoSitter:
    """An endless source with one guest after another; `read` never waits and never ends."""

    name = "demo"

    def __init__(self, size: tuple[int, int] = (1280, 720), fps: float = 30.0, seed: int = 1) -> None:
        """`size` is (width, height) in pixels; ValueError where size or rate is not positive."""
        if min(size) < 64 or fps <= 0:
            raise ValueError(f"the demo sitter needs at least 64 x 64 pixels and a positive rate, got {size} at {fps}")
        self.size, self.fps, self.seed = size, fps, seed
        self._n = 0
        points = np.array(
            json.loads(asset("portraits", "eileen_collins_landmarks.json").read_text("utf-8")), np.float32
        )
        texture = _enlarged()
        self._turn = Turn(points)
        self._mouth = Mouth(texture[..., :3], points[:, :2], SCALE)
        self._eyes = [Eye(texture[..., :3], points[:, :2], SCALE, side) for side in ("image_left", "image_right")]
        self._gains = {k: self._full_gain(gain_map(v, self._turn.depth)) for k, v in ROOM_LIGHTS.items()}
        self._lit = {k: _premultiplied(texture, gain) for k, gain in self._gains.items()}
        self._rooms = {k: room_rgb(v, size, seed) for k, v in ROOM_LIGHTS.items()}
        self._grain = _grain(size, seed)

    @staticmethod
    def behaviour(t_s: float, seed: int = 1) -> Behaviour:
        """Return what the sitter does at `t_s` seconds: pose, expression, blink, light."""
        return behaviour(t_s, seed)

    def read(self) -> tuple[np.ndarray, float] | None:
        """Return the next (H, W, 3) uint8 RGB picture and its time in seconds from the first."""
        n = self._n
        self._n += 1
        return self.frame(n), n / self.fps

    def close(self) -> None:
        """Nothing to let go of."""

    def frame(self, n: int) -> np.ndarray:
        """Return frame number `n` >= 0, read-only."""
        now = behaviour(n / self.fps, self.seed)
        rgb = self._rooms[now.light].copy()
        if now.act != "empty":
            self._express(now)
            self._place(rgb, now)
        self._add_grain(rgb, n)
        rgb.flags.writeable = False
        return rgb

    def _full_gain(self, gain: np.ndarray) -> np.ndarray:
        side = round(512 * SCALE)
        grown = cv2.resize(gain, (side, side), interpolation=cv2.INTER_LINEAR)
        return np.clip(np.round(grown * 128), 0, 255).astype(np.uint8)

    def _express(self, now: Behaviour) -> None:
        """Paint mouth and eyes into the texture of the present light."""
        patches = [(self._mouth.box, self._mouth.paint(now.smile, now.jaw))]
        patches += [(eye.box, eye.paint(now.blink, now.gaze_x_deg, now.gaze_y_deg)) for eye in self._eyes]
        lit, gain = self._lit[now.light], self._gains[now.light]
        for (x0, y0, x1, y1), patch in patches:
            here = lit[y0:y1, x0:x1]
            shown = cv2.multiply(patch, gain[y0:y1, x0:x1], scale=1 / 128)
            alpha = cv2.merge([here[..., 3]] * 3)
            here[..., :3] = cv2.multiply(shown, alpha, scale=1 / 255)

    def _place(self, rgb: np.ndarray, now: Behaviour) -> None:
        """Warp her onto the room, only where she is."""
        width, height = self.size
        scale = now.head_frac * height / FACE_HEIGHT_PX
        lean = math.radians(now.roll_deg * BODY_LEAN)
        level = PORTRAIT_LEVEL_DEG
        pose = (
            now.yaw_deg * YAW_GAIN + level[0],
            now.pitch_deg + level[1],
            now.roll_deg * (1 - BODY_LEAN) + level[2],
        )
        anchor = self._turn.seen_at(*FACE_PX, pose)
        middle = now.x_frac * width, now.y_frac * height
        reach = 300 * scale
        x0, x1 = max(0, int(middle[0] - reach)), min(width, int(middle[0] + reach) + 1)
        y0 = max(0, int(middle[1] - 125 * scale))
        if x1 - x0 < 2:
            return
        grid = (math.ceil((x1 - x0) / NODE_PX) + 1, math.ceil((height - y0) / NODE_PX) + 1)
        gx, gy = np.meshgrid(np.arange(grid[0], dtype=np.float32), np.arange(grid[1], dtype=np.float32))
        off_x, off_y = (x0 + gx * NODE_PX - middle[0]) / scale, (y0 + gy * NODE_PX - middle[1]) / scale
        body_x = anchor[0] + off_x * math.cos(lean) - off_y * math.sin(lean)
        body_y = anchor[1] + off_x * math.sin(lean) + off_y * math.cos(lean)
        from_x, from_y = self._turn.portrait_at(body_x.astype(np.float32), body_y.astype(np.float32), pose)
        nodes = (cv2.merge([from_x, from_y]) + np.float32(0.5)) * np.float32(SCALE) - np.float32(0.5)
        self._blend(rgb[y0:height, x0:x1], nodes, now.light)

    def _blend(self, roi: np.ndarray, nodes: np.ndarray, light: str) -> None:
        """Lay her over `roi`, seen through the coarse map `nodes`."""
        full = _between_nodes(nodes, roi.shape[1], roi.shape[0])
        seen = cv2.remap(self._lit[light], full, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        behind = cv2.bitwise_not(cv2.extractChannel(seen, 3))
        cv2.multiply(roi, cv2.merge([behind] * 3), dst=roi, scale=1 / 255)
        cv2.add(roi, cv2.cvtColor(seen, cv2.COLOR_RGBA2RGB), dst=roi)

    def _add_grain(self, rgb: np.ndarray, n: int) -> None:
        """Sensor noise, different in every frame: a plate added at one place and taken off at another."""
        h, w = rgb.shape[:2]
        a = np.random.default_rng((self.seed, n)).integers(0, GRAIN_MARGIN_PX, 4)
        cv2.add(rgb, self._grain[a[0] : a[0] + h, a[1] : a[1] + w], dst=rgb)
        cv2.subtract(rgb, self._grain[a[2] : a[2] + h, a[3] : a[3] + w], dst=rgb)


def _between_nodes(nodes: np.ndarray, width: int, height: int) -> np.ndarray:
    """Fill a map given every NODE_PX pixels in to every pixel, linearly."""
    wide = cv2.resize(nodes, None, fx=NODE_PX, fy=NODE_PX, interpolation=cv2.INTER_LINEAR)
    half = NODE_PX // 2  # resize puts node i at pixel i * NODE_PX + (NODE_PX - 1) / 2
    return wide[half : half + height, half : half + width]


def _enlarged() -> np.ndarray:
    """Return the cut-out portrait as (H, W, 4) uint8 RGBA at texture size, sharpened with care."""
    rgba = cv2.cvtColor(
        cv2.imread(str(asset("portraits", "eileen_collins_cutout.png")), cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA
    )
    big = cv2.resize(rgba, None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_LANCZOS4)
    soft = cv2.GaussianBlur(big[..., :3], (0, 0), 1.3)
    big[..., :3] = cv2.addWeighted(big[..., :3], 1.55, soft, -0.55, 0)
    return big


def _premultiplied(texture: np.ndarray, gain: np.ndarray) -> np.ndarray:
    alpha = cv2.merge([texture[..., 3]] * 3)
    colour = cv2.multiply(cv2.multiply(texture[..., :3], gain, scale=1 / 128), alpha, scale=1 / 255)
    return np.dstack([colour, texture[..., 3]])


def _grain(size: tuple[int, int], seed: int) -> np.ndarray:
    """A plate of noise larger than a frame, slightly blurred as sensors and codecs leave it; (H, W, 3) uint8."""
    rng = np.random.default_rng(seed)
    shape = (size[1] + GRAIN_MARGIN_PX, size[0] + GRAIN_MARGIN_PX)
    grey = cv2.GaussianBlur(rng.standard_normal(shape, np.float32), (0, 0), 0.7)
    grey = grey / grey.std() * GRAIN_SIGMA / math.sqrt(2)
    tint = rng.standard_normal((*shape, 3), np.float32) * (0.4 * GRAIN_SIGMA / math.sqrt(2))
    return np.clip(np.round(grey[..., None] + tint + 4), 0, 255).astype(np.uint8)
