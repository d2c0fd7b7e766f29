"""The demo sitter: a camera that always has a guest, for a booth without a camera, for replays and for tests.

A real photograph brought to life (see assets/portraits/CREDITS.md), drawn anew for every frame and then seen by the
real tracker like anybody else. Frame n is the same for the same seed and size, whatever was read before.
"""

from __future__ import annotations

import json
import math

import cv2
import numpy as np

from booth.capture.demo.behavior import Behaviour, behaviour
from booth.capture.demo.drawn_eye import DrawnEye
from booth.capture.demo.drawn_mouth import DrawnMouth
from booth.capture.demo.head_turn import Pose3, Turn
from booth.capture.demo.room_light import ROOM_LIGHTS, gain_map, room_rgb
from booth.core.assets import asset
from booth.core.faults import Fault

SCALE = 2.0  # texture pixels a portrait pixel; about what a near head needs in a 720-line frame
FACE_PX = (223.0, 125.0)  # middle of the landmarks' box in the portrait
FACE_HEIGHT_PX = 106.0  # of the landmarks' box in the portrait
PORTRAIT_LEVEL_DEG = (0.0, 10.0, 2.5)  # yaw, pitch, roll that make the tracker read her portrait as level
NODE_PX = 12  # frame pixels between nodes of the warp
YAW_GAIN = 1.42  # the tracker reads a flat picture's turn as less than it is
BODY_LEAN = 0.25  # of the head's tilt
NEAR_PX = 4  # portrait pixels a value of the map that says where she is
SMALLEST_HEAD_FRAC = 0.18  # of the frame's height; the script stays above
STRIP_NODES = 6  # the frame is drawn in strips of this many nodes, each only as wide as she is
GRAIN_SIGMA = 1.6  # 8-bit levels, like a small camera indoors
GRAIN_MARGIN_PX = 64


