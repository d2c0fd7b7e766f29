"""Sitters made of numbers: a face whose measures are what the story says, and plays of many frames."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from booth.config.params.guidance import GuidanceParams
from booth.core.types import (
    BLEND_INDEX,
    Box,
    Face,
    Focus,
    Frame,
    FrameAnalysis,
    Guidance,
    Light,
    Occlusion,
    Pose,
    frozen,
)
from booth.guidance.coach import Coach
from booth.guidance.face_measures import TURN_IN_GAZE
from booth.guidance.rule_context import PoseTarget
from booth.guidance.shutter import Shutter, ShutterEvent, Taken

WIDTH, HEIGHT = 1280, 720
EMPTY = frozen(np.zeros((HEIGHT, WIDTH, 3), np.uint8))
SEEN = Occlusion(eyes_visible=1.0, face_visible_share=1.0, glare_frac=0.0, eyes_found=True, lids_open=0.98)
LIT = Light(clipped_frac=0.0, crushed_frac=0.0, ratio_stops=0.2, backlight_stops=0.0, frame_level=0.3)

RIM = {
    468: (246, 161, 157, 173, 155, 154, 163, 7),
    473: (398, 384, 388, 466, 249, 390, 381, 382),
}  # the rest of the lids
CHEEK = {468: 50, 473: 280}


@dataclass(frozen=True)
class Sitter:
    """What a sitter does in one frame; lengths in eye-line-to-chin (T), the frame is 1280 by 720."""

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    x: float = 0.5
    y: float = 0.42
    height: float = 0.4
    lid_gap: float = 0.078
    blink: float = 0.1
    lip_gap: float = 0.004
    lip_height: float = 0.15
    corner_lift: float = -0.205
    gaze_deg: tuple[float, float] = (0.0, 0.0)
    blend: dict[str, float] = field(default_factory=dict)
    light: Light = LIT
    cover: Occlusion = SEEN
    sharp: float = 0.5
    others: tuple[float, ...] = ()  # heights of other faces


def smiling(sitter: Sitter | None = None, much: float = 0.8) -> Sitter:
    sitter = sitter or Sitter()
    blend = {**sitter.blend, "mouthSmileLeft": much, "mouthSmileRight": much}
    return replace(sitter, blend=blend, corner_lift=-0.205 + 0.06 * much, lip_height=0.2)


def blinking(sitter: Sitter | None = None) -> Sitter:
    return replace(sitter or Sitter(), lid_gap=0.008, blink=0.7, cover=replace(SEEN, lids_open=0.01))


def a_face(s: Sitter) -> Face:
    """Place the landmarks that are measured so that measuring gives what the sitter says."""
    t_px = s.height * HEIGHT / 1.9
    ied = 0.56 * t_px
    spots: dict[int, tuple[float, float]] = {10: (0.0, -0.9), 152: (0.0, 1.0), 1: (0.0, 0.4), 2: (0.0, 0.48)}
    half = ied / t_px / 2
    for sign, corners, lids, iris in (
        (-1, (33, 133), ((160, 144), (159, 145), (158, 153)), 468),
        (1, (362, 263), ((385, 380), (386, 374), (387, 373)), 473),
    ):
        middle, wide = sign * half, 0.27
        spots[corners[0]], spots[corners[1]] = (middle - wide / 2, 0.0), (middle + wide / 2, 0.0)
        for upper, lower in lids:
            spots[upper], spots[lower] = (middle, -0.6 * s.lid_gap), (middle, 0.4 * s.lid_gap)
        spots.update(_iris(iris, middle, s))
        spots.update(dict.fromkeys(RIM[iris], (middle, 0.0)))
        spots[CHEEK[iris]] = (sign * 0.42, 0.42)
    for a, b in ((81, 178), (13, 14), (311, 402)):
        spots[a], spots[b] = (0.0, 0.7 - s.lip_gap / 2), (0.0, 0.7 + s.lip_gap / 2)
    spots[0], spots[17] = (0.0, 0.7 - s.lip_height / 2), (0.0, 0.7 + s.lip_height / 2)
    for corner, side in ((61, -1), (291, 1)):
        spots[corner] = (side * 0.22, 0.48 - s.corner_lift)
    for cheek, side in ((205, -1), (425, 1)):
        spots[cheek] = (side * 0.3, 0.335 + 0.4 * s.lid_gap)
    return _built(s, spots, t_px)


def _iris(iris: int, middle: float, s: Sitter) -> dict[int, tuple[float, float]]:
    radius = 0.052
    mm = 2 * radius / 11.7
    x_deg = s.gaze_deg[0] + 0.5 - TURN_IN_GAZE * s.yaw_deg
    dx = 12.0 * math.sin(math.radians(x_deg)) * mm
    dy = -12.0 * math.sin(math.radians(s.gaze_deg[1] + 9.5)) * mm
    around = ((radius, 0.0), (0.0, -radius), (-radius, 0.0), (0.0, radius))
    centre = (middle + dx, dy)
    return {iris: centre, **{iris + 1 + i: (centre[0] + a, centre[1] + b) for i, (a, b) in enumerate(around)}}


def _built(s: Sitter, spots: dict[int, tuple[float, float]], t_px: float) -> Face:
    points = np.zeros((478, 2))
    points[:] = (0.0, 0.2)
    for index, spot in spots.items():
        points[index] = spot
    points[234], points[454] = (-0.62, 0.1), (0.62, 0.1)
    turn = math.radians(s.roll_deg)
    points = points @ np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    pixels = points * t_px + [s.x * WIDTH, s.y * HEIGHT]
    landmarks = np.zeros((478, 3), np.float32)
    landmarks[:, :2] = pixels / [WIDTH, HEIGHT]
    blend = np.zeros(52, np.float32)
    values = {"eyeBlinkLeft": s.blink, "eyeBlinkRight": s.blink, **s.blend}
    for name, value in values.items():
        blend[BLEND_INDEX[name]] = value
    matrix = np.eye(4, dtype=np.float32)
    matrix[2, 3] = -50.0
    low, high = landmarks[:, :2].min(0), landmarks[:, :2].max(0)
    box = Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return Face(landmarks, blend, matrix, Pose(s.yaw_deg, s.pitch_deg, s.roll_deg), box)


def an_analysis(sitter: Sitter | None, seq: int = 0, t_s: float = 0.0) -> FrameAnalysis:
    frame = Frame(seq, t_s, EMPTY, EMPTY)
    if sitter is None:
        return FrameAnalysis(frame, (), None, Light(frame_level=0.3))
    others = tuple(a_face(replace(sitter, x=0.15, height=h)) for h in sitter.others)
    return FrameAnalysis(frame, (a_face(sitter), *others), None, sitter.light, Focus(sitter.sharp, 0.1), sitter.cover)


@dataclass(frozen=True)
class Played:
    """What a play led to."""

    log: tuple[Guidance, ...]
    events: tuple[ShutterEvent, ...]

    @property
    def taken(self) -> list[Taken]:
        return [event for event in self.events if isinstance(event, Taken)]

    @property
    def advice(self) -> list[tuple[float, float, str]]:
        """Every sentence with its first and last time."""
        runs: list[tuple[float, float, str]] = []
        for g in self.log:
            if g.advice is None:
                continue
            if runs and runs[-1][2] == g.advice and g.t_s - runs[-1][1] < 0.1:
                runs[-1] = (runs[-1][0], g.t_s, g.advice)
            else:
                runs.append((g.t_s, g.t_s, g.advice))
        return runs

    def said(self) -> list[str]:
        return [key for _, _, key in self.advice]


def play(
    *parts: tuple[Sitter | None, float],
    fps: float = 30.0,
    params: GuidanceParams | None = None,
    target: PoseTarget | None = None,
    ends: bool = False,
) -> Played:
    """Play what a sitter does, each for so many seconds, through coach and shutter."""
    return run((part for part, lasts_s in parts for _ in range(round(lasts_s * fps))), fps, params, target, ends=ends)


def run(
    sitters: Iterable[Sitter | None],
    fps: float = 30.0,
    params: GuidanceParams | None = None,
    target: PoseTarget | None = None,
    *,
    ends: bool = False,
) -> Played:
    """Play one sitter a frame; with `ends` the source ends after the last."""
    params = params or GuidanceParams()
    coach, shutter = Coach.fresh(params, target), Shutter(params.times)
    log, events = [], []
    for seq, sitter in enumerate(sitters):
        coach, guidance = coach.step(an_analysis(sitter, seq, seq / fps))
        shutter, happened = shutter.step(guidance)
        if any(isinstance(event, Taken) for event in happened):
            shutter = shutter.rearmed()
        log.append(guidance)
        events.extend(happened)
    if ends:
        events.extend(shutter.finish()[1])
    return Played(tuple(log), tuple(events))
