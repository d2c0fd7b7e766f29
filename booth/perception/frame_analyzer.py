"""The perceive step: one Frame in, one FrameAnalysis out. Tracker, lock, matte and pixel measures, timed."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np

from booth.config.params import Params
from booth.core.clock import WallClock, stopwatch_ms
from booth.core.faults import Fault
from booth.core.types import (
    BackgroundStats,
    Body,
    Face,
    Focus,
    Frame,
    FrameAnalysis,
    GroupMember,
    Light,
    Matte,
    Occlusion,
)
from booth.perception.background_stats import measure_room
from booth.perception.between_frames import BetweenFrames
from booth.perception.body_reader import BodyBeside, BodyInTurn, BodySource
from booth.perception.eye_reader import EyeReader
from booth.perception.face_finder import FaceFinder, TrackedFaces
from booth.perception.face_light import frame_level, frame_samples
from booth.perception.group_lock import GroupLock
from booth.perception.person_measures import PersonMeasures
from booth.perception.plate_keeper import PlateKeeper
from booth.perception.sitter_lock import SitterLock

log = logging.getLogger(__name__)

ROOM_EVERY = 15


class FrameAnalyzer:
    """Sees. One instance a source; `video=False` judges every picture by itself and makes no matte.

    `track` may run on another thread than the rest, one frame ahead of it.
    """

    def __init__(
        self, params: Params, video: bool = True, *, matte: bool | None = None, is_threaded: bool = False
    ) -> None:
        """With `is_threaded` nobody waits for the body's points, where they are read at all."""
        self._params, self._video, self._is_threaded = params, video, is_threaded
        self.reads_body = False  # set between two frames, by any thread
        self._body: BodySource | None = None
        self._clock = WallClock()
        self._outline_every = 1
        self.finder = FaceFinder(video=video)
        self._between = BetweenFrames()
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
        self._between.reset()
        self._plate: np.ndarray | None = None
        self._plate_seq = -(10**9)
        self._lock = SitterLock()
        self._person = PersonMeasures(self._reader, video=self._video)
        self._group_lock = GroupLock(self.people, at_once=not self._video)
        self._members: dict[int, PersonMeasures] = {}
        self._room, self._room_seq = BackgroundStats(), -(10**9)

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
        return self.finder.track(frame)

    @property
    def people(self) -> int:
        """How many may be in the picture together; set between two frames, by any thread."""
        return self.finder.people

    @people.setter
    def people(self, people: int) -> None:
        self.finder.people = people

    @property
    def turned_deg(self) -> int:
        """How far the pictures are turned clockwise beyond `capture.rotate_deg`: 0, 90, 180 or 270."""
        return self.finder.turned_deg

    @property
    def mounted_deg(self) -> int:
        """What `capture.rotate_deg` would be right for the pictures of this source."""
        told = self._params.capture.rotate_deg
        return ((0 if told == "auto" else told) + self.turned_deg) % 360

    def upright(self, frame: Frame) -> Frame:
        """Return a frame in which nobody is looked for, turned as far as is known."""
        return self.finder.upright(frame)

    def next_picture(self) -> None:
        """Another photograph follows: forget the sitter and which way was up."""
        self.reset()
        self.finder.forget_upright()

    def analyze_tracked(self, tracked: TrackedFaces) -> FrameAnalysis:
        """Return everything seen in a frame whose faces were found."""
        frame, took = tracked.frame, {"face": tracked.took_ms}
        if self._video and frame.size != self._size:
            if self._size != (0, 0):
                self._outline_anew()
            self._size = frame.size
        if tracked.is_between:
            before = self._between.carried(frame)
            if before is not None:
                return self._show_between(before, took)
            return self.analyze_tracked(self.finder.find(frame))
        start_s = self._clock.now_s()
        group: tuple[GroupMember, ...] = ()
        if self.people > 1:
            faces, group = self._see_group(tracked.found or (), frame)
            light, focus, cover = _of_first(group, frame)
        else:
            faces = self._primary_first(tracked.found or (), frame)
            light, focus, cover = self._measures(frame, faces)
            if faces and not self._person.is_believed(cover, frame.t_s):
                faces, focus, cover = (), Focus(), Occlusion()
        took["measures"] = stopwatch_ms(start_s)
        plate = self._plate_of(frame)
        # The network looks at the frames in between, where there are some: the same work in every frame.
        rests = True if self.finder.track_every_n > 1 and self._outline_every > 1 else None
        matte = self._see_matte(frame, faces, plate, took, max(1, len(group)), rests)
        start_s = self._clock.now_s()
        room = self._see_room(frame, matte)
        took["room"] = stopwatch_ms(start_s)
        thumb_up = self._see_hand(frame, took)
        size = self._group_lock.size if self.people > 1 else 0
        return self._between.measured(FrameAnalysis(
            frame, faces, matte, light, focus, cover, room, took, thumb_up, group=group, group_size=size, plate=plate,
            body=self._see_body(frame, took) if self.reads_body and self._video else None,
        ))  # fmt: skip

    def _show_between(self, before: FrameAnalysis, took: dict[str, float]) -> FrameAnalysis:
        """Return a frame that is only shown: faces and measures are those before, carried; the matte is its own."""
        rests = self._between.n_carried > 1  # one look of the network between two that are measured
        matte = self._see_matte(before.frame, before.faces, before.plate, took, max(1, len(before.group)), rests)
        return replace(before, matte=matte, took_ms=took)

    def _see_body(self, frame: Frame, took: dict[str, float]) -> Body | None:
        """Return the newest reading of the body; the model is loaded when it is first wanted."""
        start_s = self._clock.now_s()
        if self._body is None:
            self._body = BodyBeside() if self._is_threaded else BodyInTurn()
        body = self._body.see(frame)
        took["body"] = stopwatch_ms(start_s)
        return body

    def _see_group(self, found: tuple[Face, ...], frame: Frame) -> tuple[tuple[Face, ...], tuple[GroupMember, ...]]:
        """Return the faces, those of the group first, and the group, each measured by themselves."""
        if not self._video:
            self._blank()
        if self._group_lock.most != self.people:
            self._group_lock = GroupLock(self.people, at_once=not self._video)
        self._group_lock, members, others = self._group_lock.step(found, frame.t_s, frame.size[0] / frame.size[1])
        samples = frame_samples(frame.small)
        group = []
        for number, face in members:
            person = self._members.setdefault(number, PersonMeasures(self._reader, video=self._video))
            light, focus, cover = person.measure(frame, face, samples)
            if person.is_believed(cover, frame.t_s):
                group.append(GroupMember(number, face, light, focus, cover))
        known = self._group_lock.ids
        self._members = {number: person for number, person in self._members.items() if number in known}
        return ((*(member.face for member in group), *others) if group else ()), tuple(group)

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
        self.finder.reset()
        self._outline_anew()

    def _outline_anew(self) -> None:
        if self._matte is not None:
            self._matte.close()
            self._matte = self._make_matte()
            self._matte.segment_every_n = self._outline_every
        if self._body is not None:
            self._body.reset()
        self._blank()

    def close(self) -> None:
        """Free the models; must happen before the interpreter shuts down."""
        self.finder.close()
        if self._matte is not None:
            self._matte.close()
        if self._hand is not None:
            self._hand.close()
        if self._body is not None:
            self._body.close()

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
        self,
        frame: Frame,
        faces: tuple[Face, ...],
        plate: np.ndarray | None,
        took: dict[str, float],
        n_kept: int = 1,
        rests: bool | None = None,
    ) -> Matte | None:
        """Return the matte of the first `n_kept` people; `plate` is the empty place, if it is known."""
        if self._matte is None:
            return None
        start_s = self._clock.now_s()
        matte = self._matte.process(frame, faces[0] if faces else None, faces[n_kept:], faces[1:n_kept], plate, rests)
        if self._plates is not None:
            self._plates.interrupt()
            if frame.seq % ROOM_EVERY == 0:
                self._plates.judge(frame.small, matte)
        took["matte"] = stopwatch_ms(start_s)
        return matte

    def _measures(self, frame: Frame, faces: tuple[Face, ...]) -> tuple[Light, Focus, Occlusion]:
        samples = frame_samples(frame.small)
        if not faces:
            self._person.miss()
            return Light(frame_level=frame_level(samples)), Focus(), Occlusion()
        return self._person.measure(frame, faces[0], samples)

    def _see_room(self, frame: Frame, matte: Matte | None) -> BackgroundStats:
        if matte is not None and frame.seq - self._room_seq >= ROOM_EVERY:
            self._room, self._room_seq = measure_room(frame.small, matte), frame.seq
        return self._room


def _of_first(group: tuple[GroupMember, ...], frame: Frame) -> tuple[Light, Focus, Occlusion]:
    """Return what was measured on the first of a group; of the frame alone where nobody is there."""
    if not group:
        return Light(frame_level=frame_level(frame_samples(frame.small))), Focus(), Occlusion()
    return group[0].light, group[0].focus, group[0].cover
