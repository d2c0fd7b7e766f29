"""Keys, taps and fingers become signals; a trembling one, or one after the page has turned, does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pygame
import pytest

from booth.config.params.kiosk import ScreenParams
from booth.core.faults import Fault
from booth.draw.scene import Button
from booth.session.state_machine import Event, State
from booth.session.view import SessionFacts, View
from booth.ui.window import OPERATOR_HOLD_S, Signal, Window
from tests.kiosk_views import a_view, guided, pages


def press(window: Window, key: int, mod: int = 0) -> tuple[Signal, ...]:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=mod, unicode=""))
    return window.poll()


def tap(window: Window, x: float, y: float) -> tuple[Signal, ...]:
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(round(x), round(y)), touch=False))
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONUP, button=1, pos=(round(x), round(y)), touch=False))
    return window.poll()


def button(window: Window, view: View, name: str) -> Button:
    window.draw(view)
    return next(b for b in window._compositor.scene.buttons if b.name == name)


def told(event: Event) -> tuple[Signal, ...]:
    return (Signal("event", event),)


@pytest.mark.parametrize(
    ("state", "key", "event"),
    [
        (State.ATTRACT, pygame.K_SPACE, Event.START),
        (State.ATTRACT, pygame.K_RETURN, Event.START),
        (State.CONSENT, pygame.K_y, Event.AGREE),
        (State.CONSENT, pygame.K_n, Event.DECLINE),
        (State.CONSENT, pygame.K_c, Event.CAMERA_ONLY),
        (State.TRY, pygame.K_SPACE, Event.CHOSEN),
        (State.COACH, pygame.K_m, Event.MANUAL),
        (State.COACH, pygame.K_SPACE, Event.MANUAL),
        (State.REVIEW, pygame.K_k, Event.KEEP),
        (State.REVIEW, pygame.K_d, Event.DELETE),
        (State.REVIEW, pygame.K_SPACE, Event.KEEP),
        (State.SHARE, pygame.K_SPACE, Event.DELIVERED),
        (State.COACH, pygame.K_ESCAPE, Event.WITHDRAW),
        (State.SHARE, pygame.K_ESCAPE, Event.WITHDRAW),
    ],
)
def test_keys_say_what_the_readme_says(window: Window, state: State, key: int, event: Event) -> None:
    window.draw(a_view(state))
    assert press(window, key) == told(event)


def test_arrows_go_round_the_looks_and_l_round_the_lights(window: Window) -> None:
    window.draw(a_view(State.COACH))
    assert press(window, pygame.K_RIGHT) == (Signal("look", "navy"),)
    assert press(window, pygame.K_LEFT) == (Signal("look", "company-page"),)
    assert press(window, pygame.K_l) == (Signal("light", "rembrandt"),)


def test_without_measuring_there_is_no_look_to_choose(window: Window) -> None:
    window.draw(a_view(State.COACH, session=SessionFacts(measures=False)))
    assert press(window, pygame.K_RIGHT) == ()


def test_no_more_retakes_means_no_more_retakes(window: Window) -> None:
    view = replace(pages()["review"], session=SessionFacts(retakes_left=0))
    retake = button(window, view, "retake")
    assert not retake.is_enabled
    assert press(window, pygame.K_r) == tap(window, *retake.rect.centre) == ()
    window.draw(replace(view, session=SessionFacts(retakes_left=1)))
    assert press(window, pygame.K_r) == told(Event.RETAKE)


def test_a_tap_presses_what_it_hits_and_nothing_beside_it(window: Window) -> None:
    yes = button(window, pages()["consent"], "yes")
    assert tap(window, *yes.rect.centre) == told(Event.AGREE)
    assert tap(window, yes.rect.x - 8, yes.rect.y - 8) == ()


def test_a_finger_counts_like_the_mouse_and_only_once(window: Window) -> None:
    yes = button(window, pages()["consent"], "yes")
    x, y = yes.rect.centre
    pygame.event.post(pygame.event.Event(pygame.FINGERDOWN, x=x / 1280, y=y / 720, touch_id=1, finger_id=1))
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(x, y), touch=True))
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONUP, button=1, pos=(x, y), touch=True))
    pygame.event.post(pygame.event.Event(pygame.FINGERUP, x=x / 1280, y=y / 720, touch_id=1, finger_id=1))
    assert window.poll() == told(Event.AGREE)


def test_a_tap_meant_for_the_page_before_is_not_taken(window: Window) -> None:
    view = replace(pages()["review"], in_state_s=0.05)
    keep = button(window, view, "keep")
    assert tap(window, *keep.rect.centre) == ()
    window.draw(replace(view, in_state_s=0.5, now_s=view.now_s + 0.45))
    assert tap(window, *keep.rect.centre) == told(Event.KEEP)


def test_a_tap_is_never_taken_by_what_has_just_come_to_that_place(window: Window) -> None:
    """A finger on its way to one tile meets another one that took its place under it."""
    view = pages()["try"]
    window.draw(view)
    first = button(window, view, "tile.studio-grey").rect
    moved = replace(view, wall=view.wall[1:], now_s=view.now_s + 0.1)
    window.draw(moved)
    assert tap(window, *first.centre) == (), "what is there now was not there when the finger set out"
    window.draw(replace(moved, now_s=moved.now_s + 0.5))
    assert tap(window, *first.centre) == (Signal("pick", "navy"),)


def test_a_tile_of_the_wall_is_picked(window: Window) -> None:
    tile = button(window, pages()["try"], "tile.navy")
    assert tap(window, *tile.rect.centre) == (Signal("pick", "navy"),)


def test_a_swipe_turns_the_wall(window: Window) -> None:
    window.draw(pages()["try"])
    pygame.event.post(pygame.event.Event(pygame.FINGERDOWN, x=0.98, y=0.02, touch_id=1, finger_id=1))
    pygame.event.post(pygame.event.Event(pygame.FINGERUP, x=0.60, y=0.02, touch_id=1, finger_id=1))
    assert Signal("page", 1) in window.poll()
    assert window.wall_page == 1


def test_before_and_after_is_the_glass_own_business(window: Window) -> None:
    before = button(window, pages()["review"], "before")
    assert tap(window, *before.rect.centre) == ()
    window.draw(pages()["review"])
    assert window._compositor.ui.shown == "before"
    window.draw(pages()["share"])
    window.draw(pages()["review"])
    assert window._compositor.ui.shown == "after"


def test_the_operator_holds_a_corner_five_seconds(window: Window) -> None:
    view = a_view(State.ATTRACT, now_s=10.0)
    window.draw(view)
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(5, 5), touch=False))
    assert window.poll() == ()
    window.draw(replace(view, now_s=10.0 + OPERATOR_HOLD_S - 0.1))
    assert window.poll() == ()
    window.draw(replace(view, now_s=10.0 + OPERATOR_HOLD_S + 0.1))
    assert window.poll() == told(Event.OPERATOR_IN)


def test_a_corner_let_go_early_is_nothing(window: Window) -> None:
    view = a_view(State.ATTRACT, now_s=10.0)
    window.draw(view)
    tap(window, 5, 5)
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONUP, button=1, pos=(5, 5)))
    window.poll()
    window.draw(replace(view, now_s=30.0))
    assert window.poll() == ()


def test_digits_reach_the_pin_pad(window: Window) -> None:
    view = pages()["staff-pin"]
    seven = button(window, view, "digit.7")
    assert tap(window, *seven.rect.centre) == press(window, pygame.K_7) == (Signal("digit", "7"),)
    assert press(window, pygame.K_BACKSPACE) == (Signal("digit", "erase"),)


def test_ctrl_q_and_the_window_s_own_cross_quit(window: Window) -> None:
    assert press(window, pygame.K_q, pygame.KMOD_CTRL) == (Signal("quit"),)
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    assert window.poll() == (Signal("quit"),)


def test_f11_does_nothing_while_the_window_is_locked(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[bool] = []
    monkeypatch.setattr(window, "_show", lambda: shown.append(window._is_full))
    monkeypatch.setattr(window, "_is_locked", lambda: True)
    press(window, pygame.K_F11)
    assert shown == []
    monkeypatch.setattr(window, "_is_locked", lambda: False)
    press(window, pygame.K_F11)
    assert shown == [True]


def test_f2_and_f3_lay_timings_and_mesh_over_the_mirror(window: Window) -> None:
    view = replace(pages()["coach"], took_ms={"face": 11.0}, fps=29.7)
    window.draw(view)
    plain = window.snapshot()
    press(window, pygame.K_F2)
    window.draw(view)
    timed = window.snapshot()
    press(window, pygame.K_F3)
    window.draw(view)
    assert 0 < np.count_nonzero(plain != timed) < plain.size // 4
    assert np.count_nonzero(timed != window.snapshot()) > 1000


def test_without_a_screen_the_hint_is_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "no-such-screen")
    with pytest.raises(Fault) as met:
        Window(ScreenParams(sound=False))
    assert (met.value.code, met.value.exit_code) == ("screen.missing", 2)
    assert "booth replay" in met.value.hint


def test_a_look_that_left_the_profile_does_not_stop_the_arrows(window: Window) -> None:
    view = a_view(State.COACH, guidance=guided(None))
    window.draw(replace(view, look=replace(view.look, name="gone")))
    assert press(window, pygame.K_RIGHT) == (Signal("look", "navy"),)
