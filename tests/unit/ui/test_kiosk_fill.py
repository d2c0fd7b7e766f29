"""The white border on the glass: under everything that is written, only while coaching, and off where told so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pygame
import pytest

from booth.app.review import Review
from booth.app.view_builder import ViewBuilder, ViewInputs
from booth.config.params import Params
from booth.config.params.kiosk import ScreenParams
from booth.core.types import Guidance, Light
from booth.draw.scene import Button, Text
from booth.guidance.soft_fill import FillLevel
from booth.looks.look import load_look
from booth.session.state_machine import State
from booth.ui.compositor import Compositor, pixels_of
from booth.ui.layout import compose
from tests.kiosk_views import an_analysis, pages

SIZES = ((1024, 600), (1280, 720), (1080, 1920))


def drawn(view, size: tuple[int, int]) -> np.ndarray:
    pygame.font.init()
    surface = pygame.Surface(size)
    Compositor(size).draw(view, surface)
    return pixels_of(surface)


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_sentence_and_button_is_drawn_as_it_is_without_the_border(locale: str, size: tuple[int, int]) -> None:
    plain = replace(pages(locale, high_contrast=True)["coach"], aim=None)
    lit = replace(plain, fill=FillLevel(1.0))
    before, after = drawn(plain, size), drawn(lit, size)
    for item in compose(lit, size).items:
        if isinstance(item, Text):
            rect = item.rect.inset(item.rect.h // 3)  # the corners of what it stands on are round
            box = np.s_[rect.y : rect.bottom, rect.x : rect.right]
            assert (before[box] == after[box]).all(), item.name
    assert any(isinstance(item, Button) for item in compose(lit, size).items)


def test_the_border_is_bright_and_the_face_is_left_alone() -> None:
    view = replace(pages()["coach"], fill=FillLevel(1.0, warm_stops=0.0), aim=None, notice=None)
    plain, lit = drawn(replace(view, fill=FillLevel()), (1280, 720)), drawn(view, (1280, 720))
    assert lit[200:420, 4:120].min() == 255
    assert (lit[60:400, 420:780] == plain[60:400, 420:780]).all()


def test_the_review_is_not_lit() -> None:
    view = pages()["review"]
    assert (drawn(view, (1280, 720)) == drawn(replace(view, fill=FillLevel(1.0)), (1280, 720))).all()


def levels(fill: str, states: list[State]) -> list[float]:
    params = Params(screen=ScreenParams(fill=fill))  # type: ignore[arg-type]
    showing, look = ViewBuilder(params, stands_in=False), load_look("studio-grey")
    analysis = replace(an_analysis(), light=Light(crushed_frac=0.0, ratio_stops=2.4, frame_level=0.3))
    review, seen = Review(params), []
    for i, state in enumerate(states):
        showing.record(analysis, Guidance(i, i / 10, {}, None, False, 0.0, None), i / 10)
        moment = ViewInputs(i / 10, i / 10, look, (), 0.0, review, 3, measures=True, mirror_ms=1.0)
        seen.append(showing.view(state, i / 10, moment).fill.level)
    review.close()
    return seen


def test_it_shines_while_coaching_goes_at_review_and_nothing_is_left_after_a_session() -> None:
    seen = levels("auto", [State.COACH] * 30 + [State.REVIEW] * 20)
    assert seen[29] > 0.7
    assert seen[-1] == 0


def test_an_operator_may_switch_it_off() -> None:
    assert max(levels("off", [State.COACH] * 30)) == 0
