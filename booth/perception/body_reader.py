"""The body's points, a few times a second: on a thread beside a live camera, in turn where a source is played.

The model is loaded when the first frame is asked about. It costs 20 to 50 ms of a core a call, so nobody waits for it:
beside a camera the newest frame is taken when the last call is done, and an answer is some tenths of a second old.

The network reads the line of the shoulders too far turned toward image right, by 2 to 10 degrees as the picture goes.
So every other frame is shown to it as a mirror image, the first one both ways, and its depths are the mean of the last
two readings: what it favours cancels out.
"""

from __future__ import annotations

import logging
import threading
from typing import Protocol

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from booth.core.area_mean import reduced
from booth.core.assets import asset
from booth.core.latest import Latest
from booth.core.models import check_models
from booth.core.types import N_BODY_POINTS, Body, Frame

log = logging.getLogger(__name__)

MODEL = ("models", "pose_landmarker_full.task")
EVERY_S = 1 / 3  # between two calls; each takes about as much of a core as two frames of the face tracker
LONGEST_PX = 480  # the network sees 256 pixels; a larger picture only costs its shrinking
WAIT_S = 0.2
MEAN_WITHIN_S = 1.0  # a reading older than this is of another stance
# Of the 33 points: which is which in a mirror image. The nose is its own.
SIDES = np.array([0, 4, 5, 6, 1, 2, 3, *(i + (1 if i % 2 else -1) for i in range(7, 33))])


class BodyReader:
    """The model itself, made at the first call; one owner, closed with `close()`.

    `video=False` judges each picture by itself, as it is and as a mirror image.
    """

    def __init__(self, *, video: bool = True) -> None:
        self._video = video
        self._markers: dict[bool, vision.PoseLandmarker] = {}  # of the pictures as they are, and of mirror images
        self._last_ms = -1
        self._is_mirrored = False
        self._before: Body | None = None

    def read(self, frame: Frame) -> Body | None:
        """Return the body that stands out most in a frame; None where there is none."""
        height, width = frame.small.shape[:2]
        scale = min(1.0, LONGEST_PX / max(height, width))
        rgb = reduced(frame.small, (max(1, round(width * scale)), max(1, round(height * scale))))
        if not self._video:
            return _mean(self._seen(rgb, frame.t_s, is_mirrored=False), self._seen(rgb, frame.t_s, is_mirrored=True))
        before = self._before
        if before is None or frame.t_s - before.t_s > MEAN_WITHIN_S:
            before = self._seen(rgb, frame.t_s, is_mirrored=not self._is_mirrored)
        self._before = self._seen(rgb, frame.t_s, is_mirrored=self._is_mirrored)
        self._is_mirrored = not self._is_mirrored
        return _mean(self._before, before) if self._before is not None else None

    def _seen(self, rgb: np.ndarray, t_s: float, *, is_mirrored: bool) -> Body | None:
        shown = np.ascontiguousarray(rgb[:, ::-1] if is_mirrored else rgb)
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=shown)
        marker = self._marker(is_mirrored)
        if self._video:
            self._last_ms = max(self._last_ms + 1, round(t_s * 1e3))
            found = marker.detect_for_video(image, self._last_ms)
        else:
            found = marker.detect(image)
        if not found.pose_landmarks or len(found.pose_landmarks[0]) != N_BODY_POINTS:
            return None
        points = np.array([(p.x, p.y, p.visibility) for p in found.pose_landmarks[0]], np.float32)
        world = np.array([(p.x, p.y, p.z) for p in found.pose_world_landmarks[0]], np.float32)
        return mirrored(Body(t_s, points, world)) if is_mirrored else Body(t_s, points, world)

    def _marker(self, is_mirrored: bool) -> vision.PoseLandmarker:
        if is_mirrored not in self._markers:
            check_models(frozenset({MODEL[1]}))
            mode = vision.RunningMode.VIDEO if self._video else vision.RunningMode.IMAGE
            options = vision.PoseLandmarkerOptions(BaseOptions(model_asset_path=str(asset(*MODEL))), running_mode=mode)
            self._markers[is_mirrored] = vision.PoseLandmarker.create_from_options(options)
        return self._markers[is_mirrored]

    def forget(self) -> None:
        """Somebody else follows: the last reading is not of them."""
        self._before = None

    def close(self) -> None:
        """Free the model; must happen before the interpreter shuts down."""
        for marker in self._markers.values():
            marker.close()
        self._markers.clear()


def mirrored(body: Body) -> Body:
    """Return the body that a mirror image of the picture would show."""
    points, world = body.points[SIDES], body.world[SIDES]
    points[:, 0] = 1 - points[:, 0]
    world[:, 0] *= -1
    return Body(body.t_s, points, world)


def _mean(body: Body | None, other: Body | None) -> Body | None:
    """Return `body` with the mean of both depths; whichever there is where one is missing."""
    if body is None or other is None:
        return body or other
    return Body(body.t_s, body.points, (body.world + other.world) / 2)


class BodySource(Protocol):
    """Gives the newest body there is."""

    def see(self, frame: Frame) -> Body | None:
        """Take note of a frame and return the newest body, which may be of an earlier one."""

    def reset(self) -> None:
        """Forget the sitter."""

    def close(self) -> None:
        """Free the model."""


class BodyInTurn:
    """Reads on the caller's thread, by the source's own time: the same source gives the same bodies."""

    def __init__(self) -> None:
        self._reader = BodyReader()
        self.reset()

    def reset(self) -> None:
        """Forget the sitter."""
        self._reader.forget()
        self._next_s = -1e9
        self._body: Body | None = None

    def see(self, frame: Frame) -> Body | None:
        """Read a frame where the last one read is long enough ago; return the newest body."""
        if frame.t_s >= self._next_s:
            self._next_s = frame.t_s + EVERY_S
            self._body = self._reader.read(frame)
        return self._body

    def close(self) -> None:
        """Free the model."""
        self._reader.close()


class BodyBeside:
    """Reads on a thread of its own, the newest frame each time; whoever asks never waits."""

    def __init__(self) -> None:
        self._frames: Latest[Frame] = Latest()
        self._next_s = -1e9
        self._body: Body | None = None
        self._stop = threading.Event()
        self._forget = threading.Event()
        self._thread = threading.Thread(target=self._run, name="body", daemon=True)
        self._thread.start()

    def reset(self) -> None:
        """Forget the sitter."""
        self._forget.set()
        self._frames.clear()
        self._body, self._next_s = None, -1e9

    def see(self, frame: Frame) -> Body | None:
        """Leave a frame to be read where one is due; return the newest body."""
        if frame.t_s >= self._next_s:
            self._next_s = frame.t_s + EVERY_S
            self._frames.put(frame)
        return self._body

    def _run(self) -> None:
        reader = BodyReader()
        try:
            while not self._stop.is_set():
                frame = self._frames.take(WAIT_S)
                if frame is None:
                    continue
                if self._forget.is_set():
                    reader.forget()
                self._forget.clear()
                body = reader.read(frame)
                if not self._forget.is_set():
                    self._body = body
        except Exception:  # a booth without a pose guide is still a booth
            log.exception("the body could not be read")
            self._body = None
        finally:
            reader.close()

    def close(self) -> None:
        """End the thread and free the model."""
        self._stop.set()
        self._thread.join(timeout=3)
