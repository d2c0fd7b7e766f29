"""Pages of those who come together and of a pose guide: everything fits and can be touched, in every language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from booth.config.params.kiosk import ScreenParams
from booth.config.privacy_terms import PrivacyTerms
from booth.config.words import sentences
from booth.draw.scene import Signal
from booth.looks.pose_library import poses
from booth.session.state_machine import State
from booth.session.view import ConsentFacts, View
from booth.ui.layout import audit, compose
from booth.ui.screens.attract import LANGUAGES
from booth.ui.view_state import ViewState
from tests.kiosk_views import DRESS, a_view, an_analysis, guided, mirror_picture, pages
from tests.rig.sample import QUICK_LANGUAGES, sampled

SIZES = ((1024, 600), (1280, 720), (1080, 1920))

PLACES = tuple(f"place.{name}" for name in ("left", "right", "middle", "second_left", "second_right"))
LONG = ("body.turn_left", "light.mixed", "cover.glare", "framing.together", "presence.uninvited", "presence.together")


def views(locale: str, **modes: bool) -> dict[str, View]:
    known = pages(locale, **modes)
    share = known["share"].share
    undressed = tuple((kind, names, "none") for kind, names, _ in DRESS.choices)
    rows = (*undressed, ("pose", ("none", *poses()), "near-shoulder-down"))
    return {
        "attract": replace(known["attract"], may_come_together=True),
        "consent": replace(known["consent"], consent=ConsentFacts(PrivacyTerms("keep", 30, 30, together=True))),
        "share": replace(
            known["share"],
            share=replace(share, copies=4, copies_most=4, ways=("print", "mail"), open_ways=frozenset({"print"})),
        ),
        "dress": replace(known["dress"], dress=replace(DRESS, choices=rows, pose_says="pose_good.near-shoulder-down")),
    }


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("locale", sampled(LANGUAGES, QUICK_LANGUAGES))
def test_every_page_can_be_read_and_touched(locale: str, size: tuple[int, int]) -> None:
    modes: tuple[dict[str, bool], ...] = ({}, {"large_text": True}, {"low_controls": True})
    problems = [
        f"{name} {mode}: {problem}"
        for mode in modes
        for name, view in views(locale, **mode).items()
        for problem in audit(view, size)
    ]
    assert problems == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_sentence_to_one_of_several_fits_its_band(locale: str) -> None:
    view = a_view(State.COACH, params=ScreenParams(locale=locale), locale=locale)  # type: ignore[arg-type]
    for key in LONG:
        for place in PLACES:
            said = replace(view, guidance=replace(guided(key), place=place, member=0))
            assert audit(said, (1024, 600)) == [], (key, place)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_pose_has_room_for_its_words(locale: str) -> None:
    view = views(locale)["dress"]
    for key in (k for k in sentences("en") if k.startswith("pose_good.")):
        assert audit(replace(view, dress=replace(view.dress, pose_says=key)), (1024, 600)) == [], key


def test_the_choice_of_a_pose_is_a_signal_of_its_own() -> None:

    buttons = {b.name: b for b in compose(views("en")["dress"], (1280, 720), ViewState()).buttons}
    names = ("none", *poses())
    after = names[(names.index("near-shoulder-down") + 1) % len(names)]
    assert buttons["pose.next"].signals == (Signal("wear", f"pose.{after}"),)


@pytest.mark.parametrize("size", SIZES)
def test_several_before_an_upright_screen_see_three_quarters_of_a_wide_picture(size: tuple[int, int]) -> None:
    alone = a_view(State.COACH, picture=mirror_picture(), analysis=an_analysis())
    several = replace(alone, consent=ConsentFacts(PrivacyTerms(together=True)))
    now, before = (compose(view, size, ViewState()).mirror for view in (several, alone))
    assert now is not None and before is not None
    if size[0] > size[1]:
        assert now == before
    else:
        h, w = mirror_picture().shape[:2]
        assert now.w / max(now.w / w, now.h / h) / w == pytest.approx(0.75, abs=0.01)
        assert now.bottom <= before.bottom
    problems = [problem for view in (several, alone) for problem in audit(view, size)]
    assert problems == []
