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


def test_shoulders_that_face_the_lens_are_read_so_also_in_the_mirror_image(in_turn: BodyInTurn) -> None:
    for i, flipped in enumerate((False, True)):
        picture = frame(i, float(i), flipped=flipped)
        body = in_turn.see(picture)
        with FaceTracker(video=False) as find:
            face = max(find.find(picture.rgb), key=lambda f: f.box.area)
        assert body is not None and body.t_s == float(i)
        measures = measure_body(body, face, picture.size)
        assert measures is not None and measures.turn_deg is not None
        assert abs(measures.turn_deg) < 16


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
