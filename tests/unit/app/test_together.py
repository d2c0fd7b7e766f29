"""Guests who come with someone: asked on the first page, told at consent, taken together, each with a print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import pytest

from booth.config.params import Params, load_params
from booth.config.privacy_terms import PrivacyTerms, consent_words
from booth.config.words import locales, say
from booth.core.types import Focus, Frame, FrameAnalysis, GroupMember
from booth.session.capture_controller import Party, party_of
from booth.session.state_machine import Event, State
from booth.session.view import ShareFacts, View
from booth.ui.layout import compose
from booth.ui.view_state import ViewState
from tests.rig.engine import Numbers, an_engine, turn_until
from tests.unit.guidance.sitters import Sitter, a_face, smiling

PAIR = (smiling(Sitter(x=0.36, height=0.34)), smiling(Sitter(x=0.64, height=0.34)))
SIZES = ((1280, 720), (1024, 600), (1080, 1920))


def together(params: Params, most: int = 4) -> Params:
    return msgspec.structs.replace(params, kiosk=msgspec.structs.replace(params.kiosk, together=most))


@dataclass
class Crowd(Numbers):
    """A source with several people, and the analyzer that knows them."""

    crowd: Sequence[Sitter] = PAIR
    people: int = 1
    asked: list[int] = field(default_factory=list)

    def analyze(self, frame: Frame) -> FrameAnalysis:
        self.asked.append(self.people)
        seen = super().analyze(frame)
        if self.people == 1:
            return replace(seen, faces=tuple(a_face(one) for one in self.crowd))
        group = tuple(
            GroupMember(i, a_face(one), one.light, Focus(one.sharp, 0.1), one.cover)
            for i, one in enumerate(self.crowd[: self.people])
        )
        return replace(seen, faces=tuple(one.face for one in group), group=group, group_size=len(group))


def begin(engine, event: Event) -> None:
    engine.signals.handle_event(event)
    engine.signals.handle_event(Event.AGREE)
    engine.signals.handle_event(Event.CHOSEN)
    assert engine.state is State.COACH


def test_a_pair_that_came_together_is_in_the_review_within_six_seconds(tmp_path: Path) -> None:
    with an_engine(tmp_path, Crowd(), together(Params())) as (engine, numbers):
        engine.step()
        begin(engine, Event.TOGETHER)
        assert turn_until(engine, lambda: engine.state is State.REVIEW, 6.0) < 6.0
        assert engine.review.people == 2
        assert numbers.asked[-1] == 4


def test_a_guest_alone_stays_alone_and_the_second_keeps_the_shutter(tmp_path: Path) -> None:
    with an_engine(tmp_path, Crowd(sitter=PAIR[0]), together(Params())) as (engine, numbers):
        engine.step()
        begin(engine, Event.START)
        began_s = engine.clock.now_s()
        while engine.clock.now_s() - began_s < 4:
            engine.step()
        assert engine.state is State.COACH
        assert engine.shown.guidance.advice == "presence.alone"
        assert set(numbers.asked) == {1}


def test_the_next_guest_is_alone_again(tmp_path: Path) -> None:
    with an_engine(tmp_path, Crowd(), together(Params())) as (engine, numbers):
        engine.step()
        begin(engine, Event.TOGETHER)
        engine.step()
        engine.signals.handle_event(Event.LEAVE)
        engine.step()
        assert engine.state is State.ATTRACT
        begin(engine, Event.START)
        engine.step()
        assert numbers.asked[-1] == 1


def test_who_may_be_in_one_picture() -> None:
    params = together(Params(), 3)
    assert party_of(params, is_together=False, is_office=False) == Party()
    assert party_of(params, is_together=True, is_office=False) == Party(2, 3)
    assert party_of(params, is_together=True, is_office=True) == Party()
    pairs = msgspec.structs.replace(params, guidance=msgspec.structs.replace(params.guidance, people=2))
    assert party_of(pairs, is_together=False, is_office=False) == Party(1, 2)


def test_the_event_profile_offers_it_and_a_laptop_at_home_does_not() -> None:
    assert load_params("event").kiosk.together == 4
    assert load_params("home").kiosk.together == 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("locale", locales())
def test_the_first_page_asks_in_every_language_at_every_size(locale: str, size: tuple[int, int]) -> None:
    scene = compose(View(State.ATTRACT, may_come_together=True, locale=locale), size, ViewState())
    button = next(b for b in scene.buttons if b.name == "together")
    start = next(b for b in scene.buttons if b.name == "start")
    assert [s.value for s in button.signals] == [Event.TOGETHER]
    assert button.rect.y >= start.rect.bottom and button.rect.bottom <= size[1]
    others = compose(View(State.ATTRACT, locale=locale), size, ViewState())
    assert all(b.name != "together" for b in others.buttons)


@pytest.mark.parametrize("locale", locales())
def test_consent_says_that_all_in_the_picture_agree(locale: str) -> None:
    words = " ".join(text for *_, text in consent_words(PrivacyTerms(together=True), locale))
    assert say("consent.together", locale) in words
    assert say("consent.together", locale) not in " ".join(text for *_, text in consent_words(PrivacyTerms(), locale))


@pytest.mark.parametrize("size", SIZES)
def test_copies_are_asked_for_where_there_may_be_several(size: tuple[int, int]) -> None:
    share = ShareFacts(name="p.jpg", ways=("print",), open_ways=frozenset({"print"}), copies=2, copies_most=4)
    scene = compose(View(State.SHARE, share=share), size, ViewState())
    assert {"copies", "print"} <= {b.name for b in scene.buttons}
    one = compose(View(State.SHARE, share=replace(share, copies_most=1)), size, ViewState())
    assert "copies" not in {b.name for b in one.buttons}
