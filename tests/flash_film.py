"""A film of a face while the screen flashes: camera latency, noise and a head that is never quite still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from booth.config.params.kiosk import ScreenParams
from booth.core.types import Box, Face, Frame, FrameAnalysis
from booth.guidance.flash_schedule import LENGTH_S, level_table
from booth.looks.light.light_spec import Lamp
from booth.session.flash_capture import FlashCapture

BEGIN_S = 100.0
GRAIN_PX = 128  # noise is made once, so much larger than a frame; each frame takes it from a place of its own


@dataclass(frozen=True)
class Film:
    """How the film is shot. Shares are of the light; lengths of the face's own height."""

    fps: float = 30.0
    delay_s: float = 0.18
    jitter_s: float = 0.006
    noise: float = 0.01
    sway: float = 0.006
    turn_deg: float = 1.0
    marks_px: float = 0.5
    flash: float = 0.5  # light of a pattern against that of its picture
    seed: int = 1


def analyses(room: np.ndarray, patterns: Sequence[np.ndarray], face: Face, film: Film):
    """Yield the frames: `room` and `patterns` are linear (H, W, 3) pictures of a face that keeps still."""
    rng = np.random.default_rng(film.seed)
    height, width = room.shape[:2]
    face_px = (face.box.y1 - face.box.y0) * height
    layers = np.stack(list(patterns))
    grain = rng.standard_normal((height + GRAIN_PX, width + GRAIN_PX, 3), np.float32) * np.float32(film.noise) + 1
    for seq in range(round(LENGTH_S * film.fps)):
        t_s = seq / film.fps + rng.uniform(-film.jitter_s, film.jitter_s)
        level = level_table(np.array([t_s - film.delay_s]))[0]
        light = room + film.flash * np.tensordot(level.astype(np.float32), layers, 1)
        swing = np.array([np.sin(1.3 * t_s), np.cos(0.9 * t_s)]) * film.sway * face_px
        move = cv2.getRotationMatrix2D((width / 2, height / 2), film.turn_deg * np.sin(0.7 * t_s), 1.0)
        move[:, 2] += swing
        light = cv2.warpAffine(light.astype(np.float32), move, (width, height), borderMode=cv2.BORDER_REPLICATE)
        y, x = rng.integers(0, GRAIN_PX, 2)  # what one pixel gets in two frames has nothing to do with each other
        rgb = _coded(light * grain[y : y + height, x : x + width])
        points = face.landmarks.copy()
        at = face.points_px(width, height) @ move[:, :2].T + move[:, 2] + rng.normal(0, film.marks_px, (478, 2))
        points[:, :2] = at / (width, height)
        low, high = points[:, :2].min(0), points[:, :2].max(0)
        moved = replace(face, landmarks=points, box=Box(float(low[0]), float(low[1]), float(high[0]), float(high[1])))
        yield FrameAnalysis(Frame(seq, BEGIN_S + t_s, rgb, rgb), (moved,), None)


def calibrated(
    room: np.ndarray, patterns: Sequence[np.ndarray], face: Face, lamps: Sequence[Lamp] | None, film: Film
) -> FlashCapture:
    """Show the film to a fresh calibration and finish it."""
    made = FlashCapture(ScreenParams(calibration=True, width_mm=600), lamps)
    made.begin(BEGIN_S)
    for analysis in analyses(room, patterns, face, film):
        made.process(analysis)
    made.finish(16 / 9)
    return made


def _coded(light: np.ndarray) -> np.ndarray:
    """Return linear light, 0..1, as sRGB bytes; by a table, a pixel at a time takes most of the film's time."""
    return _CODES[(np.clip(light, 0, 1) * (len(_CODES) - 1) + 0.5).astype(np.uint16)]


def _codes() -> np.ndarray:
    light = np.linspace(0, 1, 2**16)
    return np.round(255 * np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)).astype(
        np.uint8
    )


_CODES = _codes()  # (65536,) uint8; a step of it is at most a twentieth of a code
