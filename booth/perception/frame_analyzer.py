"""The perceive step: one Frame in, one FrameAnalysis out. Tracker, lock, matte and pixel measures, timed."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

import numpy as np

from booth.config.params import Params
from booth.core.clock import WallClock, stopwatch_ms
from booth.core.faults import Fault
from booth.core.types import BackgroundStats, Face, Focus, Frame, FrameAnalysis, Light, Matte, Occlusion
from booth.perception.aligned_face import cut_chip
from booth.perception.background_stats import measure_room
from booth.perception.eye_reader import EyeReader
from booth.perception.face_light import frame_level, frame_samples, measure_light
from booth.perception.face_tracker import FaceTracker
from booth.perception.focus import Stance, eye_sharpness, motion
from booth.perception.occlusion import measure_cover
from booth.perception.plate_keeper import PlateKeeper
from booth.perception.sitter_lock import SitterLock
from booth.perception.upright import Compass, Upright

log = logging.getLogger(__name__)

CHIP_EVERY = 3  # frames; light, a mask or a hand do not come and go faster than that
ROOM_EVERY = 15
BELIEF_S = 2.0  # a face once seen with eyes stays one while they are shut


@dataclass(frozen=True, slots=True)
class TrackedFaces:
    """A Frame and the faces found in it, in the tracker's order; no faces were looked for where `found` is None."""

    frame: Frame
    found: tuple[Face, ...] | None
    took_ms: float = 0.0


