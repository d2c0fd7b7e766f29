"""Pressing without a finger: the nose, a thumb, one key that scans, Tab; and swipes, wheels and trembling fingers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pygame
import pytest

from booth.config.params.kiosk import ScreenParams
from booth.core.types import Frame, FrameAnalysis
from booth.draw.scene import Pointer, Rect
from booth.guidance.thumb_hold import HELD_S, ThumbHold, is_thumb_up
from booth.session.state_machine import Event, State
from booth.session.view import SessionFacts, View
from booth.ui.dwell import REST_S, Dwell, DwellTarget, Nose
from booth.ui.hands_free import THUMBED
from booth.ui.window import Signal, Window
from tests.kiosk_views import a_view, an_analysis, pages

SIZE = (1280, 720)
RIGHT = DwellTarget("right", Rect(1000, 260, 240, 200))
FRAME_S = 1 / 30


def pointed(way_x: float, seconds: float, dwell: Dwell | None = None, start_s: float = 0.0) -> tuple[Dwell, list[str]]:
    """Rest, then hold the nose `way_x` faces to the right for so long."""
    dwell, pressed = dwell or Dwell(), []
    for i in range(round(seconds / FRAME_S)):
        t_s = start_s + i * FRAME_S
        nose = Nose(0.9 + (way_x * 0.3 if t_s > REST_S else 0.0), 0.5, 0.3)
        dwell = dwell.step(nose, (RIGHT,), SIZE, t_s, 1.5)
        pressed += [dwell.pressed] if dwell.pressed else []
    return dwell, pressed


def test_a_nose_that_stays_on_a_button_presses_it_once() -> None:
    assert pointed(0.22, 1.8)[1] == []
    assert pointed(0.22, 2.6)[1] == ["right"]
    assert pointed(0.22, 9.0)[1] == ["right"], "not again until it has been left"


def test_leaving_cancels_and_coming_back_begins_anew() -> None:
    dwell, pressed = pointed(0.22, 1.6)
    assert 0.2 < dwell.frac < 0.9
    dwell, more = pointed(0.0, 1.0, dwell, 1.6)
    assert (dwell.frac, dwell.on) == (0.0, None)
    assert pressed + more == []


def test_the_pointer_is_the_same_near_and_far() -> None:
    far = Dwell()
    for i in range(60):
        t_s = i * FRAME_S
        far = far.step(Nose(0.9 + (0.22 * 0.1 if t_s > REST_S else 0), 0.5, 0.1), (), SIZE, t_s, 1.5)
    near, _ = pointed(0.22, 2.0)
    assert far.at == pytest.approx(near.at, abs=0.01)


def test_nobody_points_at_nothing() -> None:
    dwell, _ = pointed(0.22, 1.6)
    assert dwell.step(None, (RIGHT,), SIZE, 2.0, 1.5).at is None


def watched(window: Window, view: View, nose_faces: float, seconds: float) -> list[Signal]:
    """Show a view for so long with the nose moved after the page settled."""
    told: list[Signal] = []
    face = an_analysis().faces[0]
    for i in range(round(seconds / FRAME_S)):
        t_s = i * FRAME_S
        way = nose_faces * (face.box.y1 - face.box.y0) if t_s > 1.2 else 0.0
        points = face.landmarks.copy()
        points[1, :2] = (0.5 - way * 9 / 16, 0.3)
        analysis = FrameAnalysis(an_analysis().frame, (replace(face, landmarks=points),), None)
        window.draw(replace(view, analysis=analysis, now_s=t_s, in_state_s=t_s))
        told += window.poll()
    return told


def test_the_nose_presses_a_button_of_the_page(window: Window) -> None:
    view = replace(pages()["share"], params=ScreenParams(dwell_s=0.5))
    buttons = {b.name: b for b in window_buttons(window, view)}
    x = (buttons["done"].rect.centre[0] / SIZE[0] - 0.5) * 2 * 0.28
    told = watched(window, view, x, 1.4)
    assert any(isinstance(item, Pointer) for item in window._compositor.marks)
    assert told == [], "only the row of the button counts"


def window_buttons(window: Window, view: View):
    window.draw(view)
    return window._compositor.scene.buttons


@pytest.mark.parametrize("state", [State.ATTRACT, State.CONSENT, State.COACH, State.HOLD, State.DEVELOP])
def test_before_a_yes_and_while_coached_no_nose_is_followed(window: Window, state: State) -> None:
    assert watched(window, a_view(state, params=ScreenParams(dwell_s=0.5)), 0.2, 3.0) == []
    assert window._compositor.marks == ()


def test_just_the_camera_means_no_nose(window: Window) -> None:
    view = a_view(State.REVIEW, params=ScreenParams(dwell_s=0.5), session=SessionFacts(measures=False))
    assert watched(window, view, 0.0, 3.0) == []
    assert window._compositor.marks == ()


def a_hand(*, thumb_up: bool = True, folded: bool = True, turned_deg: float = 0.0) -> np.ndarray:
    """A right hand from its side: wrist, thumb along the top, four fingers curled or straight."""
    points = np.zeros((21, 2))
    points[0] = (0.0, 0.0)
    points[[1, 2, 3, 4]] = [(0.2, -0.25), (0.35, -0.5), (0.4, -0.8), (0.42, -1.1)]
    if not thumb_up:
        points[[2, 3, 4]] = [(0.4, -0.2), (0.6, -0.1), (0.8, 0.0)]
    for finger, y in enumerate((-0.30, -0.10, 0.10, 0.30)):
        start = 5 + 4 * finger
        points[start] = (0.8, y)
        bent = [(1.15, y), (1.05, y + 0.05), (0.75, y + 0.05)]
        points[start + 1 : start + 4] = bent if folded else [(1.2, y), (1.5, y), (1.8, y)]
    turn = np.radians(turned_deg)
    return points @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) * 0.1 + 0.5


def test_a_thumb_up_is_one_on_either_hand_and_nothing_else_is() -> None:
    assert is_thumb_up(a_hand())
    assert is_thumb_up(a_hand() * (-1, 1) + (1, 0)), "the other hand"
    assert is_thumb_up(a_hand(turned_deg=20))
    assert not is_thumb_up(a_hand(thumb_up=False))
    assert not is_thumb_up(a_hand(folded=False)), "an open hand"
    assert not is_thumb_up(a_hand(turned_deg=180)), "a thumb down"
    assert not is_thumb_up(a_hand(turned_deg=90))
    assert not is_thumb_up(np.zeros((21, 2)))


def test_a_thumb_has_to_be_held_and_counts_once() -> None:
    hold, given = ThumbHold(), []
    for i in range(90):
        t_s = i * FRAME_S
        hold = hold.step(True if i % 4 == 0 else None, t_s)
        given += [t_s] if hold.is_given else []
    assert len(given) == 1
    assert HELD_S <= given[0] < HELD_S + 0.2
    assert not hold.step(False, 3.1).step(True, 3.2).is_given


def test_a_thumb_presses_the_bright_button(window: Window) -> None:
    told: list[Signal] = []
    view = pages()["review"]
    for i in range(40):
        picture = an_analysis().frame.rgb
        analysis = FrameAnalysis(Frame(i, i * FRAME_S, picture, picture), an_analysis().faces, None, thumb_up=True)
        window.draw(replace(view, analysis=analysis, now_s=i * FRAME_S, in_state_s=5 + i * FRAME_S))
        told += window.poll()
    assert told == [Signal("event", Event.KEEP)]
    assert State.CONSENT not in THUMBED


def press(window: Window, key: int, mod: int = 0) -> tuple[Signal, ...]:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=mod, unicode=""))
    return window.poll()


def test_one_key_presses_what_the_scan_has_come_to(window: Window) -> None:
    view = replace(pages()["consent"], params=ScreenParams(scan_s=1.0))
    said = []
    for second in range(4):
        window.draw(replace(view, in_state_s=second + 0.5))
        said.append(press(window, pygame.K_SPACE))
    assert said[0] == (Signal("event", Event.AGREE),), "the obvious next thing comes first"
    assert {Signal("event", e) for e in (Event.AGREE, Event.DECLINE, Event.CAMERA_ONLY)} <= {s for t in said for s in t}


def test_tab_reaches_every_button_and_enter_presses_it(window: Window) -> None:
    view = pages()["review"]
    names = {b.name for b in window_buttons(window, view) if b.is_enabled}
    reached = set()
    for _ in names:
        press(window, pygame.K_TAB)
        focus = window._hands.focused(view, window._compositor.scene.buttons)
        assert focus is not None
        reached.add(focus.name)
    assert reached == names
    window.draw(pages()["goodbye"])
    assert window._hands.focused(pages()["goodbye"], window._compositor.scene.buttons) is None, (
        "a new page, a new focus"
    )


def finger(window: Window, *spots: tuple[float, float]) -> tuple[Signal, ...]:
    kinds = [pygame.FINGERDOWN] + [pygame.FINGERMOTION] * (len(spots) - 2) + [pygame.FINGERUP]
    for kind, (x, y) in zip(kinds, spots, strict=True):
        pygame.event.post(pygame.event.Event(kind, x=x, y=y, dx=0, dy=0, touch_id=1, finger_id=1, pressure=1))
    return window.poll()


def test_a_swipe_that_begins_on_a_tile_turns_the_wall_and_chooses_nothing(window: Window) -> None:
    window.draw(pages()["try"])
    assert finger(window, (0.6, 0.4), (0.3, 0.4)) == (Signal("page", 1),)
    assert finger(window, (0.3, 0.4), (0.6, 0.4)) == (Signal("page", 1),), "there are two pages"


def test_a_swipe_over_the_mirror_changes_the_look(window: Window) -> None:
    window.draw(pages()["coach-far"])
    assert finger(window, (0.7, 0.5), (0.4, 0.5)) == (Signal("look", "navy"),)


def test_the_wheel_turns_what_a_swipe_turns(window: Window) -> None:
    window.draw(pages()["try"])
    pygame.event.post(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=-1, flipped=False))
    assert window.poll() == (Signal("page", 1),)


def test_a_finger_that_slides_off_a_button_presses_nothing(window: Window) -> None:
    yes = next(b for b in window_buttons(window, pages()["consent"]) if b.name == "yes")
    x, y = yes.rect.centre[0] / SIZE[0], yes.rect.centre[1] / SIZE[1]
    assert finger(window, (x, y), (x, y - 0.3)) == ()


def test_a_page_that_turns_under_the_finger_is_not_pressed(window: Window) -> None:
    share, review = pages()["share"], pages()["review"]
    keep = next(b for b in window_buttons(window, review) if b.name == "keep")
    x, y = keep.rect.centre[0] / SIZE[0], keep.rect.centre[1] / SIZE[1]
    pygame.event.post(pygame.event.Event(pygame.FINGERDOWN, x=x, y=y, touch_id=1, finger_id=1))
    assert window.poll() == ()
    window.draw(share)
    pygame.event.post(pygame.event.Event(pygame.FINGERUP, x=x, y=y, touch_id=1, finger_id=1))
    assert window.poll() == ()


def test_a_touch_screen_unplugged_under_a_finger_leaves_nothing_stuck(window: Window) -> None:
    yes = next(b for b in window_buttons(window, pages()["consent"]) if b.name == "yes")
    x, y = yes.rect.centre[0] / SIZE[0], yes.rect.centre[1] / SIZE[1]
    pygame.event.post(pygame.event.Event(pygame.FINGERDOWN, x=0.5, y=0.5, touch_id=1, finger_id=1))
    assert window.poll() == ()
    assert finger(window, (x, y), (x, y)) == (Signal("event", Event.AGREE),)


def test_ten_taps_a_second_are_ten_taps_and_no_more(window: Window) -> None:
    view = pages()["review"]
    keep = next(b for b in window_buttons(window, view) if b.name == "keep")
    x, y = keep.rect.centre[0] / SIZE[0], keep.rect.centre[1] / SIZE[1]
    told = [finger(window, (x, y), (x, y)) for _ in range(10)]
    assert told == [(Signal("event", Event.KEEP),)] * 10
