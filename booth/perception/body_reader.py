"""The body's points, a few times a second: on a thread beside a live camera, in turn where a source is played.

The model is loaded when the first frame is asked about. It costs 20 to 50 ms of a core a call, so nobody waits for it:
beside a camera the newest frame is taken when the last call is done, and an answer is some tenths of a second old.
"""

from __future__ import annotations

import logging
import threading
from typing import Protocol

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from booth.core.assets import asset
from booth.core.latest import Latest
from booth.core.models import check_models
from booth.core.types import N_BODY_POINTS, Body, Frame

log = logging.getLogger(__name__)

MODEL = ("models", "pose_landmarker_full.task")
EVERY_S = 1 / 3  # between two calls; each takes about as much of a core as two frames of the face tracker
LONGEST_PX = 480  # the network sees 256 pixels; a larger picture only costs its shrinking
WAIT_S = 0.2


class BodyReader:
    """The model itself, made at the first call; one owner, closed with `close()`. `video=False` judges each picture."""

    def __init__(self, *, video: bool = True) -> None:
        self._video = video
        self._marker: vision.PoseLandmarker | None = None
        self._last_ms = -1

    def read(self, frame: Frame) -> Body | None:
        """Return the body that stands out most in a frame; None where there is none."""
        if self._marker is None:
            check_models(frozenset({MODEL[1]}))
            mode = vision.RunningMode.VIDEO if self._video else vision.RunningMode.IMAGE
            options = vision.PoseLandmarkerOptions(BaseOptions(model_asset_path=str(asset(*MODEL))), running_mode=mode)
            self._marker = vision.PoseLandmarker.create_from_options(options)
        scale = min(1.0, LONGEST_PX / max(frame.small.shape[:2]))
        rgb = cv2.resize(frame.small, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))
        if self._video:
            self._last_ms = max(self._last_ms + 1, round(frame.t_s * 1e3))
            found = self._marker.detect_for_video(image, self._last_ms)
        else:
            found = self._marker.detect(image)
        if not found.pose_landmarks or len(found.pose_landmarks[0]) != N_BODY_POINTS:
            return None
        points = np.array([(p.x, p.y, p.visibility) for p in found.pose_landmarks[0]], np.float32)
        world = np.array([(p.x, p.y, p.z) for p in found.pose_world_landmarks[0]], np.float32)
        return Body(frame.t_s, points, world)

    def close(self) -> None:
        """Free the model; must happen before the interpreter shuts down."""
        if self._marker is not None:
            self._marker.close()
            self._marker = None


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
