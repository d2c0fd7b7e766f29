"""A cropped still stands before the same piece of backdrop as the mirror showed; photographs of one set all alike."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from booth.config.params.finish import CorrectParams, FinishParams, RetouchParams
from booth.looks.canvas import Canvas
from booth.looks.look import load_look
from booth.looks.renderer import LookRenderer
from booth.still.develop_still import StillModels, StillRequest, develop_still
from booth.still.warp import warp_rgb
from tests.unit.still.finish_fakes import a_lab, as_u8, painted_face

SIZE = (1280, 720)


def shown_and_developed(name: str, **where):  # type: ignore[no-untyped-def]
    """The mirror's picture cut as the portrait is, and the portrait, without anything but the look."""
    lab, alpha, face = painted_face("medium", SIZE, 240, **where)
    rgb, look = as_u8(lab), load_look(name)
    alpha8 = (alpha * 255).astype(np.uint8)
    mirror = LookRenderer(look).develop(Canvas(rgb, alpha8, face))
    still = LookRenderer(look, still=True)
    eyes: StillModels = replace(a_lab(face, alpha), renderer=lambda _: still.develop)
    plain = FinishParams(retouch=RetouchParams(strength=0), correct=CorrectParams(0, 0, 0, 2, 0, 0, 0, 0))
    done = develop_still(rgb, look, eyes, plain, StillRequest(was_on_mirror=True))
    return warp_rgb(mirror, done.plan), done.rgb, done.plan


@pytest.mark.parametrize("name", ["keynote", "chambers", "warehouse"])
def test_the_same_books_and_lamps_are_behind_the_sitter_in_mirror_and_still(name: str) -> None:
    mirror, still, plan = shown_and_developed(name, centre=(0.44, 0.5))
    inside = np.s_[: round(0.25 * still.shape[0]), :]  # beside and above the head
    near, far = (cv2.GaussianBlur(p[inside], (0, 0), 3).astype(float) for p in (mirror, still))
    near, far = near - near.mean((0, 1)), far - far.mean((0, 1))
    alike = (near * far).sum() / np.sqrt((near**2).sum() * (far**2).sum())
    assert plan.stays_inside
    assert alike > 0.94  # the vignettes differ: it belongs to the picture it is in
