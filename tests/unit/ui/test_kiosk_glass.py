"""What is drawn: the mirror turns once, the guides point the right way, nothing of a guest stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pygame
import pytest

from booth.config.params.kiosk import ScreenParams
from booth.draw.scene import Rect
from booth.overlays.guide import followed, ideal_oval
from booth.overlays.lens import lens_at
from booth.session.state_machine import State
from booth.session.view import View
from booth.ui.compositor import Compositor, pixels_of
from booth.ui.sounds import SOUNDS
from tests.kiosk_views import a_view, guided, pages

SIZE = (1280, 720)


def drawn(*views: View, size: tuple[int, int] = SIZE) -> np.ndarray:
    """The last of these views, drawn on one glass after the other."""
    pygame.font.init()
    glass, surface = Compositor(size), pygame.Surface(size)
    for view in views:
        glass.draw(view, surface)
    return pixels_of(surface)


def accent_in(rgb: np.ndarray) -> np.ndarray:
    """Columns and rows of pixels in the accent colour, (n, 2)."""
    rows, columns = np.nonzero(np.abs(rgb.astype(int) - (242, 166, 90)).max(2) < 6)
    return np.stack([columns, rows], 1)


def a_marked_picture() -> np.ndarray:
    picture = np.full((720, 1280, 3), 90, np.uint8)
    picture[300:420, 900:1000] = (0, 200, 255)  # image right: the sitter's left
    return picture


def test_what_is_right_in_the_picture_is_left_in_the_mirror() -> None:
    rgb = drawn(a_view(State.HOLD, picture=a_marked_picture()))
    columns = np.nonzero((rgb == (0, 200, 255)).all(2))[1]
    assert (columns.min(), columns.max()) == (280, 379)


def test_the_chevrons_for_the_sitters_right_stand_right_of_the_face() -> None:
    grey = np.full((720, 1280, 3), 90, np.uint8)
    view = replace(pages()["coach"], picture=grey, notice=None, aim=None)
    sides = {}
    for way in ("left", "right"):
        rgb = drawn(replace(view, guidance=guided(f"pose.turn_{way}", 0.0)))
        beside = np.nonzero(rgb[120:300, :, 0].astype(int) - rgb[120:300, :, 2] > 60)[1]  # orange, however faint
        sides[way] = (np.count_nonzero(beside < 500), np.count_nonzero((beside > 780) & (beside < 1150)))
    assert sides["left"][0] > 50 and sides["left"][1] == 0
    assert sides["right"][0] == 0 and sides["right"][1] > 50


def test_the_ring_fills_as_the_pose_is_held() -> None:
    filled = [len(accent_in(drawn(replace(pages()["hold"], hold_frac=frac)))) for frac in (0.0, 0.4, 0.9)]
    assert filled[0] < filled[1] < filled[2]


def test_the_outline_of_where_to_stand_goes_once_the_sitter_is_there() -> None:
    far = replace(pages()["coach-far"], guidance=guided("pose.turn_left", 0.4, placed=False))
    near = replace(far, guidance=guided("pose.turn_left", 0.4))
    shoulders = np.s_[420:520, 300:980]
    assert np.count_nonzero(drawn(far)[shoulders] != drawn(near)[shoulders]) > 300


def test_the_dot_for_the_eyes_follows_the_lens() -> None:
    rect, low = Rect(0, 0, 1280, 720), ScreenParams(lens_x=0.2, lens_y=1.1)
    assert lens_at(rect, ScreenParams(), 7.2) == pytest.approx((640, 23.04))
    assert lens_at(rect, low, 7.2) == pytest.approx((256, 720 - 23.04))
    grey = np.full((720, 1280, 3), 90, np.uint8)
    view = a_view(State.HOLD, picture=grey, analysis=None, guidance=None, params=ScreenParams(lens_x=0.2))
    dots = accent_in(drawn(view)[:60])
    assert abs(float(dots[:, 0].mean()) - 256) < 3


@pytest.mark.parametrize("name", ["attract", "coach", "hold"])
def test_reduced_motion_stands_still(name: str) -> None:
    view = pages(reduced_motion=True)[name]
    later = replace(view, now_s=view.now_s + 0.4)
    assert np.array_equal(drawn(view), drawn(later))
    moving = pages()[name]
    assert not np.array_equal(drawn(moving), drawn(replace(moving, now_s=moving.now_s + 0.4)))


def test_nothing_of_a_guest_stays_on_the_glass_after_the_wipe() -> None:
    pygame.font.init()
    glass, surface = Compositor(SIZE), pygame.Surface(SIZE)
    for name in ("try", "coach", "hold", "review", "wipe"):
        glass.draw(pages()[name], surface)
    assert not glass._canvas.any()
    assert glass._painter is not None and glass._painter._pictures == {}
    assert np.array_equal(pixels_of(surface), drawn(pages()["wipe"]))


def test_the_picture_given_is_not_written_to() -> None:
    view = pages()["coach"]
    assert view.picture is not None
    before = view.picture.copy()
    drawn(view)
    assert np.array_equal(view.picture, before)


def test_a_smaller_picture_fills_a_larger_glass_and_an_upright_one() -> None:
    small = np.full((360, 640, 3), 120, np.uint8)
    for size in ((1920, 1080), (1080, 1920)):
        rgb = drawn(a_view(State.HOLD, picture=small, analysis=None), size=size)
        assert rgb.shape == (size[1], size[0], 3)
        assert (rgb[size[1] // 2, 40] == 120).all()


def test_the_oval_glides_and_does_not_jump() -> None:
    start = ideal_oval(0.42)
    goal = replace(start, x=0.7)
    near = followed(start, goal, 0.033, at_once=False)
    assert 0.5 < near.x < 0.56
    for i in range(2, 60):
        near = followed(near, goal, 0.033 * i, at_once=False)
    assert near.x == pytest.approx(0.7, abs=1e-3)
    assert followed(start, goal, 0.033, at_once=True).x == 0.7


def test_sounds_are_short_and_never_full_scale() -> None:
    for wave in SOUNDS.values():
        assert 0.1 < len(wave) / 44100 < 0.8
        assert 0.1 < np.abs(wave).max() <= 1.0
        assert abs(wave[0]) < 0.2 and abs(wave[-1]) < 0.05