class DemoSitter:
    """An endless source with one guest after another; `read` never waits and never ends."""

    name = "demo"
    is_live = False  # she can be drawn at any speed; whoever wants a camera's pace waits for it

    def __init__(self, size: tuple[int, int] = (1280, 720), fps: float = 30.0, seed: int = 1) -> None:
        """`size` is (width, height) in pixels; ValueError where size or rate is not positive."""
        if min(size) < 64 or fps <= 0:
            raise ValueError(f"the demo sitter needs at least 64 x 64 pixels and a positive rate, got {size} at {fps}")
        self.size, self.fps, self.seed = size, fps, seed
        self._n = 0
        self._is_prepared = False

    def _prepare(self) -> None:
        """Draw her in every light: half a second of work, on the thread that asks for the first picture."""
        self._is_prepared, size, seed = True, self.size, self.seed
        points = np.array(
            json.loads(asset("portraits", "eileen_collins_landmarks.json").read_text("utf-8")), np.float32
        )
        texture = _enlarged()
        self._turn = Turn(points)
        self._mouth = DrawnMouth(texture[..., :3], points[:, :2], SCALE)
        self._eyes = [DrawnEye(texture[..., :3], points[:, :2], SCALE, side) for side in ("image_left", "image_right")]
        self._lit: dict[str, np.ndarray] = {}
        self._gains: dict[str, list[np.ndarray]] = {}  # of the repainted patches only, mouth first
        for name, light in ROOM_LIGHTS.items():
            gain = _full_gain(gain_map(light, self._turn.depth))
            self._lit[name] = _premultiplied(texture, gain)
            boxes = [self._mouth.box, *(eye.box for eye in self._eyes)]
            self._gains[name] = [gain[y0:y1, x0:x1].copy() for x0, y0, x1, y1 in boxes]
        self._rooms = {k: room_rgb(v, size, seed) for k, v in ROOM_LIGHTS.items()}
        self._grain = _grain(size, seed)
        self._near_her = _nearby(texture[..., 3], size[1])
        columns, rows = (math.ceil(side / NODE_PX) + 1 for side in size)
        self._node_x = np.arange(columns, dtype=np.float32)[None] * NODE_PX - 0.5
        self._node_y = np.arange(rows, dtype=np.float32)[:, None] * NODE_PX - 0.5

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
        """Nothing to release."""

    def frame(self, n: int) -> np.ndarray:
        """Return frame number `n` >= 0, read-only."""
        if not self._is_prepared:
            self._prepare()
        now = behaviour(n / self.fps, self.seed)
        rgb = self._rooms[now.light].copy()
        if now.act != "empty":
            self._express(now)
            self._place(rgb, now)
        self._add_grain(rgb, n)
        rgb.flags.writeable = False
        return rgb

    def _express(self, now: Behaviour) -> None:
        """Paint mouth and eyes into the texture of the present light."""
        patches = [(self._mouth.box, self._mouth.paint(now.smile, now.jaw))]
        patches += [(eye.box, eye.paint(now.blink, now.gaze_x_deg, now.gaze_y_deg)) for eye in self._eyes]
        lit = self._lit[now.light]
        for ((x0, y0, x1, y1), patch), gain in zip(patches, self._gains[now.light], strict=True):
            here = lit[y0:y1, x0:x1]
            shown = cv2.multiply(patch, gain, scale=1 / 128)
            alpha = cv2.merge([here[..., 3]] * 3)
            here[..., :3] = cv2.multiply(shown, alpha, scale=1 / 255)

    def _place(self, rgb: np.ndarray, now: Behaviour) -> None:
        """Warp her onto the room, only where she is."""
        nodes = self._portrait_at_nodes(now)
        on_nodes = cv2.remap(self._near_her, nodes[..., 0] / NEAR_PX, nodes[..., 1] / NEAR_PX, cv2.INTER_NEAREST,
                             borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
        texture_px = (nodes + np.float32(0.5)) * np.float32(SCALE) - np.float32(0.5)
        for top in range(0, len(nodes) - 1, STRIP_NODES):
            rows = slice(top, top + STRIP_NODES + 1)
            columns = np.flatnonzero(on_nodes[rows].any(0))
            if columns.size:
                first, last = max(0, columns[0] - 1), min(nodes.shape[1] - 1, columns[-1] + 1)
                roi = rgb[top * NODE_PX : (top + STRIP_NODES) * NODE_PX, first * NODE_PX : last * NODE_PX]
                _blend(roi, self._lit[now.light], texture_px[rows, first : last + 1])

    def _portrait_at_nodes(self, now: Behaviour) -> np.ndarray:
        """Return (rows, columns, 2) float32: what part of the portrait is seen at every node of the frame."""
        pose = _warp_pose(now)
        anchor = self._turn.seen_at(*FACE_PX, pose)
        scale = now.head_frac * self.size[1] / FACE_HEIGHT_PX
        off_x = (self._node_x - now.x_frac * self.size[0]) / scale
        off_y = (self._node_y - now.y_frac * self.size[1]) / scale
        lean = math.radians(now.roll_deg * BODY_LEAN)
        body_x = anchor[0] + off_x * math.cos(lean) - off_y * math.sin(lean)
        body_y = anchor[1] + off_x * math.sin(lean) + off_y * math.cos(lean)
        return cv2.merge(self._turn.portrait_at(body_x.astype(np.float32), body_y.astype(np.float32), pose))

    def _add_grain(self, rgb: np.ndarray, n: int) -> None:
        """Sensor noise, different in every frame: a plate added at one place and taken off at another."""
        h, w = rgb.shape[:2]
        a = np.random.default_rng((self.seed, n)).integers(0, GRAIN_MARGIN_PX, 4)
        cv2.add(rgb, self._grain[a[0] : a[0] + h, a[1] : a[1] + w], dst=rgb)
        cv2.subtract(rgb, self._grain[a[2] : a[2] + h, a[3] : a[3] + w], dst=rgb)


def _warp_pose(now: Behaviour) -> Pose3:
    level = PORTRAIT_LEVEL_DEG
    roll = now.roll_deg * (1 - BODY_LEAN)
    return now.yaw_deg * YAW_GAIN + level[0], now.pitch_deg + level[1], roll + level[2]


def _blend(roi: np.ndarray, lit: np.ndarray, nodes: np.ndarray) -> None:
    """Lay the premultiplied texture `lit` over `roi`, seen through the coarse map `nodes`."""
    # None, not an empty array: with that, OpenCV 5.0 misreads a map that is a window of a larger one.
    seen = cv2.remap(lit, _between(nodes, roi), None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
    behind = cv2.bitwise_not(cv2.extractChannel(seen, 3))
    cv2.multiply(roi, cv2.merge([behind] * 3), dst=roi, scale=1 / 255)
    cv2.add(roi, cv2.cvtColor(seen, cv2.COLOR_RGBA2RGB), dst=roi)


def _between(nodes: np.ndarray, roi: np.ndarray) -> np.ndarray:
    """Fill a map given every NODE_PX pixels in to every pixel of `roi`, linearly."""
    wide = cv2.resize(nodes, None, fx=NODE_PX, fy=NODE_PX, interpolation=cv2.INTER_LINEAR)
    half = NODE_PX // 2  # nodes lie between pixels, half a pixel before the first of theirs
    return wide[half : half + roi.shape[0], half : half + roi.shape[1]]


def _nearby(alpha: np.ndarray, height: int) -> np.ndarray:
    """Where any of her may be seen within a node's reach: (128, 128) uint8, one value NEAR_PX portrait pixels."""
    node_px = NODE_PX * FACE_HEIGHT_PX / (SMALLEST_HEAD_FRAC * height)  # in the portrait, when she is farthest away
    reach = 2 * math.ceil(node_px / NEAR_PX) + 1
    seen = cv2.resize(cv2.dilate(alpha, np.ones((9, 9), np.uint8)), (512 // NEAR_PX, 512 // NEAR_PX))
    return cv2.dilate((seen > 0).astype(np.uint8), np.ones((reach, reach), np.uint8))


def _enlarged() -> np.ndarray:
    """Return the cut-out portrait as (H, W, 4) uint8 RGBA at texture size, sharpened with care."""
    path = asset("portraits", "eileen_collins_cutout.png")
    bgra = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if bgra is None:
        raise Fault("demo.missing", f"The demo sitter's picture {path.name} is missing.", "Install the booth again.")
    rgba = cv2.cvtColor(bgra, cv2.COLOR_BGRA2RGBA)
    big = cv2.resize(rgba, None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_LANCZOS4)
    soft = cv2.GaussianBlur(big[..., :3], (0, 0), 1.3)
    big[..., :3] = cv2.addWeighted(big[..., :3], 1.55, soft, -0.55, 0)
    return big


def _full_gain(gain: np.ndarray) -> np.ndarray:
    """Bring a coarse gain map to texture size, as uint8 with 128 for 1."""
    side = round(512 * SCALE)
    grown = cv2.resize(gain, (side, side), interpolation=cv2.INTER_LINEAR)
    whole: np.ndarray = np.clip(np.round(grown * 128), 0, 255).astype(np.uint8)
    return whole


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
    plate: np.ndarray = np.clip(np.round(grey[..., None] + tint + 4), 0, 255).astype(np.uint8)
    return plate
