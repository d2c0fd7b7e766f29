"""Surface normals of the sitter's face from four flashes of the screen: collects frames, computes normals at the end.

Holds guest pixels and normals of a face; both belong to the session and are dropped by `reset`. Only ever begun by
the guest's own yes to a warning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np

from booth.config.params.kiosk import ScreenParams
from booth.core.color import linear_to_srgb
from booth.core.faults import Fault
from booth.core.landmarks import OUTER_EYE_CORNERS, SKULL_POINTS
from booth.core.types import N_LANDMARKS, Box, Face, FrameAnalysis
from booth.guidance.flash_schedule import LENGTH_S, PATTERNS, SLOT_S, SortedFlashes, check_still, levels, sort_frames
from booth.looks.light.apply_light import DECODE
from booth.looks.light.light_spec import Lamp
from booth.looks.light.photometric_stereo import Flash, normals_from_flashes
from booth.looks.screen_light import lamp_of_part, widest_deg

Stage = Literal["asking", "flashing", "done", "failed", "declined"]

ROOM_FACES = (0.9, 0.7)  # kept beside and above the landmarks' box, in its own width and height
KEPT_PX = 420  # the face is kept no wider than this: the relief is read on a grid of 224
MAX_FRAMES = 160  # five seconds at 30 a second
PATCHES = (50, 280, 205, 425, 123, 352, 9, 151, 108, 337, 199, 101, 330)  # cheeks, brow and chin
APART_DEG = 14.0  # lamps nearer together than this do not determine a normal
LIT_TARGET = 0.6  # linear: how bright the brightest skin is made before the frames become 8-bit again


@dataclass(frozen=True, slots=True, eq=False)
class CapturedFlash:
    """One frame's face: its own small picture, and the face in it."""

    t_s: float
    rgb: np.ndarray  # (h, w, 3) uint8
    face: Face


class FlashCapture:
    """One session's flashes. Engine thread only; `lamps` overrides the lamp directions derived from the screen."""

    def __init__(self, screen: ScreenParams, lamps: Sequence[Lamp] | None = None) -> None:
        self._screen, self._lamps = screen, lamps
        self.reset()

    def reset(self) -> None:
        """Release every frame and the normals of the face."""
        self.stage: Stage = "asking"
        self.normals: np.ndarray | None = None
        self._began_s: float | None = None
        self._kept: list[CapturedFlash] = []
        self._cut: tuple[slice, slice, float] | None = None

    @property
    def is_offered(self) -> bool:
        """True where the profile allows it and the guest has not said no."""
        return self._screen.calibration and self.stage != "declined"

    def decline(self) -> None:
        """Never ask this guest again."""
        self.reset()
        self.stage = "declined"

    def begin(self, now_s: float) -> None:
        """Start to flash: the guest has said yes."""
        if not self.is_offered:
            raise ValueError("flashes need a profile that allows them and a guest who did not decline")
        self.reset()
        self.stage, self._began_s = "flashing", now_s

    def levels(self, now_s: float) -> tuple[float, ...]:
        """Return how bright each pattern is to be shown now, linear 0..1."""
        return levels(now_s - self._began_s) if self._began_s is not None else (0.0,) * len(PATTERNS)

    def process(self, analysis: FrameAnalysis) -> None:
        """Keep the face of one FrameAnalysis while the screen flashes."""
        if self.stage != "flashing" or analysis.sitter is None or len(self._kept) >= MAX_FRAMES:
            return
        if self._cut is None:
            self._cut = _around(analysis.sitter, analysis.frame.small.shape[:2])
        rows, columns, scale = self._cut
        part = np.ascontiguousarray(analysis.frame.small[rows, columns])
        if scale < 1:
            part = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        face = _within(analysis.sitter, rows, columns, analysis.frame.small.shape[:2])
        self._kept.append(CapturedFlash(analysis.frame.t_s, part, face))

    def is_over(self, now_s: float) -> bool:
        """True once all has been shown and seen."""
        return self._began_s is not None and now_s - self._began_s >= LENGTH_S

    def finish(self, aspect: float) -> None:
        """Make the normals and let the frames go; Fault `flash.*` where they cannot be used.

        `aspect` is the screen's width over its height.
        """
        kept, began_s, self._kept, self._began_s = self._kept, self._began_s, [], None
        self.stage = "failed"
        if began_s is None or len(kept) < 2 * len(PATTERNS):
            raise Fault("flash.few", "No face was seen while the screen flashed.", "Try again.", exit_code=1)
        since_s = np.array([k.t_s for k in kept]) - began_s
        patches = np.stack([_patches(k) for k in kept])
        sorted_frames = sort_frames(since_s, patches)
        self.normals = _normals(kept, sorted_frames, self._placed(kept[0].face, aspect))
        self.stage = "done"

    def _placed(self, face: Face, aspect: float) -> list[tuple[Lamp, float]]:
        """Return the lamp of each pattern and its light against the others'."""
        if self._lamps is not None:
            return [(lamp, 1.0) for lamp in self._lamps]
        placed = [lamp_of_part(part, face, self._screen, aspect) for part in PATTERNS]
        if widest_deg(tuple(lamp for lamp, _ in placed)) < APART_DEG:
            hint = "Come nearer, or use a larger screen."
            raise Fault("flash.narrow", "The screen is too small at this distance.", hint, exit_code=1)
        return placed


