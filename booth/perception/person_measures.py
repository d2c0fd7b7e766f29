"""What is measured on one person's face in the pixels, frame after frame, and what is remembered of it meanwhile."""

from __future__ import annotations

import numpy as np

from booth.core.types import Face, Focus, Frame, Light, Occlusion
from booth.perception.aligned_face import cut_chip
from booth.perception.eye_reader import EyeReader
from booth.perception.face_light import measure_light
from booth.perception.focus import Stance, eye_sharpness, motion
from booth.perception.occlusion import measure_cover

CHIP_EVERY = 3  # frames that are measured; a mask or a hand does not come and go faster than that
LIGHT_EVERY_CHIPS = 2  # the room's light less than those
BELIEF_S = 2.0  # a face once seen with eyes stays one while they are shut


class PersonMeasures:
    """Light, focus and cover of one person; `video=False` takes every picture by itself."""

    def __init__(self, reader: EyeReader | None, *, video: bool) -> None:
        self._reader, self._video = reader, video
        self._light, self._proof_s = Light(), -(10.0**9)
        self.miss()

    def miss(self) -> None:
        """Note a frame without this person: what changes slowly is measured anew in the next with them."""
        self._stance: Stance | None = None
        self._cover, self._chip_age, self._n_chips = Occlusion(), CHIP_EVERY, 0

    def measure(self, frame: Frame, face: Face, samples: np.ndarray) -> tuple[Light, Focus, Occlusion]:
        """Measure the person's face in one frame; `samples` is the coarse luminance of the whole frame."""
        stance = Stance.of(face, frame.t_s, frame.size[0] / frame.size[1])
        moved = motion(self._stance, stance) if self._video else None
        self._stance = stance
        chip = None
        self._chip_age += 1  # in frames that are measured: a late machine does not see most of a camera's
        if not self._video or self._chip_age >= CHIP_EVERY:
            chip, self._chip_age = cut_chip(frame.small, face), 0
            if not self._video or self._n_chips % LIGHT_EVERY_CHIPS == 0:
                self._light = measure_light(chip, face, samples, frame.at_hand)
            self._n_chips += 1
        self._cover = measure_cover(frame.small, face, chip, self._cover, self._reader)
        return self._light, Focus(eye_sharpness(frame.at_hand, face), moved), self._cover

    def is_believed(self, cover: Occlusion, t_s: float) -> bool:
        """Tell whether the face is one: eyes were seen in it just now, or cannot be judged."""
        if cover.eyes_found is not False:
            self._proof_s = t_s
        return t_s - self._proof_s <= BELIEF_S
