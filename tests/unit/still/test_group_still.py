"""A portrait of several: all heads whole in a wide cut, everybody retouched and told of once, strangers left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from finish_fakes import a_face, a_lab, as_u8, painted_face

from booth.config.params.finish import BrandParams, CorrectParams, FinishParams
from booth.core.types import Box
from booth.looks.look import load_look
from booth.still.crop import CROPS, crop_spec, geometry_of, plan_crop
from booth.still.develop_still import StillRequest, develop_still
from booth.still.group_crop import CropWish, plan_people
from booth.still.people import chosen_people
from booth.still.warp import warp_face

pytestmark = pytest.mark.usefixtures("nothing_compiled")
SIZE = (1920, 1080)


def heads(n: int, face_h_px: float = 300.0):
    return [a_face(SIZE, face_h_px, ((i + 1) / (n + 1), 0.42 + 0.03 * (i % 2))) for i in range(n)]


def a_matte(faces) -> np.ndarray:
    """Heads with hair, and shoulders to the foot of the frame."""
    alpha = np.zeros(SIZE[::-1], np.float32)
    for face in faces:
        box = face.box
        x0, x1 = box.x0 * SIZE[0], box.x1 * SIZE[0]
        wide = x1 - x0
        alpha[int((box.y0 - 0.06) * SIZE[1]) :, int(x0 - 0.1 * wide) : int(x1 + 0.1 * wide)] = 1
    return alpha


@pytest.mark.parametrize("n", [2, 3, 4])
@pytest.mark.parametrize("name", [n for n in CROPS if n != "strip"])
def test_every_crop_holds_every_head_whole(n: int, name: str):
    faces = heads(n, 280 if n < 4 else 220)
    plan = plan_people(faces, a_matte(faces), CropWish(name, may_extend=True))
    for face in faces:
        box = warp_face(face, SIZE, plan).box
        assert box.x0 > 0.01 and box.x1 < 0.99
        assert box.y0 > 0.02 and box.y1 < 0.99


def test_a_pair_is_cut_wide_and_stands_in_the_middle():
    faces = heads(2)
    plan = plan_people(faces, a_matte(faces), CropWish("headshot", may_extend=True))
    assert plan.size_px[0] > plan.size_px[1]
    boxes = [warp_face(face, SIZE, plan).box for face in faces]
    assert (boxes[0].x0 + boxes[1].x1) / 2 == pytest.approx(0.5, abs=0.03)


def test_one_face_is_cut_to_the_bit_as_ever():
    face = heads(1)[0]
    alpha = a_matte([face])
    old = plan_crop(geometry_of(face, SIZE), crop_spec("headshot", BrandParams()), alpha, CorrectParams())
    new = plan_people([face], alpha, CropWish("headshot"))
    assert np.array_equal(old.matrix, new.matrix)
    assert (old.size_px, old.notes, old.spec) == (new.size_px, new.notes, new.spec)


def test_who_is_in_it_is_who_was_seen_there_else_the_largest_alike():
    near, far = heads(2)
    behind = a_face(SIZE, 90, (0.5, 0.3))
    assert chosen_people([behind, near, far], SIZE[1], 3) == (near, far)
    assert chosen_people([behind, near, far], SIZE[1], 1) == (near,)
    assert chosen_people([behind, near, far], SIZE[1], 2, (far.box,)) == (far,)
    assert chosen_people([near], SIZE[1], 2, (Box(0.9, 0.1, 0.99, 0.2),)) == ()


def test_both_of_a_pair_are_retouched_and_each_thing_is_told_once():
    rgb, alpha, face = painted_face("medium", (480, 600), 240)
    both = np.hstack([as_u8(rgb), as_u8(rgb)])
    wide = np.hstack([alpha, alpha])

    def at(column: int):
        marks = face.landmarks.copy()
        marks[:, 0] = (marks[:, 0] + column) / 2
        box = face.box
        return replace(face, landmarks=marks, box=Box((box.x0 + column) / 2, box.y0, (box.x1 + column) / 2, box.y1))

    pair = (at(0), at(1))
    lab = replace(
        a_lab(pair[0], wide),
        find_faces=lambda rgb: pair,
        matte=lambda rgb, face, *company: a_lab(pair[0], wide).matte(rgb, face),
    )
    look = load_look("as-you-are")
    params = FinishParams()
    alone = develop_still(both, look, lab, params, StillRequest(retouch=1.0))
    done = develop_still(both, look, lab, params, StillRequest(retouch=1.0, people=2))
    assert "2 people are in the picture." in done.record.notes
    assert "the largest was finished" in " ".join(alone.record.notes)
    names = [stage.name for stage in done.record.stages]
    assert len(names) == len(set(names))