def _around(face: Face, shape: tuple[int, int]) -> tuple[slice, slice, float]:
    """Return rows and columns of the picture that hold the head with room to move, and how much they are shrunk."""
    box, (height, width) = face.box, shape
    wide, high = ROOM_FACES[0] * (box.x1 - box.x0), ROOM_FACES[1] * (box.y1 - box.y0)
    x0, x1 = max(0, round((box.x0 - wide) * width)), min(width, round((box.x1 + wide) * width))
    y0, y1 = max(0, round((box.y0 - high) * height)), min(height, round((box.y1 + high) * height))
    return slice(y0, y1), slice(x0, x1), min(1.0, KEPT_PX / max(1, x1 - x0))


def _within(face: Face, rows: slice, columns: slice, shape: tuple[int, int]) -> Face:
    """Return the face in the coordinates of its own small picture."""
    height, width = shape
    wide, high = columns.stop - columns.start, rows.stop - rows.start
    points = face.landmarks.copy()
    points[:, 0] = (points[:, 0] * width - columns.start) / wide
    points[:, 1] = (points[:, 1] * height - rows.start) / high
    points[:, 2] *= width / wide
    return _with_points(face, points)


def _with_points(face: Face, points: np.ndarray) -> Face:
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    box = Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return replace(face, landmarks=points.astype(np.float32), box=box)


def _patches(kept: CapturedFlash) -> np.ndarray:
    """Return the linear green of small patches of skin, (len(PATCHES),): green has least noise."""
    height, width = kept.rgb.shape[:2]
    reach = max(2, round(0.02 * width))
    out = []
    for x, y in kept.face.points_px(width, height)[list(PATCHES)].astype(int):
        x, y = min(max(x, reach), width - reach - 1), min(max(y, reach), height - reach - 1)
        out.append(float(DECODE[kept.rgb[y - reach : y + reach + 1, x - reach : x + reach + 1, 1]].mean()))
    return np.array(out)


def _normals(kept: list[CapturedFlash], found: SortedFlashes, placed: list[tuple[Lamp, float]]) -> np.ndarray:
    """Return (n, 3) normals: each pattern's frames laid on the first of the room's, averaged, the room taken off."""
    base = kept[found.room[0]]
    used = [kept[i] for group in (found.room, *found.lit) for i in group]
    size = base.rgb.shape[1], base.rgb.shape[0]
    marks = np.stack([k.face.points_px(*size)[list(SKULL_POINTS)] for k in used])
    eyes = base.face.points_px(*size)[list(OUTER_EYE_CORNERS)]
    turns = np.array([(k.face.pose.yaw_deg, k.face.pose.pitch_deg) for k in used])
    check_still(marks, turns, float(np.linalg.norm(eyes[1] - eyes[0])))
    room = _mean([kept[i] for i in found.room], base)
    lit = [np.maximum(_mean([kept[i] for i in group], base) - room, 0) for group in found.lit]
    lit = [light / power for light, (_, power) in zip(lit, placed, strict=True)]
    face = _with_points(base.face, np.mean([_laid(k, base)[1] for k in used], 0))
    gain = LIT_TARGET / max(float(np.percentile(np.stack(lit)[..., 1], 99)), 1e-6)
    flashes = [
        Flash(_coded(light * gain), face, lamp, SLOT_S * number)
        for number, (light, (lamp, _)) in enumerate(zip(lit, placed, strict=True))
    ]
    return normals_from_flashes(flashes)


def _laid(kept: CapturedFlash, base: CapturedFlash) -> tuple[np.ndarray, np.ndarray]:
    """Return the similarity (2, 3) that lays a frame's skull on the base's, and its landmarks laid there, 0..1."""
    size = base.rgb.shape[1], base.rgb.shape[0]
    points, goal = kept.face.points_px(*size), base.face.points_px(*size)
    marks = list(SKULL_POINTS)
    matrix, _ = cv2.estimateAffinePartial2D(points[marks], goal[marks], method=cv2.LMEDS)
    matrix = np.eye(2, 3) if matrix is None else matrix
    out = np.empty((N_LANDMARKS, 3), np.float32)
    out[:, :2] = (points @ matrix[:, :2].T + matrix[:, 2]) / size
    out[:, 2] = kept.face.landmarks[:, 2]
    return matrix, out


def _mean(frames: list[CapturedFlash], base: CapturedFlash) -> np.ndarray:
    """Return the mean of frames laid on the base, (h, w, 3) linear float32."""
    size = base.rgb.shape[1], base.rgb.shape[0]
    total = np.zeros(base.rgb.shape, np.float32)
    for kept in frames:
        matrix, _ = _laid(kept, base)
        total += cv2.warpAffine(DECODE[kept.rgb], matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return total / len(frames)


def _coded(linear: np.ndarray) -> np.ndarray:
    """Return 8-bit sRGB of linear light."""
    return np.round(linear_to_srgb(np.clip(linear, 0, 1)) * 255).astype(np.uint8)
