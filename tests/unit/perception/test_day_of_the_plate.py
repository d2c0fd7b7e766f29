"""A day of the booth with its own engine, models and state machine: the empty place is remembered and never anybody.

The light drifts by two stops, people pass by, some with their back to the lens, guests come one after another, and a
lamp is switched on while one of them sits. Frames are made here, two a second; so is the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from booth.app.engine import Engine
from booth.app.feed import InlineFeed
from booth.app.parts import EngineSetup, Folders
from booth.app.replay import isolated
from booth.app.screen import NoScreen
from booth.config.params import load_params
from booth.core.assets import asset
from booth.core.clock import FrameClock
from booth.core.faults import Fault
from booth.core.latest import Latest
from booth.core.types import Frame, FrameAnalysis
from booth.guidance.plate_rule import THING_S
from booth.looks.look import load_look
from booth.perception import frame_analyzer
from booth.perception.frame_analyzer import FrameAnalyzer, TrackedFaces
from booth.perception.perception_thread import PerceptionMode, PerceptionThread
from booth.perception.presence_detector import PresenceDetector
from booth.session.state_machine import Event, State

FPS = 2.0
SIZE = (640, 360)
SITTER_PX, TOP_PX = 430, 40  # height of the cut-out and where it begins; the frame cuts it at the waist
PLATE_LEVELS = 12.0  # mean difference, 8-bit, of a plate from the room that it stands for
FOREIGN_LEVELS, FOREIGN_MOST_FRAC = 45.0, 0.002  # of a picture: more that is neither room is somebody
FURNITURE_MOST_FRAC = 0.003  # of the frame, in the live matte beside the sitter
FOOLED_FRAC = 0.05  # of the frame: so much of a thing in the live matte shows that the network takes it for somebody
DUMMY_AT = (280, 30)  # where a tailor's dummy stands, x and y of the cut-out that it is
BESIDE_PX = 25  # what lies nearer to the sitter is their outline


@lru_cache
def a_room(stops: float, *, lamp: bool = False) -> np.ndarray:
    """(360, 640, 3) float32: a wall, a shelf of books, a plant and a lamp's corner, by stops of light."""
    rng = np.random.default_rng(8)
    room = np.full((SIZE[1], SIZE[0], 3), (104, 98, 90), np.float32)
    for x in range(20, 200, 12):
        top = int(rng.integers(110, 150))
        cv2.rectangle(room, (x, top), (x + 9, 180), rng.uniform(20, 150, 3).tolist(), -1)
    cv2.rectangle(room, (15, 181), (205, 188), (60, 42, 30), -1)
    cv2.rectangle(room, (480, 200), (630, 360), (46, 60, 88), -1)  # an armchair, as dark and as high as somebody
    cv2.ellipse(room, (555, 195), (60, 45), 0, 0, 360, (46, 60, 88), -1)
    for angle in range(0, 360, 30):
        cv2.ellipse(room, (320, 90), (55, 9), angle, 0, 180, (44, 92, 50), -1)
    room = cv2.GaussianBlur(room, (0, 0), 0.8) * np.float32(2 ** (stops / 2.2))
    if lamp:
        room *= np.linspace(1.7, 1.0, SIZE[0], dtype=np.float32)[None, :, None] * np.array((1.0, 0.9, 0.7), np.float32)
    return room


def a_cutout(*, from_behind: bool = False) -> np.ndarray:
    """(430, w, 4) float32 RGBA of the bundled sitter; from behind hair covers the face."""
    bgra = cv2.imread(str(asset("portraits", "eileen_collins_cutout.png")), cv2.IMREAD_UNCHANGED)
    rgba = cv2.cvtColor(bgra, cv2.COLOR_BGRA2RGBA)
    scale = SITTER_PX / rgba.shape[0]
    rgba = cv2.resize(rgba, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32)
    if from_behind:
        height, width = rgba.shape[:2]
        head = (round(0.47 * width), round(0.19 * height)), (round(0.15 * width), round(0.18 * height))
        cv2.ellipse(rgba, *head, 0, 0, 360, (58, 44, 34, 255), -1)
    return rgba


@lru_cache
def a_room_with_a_dummy() -> np.ndarray:
    """(360, 640, 3) float32: the room with a dummy in a suit, who has no face."""
    rgba = a_cutout(from_behind=True)
    move = np.array([[1, 0, DUMMY_AT[0]], [0, 1, DUMMY_AT[1]]], np.float32)
    dummy, room = cv2.warpAffine(rgba, move, SIZE), a_room(0)
    return room + dummy[..., 3:] / np.float32(255) * (dummy[..., :3] - room)


