"""Which way is up is told by the detector: the demo sitter is turned upright from every side, and only then."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from booth.config.params import load_params
from booth.core.assets import asset
from booth.core.turning import turned, turned_note
from booth.core.types import Frame
from booth.perception.frame_analyzer import FrameAnalyzer
from booth.perception.upright import Compass, Upright, Verdict

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def portrait() -> np.ndarray:
    with Image.open(asset("portraits", "eileen_collins.png")) as image:
        image.thumbnail((640, 640))
        return np.asarray(image.convert("RGB"))


def frame(rgb: np.ndarray, seq: int) -> Frame:
    return Frame(seq, seq / 10, np.ascontiguousarray(rgb), np.ascontiguousarray(rgb))


def test_a_face_is_turned_upright_from_every_side(portrait: np.ndarray) -> None:
    upright = Upright()
    try:
        for turn in (0, 90, 180, 270):
            assert upright.judge(turned(portrait, turn)).turn_deg == -turn % 360
        assert upright.judge(np.full((300, 300, 3), 128, np.uint8)).turn_deg is None
    finally:
        upright.close()


@pytest.mark.parametrize("video", [True, False])
def test_a_sight_never_shows_a_face_upside_down(portrait: np.ndarray, video: bool) -> None:
    with FrameAnalyzer(load_params("event"), video=video, matte=False) as eye:
        for seq, turn in enumerate((180, 180, 180)):
            analysis = eye.analyze(frame(turned(portrait, turn), seq))
            assert analysis.sitter is not None and np.array_equal(analysis.frame.rgb, portrait)
            points = analysis.sitter.landmarks[:, 1]
            assert points[[33, 263]].mean() < points[[13, 14]].mean()
        assert eye.turned_deg == 180
        eye.next_picture()
        analysis = eye.analyze(frame(turned(portrait, 90), 3))
        assert eye.turned_deg == 270 and analysis.frame.size == portrait.shape[1::-1]
        eye.next_picture()
        assert eye.analyze(frame(portrait, 4)).frame.rgb.shape == portrait.shape and eye.turned_deg == 0


class Told:
    """A detector that says what it is told to."""

    def __init__(self) -> None:
        self.says: int | None = 0
        self.asked = 0

    def judge(self, rgb: np.ndarray, near: object = None) -> Verdict:
        self.asked += 1
        return Verdict(self.says)


def test_a_sure_compass_changes_its_mind_only_after_three_looks_and_asks_seldom() -> None:
    told = Told()
    compass = Compass(told)  # type: ignore[arg-type]
    shown = frame(np.zeros((8, 8, 3), np.uint8), 0)
    assert not any(compass.look(shown) for _ in range(90)) and told.asked == 2
    told.says = 180
    looks = [compass.look(shown) for _ in range(60)]
    assert looks.count(True) == 1 and compass.turn_deg == 180
    told.says = None
    assert not any(compass.look(shown) for _ in range(200)) and compass.turn_deg == 180
    compass.start()
    assert compass.turn_deg == 0


def test_a_note_says_what_was_done() -> None:
    assert turned_note(0) == ()
    assert "upside down" in turned_note(180)[0] and "side" in turned_note(90)[0]
