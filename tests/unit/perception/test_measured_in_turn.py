"""What is measured on a face in turn: the room's light more rarely than what may hide the face, and anew with each."""

from __future__ import annotations

import numpy as np
import pytest

from booth.core.types import Frame, Light
from booth.perception import person_measures
from booth.perception.face_light import frame_samples
from booth.perception.person_measures import CHIP_EVERY, LIGHT_EVERY_CHIPS, PersonMeasures
from tests.unit.light.sitters import a_face

RGB = np.full((240, 320, 3), 120, np.uint8)


class Story:
    """A person measured frame after frame; `lit_at` numbers the frames whose light was measured."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, video: bool = True) -> None:
        self.person, self.number, self.lit_at = PersonMeasures(None, video=video), 0, []
        monkeypatch.setattr(person_measures, "measure_light", self._measure_light)

    def _measure_light(self, *_: object) -> Light:
        self.lit_at.append(self.number)
        return Light()

    def measured(self, n_frames: int) -> Story:
        for _ in range(n_frames):
            self.person.measure(Frame(self.number, self.number / 30, RGB, RGB), a_face(), frame_samples(RGB))
            self.number += 1
        return self


def test_light_is_measured_in_every_sixth_frame_of_a_video(monkeypatch: pytest.MonkeyPatch) -> None:
    step = CHIP_EVERY * LIGHT_EVERY_CHIPS
    assert Story(monkeypatch).measured(3 * step).lit_at == [0, step, 2 * step]


def test_a_face_that_comes_back_has_its_light_measured_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story(monkeypatch).measured(4)
    story.person.miss()
    assert story.measured(1).lit_at == [0, 4]


def test_every_photograph_has_its_own_light(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Story(monkeypatch, video=False).measured(3).lit_at == [0, 1, 2]
