"""The sun and the slider under finger, mouse and keys; as the guest sees them, in a mirror."""

from __future__ import annotations

from dataclasses import replace

import pygame
import pytest

from booth.config.params.kiosk import ScreenParams
from booth.draw.scene import Rect, Slider, Sun
from booth.looks.light_aim import Aim
from booth.session.state_machine import State
from booth.session.view import View
from booth.ui.layout import audit, compose
from booth.ui.window import Signal, Window
from tests.kiosk_views import a_view, pages
from tests.rig.sample import sampled

MODES = ({}, {"large_text": True}, {"low_controls": True}, {"high_contrast": True})
PLACES = ((30, 35), (0, 40), (-45, 45), (84, 10), (0, -35), (145, 25), (-70, 15), (0, 5))


def mouse(window: Window, *path: tuple[float, float]) -> tuple[Signal, ...]:
    """Press at the first point, move along the others, let go; what all of it meant."""
    spots = [(round(x), round(y)) for x, y in path]
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=spots[0], touch=False))
    for spot in spots[1:]:
        pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=spot, rel=(0, 0), buttons=(1, 0, 0), touch=False))
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONUP, button=1, pos=spots[-1], touch=False))
    return window.poll()


def finger(window: Window, *path: tuple[float, float]) -> tuple[Signal, ...]:
    w, h = window.size
    kinds = [pygame.FINGERDOWN] + [pygame.FINGERMOTION] * (len(path) - 1)
    for kind, (x, y) in zip(kinds, path, strict=True):
        pygame.event.post(pygame.event.Event(kind, x=x / w, y=y / h, dx=0, dy=0, touch_id=1, finger_id=1))
    return window.poll()


def coaching(window: Window, **facts) -> View:
    view = replace(pages()["coach"], **facts)
    window.draw(view)
    window.draw(view)
    return view


def item(window: Window, kind: type):
    return next(i for i in window._compositor.scene.items if isinstance(i, kind))


@pytest.mark.parametrize("drag", [mouse, finger])
def test_the_sun_follows_and_only_where_it_comes_to_rest_counts(window: Window, drag) -> None:
    coaching(window)
    sun = item(window, Sun)
    left = (sun.orbit.x - 1.6 * sun.orbit.half_w, sun.orbit.y)
    signals = drag(window, sun.rect.centre, (left[0] + 40, left[1] - 40), left)
    assert [s.kind for s in signals] == ["sun"]
    az_deg, el_deg = signals[0].aim
    assert az_deg > 30  # left on the glass is the sitter's left, image right
    assert abs(el_deg) < 3


def test_a_drag_that_begins_beside_the_sun_moves_nothing(window: Window) -> None:
    coaching(window)
    sun = item(window, Sun)
    far = (sun.orbit.x + 1.9 * sun.orbit.half_w, sun.orbit.y + 60)
    assert mouse(window, far, (far[0] - 50, far[1])) == ()


def test_after_letting_go_the_sun_stays(window: Window) -> None:
    coaching(window)
    mouse(window, item(window, Sun).rect.centre)
    pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=(300, 300), rel=(0, 0), buttons=(0, 0, 0)))
    assert window.poll() == ()


def test_a_touch_anywhere_on_the_slider_sets_it(window: Window) -> None:
    coaching(window)
    track = item(window, Slider).track
    (signal,) = mouse(window, (track.x + track.w / 4, track.y - 10), (track.x + track.w * 3 / 4, track.y))
    assert (signal.kind, signal.value) == ("strength", pytest.approx(0.75, abs=0.02))


def test_where_lines_run_from_the_right_so_does_the_slider(window: Window) -> None:
    coaching(window, locale="ar")
    track = item(window, Slider).track
    (signal,) = mouse(window, (track.x + track.w / 4, track.y))
    assert signal.value == pytest.approx(0.75, abs=0.02)


def test_arrows_reach_both(window: Window) -> None:
    coaching(window, aim=Aim(30.0, 35.0, 0.5))

    def press(key: int, mod: int = 0) -> Signal:
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=mod, unicode=""))
        return window.poll()[0]

    assert press(pygame.K_UP) == Signal("strength", 0.6)
    assert press(pygame.K_DOWN) == Signal("strength", 0.4)
    assert press(pygame.K_LEFT, pygame.KMOD_LSHIFT) == Signal("sun", aim=(40.0, 35.0))
    assert press(pygame.K_UP, pygame.KMOD_LSHIFT) == Signal("sun", aim=(30.0, 45.0))
    assert press(pygame.K_LEFT).kind == "look"


def test_at_review_the_keys_reach_the_light_of_the_shot(window: Window) -> None:
    window.draw(replace(pages()["review"], aim=Aim(30.0, 35.0, 0.5)))
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_UP, mod=0, unicode=""))
    assert window.poll() == (Signal("strength", 0.6),)


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("size", sampled([(1024, 600), (1280, 720), (1080, 1920)], [(1024, 600)]), ids=str)
def test_wherever_the_sun_stands_nothing_lies_under_it(locale: str, size: tuple[int, int]) -> None:
    for mode in MODES:
        params = ScreenParams(locale=locale, **mode)  # type: ignore[arg-type]
        for az_deg, el_deg in PLACES:
            view = replace(pages(locale)["coach"], params=params, aim=Aim(az_deg, el_deg, 0.7))
            assert audit(view, size) == []


def test_the_audit_sees_a_sun_on_a_button_and_one_too_small(monkeypatch: pytest.MonkeyPatch) -> None:
    view = pages()["coach"]
    scene = compose(view, (1280, 720))
    way_out = next(b for b in scene.buttons if b.name == "leave").rect
    moved = [replace(i, rect=Rect(*way_out.centre, 12, 12)) if isinstance(i, Sun) else i for i in scene.items]
    monkeypatch.setattr("booth.ui.layout.compose", lambda *_: replace(scene, items=tuple(moved)))
    assert len([problem for problem in audit(view, (1280, 720)) if problem.startswith("sun")]) == 2


def test_without_a_light_to_move_there_is_neither(window: Window) -> None:
    window.draw(a_view(State.COACH, aim=None))
    assert not any(isinstance(i, Sun | Slider) for i in window._compositor.scene.items)
