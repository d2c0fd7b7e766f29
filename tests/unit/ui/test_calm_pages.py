"""What comes to a page later takes no other thing's place: a finger that was on its way meets what it saw, or nothing.

And no text moves or shrinks because another one has come, gone or changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from booth.draw.scene import Scene, Text
from booth.draw.theme import LayoutGrid
from booth.session.state_machine import State
from booth.session.view import FlashFacts, SessionFacts, View
from booth.ui.layout import audit, compose
from booth.ui.screens.coach import LEAST_SHOWN, whole_height
from booth.ui.touch import button_at
from tests.kiosk_views import a_view, guided, pages
from tests.rig.sample import sampled

SIZES = ((800, 480), (1024, 600), (1280, 720), (1080, 1920), (3840, 2160))
LOCALES = ("en", "de", "ar", "ja")
LOW: dict[str, bool] = {"low_controls": True}


def changes(locale: str, **modes: bool) -> Iterator[tuple[str, View, View]]:
    """Yield (name, before, after) of everything on a page that changes without a touch of the guest's."""
    all_pages = pages(locale, **modes)
    for name, view in all_pages.items():
        yield f"{name}: its time runs out", replace(view, left_s=42.0), replace(view, left_s=7.0)
    wall, review = all_pages["try"], all_pages["review-full"]
    yield "the wall comes", all_pages["try-measuring"], wall
    yield "the reasons come", replace(wall, suits=()), wall
    coach = all_pages["coach-lens"]
    for advice in ("pose.turn_right", "cover.glare", "light.behind", "expression.smile", None):
        yield f"the coach says {advice}", coach, replace(coach, guidance=guided(advice))
    yield "nobody is there any more", coach, replace(coach, guidance=None)
    yield "flashes are offered", coach, replace(coach, flash=FlashFacts(is_offered=True))
    yield "the hold begins", coach, all_pages["hold"]
    assert review.portrait is not None
    busy = replace(review, portrait=replace(review.portrait, is_busy=True, changed=()))
    yield "the develop is done", busy, replace(review, portrait=replace(review.portrait, is_busy=False))
    share = all_pages["share-full"]
    yield "the deliveries go on", replace(share, share=replace(share.share, status=())), share
    camera = all_pages["coach-camera"]
    yield "just the camera counts down", replace(camera, state=State.HOLD, countdown_s=3.0), all_pages["camera-counts"]


def taken_places(before: Scene, after: Scene) -> list[str]:
    """Return what lies now where something else was to be touched."""
    found = []
    for button in before.buttons:
        now = button_at(after.buttons, *button.rect.centre)
        if button.is_enabled and now is not None and now.name != button.name:
            found.append(f"{now.name} in the place of {button.name}")
    return found


def moved_texts(before: Scene, after: Scene) -> list[str]:
    """Return which texts that say the same stand elsewhere or have another size."""
    was = {i.name: i for i in before.items if isinstance(i, Text)}
    now = {i.name: i for i in after.items if isinstance(i, Text)}
    return [
        name
        for name in was.keys() & now.keys()
        if was[name].setting.lines == now[name].setting.lines
        and (was[name].rect.x, was[name].rect.y, was[name].setting.px)
        != (now[name].rect.x, now[name].rect.y, now[name].setting.px)
    ]


@pytest.mark.parametrize("locale", sampled(LOCALES, ("en", "ar")))
@pytest.mark.parametrize("modes", [{}, LOW], ids=str)
def test_what_comes_later_takes_no_other_place_and_moves_no_text(locale: str, modes: dict[str, bool]) -> None:
    problems = []
    for name, before, after in changes(locale, **modes):
        for size in SIZES:
            one, other = compose(before, size), compose(after, size)
            problems += [f"{name} at {size}: {p}" for p in taken_places(one, other)]
            if before.state is after.state:
                problems += [f"{name} at {size}: {p} moves" for p in moved_texts(one, other)]
    assert problems == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_small_screen_and_the_banner_leave_every_page_readable(locale: str) -> None:
    problems = [
        f"{name} {modes}: {problem}"
        for modes in ({}, LOW)
        for name, view in pages(locale, **modes).items()
        for problem in audit(replace(view, banner="notice.demo", left_s=7.0), (800, 480))
    ]
    assert problems == []


