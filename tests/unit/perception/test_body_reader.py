"""The body's points on the bundled portrait: shoulders to the lens, read in turn or beside, and never before asked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from booth.config.params import Params
from booth.core.assets import asset
from booth.core.types import Body, Frame
from booth.guidance.body_measures import measure_body
from booth.perception import body_reader
from booth.perception.body_reader import EVERY_S, BodyBeside, BodyInTurn
from booth.perception.face_tracker import FaceTracker
from booth.perception.frame_analyzer import FrameAnalyzer

pytestmark = pytest.mark.model


def frame(seq: int, t_s: float, *, flipped: bool = False) -> Frame:
    rgb = np.asarray(Image.open(asset("portraits", "eileen_collins.png")).convert("RGB"))
    rgb = np.ascontiguousarray(rgb[:, ::-1] if flipped else rgb)
    return Frame(seq, t_s, rgb, rgb)


@pytest.fixture
def in_turn() -> Iterator[BodyInTurn]:
    source = BodyInTurn()
    yield source
    source.close()


def test_a_picture_and_its_mirror_image_are_read_alike(in_turn: BodyInTurn) -> None:
    turns = []
    for i, flipped in enumerate((False, True)):
        picture = frame(i, 10.0 * i, flipped=flipped)
        body = in_turn.see(picture)
        with FaceTracker(video=False) as find:
            face = max(find.find(picture.rgb), key=lambda f: f.box.area)
        assert body is not None and body.t_s == 10.0 * i
        measures = measure_body(body, face, picture.size)
        assert measures is not None and measures.turn_deg is not None
        turns.append(measures.turn_deg)
    assert 8 < turns[0] < 35  # she sits a little turned, chest toward image right
    assert turns[0] == pytest.approx(-turns[1], abs=8)


def test_between_two_readings_the_last_one_stands(in_turn: BodyInTurn) -> None:
    first = in_turn.see(frame(0, 0.0))
    assert in_turn.see(frame(1, 0.9 * EVERY_S)) is first
    assert in_turn.see(frame(2, 1.1 * EVERY_S)) is not first
    in_turn.reset()
    again = in_turn.see(frame(3, 1.2 * EVERY_S))
    assert again is not None and again.t_s == pytest.approx(1.2 * EVERY_S)


def test_a_reader_that_fails_beside_the_mirror_leaves_the_booth_running(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: object, picture: Frame) -> Body | None:
        raise RuntimeError("no model")

    monkeypatch.setattr(body_reader.BodyReader, "read", fails)
    source = BodyBeside()
    assert source.see(frame(0, 0.0)) is None
    source.close()
    assert source.see(frame(1, 1.0)) is None


def test_nothing_is_loaded_until_a_pose_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr("booth.perception.frame_analyzer.BodyInTurn", lambda: made.append(1) or BodyInTurn())
    with FrameAnalyzer(Params(), matte=False) as eye:
        assert eye.analyze(frame(0, 0.0)).body is None
        assert made == []
        eye.reads_body = True
        assert eye.analyze(frame(1, 0.1)).body is not None
        assert made == [1]


def leaning(t_s: float, depth: float) -> Body:
    """A body whose shoulder at image right is `depth` metres further away than the other."""
    points, world = np.full((33, 3), 0.5, np.float32), np.zeros((33, 3), np.float32)
    world[11], world[12] = (0.18, 0, depth / 2), (-0.18, 0, -depth / 2)
    points[11, 0], points[12, 0] = 0.6, 0.4
    return Body(t_s, points, world)


def test_a_mirror_image_has_sides_exchanged_and_twice_is_the_body_itself() -> None:
    body = leaning(0.0, 0.1)
    other = body_reader.mirrored(body)
    assert other.world[11, 0] == pytest.approx(0.18) and other.world[11, 2] == pytest.approx(-0.05)
    assert other.points[11, 0] == pytest.approx(0.6)
    back = body_reader.mirrored(other)
    assert np.allclose(back.world, body.world) and np.allclose(back.points, body.points)


def test_what_the_network_favours_cancels_out_over_two_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[bool] = []

    def sees(self: body_reader.BodyReader, rgb: np.ndarray, t_s: float, *, is_mirrored: bool) -> Body:
        shown.append(is_mirrored)
        favoured = leaning(t_s, 0.02)  # whatever it is shown it takes for a little turned
        return body_reader.mirrored(favoured) if is_mirrored else favoured

    monkeypatch.setattr(body_reader.BodyReader, "_seen", sees)
    source = BodyInTurn()
    bodies = [source.see(frame(i, i * EVERY_S * 1.01)) for i in range(4)]
    assert shown == [True, False, True, False, True]
    late = source.see(frame(5, 60.0))  # a reading of a minute ago is of another stance
    assert shown[5:] == [True, False]
    assert all(body is not None and abs(body.world[11, 2] - body.world[12, 2]) < 1e-6 for body in (*bodies, late))
