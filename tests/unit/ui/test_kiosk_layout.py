"""Every page in every language, size and mode: nothing clipped, nothing overlapping, nothing too small to touch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from booth.config.params.kiosk import ScreenParams
from booth.config.words import sentences
from booth.draw.icon import ICON_NAMES
from booth.draw.scene import Button, Icon, Text
from booth.draw.theme import contrast, palette_of
from booth.overlays.advice import WAYS, icon_of, way_of
from booth.session.state_machine import State
from booth.session.view import Change, PortraitFacts, SessionFacts
from booth.ui.layout import audit, compose
from booth.ui.screens.attract import LANGUAGES
from booth.ui.view_state import ViewState
from tests.kiosk_views import CHANGES, LOOKS, a_view, guided, pages
from tests.rig.sample import QUICK_LANGUAGES, sampled

SIZES = ((1024, 600), (1280, 720), (1080, 1920), (3840, 2160))
MODES = ({}, {"large_text": True}, {"low_controls": True}, {"large_text": True, "low_controls": True})
ADVICE = [key.removeprefix("advice.") for key in sentences("en") if key.startswith("advice.")]


@pytest.mark.parametrize("locale", sampled(LANGUAGES, QUICK_LANGUAGES))
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_page_can_be_read_and_touched(locale: str, size: tuple[int, int]) -> None:
    problems = [
        f"{name} {modes}: {problem}"
        for modes in MODES
        for name, view in pages(locale, **modes).items()
        for problem in audit(view, size)
    ]
    assert problems == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_sentence_of_the_coach_fits_its_band(locale: str) -> None:
    params = ScreenParams(locale=locale, large_text=True)  # type: ignore[arg-type]
    view = a_view(State.COACH, params=params, locale=locale)
    said = {key: replace(view, guidance=guided(key)) for key in ADVICE}
    problems = {key: audit(v, size) for key, v in said.items() for size in ((1024, 600), (1080, 1920))}
    assert {key: found for key, found in problems.items() if found} == {}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_look_and_light_has_room_for_its_title(locale: str) -> None:
    params = ScreenParams(locale=locale)  # type: ignore[arg-type]
    for kind in ("look", "light"):
        names = [key.split(".")[1] for key in sentences("en") if key.startswith(f"{kind}_name.")]
        for name in names:
            view = a_view(State.COACH, params=params, locale=locale, **{kind: replace(LOOKS[0], name=name)})
            assert audit(view, (1024, 600)) == []


def test_the_audit_sees_a_text_that_is_too_long() -> None:
    view = replace(pages()["share"], share=replace(pages()["share"].share, receipt="7K2M-" * 120))
    assert any("does not fit" in problem for problem in audit(view, (1024, 600)))


def test_the_audit_sees_a_button_too_small_for_a_finger_on_a_tiny_screen() -> None:
    view = pages()["attract"]
    tiny = replace(view, params=ScreenParams(width_mm=80))
    assert audit(view, (1280, 720)) == []
    assert audit(tiny, (1280, 720)) != []


@pytest.mark.parametrize("locale", sampled(LANGUAGES, QUICK_LANGUAGES))
@pytest.mark.parametrize("modes", MODES, ids=str)
def test_all_that_was_done_can_be_read_leaf_by_leaf(locale: str, modes: dict[str, bool]) -> None:
    view = pages(locale, **modes)["review-full"]
    for size in SIZES:
        n_read, at, is_last = 0, 0, False
        while not is_last:
            ui = ViewState(shown="account", account_page=at)
            assert audit(view, size, ui) == []
            scene = compose(view, size, ui)
            n_read += sum(isinstance(i, Text) and i.name.removeprefix("account").isdigit() for i in scene.items)
            tab = next(b for b in scene.buttons if b.name == "account")
            at = next(int(s.value) for s in tab.signals if s.kind == "account")
            is_last = at == 0
        assert n_read == len(CHANGES) + 4 + 2, "every change, every reason and both headings"


def test_an_account_too_long_for_the_column_is_left_to_its_tab() -> None:
    changed = tuple(Change("", says=f"Change number {i} that was made to the picture") for i in range(40))
    blank = np.zeros((8, 6, 3), np.uint8)
    view = a_view(State.REVIEW, portrait=PortraitFacts(blank, blank, ("reason.level",), changed))
    texts = {item.name: item for item in compose(view, (1024, 600)).items if isinstance(item, Text)}
    assert "changed" not in texts
    assert "level" in texts["why"].setting.lines[-1]
    assert audit(view, (1024, 600)) == []


@pytest.mark.parametrize("name", pages())
def test_the_way_out_is_on_every_page_that_has_a_guest(name: str) -> None:
    view = pages()[name]
    names = {button.name for button in compose(view, (1280, 720)).buttons}
    assert "leave" in names or view.state in (State.ATTRACT, State.WIPE, State.UNDO)


@pytest.mark.parametrize("name", pages())
def test_one_button_always_has_at_most_one_meaning(name: str) -> None:
    assert sum(button.is_next for button in compose(pages()[name], (1280, 720)).buttons) <= 1


def test_arabic_pages_are_turned_round_but_arrows_still_point_the_right_way() -> None:
    english, arabic = pages("en")["coach"], pages("ar")["coach"]
    right = {v.locale: compose(v, (1280, 720)) for v in (english, arabic)}
    x_of = {k: next(b.rect.x for b in s.buttons if b.name == "leave") for k, s in right.items()}
    assert x_of["en"] > 1000 > 200 > x_of["ar"]
    arrows = {k: [i.icon for i in s.items if isinstance(i, Icon) and i.fixed] for k, s in right.items()}
    assert arrows["en"] == arrows["ar"] == ["right"]


def test_the_sitters_right_is_right_on_the_glass() -> None:
    assert way_of("pose.turn_right") == way_of("framing.step_right") == (1, 0)
    assert way_of("pose.turn_left") == way_of("light.face_left") == (-1, 0)
    assert way_of("pose.chin_up") == (0, -1)
    assert way_of(None) is None


def test_every_advice_has_a_drawing() -> None:
    assert {icon_of(key) for key in ADVICE} <= ICON_NAMES
    assert set(WAYS) <= set(ADVICE)


def test_without_measuring_there_are_no_looks_and_no_coach() -> None:
    view = a_view(State.COACH, guidance=guided("pose.turn_left"), session=SessionFacts(measures=False))
    names = {item.name for item in compose(view, (1280, 720)).items if isinstance(item, Button)}
    assert names == {"leave", "shutter"}


@pytest.mark.parametrize("accent", ["#f2a65a", "#003366", "#ffffff", "#101010", "#c2185b"])
def test_what_stands_on_the_brands_colour_can_be_read(accent: str) -> None:
    palette = palette_of(ScreenParams(accent=accent))
    assert contrast(palette.on_accent, palette.accent) >= 4.5
    assert contrast(palette.text, palette.panel) >= 7
    assert contrast(palette.muted, palette.ink) >= 4.5


def test_high_contrast_is_black_and_white() -> None:
    palette = palette_of(ScreenParams(high_contrast=True))
    assert contrast(palette.text, palette.ink) == pytest.approx(21)
    assert palette.panel_alpha == 255