def test_the_banner_stands_on_every_page() -> None:
    for name, view in pages().items():
        scene = compose(replace(view, banner="notice.demo"), (1280, 720))
        assert any(isinstance(i, Text) and i.name == "banner" for i in scene.items), name


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("modes", [{}, LOW], ids=str)
def test_the_way_out_is_never_beside_keep_or_continue(size: tuple[int, int], modes: dict[str, bool]) -> None:
    gap = LayoutGrid(*size).gap
    for name, view in pages(**modes).items():
        buttons = {button.name: button.rect for button in compose(view, size).buttons}
        if "leave" not in buttons:
            continue
        near = buttons["leave"].inset(-gap - 2)
        goes_on = ["keep", "go", "yes", "done", "send"] + ["back"] * (view.state is State.DRESS)
        beside = [n for n in goes_on if n in buttons and near.overlaps(buttons[n])]
        assert not beside, f"{name}: {beside} beside the way out"


def test_low_controls_hide_neither_practice_nor_dress() -> None:
    for size in SIZES:
        names = {b.name for b in compose(pages(**LOW)["try"], size).buttons}
        assert {"practice", "dress"} <= names


def test_what_helps_to_see_and_reach_says_so_in_words() -> None:
    modes = [b for b in compose(pages()["attract"], (1280, 720)).buttons if b.name.startswith("mode.")]
    assert len(modes) == 3 and all(b.label is not None and b.icon is not None for b in modes)


def test_trying_it_on_is_said_once() -> None:
    texts = [i for i in compose(pages()["review-full"], (1280, 720)).items if isinstance(i, Text)]
    assert sum("Trying it on" in " ".join(t.setting.lines) for t in texts) == 1


def test_nothing_to_touch_lies_on_the_clothes_that_are_tried_on() -> None:
    for size in SIZES:
        scene = compose(pages()["dress"], size)
        assert scene.mirror is not None
        names = [b.name for b in scene.buttons if b.rect.overlaps(scene.mirror)]
        assert names == (["leave"] if size[0] < size[1] else [])


def test_just_the_camera_has_no_look_and_no_light_at_review() -> None:
    names = {b.name for b in compose(pages()["review-camera"], (1280, 720)).buttons}
    assert not any(name.startswith(("look.", "light.")) for name in names)
    words = [i for i in compose(pages()["camera-counts"], (1280, 720)).items if isinstance(i, Text)]
    assert any(t.name == "advice" and "3" in " ".join(t.setting.lines) for t in words)


@pytest.mark.parametrize("camera", [(720, 1280), (1080, 1920), (960, 1280)])
def test_an_upright_camera_on_a_wide_screen_shows_the_whole_head(camera: tuple[int, int]) -> None:
    view = a_view(State.COACH, picture=np.zeros((camera[1], camera[0], 3), np.uint8), guidance=guided(None))
    for size in ((800, 480), (1280, 720), (3840, 2160)):
        mirror = compose(view, size).mirror
        assert mirror is not None and mirror.h == size[1]
        assert mirror.w == pytest.approx(size[1] * camera[0] / camera[1], abs=1)
        assert abs(mirror.centre[0] - size[0] // 2) <= 1


def test_a_wide_camera_still_fills_the_screen() -> None:
    for camera in ((1280, 720), (1024, 768)):
        view = a_view(State.COACH, picture=np.zeros((camera[1], camera[0], 3), np.uint8), guidance=guided(None))
        mirror = compose(view, (1280, 720)).mirror
        assert mirror is not None and (mirror.w, mirror.h) == (1280, 720)
        assert whole_height(mirror, view).h / (1280 * camera[1] / camera[0]) >= LEAST_SHOWN


def test_a_share_page_names_no_file_and_no_folder() -> None:
    texts = [i for i in compose(pages()["share-full"], (1280, 720)).items if isinstance(i, Text)]
    said = " ".join(line for t in texts for line in t.setting.lines)
    assert "7K2M-Q0XD-94TB" in said and "portrait-" not in said and "~/" not in said


def test_no_look_is_chosen_for_who_is_not_measured() -> None:
    view = a_view(State.REVIEW, session=SessionFacts(measures=False))
    assert not any(b.name.startswith("look") for b in compose(view, (1280, 720)).buttons)
