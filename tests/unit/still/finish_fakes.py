"""A sitter made of numbers for the finish room: the demo sitter's landmarks on painted skin, a lab without models."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from booth.core.types import Box, Face, Pose
from booth.looks.canvas import Canvas
from booth.still.develop_still import StillModels
from booth.still.record import ModelEntry

HERE = Path(__file__).resolve().parent
SKINS = {"light": (78, 14, 16), "medium": (62, 16, 22), "brown": (44, 14, 20), "dark": (28, 10, 12)}  # Lab


def a_face(size_px=(1200, 1500), face_h_px=600, centre=(0.5, 0.5), roll_deg=0.0) -> Face:
    """The demo sitter's landmarks, levelled, then placed and turned (counter-clockwise where positive)."""
    with np.load(HERE / "demo_face.npz") as kept:
        points, blend, matrix = kept["landmarks"].copy(), kept["blend"], kept["matrix"]
    points -= points.mean(0)
    points[:, :2] = _turned(points[:, :2], -_eye_line_deg(points))
    height = np.ptp(points[:, 1])
    px = _turned(points[:, :2] / height * face_h_px, roll_deg)
    landmarks = np.empty((478, 3), np.float32)
    landmarks[:, 0] = px[:, 0] / size_px[0] + centre[0]
    landmarks[:, 1] = px[:, 1] / size_px[1] + centre[1]
    landmarks[:, 2] = points[:, 2] / height * face_h_px / size_px[0]
    low, high = landmarks[:, :2].min(0), landmarks[:, :2].max(0)
    box = Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return Face(landmarks, blend.copy(), matrix.copy(), Pose(0.0, 0.0, roll_deg), box)


def _eye_line_deg(points: np.ndarray) -> float:
    left, right = points[[33, 133], :2].mean(0), points[[263, 362], :2].mean(0)
    return float(np.degrees(np.arctan2(left[1] - right[1], right[0] - left[0])))


def _turned(points: np.ndarray, deg: float) -> np.ndarray:
    a = np.radians(deg)
    return points @ np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])


def lab_to_rgb(lab: np.ndarray) -> np.ndarray:
    return np.clip(cv2.cvtColor(lab.astype(np.float32), cv2.COLOR_Lab2RGB), 0, 1)


def painted_face(*args, **where):
    """A grey wall and a skin-coloured head with pores; returns Lab picture (H, W, 3), alpha (H, W) and the Face."""
    lab, alpha, face = _painted(*args, **where)
    return lab.copy(), alpha.copy(), face


@lru_cache(maxsize=12)
def _painted(skin="light", size_px=(1200, 1500), face_h_px=600, pores=1.2, **where):
    face = a_face(size_px, face_h_px, **where)
    width, height = size_px
    lab = np.empty((height, width, 3), np.float32)
    lab[:] = (70, 0, 0)
    points = face.points_px(width, height)
    middle, reach = points.mean(0), np.ptp(points, axis=0)
    alpha = np.zeros((height, width), np.float32)
    centre = (int(middle[0]), int(middle[1] - 0.1 * reach[1]))
    cv2.ellipse(alpha, centre, (int(0.66 * reach[0]), int(0.72 * reach[1])), 0, 0, 360, 1.0, -1)
    alpha[int(points[:, 1].max()) :, int(middle[0] - reach[0]) : int(middle[0] + reach[0])] = 1
    alpha = cv2.GaussianBlur(alpha, (0, 0), 2)
    grain = np.random.default_rng(3).normal(0, pores, (height, width)).astype(np.float32)
    tone = np.array(SKINS[skin], np.float32)
    head = np.broadcast_to(tone, lab.shape).copy()
    head[..., 0] += grain
    return lab * (1 - alpha[..., None]) + head * alpha[..., None], alpha, face


def dab(lab: np.ndarray, at_px, radius_px: float, offset, edge_px: float = 1.5) -> None:
    """Paint a round spot into a Lab picture."""
    _, _, away, part = around(lab, at_px, radius_px + edge_px)
    share = np.clip((radius_px - away) / edge_px + 0.5, 0, 1).astype(np.float32)
    part += share[..., None] * np.array(offset, np.float32)


def contrast(lab: np.ndarray, at_px, radius_px: float) -> np.ndarray:
    """What a spot differs by from the ring of skin around it, in Lab."""
    _, _, away, part = around(lab, at_px, 3.2 * radius_px)
    ring = (away > 2 * radius_px) & (away < 3.2 * radius_px)
    return part[away < 0.7 * radius_px].mean(0) - part[ring].mean(0)


def around(lab: np.ndarray, at_px, reach_px: float):
    """The corner, distances and pixels (a view) of the square around a point."""
    x0, y0 = (max(int(v - reach_px) - 1, 0) for v in at_px)
    part = lab[y0 : int(at_px[1] + reach_px) + 2, x0 : int(at_px[0] + reach_px) + 2]
    y, x = np.mgrid[y0 : y0 + part.shape[0], x0 : x0 + part.shape[1]]
    return x0, y0, np.hypot(x - at_px[0], y - at_px[1]), part


def as_u8(lab: np.ndarray) -> np.ndarray:
    return (lab_to_rgb(lab) * 255 + 0.5).astype(np.uint8)


@dataclass(frozen=True)
class FakeMatte:
    alpha: np.ndarray
    parsing: np.ndarray


def grey_room(look):
    """A renderer with one trick: a grey wall instead of what was behind."""

    def develop(canvas: Canvas) -> np.ndarray:
        share = canvas.alpha[..., None]
        return canvas.rgb * share + np.float32(0.5) * (1 - share)

    return develop


def a_lab(face: Face, alpha: np.ndarray, faces: int = 1) -> StillModels:
    """A lab that sees what it is told, at any size it is asked about."""
    parsing = np.where(cv2.resize(alpha, (256, 256)) > 0.5, 3, 0).astype(np.uint8)
    small = replace(face.box, x1=face.box.x0 + 0.02, y1=face.box.y0 + 0.02)
    others = tuple(replace(face, box=small) for _ in range(faces - 1))
    return StillModels(
        find_faces=lambda rgb: (*others, face) if faces else (),
        matte=lambda rgb, face: FakeMatte(alpha, parsing),
        renderer=grey_room,
        models=(ModelEntry("face_landmarker.task", "ab" * 32),),
    )


SMALL = (480, 600)


def make_small_lab() -> StillModels:
    """A lab for worker processes: every photograph holds the same painted sitter."""
    _, alpha, face = painted_face("medium", SMALL, 240)
    return a_lab(face, alpha)


def make_dying_lab() -> StillModels:
    """A lab whose matte takes its process with it on photographs that are mostly red."""
    lab = make_small_lab()

    def matte(rgb, face):
        if rgb[:20, :20, 0].mean() > 200:
            os.kill(os.getpid(), signal.SIGKILL)
        return lab.matte(rgb, face)

    return replace(lab, matte=matte)