class Camera:
    """The day's frames: a room, and who is in it."""

    name, is_live, fps, size = "day", False, FPS, SIZE

    def __init__(self) -> None:
        self.room = a_room(-1)
        self.stands: tuple[np.ndarray, int] | None = None  # a cut-out and where its left side is
        self._seq = 0
        self._noise = np.random.default_rng(0).normal(0, 1.5, (SIZE[1] + 97, SIZE[0], 3)).astype(np.float32)

    def read(self) -> None:
        """The frames come by `frames`."""

    def close(self) -> None:
        """Nothing to close."""

    def frames(self) -> Iterator[Frame]:
        """Yield what is before the lens, for ever."""
        while True:
            at = self._seq * 31 % 97  # another noise in every frame
            picture, alpha = self.room + self._noise[at : at + SIZE[1]], self.alpha()[..., None]
            if self.stands is not None:
                picture += alpha * (self._laid(self.stands[0][..., :3]) - picture)
            rgb = np.clip(picture + 0.5, 0, 255).astype(np.uint8)
            yield Frame(self._seq, self._seq / FPS, rgb, rgb)
            self._seq += 1

    def alpha(self) -> np.ndarray:
        """(360, 640) float32: how much of each pixel is somebody."""
        if self.stands is None:
            return np.zeros(SIZE[::-1], np.float32)
        return self._laid(self.stands[0][..., 3]) / np.float32(255)

    def _laid(self, part: np.ndarray) -> np.ndarray:
        assert self.stands is not None
        move = np.array([[1, 0, self.stands[1]], [0, 1, TOP_PX]], np.float32)
        return cv2.warpAffine(part, move, SIZE)


class Feed(InlineFeed):
    """Looks at each frame as the perceive thread does, at as much as the engine allows."""

    def __init__(self, camera: Camera, clock: FrameClock, analyzer: FrameAnalyzer, presence: PresenceDetector) -> None:
        super().__init__(camera.frames(), camera, clock, analyzer)  # type: ignore[arg-type]
        self._thread, self._presence = PerceptionThread(Latest(), lambda: analyzer), presence
        self.mode = PerceptionMode.PRESENCE  # as the threaded feed begins
        self.seen: FrameAnalysis | None = None

    def take(self, wait_s: float) -> FrameAnalysis | Fault | None:
        """See `InlineFeed`."""
        frame = next(self._exposures)
        self._clock.set(frame.t_s)
        self._thread.mode = self.mode
        self.seen = self._thread._sight(TrackedFaces(frame, None), self._analyzer, self._presence)
        return self.seen


class Day:
    """The booth, and what happens before it."""

    def __init__(self, engine: Engine, feed: Feed, camera: Camera, analyzer: FrameAnalyzer) -> None:
        self.engine, self.feed, self.camera, self.analyzer = engine, feed, camera, analyzer
        self.n_with_plate = self.n_guest_frames = 0
        self.beside: list[float] = []
        self.places = [a_room(0), a_room(0, lamp=True)]
        self._checked: list[np.ndarray] = []

    @property
    def plates(self) -> list[np.ndarray]:
        """Every exposure of the empty place that is remembered."""
        assert self.analyzer._plates is not None
        return [plate.mean() for plate in self.analyzer._plates._plates]

    def turn(self) -> None:
        self.engine.step()
        fresh = [plate for plate in self.plates if all(plate is not known for known in self._checked)]
        self._checked = [*self._checked[-5:], *fresh]
        for plate in fresh:
            assert _foreign_frac(plate, self.places) < FOREIGN_MOST_FRAC, (
                f"somebody is in a plate at {self.engine.clock.now_s()} s"
            )
        seen = self.feed.seen
        if seen is None or seen.matte is None or not seen.faces:
            return
        self.n_guest_frames += 1
        self.n_with_plate += seen.plate is not None
        near = cv2.dilate((self.camera.alpha() > 0.02).astype(np.uint8), np.ones((2 * BESIDE_PX + 1,) * 2, np.uint8))
        self.beside.append(float(((seen.matte.alpha > 127) & (near == 0)).mean()))

    def empty(self, seconds: float) -> None:
        self.camera.stands = None
        for _ in range(round(seconds * FPS)):
            self.turn()

    def passes(self, cutout: np.ndarray) -> None:
        """Somebody crosses the picture in four seconds, and stops in its middle for six."""
        width = cutout.shape[1]
        way = np.r_[np.linspace(-width, 80, 4), [80] * 12, np.linspace(80, SIZE[0], 4)]
        for x in way.astype(int):
            self.camera.stands = (cutout, int(x))
            self.turn()
        self.camera.stands = None

    def guest(self, cutout: np.ndarray, lamp_at: float | None = None, stops: float = 0) -> None:
        """Somebody comes, says yes, is coached for some seconds and goes."""
        self.camera.stands = (cutout, 60)
        for event in (Event.START, Event.AGREE, Event.CHOSEN):
            self.turn()
            self.engine.dispatch(event)
        for k in range(12):
            if lamp_at is not None and k >= lamp_at:
                self.camera.room = a_room(stops, lamp=True)
            self.turn()
        self.engine.dispatch(Event.LEAVE)
        self.camera.stands = None
        for _ in range(40):
            self.turn()
            if self.engine.state is State.ATTRACT:
                return
        raise AssertionError(f"still at {self.engine.state}")

    def remembers(self) -> bool:
        """Whether the room as it is now is among the plates."""
        room = np.clip(self.camera.room, 0, 255)
        return any(np.abs(plate - room).mean() < PLATE_LEVELS for plate in self.plates)


