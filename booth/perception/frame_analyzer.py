"""The perceive step: one Frame in, one FrameAnalysis out. Tracker, sitter lock, matte and pixel measures, each timed."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

from booth.config.params import Params
from booth.core.clock import WallClock, stopwatch_ms
from booth.core.faults import Fault
from booth.core.types import BackgroundStats, Face, Focus, Frame, FrameAnalysis, Light, Matte, Occlusion
from booth.perception.aligned_face import cut_chip
from booth.perception.background_stats import measure_room
from booth.perception.face_light import frame_level, frame_samples, measure_light
from booth.perception.face_tracker import FaceTracker
from booth.perception.focus import Stance, eye_sharpness, motion
from booth.perception.occlusion import measure_cover
from booth.perception.sitter_lock import SitterLock

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
        self._wall = WallClock()
        self._outline_every = 1
        self._tracking = threading.Lock()
        self._tracker, self._tracked_size = FaceTracker(video=video), (0, 0)
        self._size = (0, 0)
        self._matte = self._make_matte() if (video if matte is None else matte) else None
        self._hand = self._make_hand() if video else None
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

    def _make_matte(self):  # type: ignore[no-untyped-def]
        from booth.perception.live_matte import LiveMatte

        return LiveMatte(self._params.matte)

    def _blank(self) -> None:
        self._lock = SitterLock()
        self._stance: Stance | None = None
        self._cover, self._light, self._chip_seq = Occlusion(), Light(), -(10**9)
        self._room, self._room_seq = BackgroundStats(), -(10**9)
        self._proof_s = -(10.0**9)

    def analyze(self, frame: Frame) -> FrameAnalysis:
        """Return everything seen in one frame; frames must come in order of their time when tracking video."""
        return self.analyze_tracked(self.track(frame))

    def track(self, frame: Frame) -> TrackedFaces:
        """Return the faces of one frame."""
        with self._tracking:
            start_s = self._wall.now_s()
            if self._video and frame.size != self._tracked_size:
                if self._tracked_size != (0, 0):
                    self._track_anew()
                self._tracked_size = frame.size
            found = self._tracker.find(frame.small, frame.t_s)
            return TrackedFaces(frame, found, stopwatch_ms(start_s))

    def analyze_tracked(self, tracked: TrackedFaces) -> FrameAnalysis:
        """Return everything seen in a frame whose faces were found."""
        frame, took = tracked.frame, {"face": tracked.took_ms}
        if self._video and frame.size != self._size:
            if self._size != (0, 0):
                self._outline_anew()
            self._size = frame.size
        start_s = self._wall.now_s()
        faces = self._primary_first(tracked.found or (), frame)
        light, focus, cover = self._measures(frame, faces)
        if faces and not self._believed(cover, frame.t_s):
            faces, focus, cover = (), Focus(), Occlusion()
        took["measures"] = stopwatch_ms(start_s)
        matte = self._see_matte(frame, faces, took)
        start_s = self._wall.now_s()
        room = self._see_room(frame, matte)
        took["room"] = stopwatch_ms(start_s)
        thumb_up = self._see_hand(frame, took)
        return FrameAnalysis(frame, faces, matte, light, focus, cover, room, took, thumb_up)

    def _see_hand(self, frame: Frame, took: dict[str, float]) -> bool | None:
        if self._hand is None:
            return None
        start_s = self._wall.now_s()
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

    def _see_matte(self, frame: Frame, faces: tuple[Face, ...], took: dict[str, float]) -> Matte | None:
        if self._matte is None:
            return None
        start_s = self._wall.now_s()
        matte = self._matte.process(frame, faces[0] if faces else None, faces[1:])
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
            self._light = measure_light(chip, face, samples, frame.rgb)
        self._cover = measure_cover(frame.small, face, chip, self._cover)
        return self._light, Focus(eye_sharpness(frame.rgb, face), moved), self._cover

    def _believed(self, cover: Occlusion, t_s: float) -> bool:
        """Tell whether the face is one: eyes were seen in it just now, or cannot be judged."""
        if cover.eyes_found is not False:
            self._proof_s = t_s
        return t_s - self._proof_s <= BELIEF_S

    def _see_room(self, frame: Frame, matte: Matte | None) -> BackgroundStats:
        if matte is not None and frame.seq - self._room_seq >= ROOM_EVERY:
            self._room, self._room_seq = measure_room(frame.small, matte), frame.seq
        return self._room
