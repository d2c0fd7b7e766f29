"""The live matte on a real portrait: who is kept, what happens when they move, leave or were never there."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from booth.config.params.matte import MatteParams
from booth.core.assets import asset
from booth.core.types import Face, Frame
from booth.perception.face_tracker import FaceTracker
from booth.perception.live_matte import LiveMatte
from booth.perception.segmenter import PersonSegmenter

pytestmark = pytest.mark.model
WIDTH, HEIGHT = 960, 540


def a_room() -> np.ndarray:
    """A room of soft shapes without anybody."""
    coarse = np.random.default_rng(3).uniform(60, 200, (4, 7, 3)).astype(np.float32)
    return np.clip(cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8)


def a_portrait(at_x: int, height: int = 500) -> np.ndarray:
    """The bundled sitter, `height` pixels tall, with her left side at `at_x` in the room."""
    bgr = cv2.imread(str(asset("portraits", "eileen_collins.png")), cv2.IMREAD_COLOR)
    bgr = bgr[: int(0.62 * bgr.shape[0]), int(0.05 * bgr.shape[1]) : int(0.72 * bgr.shape[1])]  # head and shoulders
    rgb = cv2.resize(bgr, (round(bgr.shape[1] * height / bgr.shape[0]), height), interpolation=cv2.INTER_AREA)[
        ..., ::-1
    ]
    room = a_room()
    part = room[HEIGHT - height :, max(0, at_x) : at_x + rgb.shape[1]]
    start = max(0, -at_x)
    part[:] = rgb[:, start : start + part.shape[1]]
    return room


@pytest.fixture
def live() -> Iterator[LiveMatte]:
    matte = LiveMatte(MatteParams())
    yield matte
    matte.close()


@pytest.fixture(scope="module")
def find() -> Iterator[FaceTracker]:
    with FaceTracker(video=False) as tracker:
        yield tracker


def frame(rgb: np.ndarray, seq: int = 0) -> Frame:
    return Frame(seq, seq / 30, rgb, rgb)


def at_face(alpha: np.ndarray, face: Face) -> float:
    x = int((face.box.x0 + face.box.x1) / 2 * alpha.shape[1])
    y = int((face.box.y0 + face.box.y1) / 2 * alpha.shape[0])
    return float(alpha[y - 10 : y + 10, x - 10 : x + 10].mean())


def test_a_picture_that_gets_smaller_keeps_its_sitter_and_forgets_nothing_wrong(
    live: LiveMatte, find: FaceTracker
) -> None:
    whole = a_portrait(300)
    small = cv2.resize(whole, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA)
    face = find.find(whole)[0]
    seen = [live.process(Frame(n, n / 30, whole, small if 4 <= n < 8 else whole), face).alpha for n in range(12)]
    assert [alpha.shape for alpha in (seen[3], seen[4], seen[8])] == [whole.shape[:2], small.shape[:2], whole.shape[:2]]
    shares = [float((alpha > 128).mean()) for alpha in seen]
    assert max(shares) - min(shares) < 0.02
    assert all(at_face(alpha, face) > 250 for alpha in seen)


def test_the_sitter_is_whole_and_the_room_is_not(live: LiveMatte, find: FaceTracker) -> None:
    rgb = a_portrait(250)
    face = find.find(rgb)[0]
    matte = live.process(frame(rgb, 7), face)
    assert matte.alpha.shape == (HEIGHT, WIDTH) and matte.of_seq == 7
    assert at_face(matte.alpha, face) > 250
    assert matte.alpha[:, :150].max() == 0 and matte.alpha[:, -100:].max() == 0


def test_shoulders_reach_the_foot_of_the_frame(live: LiveMatte, find: FaceTracker) -> None:
    rgb = a_portrait(250)
    matte = live.process(frame(rgb), find.find(rgb)[0])
    assert (matte.alpha[-1] > 200).sum() > 150


@pytest.mark.parametrize("at_x", [-120, 580])
def test_a_sitter_cut_by_the_frame_stays_whole_up_to_it(live: LiveMatte, find: FaceTracker, at_x: int) -> None:
    rgb = a_portrait(at_x)
    matte = live.process(frame(rgb), find.find(rgb)[0])
    side = matte.alpha[-80:, :3] if at_x < 0 else matte.alpha[-80:, -3:]
    assert side.mean() > 200


def test_nobody_leaves_no_ghost(live: LiveMatte) -> None:
    for seq in range(3):
        assert live.process(frame(a_room(), seq), None).alpha.max() == 0


def test_a_turned_away_face_does_not_make_the_sitter_vanish(live: LiveMatte, find: FaceTracker) -> None:
    rgb = a_portrait(250)
    face = find.find(rgb)[0]
    live.process(frame(rgb, 0), face)
    lost = live.process(frame(rgb, 1), None)
    assert at_face(lost.alpha, face) > 240


def test_who_has_left_is_gone_at_once(live: LiveMatte, find: FaceTracker) -> None:
    rgb = a_portrait(250)
    live.process(frame(rgb, 0), find.find(rgb)[0])
    assert live.process(frame(a_room(), 1), None).alpha.max() == 0


def test_forgetting_leaves_nothing_of_the_last_guest(live: LiveMatte, find: FaceTracker) -> None:
    here, there = a_portrait(0), a_portrait(440)
    fresh = live.process(frame(there, 0), find.find(there)[0]).alpha.copy()
    live.reset()
    live.process(frame(here, 1), find.find(here)[0])
    live.reset()
    assert np.array_equal(live.process(frame(there, 2), find.find(there)[0]).alpha, fresh)


def test_a_jump_is_followed_in_the_same_frame(live: LiveMatte, find: FaceTracker) -> None:
    here, there = a_portrait(200), a_portrait(296)
    settled = LiveMatte(MatteParams())
    for seq in range(6):
        live.process(frame(here, seq), find.find(here)[0])
        target = settled.process(frame(there, seq), find.find(there)[0]).alpha
    moved = live.process(frame(there, 6), find.find(there)[0]).alpha
    settled.close()
    off = np.abs(moved.astype(int) - target.astype(int)).mean() / 255
    assert off < 0.004


def test_camera_noise_hardly_moves_the_edge(live: LiveMatte, find: FaceTracker) -> None:
    quiet = a_portrait(250).astype(np.float32)
    rng = np.random.default_rng(1)
    face = find.find(quiet.astype(np.uint8))[0]
    last, changes = None, []
    for seq in range(12):
        noisy = np.clip(quiet + rng.normal(0, 3, quiet.shape), 0, 255).astype(np.uint8)
        alpha = live.process(frame(noisy, seq), face).alpha.astype(np.float32) / 255
        if last is not None and seq > 4:
            changes.append(float(np.abs(alpha - last).mean()))
        last = alpha
    assert np.mean(changes) < 3e-4


@pytest.mark.parametrize("keep_others", [False, True])
def test_other_people_are_left_out_unless_the_profile_keeps_them(find: FaceTracker, keep_others: bool) -> None:
    rgb = a_portrait(-20, height=420)
    second = a_portrait(500, height=420)
    rgb[:, 480:] = second[:, 480:]
    faces = sorted(find.find(rgb), key=lambda f: f.box.x0)
    assert len(faces) == 2
    live = LiveMatte(MatteParams(keep_others=keep_others))
    matte = live.process(frame(rgb), faces[0], (faces[1],))
    live.close()
    assert at_face(matte.alpha, faces[0]) > 250
    assert (at_face(matte.alpha, faces[1]) > 200) is keep_others


def test_a_tiny_or_upright_frame_is_no_trouble(live: LiveMatte, find: FaceTracker) -> None:
    rgb = a_portrait(250)
    upright = np.ascontiguousarray(rgb[:, 250:650])
    for picture in (upright, cv2.resize(rgb, (160, 90), interpolation=cv2.INTER_AREA)):
        faces = find.find(picture)
        matte = live.process(frame(picture), faces[0] if faces else None)
        assert matte.alpha.shape == picture.shape[:2]


class _Counted:
    """A segmenter that counts how often it is asked."""

    def __init__(self, segmenter: PersonSegmenter) -> None:
        self._segmenter, self.asked = segmenter, 0

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        self.asked += 1
        return self._segmenter(rgb)

    def close(self) -> None:
        self._segmenter.close()


def test_the_network_rests_every_second_frame_until_something_moves(live: LiveMatte, find: FaceTracker) -> None:
    rgb, rng = a_portrait(300), np.random.default_rng(0)
    face = find.find(rgb)[0]
    counted = _Counted(live._segmenter)
    live._segmenter = counted  # type: ignore[assignment]

    def shown(seq: int, picture: np.ndarray) -> None:
        noise = rng.normal(0, 2, picture.shape)
        live.process(frame(np.clip(picture + noise, 0, 255).astype(np.uint8), seq), face)

    for seq in range(4):
        shown(seq, rgb)
    counted.asked = 0
    for seq in range(4, 16):
        shown(seq, rgb)
    assert counted.asked == 6, "nobody moves"
    counted.asked = 0
    for seq in range(16, 24):
        waved = rgb.copy()
        waved[400:520, 320 + 30 * (seq - 16) : 420 + 30 * (seq - 16)] = 235 if seq % 2 else 20  # a hand
        shown(seq, waved)
    assert counted.asked >= 8, "a hand moves"