def _foreign_frac(plate: np.ndarray, places: list[np.ndarray]) -> float:
    """The share of a plate that is none of the places, at any light."""
    shares = []
    for place in places:
        room = np.clip(place, 1, 255)
        fitted = room * np.float32(np.median(plate / room))
        shares.append(float((np.abs(plate - np.minimum(fitted, 255)).max(-1) > FOREIGN_LEVELS).mean()))
    return min(shares)


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Day]:
    monkeypatch.setattr(frame_analyzer, "ROOM_EVERY", 1)  # half a second, as fifteen frames of thirty a second are
    params, clock, camera = isolated(load_params("event"), tmp_path), FrameClock(), Camera()
    with ExitStack() as held:
        analyzer = held.enter_context(closing(FrameAnalyzer(params)))
        feed = Feed(camera, clock, analyzer, held.enter_context(closing(PresenceDetector())))
        setup = EngineSetup(
            feed, NoScreen(), clock, Folders.below(tmp_path), develops=False, in_turn=True, controls_quality=False
        )
        yield Day(held.enter_context(closing(Engine(params, load_look("studio-grey"), setup))), feed, camera, analyzer)


@pytest.mark.model
@pytest.mark.long
def test_the_empty_place_through_a_whole_day(day: Day) -> None:
    front, back = a_cutout(), a_cutout(from_behind=True)
    for k, stops in enumerate(np.linspace(-1, 1, 4)):
        day.camera.room = a_room(stops)
        day.empty(7)
        assert day.remembers(), f"not at {stops} stops"
        day.passes(back if k % 2 else front)
        day.empty(2)
        day.guest(front)
    assert day.n_with_plate > 0.7 * day.n_guest_frames > 0
    day.guest(front, lamp_at=3, stops=1)  # the lamp is switched on while they sit
    assert not day.plates, "a plate of the room without its lamp is still there"
    day.empty(8)
    assert day.remembers(), "the room with its lamp is not remembered"
    day.passes(back)
    day.guest(front)
    assert max(day.beside) < FURNITURE_MOST_FRAC, f"furniture is in the mirror: {max(day.beside):.4f}"


@pytest.mark.model
@pytest.mark.long
def test_a_dummy_that_the_network_takes_for_somebody_is_furniture_once_the_place_is_known(day: Day) -> None:
    front = a_cutout()
    day.camera.room = a_room_with_a_dummy()
    day.places = [day.camera.room]
    day.guest(front)
    assert day.n_with_plate == 0 < day.n_guest_frames
    assert float(np.median(day.beside)) > FOOLED_FRAC, "the network is not fooled: this test shows nothing"
    day.empty(THING_S + 10)
    assert day.remembers()
    day.beside.clear()
    day.guest(front)
    assert day.n_with_plate > 0
    assert max(day.beside) < FURNITURE_MOST_FRAC, f"the dummy is in the mirror: {max(day.beside):.4f}"
