"""Which way is up in a picture, by the face detector and not by the mesh: the mesh also fits a face upside down.

The detector under the face landmarker looks at the picture in each of four rotations. It was trained on upright faces,
so its score is highest where the face is upright, and there its eyes lie above its mouth. Measured on 192 portraits of
the shared media turned by 0, 90, 180 and 270 degrees: see docs/decisions.md.
"""

from __future__ import annotations

import math
import zipfile
from dataclasses import dataclass
from typing import Any

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from booth.core.assets import asset
from booth.core.turning import TURNS, turned
from booth.core.types import Face, Frame

LOOK_PX = 384  # the detector itself sees 128
REACH = 1.1  # of a face's size: how far round a face of the mesh the detector looks
MIN_SCORE = 0.75  # of the rotation that is taken for upright
MARGIN = 0.03  # of its score over every other rotation
TILT_MAX_DEG = 30.0  # a face tilted more than this in the best rotation may as well be turned the other way
_EYES, _MOUTH = (0, 1), 3  # keypoints of the detector


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far to turn a picture clockwise, 0, 90, 180 or 270 degrees; None where the detector cannot tell."""

    turn_deg: int | None
    margin: float = 0.0  # of the best rotation's score over the next


@dataclass(frozen=True, slots=True)
class _Seen:
    score: float
    tilt_deg: float  # of the line from mouth to eyes against straight up


class Upright:
    """Owns the detector; closed with `close()`. One thread at a time."""

    def __init__(self) -> None:
        with zipfile.ZipFile(asset("models", "face_landmarker.task")) as bundle:
            model = bundle.read("face_detector.tflite")
        self._detector = vision.FaceDetector.create_from_options(
            vision.FaceDetectorOptions(base_options=BaseOptions(model_asset_buffer=model), min_detection_confidence=0.3)
        )

    def judge(self, rgb: np.ndarray, near: Face | None = None) -> Verdict:
        """Tell which way is up in an (H, W, 3) uint8 picture; `near` is where the mesh, right or wrong, saw a face."""
        verdict = Verdict(None)
        for part in (*([_round(rgb, near)] if near is not None else []), rgb):
            verdict = self._judged(_small(part))
            if verdict.turn_deg is not None:
                break
        return verdict

    def _judged(self, part: np.ndarray) -> Verdict:
        seen = {turn: self._see(turned(part, turn)) for turn in (0, *TURNS)}
        best, second = sorted(seen, key=lambda turn: -seen[turn].score)[:2]
        margin = seen[best].score - seen[second].score
        is_sure = seen[best].score >= MIN_SCORE and margin >= MARGIN and abs(seen[best].tilt_deg) <= TILT_MAX_DEG
        return Verdict(best if is_sure else None, margin)

    def _see(self, rgb: np.ndarray) -> _Seen:
        height, width = rgb.shape[:2]
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))
        found: list[Any] = self._detector.detect(image).detections
        if not found:
            return _Seen(0.0, 180.0)
        best = max(found, key=lambda one: one.categories[0].score)
        points = np.array([(point.x * width, point.y * height) for point in best.keypoints])
        up = points[list(_EYES)].mean(0) - points[_MOUTH]
        return _Seen(float(best.categories[0].score), math.degrees(math.atan2(up[0], -up[1])))

    def close(self) -> None:
        """Free the model."""
        self._detector.close()


class Compass:
    """Keeps one source's pictures upright: asks until it is sure, then now and then whether that still holds.

    A picture that is not known to be upside down is left as it is.
    """

    EVERY = 3  # frames between two looks while it is not sure
    AGAIN = 45  # frames between two looks once it is
    AGREE = 3  # looks in a row that change its mind

    def __init__(self, upright: Upright) -> None:
        self._upright = upright
        self.turn_deg = 0
        self.has_turned = False  # since the last `start`
        self.start()

    def start(self) -> None:
        """Other pictures follow: nothing is known of them."""
        self.turn_deg, self._is_sure, self._against, self._next, self.has_turned = 0, False, 0, 0, False

    def applied(self, frame: Frame) -> Frame:
        """Return the frame turned as far as is known now."""
        return frame_turned(frame, self.turn_deg)

    def look(self, frame: Frame, near: Face | None = None) -> bool:
        """Look at a frame as it came in, `near` found in it untouched; True when it has to be turned otherwise now."""
        self._next -= 1
        if self._next > 0:
            return False
        verdict = self._upright.judge(frame.small, near)
        self._next = self.AGAIN if self._is_sure and not self._against else self.EVERY
        if verdict.turn_deg is None:
            return False
        if verdict.turn_deg == self.turn_deg:
            self._is_sure, self._against, self._next = True, 0, self.AGAIN
            return False
        self._against += 1
        self._next = self.EVERY
        if self._is_sure and self._against < self.AGREE:
            return False
        self.turn_deg, self._is_sure, self._against, self.has_turned = verdict.turn_deg, True, 0, True
        self._next = self.AGAIN
        return True


def frame_turned(frame: Frame, turn_deg: int) -> Frame:
    """Return a frame turned clockwise; itself for 0."""
    if not turn_deg:
        return frame
    small = turned(frame.small, turn_deg)
    return Frame(frame.seq, frame.t_s, small if frame.rgb is frame.small else turned(frame.rgb, turn_deg), small)


def _round(rgb: np.ndarray, face: Face) -> np.ndarray:
    """Cut the square round a face, as far as there is picture."""
    height, width = rgb.shape[:2]
    x, y = (face.box.x0 + face.box.x1) / 2 * width, (face.box.y0 + face.box.y1) / 2 * height
    reach = REACH * max((face.box.x1 - face.box.x0) * width, (face.box.y1 - face.box.y0) * height)
    x0, y0 = int(max(0, x - reach)), int(max(0, y - reach))
    x1, y1 = int(min(width, x + reach)), int(min(height, y + reach))
    return rgb[y0:y1, x0:x1] if min(x1 - x0, y1 - y0) >= 16 else rgb


def _small(rgb: np.ndarray) -> np.ndarray:
    scale = LOOK_PX / max(rgb.shape[:2])
    return cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