class FrameAnalyzer:
    """Sees. One instance a source; `video=False` judges every picture by itself and makes no matte.

    `track` may run on another thread than the rest, one frame ahead of it.
    """

    def __init__(self, params: Params, video: bool = True, *, matte: bool | None = None) -> None:
        self._params, self._video = params, video
        self._clock = WallClock()
        self._outline_every = 1
        self._tracking = threading.Lock()
        self._tracker, self._tracked_size = FaceTracker(video=video), (0, 0)
        self._upright = Upright()
        self._compass = Compass(self._upright)
        self._size = (0, 0)
        self._matte = self._make_matte() if (video if matte is None else matte) else None
        self._plates = self._make_plates() if self._matte is not None else None
        self._hand = self._make_hand() if video else None
        self._reader = self._make_reader()
        self._blank()

    def _make_hand(self):  # type: ignore[no-untyped-def]
        if not self._params.screen.hand_model:
            return None
        from booth.perception.hand_reader import HandReader

        try:
            return HandReader(self._params.screen.hand_model)
        except Fault as fault:  # a booth without thumbs is still a booth
            log.warning("fault %s: %s", fault.code, fault)
            return None

    def _make_reader(self) -> EyeReader | None:
        if not self._params.guidance.eye_model:
            return None
        try:
            return EyeReader(self._params.guidance.eye_model)
        except Fault as fault:  # a booth without a second opinion is still a booth
            log.warning("fault %s: %s", fault.code, fault)
            return None

    def _make_matte(self):  # type: ignore[no-untyped-def]
        from booth.perception.live_matte import LiveMatte

        return LiveMatte(self._params.matte)

    def _make_plates(self) -> PlateKeeper | None:
        return PlateKeeper(self._sees_people) if self._params.matte.remember_room else None

    def _sees_people(self, rgb: np.ndarray) -> np.ndarray:
        assert self._matte is not None  # the keeper is made beside it; it is made anew for every sitter
        return np.asarray(self._matte.sees_people(rgb))

    def _blank(self) -> None:
        self._plate: np.ndarray | None = None
        self._plate_seq = -(10**9)
        self._lock = SitterLock()
        self._stance: Stance | None = None
        self._cover, self._light, self._chip_seq = Occlusion(), Light(), -(10**9)
        self._room, self._room_seq = BackgroundStats(), -(10**9)
        self._proof_s = -(10.0**9)

    def see_empty(self, frame: Frame, someone: bool) -> None:
        """Take in a frame of a time in which nobody is measured: the empty place may be remembered."""
        if self._plates is not None:
            self._plates.look(frame, someone)

    def _plate_of(self, frame: Frame) -> np.ndarray | None:
        """Return the empty place in this exposure, where it is remembered and still as it was."""
        if self._plates is None or not len(self._plates):
            return None
        if frame.seq - self._plate_seq >= ROOM_EVERY or frame.seq < self._plate_seq:
            self._plate, self._plate_seq = self._plates.best(frame.small), frame.seq
        fits = self._plate is not None and self._plate.shape[1::-1] == frame.size
        return self._plate if fits else None

    def analyze(self, frame: Frame) -> FrameAnalysis:
        """Return everything seen in one frame; frames must come in order of their time when tracking video."""
        return self.analyze_tracked(self.track(frame))

    def track(self, frame: Frame) -> TrackedFaces:
        """Return the faces of one frame."""
        with self._tracking:
            start_s = self._clock.now_s()
            if not self._video:
                self._compass.start()
            raw, frame = frame, self._compass.applied(frame)
            if self._video and frame.size != self._tracked_size:
                if self._tracked_size != (0, 0):
                    self._track_anew()
                self._tracked_size = frame.size
            found = self._tracker.find(frame.small, frame.t_s)
            if self._compass.look(raw, found[0] if found and frame is raw else None):
                log.warning("the pictures come in turned: they are turned by %d degrees clockwise", self.turned_deg)
                if self._video:
                    self._track_anew()
                frame = self._compass.applied(raw)
                self._tracked_size = frame.size
                found = self._tracker.find(frame.small, frame.t_s)
            return TrackedFaces(frame, found, stopwatch_ms(start_s))

    @property
    def turned_deg(self) -> int:
        """How far the pictures are turned clockwise, beyond `capture.rotate_deg`, so that faces stand upright in them.

        0, 90, 180 or 270.
        """
        return self._compass.turn_deg

    @property
    def mounted_deg(self) -> int:
        """What `capture.rotate_deg` would be right for the pictures of this source."""
        told = self._params.capture.rotate_deg
        return ((0 if told == "auto" else told) + self.turned_deg) % 360

    def upright(self, frame: Frame) -> Frame:
        """Return a frame in which nobody is looked for, turned as far as is known."""
        return self._compass.applied(frame)

    def next_picture(self) -> None:
        """Another photograph follows: forget the sitter and which way was up."""
        self.reset()
        self._compass.start()

    def analyze_tracked(self, tracked: TrackedFaces) -> FrameAnalysis:
        """Return everything seen in a frame whose faces were found."""
        frame, took = tracked.frame, {"face": tracked.took_ms}
        if self._video and frame.size != self._size:
            if self._size != (0, 0):
                self._outline_anew()
            self._size = frame.size
        start_s = self._clock.now_s()
        faces = self._primary_first(tracked.found or (), frame)
        light, focus, cover = self._measures(frame, faces)
        if faces and not self._believed(cover, frame.t_s):
            faces, focus, cover = (), Focus(), Occlusion()
        took["measures"] = stopwatch_ms(start_s)
        plate = self._plate_of(frame)
        matte = self._see_matte(frame, faces, plate, took)
        start_s = self._clock.now_s()
        room = self._see_room(frame, matte)
        took["room"] = stopwatch_ms(start_s)
        thumb_up = self._see_hand(frame, took)
        return FrameAnalysis(frame, faces, matte, light, focus, cover, room, took, thumb_up, plate=plate)

    def _see_hand(self, frame: Frame, took: dict[str, float]) -> bool | None:
        if self._hand is None:
            return None
        start_s = self._clock.now_s()
        is_up: bool | None = self._hand.process(frame)
        took["hand"] = stopwatch_ms(start_s)
        return is_up

    def set_quality(self, segment_every_n: int) -> None:
        """Let the person network look at one frame of so many, 1..; the outline follows in between."""
        self._outline_every = segment_every_n
        if self._matte is not None:
            self._matte.segment_every_n = segment_every_n

    def reset(self) -> None:
        """Drop all memory of the sitter and track anew."""
        with self._tracking:
            self._track_anew()
        self._outline_anew()

    def _track_anew(self) -> None:
        self._tracker.close()
        self._tracker = FaceTracker(video=self._video)

    def _outline_anew(self) -> None:
        if self._matte is not None:
            self._matte.close()
            self._matte = self._make_matte()
            self._matte.segment_every_n = self._outline_every
        self._blank()

    def close(self) -> None:
        """Free the models; must happen before the interpreter shuts down."""
        with self._tracking:
            self._tracker.close()
            self._upright.close()
        if self._matte is not None:
            self._matte.close()
        if self._hand is not None:
            self._hand.close()

    def __enter__(self) -> FrameAnalyzer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _primary_first(self, found: tuple[Face, ...], frame: Frame) -> tuple[Face, ...]:
        aspect = frame.size[0] / frame.size[1]
        if not self._video:
            self._blank()
        lock = self._lock
        self._lock, faces = lock.step(found, frame.t_s, aspect)
        return faces

    def _see_matte(
        self, frame: Frame, faces: tuple[Face, ...], plate: np.ndarray | None, took: dict[str, float]
    ) -> Matte | None:
        if self._matte is None:
            return None
        start_s = self._clock.now_s()
        matte = self._matte.process(frame, faces[0] if faces else None, faces[1:], plate)
        if self._plates is not None:
            self._plates.interrupt()
            if frame.seq % ROOM_EVERY == 0:
                self._plates.judge(frame.small, matte)
        took["matte"] = stopwatch_ms(start_s)
        return matte

    def _measures(self, frame: Frame, faces: tuple[Face, ...]) -> tuple[Light, Focus, Occlusion]:
        samples = frame_samples(frame.small)
        if not faces:
            self._stance, self._cover, self._chip_seq = None, Occlusion(), -(10**9)
            return Light(frame_level=frame_level(samples)), Focus(), Occlusion()
        face = faces[0]
        stance = Stance.of(face, frame.t_s, frame.size[0] / frame.size[1])
        moved = motion(self._stance, stance) if self._video else None
        self._stance = stance
        chip = None
        if not self._video or frame.seq - self._chip_seq >= CHIP_EVERY:
            chip, self._chip_seq = cut_chip(frame.small, face), frame.seq
            self._light = measure_light(chip, face, samples, frame.at_hand)
        self._cover = measure_cover(frame.small, face, chip, self._cover, self._reader)
        return self._light, Focus(eye_sharpness(frame.at_hand, face), moved), self._cover

    def _believed(self, cover: Occlusion, t_s: float) -> bool:
        """Tell whether the face is one: eyes were seen in it just now, or cannot be judged."""
        if cover.eyes_found is not False:
            self._proof_s = t_s
        return t_s - self._proof_s <= BELIEF_S

    def _see_room(self, frame: Frame, matte: Matte | None) -> BackgroundStats:
        if matte is not None and frame.seq - self._room_seq >= ROOM_EVERY:
            self._room, self._room_seq = measure_room(frame.small, matte), frame.seq
        return self._room
