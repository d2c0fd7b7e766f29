"""Spectacles on heads whose depth is known stay on the nose, and on clips of turning heads they do not jump."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest

from booth.config.params import Params
from booth.looks.tryon.spectacles import FRAMES, draw, place
from booth.perception.face_tracker import FaceTracker
from booth.still.photo_checker import PhotoChecker

SHARED = Path(__file__).resolve().parents[3] / "shared"
BENCH, VIDEOS = SHARED / "light-bench", SHARED / "media" / "videos"
NECK_CM = np.array([0.0, -9.0, -4.0])  # what the rendered head turns about, from its depth in nine poses
SIZE = (720, 720)
TURNS = ("female-and-male", "female", "male")
NOSE = (6, 197, 195, 5, 4, 1)

pytestmark = [
    pytest.mark.model,
    pytest.mark.shared,
    pytest.mark.skipif(not BENCH.is_dir(), reason="the shared renders and clips are not here"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # the renders' own reader leaves its files to the collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def bench() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCH))
        yield importlib.import_module("bench")


def turned(yaw_deg: float, pitch_deg: float) -> np.ndarray:
    yaw, pitch = np.radians((yaw_deg, pitch_deg))
    across = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    down = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    return across @ down


def nose_and_eye(bench: ModuleType, tracker: FaceTracker, pose: str) -> tuple[np.ndarray, float]:
    """Return where the bridge's middle is drawn, in pixels, and the eye distance."""
    rgb = bench.to8(bench.compose("renders", pose, "medium", bench.INPUTS["flat"]))
    (face,) = tracker.find(rgb)
    placed = place(face, FRAMES["round"], SIZE)
    assert placed is not None
    return placed.bridge[5:7, :2].mean(0), placed.eye_px


@pytest.mark.long
def test_the_bridge_stays_within_three_percent_of_the_eye_distance_on_the_true_nose(bench: ModuleType) -> None:
    table = bench.manifest("renders")
    camera = np.array([0.0, table["camera"]["cy"], table["camera"]["cam_dist"]])
    focal_px = table["camera"]["fx"]
    off = {}
    with FaceTracker(video=False) as tracker:
        straight, eye_px = nose_and_eye(bench, tracker, "lps0")
        ray = np.array([*(straight - 360) * (1, -1) / focal_px, -1])
        column, row = np.round(straight).astype(int)
        depth_cm = float(bench.load("renders", "lps0")[1]["depth"][row, column])
        touched = camera + ray / np.linalg.norm(ray) * depth_cm
        for pose, angles in table["poses"].items():
            moved = turned(angles["yaw"], angles["pitch"]) @ (touched - NECK_CM) + NECK_CM - camera
            true_px = 360 + focal_px * moved[:2] * (1, -1) / -moved[2]
            drawn, _ = nose_and_eye(bench, tracker, pose)
            off[pose] = float(np.hypot(*(drawn - true_px))) / eye_px
    assert len(off) == 9
    assert max(off.values()) <= 0.03, off


def seen(path: Path) -> Iterator[tuple[np.ndarray, np.ndarray, float]]:
    """Yield the drawn bridge's middle, the tracked nose and the eye distance of the largest face, frame by frame."""
    reader = cv2.VideoCapture(str(path))
    with FaceTracker(video=True) as tracker:
        for seq in range(90):
            ok, bgr = reader.read()
            if not ok:
                return
            faces = tracker.find(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), seq / 30)
            if faces and (placed := place(faces[0], FRAMES["round"], (bgr.shape[1], bgr.shape[0]))) is not None:
                nose = faces[0].points_px(bgr.shape[1], bgr.shape[0])[list(NOSE)].mean(0)
                yield placed.bridge[5:7, :2].mean(0), nose, placed.eye_px


@pytest.mark.long
@pytest.mark.parametrize("who", TURNS)
def test_they_do_not_jump_against_the_turning_head(who: str) -> None:
    frames = list(seen(VIDEOS / f"intel_head-pose-face-detection-{who}.gif"))
    assert len(frames) > 20
    beyond = []
    for (bridge, nose, eye_px), (later, nose_later, _) in zip(frames, frames[1:], strict=False):
        apart = np.hypot(*((later - bridge) - (nose_later - nose)))
        beyond.append(float(apart - 0.5 * np.hypot(*(nose_later - nose))) / eye_px)
    assert max(beyond) < 0.03, max(beyond)


@pytest.mark.long
def test_a_dark_rim_is_not_taken_for_a_lid() -> None:
    refused, total = [], 0
    with PhotoChecker(Params()) as judge, FaceTracker(video=False) as tracker:
        for path in sorted((SHARED / "media" / "stills").glob("london_*_neutral.jpg"))[::2]:
            rgb = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
            worn = draw(rgb, tracker.find(rgb)[0], FRAMES[("round", "square", "bold")[total % 3]])
            total += 1
            if "reject.eyes" in judge.judge(worn, path.name).reasons:
                refused.append(path.name)
    assert total >= 10
    assert len(refused) <= 0.1 * total, refused
