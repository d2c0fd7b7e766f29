"""The page of the hand-over, touched as a guest touches it: print, type an address, erase."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from booth.config.params.deliver import (
    DeliverParams,
    HookParams,
    MailParams,
    PageParams,
    PrintParams,
    ReviewParams,
    StoreParams,
)
from booth.config.params.kiosk import ScreenParams
from booth.config.privacy_terms import PrivacyTerms, about_words, kept_words, privacy_terms_of, seen_lines
from booth.delivery.delivery_flow import DeliveryFlow
from booth.delivery.delivery_service import DeliveredPortrait
from booth.delivery.mail import is_address
from booth.draw.scene import Code, Signal
from booth.session.runtime_facts import words_digest
from booth.session.state_machine import Event, State
from booth.session.view import ConsentFacts, View
from booth.ui.layout import audit, compose
from booth.ui.screens.attract import LANGUAGES
from booth.ui.view_state import ViewState
from tests.kiosk_views import EVERYTHING, a_view, pages

CODE = np.eye(29, dtype=bool)


class Counter:
    """A hand-over that only counts; its printer and its mail behave as `says` tells."""

    asked_ways = ("print", "mail")

    def __init__(self) -> None:
        self.prints = 0
        self.mailed: list[str] = []
        self.erased = 0
        self.says: tuple[str, ...] = ()
        self.is_here = True

    def print(self, kept: DeliveredPortrait) -> str:
        self.prints += 1
        return "share.print_sent"

    def mail(self, kept: DeliveredPortrait, address: str) -> str:
        if not is_address(address):
            return "share.mail_wrong"
        self.mailed.append(address)
        return "share.mail_sending"

    def erase(self, kept: DeliveredPortrait) -> None:
        self.erased += 1
        self.is_here = False

    def is_kept(self, kept: DeliveredPortrait) -> bool:
        return self.is_here

    def offer_to_sticks(self, kept: DeliveredPortrait) -> None:
        self.on_sticks = kept.path.name

    def release_sticks(self) -> None:
        self.on_sticks = ""

    def status(self, kept: DeliveredPortrait) -> tuple[str, ...]:
        return self.says

    def open_ways(self, kept: DeliveredPortrait) -> frozenset[str]:
        return frozenset({"mail"}) if self.prints else frozenset({"print", "mail"})


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def home(counter: Counter) -> DeliveryFlow:
    made = DeliveryFlow(counter, DeliverParams(page=PageParams(address="127.0.0.1", wifi_name="Booth")))  # type: ignore[arg-type]
    made.begin(DeliveredPortrait("a" * 32, Path("/kept/portrait-0001.jpg"), "http://x", CODE, "7K2M-Q0XD-94TB", CODE))
    made.poll(State.SHARE, 0.0)
    return made


def touch(home: DeliveryFlow, *names: str, state: State = State.SHARE) -> list[Event | None]:
    """Touch buttons by name, each on the page that then shows; a missing or dead one is a failure."""
    events = []
    for name in names:
        scene = compose(a_view(state, share=home.facts()), (1280, 720))
        button = next(b for b in scene.buttons if b.name == name and b.is_enabled)
        events += [home.handle(signal, state, 1.0) for signal in button.signals]
        home.poll(state, 1.0)
    return events


def test_an_address_is_typed_corrected_and_sent_and_then_forgotten(home: DeliveryFlow, counter: Counter) -> None:
    touch(home, "mail", *(f"key.{sign}" for sign in "adaa"), "key.erase", "key.@", "send")
    assert home.facts().status[0] == "share.mail_wrong" and home.facts().typed == "ada@", "it may be corrected"
    touch(home, *(f"key.{sign}" for sign in "maths"), "key.com", "send")
    assert counter.mailed == ["ada@maths.com"]
    assert (home.facts().page, home.facts().typed) == ("main", "") and "share.mail_sending" in home.facts().status


def test_leaving_the_keyboard_forgets_the_address(home: DeliveryFlow) -> None:
    touch(home, "mail", "key.a", "back")
    assert home.facts().typed == ""
    touch(home, "mail", "key.b")
    home.reset()
    assert home.facts().typed == "" and home.facts().code is None and home.outcome == "nothing"


def test_a_print_that_is_under_way_cannot_be_asked_for_again(home: DeliveryFlow, counter: Counter) -> None:
    touch(home, "print")
    dead = next(b for b in compose(a_view(State.SHARE, share=home.facts()), (1280, 720)).buttons if b.name == "print")
    assert not dead.is_enabled and counter.prints == 1
    counter.says = ("share.print_now", "share.page_ready")
    home.poll(State.SHARE, 2.0)
    assert home.facts().status == ("share.print_sent", "share.print_now")


def test_erasing_asks_once_and_ends_the_page(home: DeliveryFlow, counter: Counter) -> None:
    assert touch(home, "erase", "back") == [None, None] and counter.erased == 0
    assert touch(home, "erase", "erase_yes")[-1] is Event.DELIVERED
    assert counter.erased == 1 and home.outcome == "deleted" and home.facts().code is None


def test_the_last_page_can_erase_too(home: DeliveryFlow, counter: Counter) -> None:
    assert touch(home, "erase", "erase_yes", state=State.GOODBYE) == [None, None]
    assert counter.erased == 1 and home.outcome == "deleted"


def test_a_portrait_erased_from_the_phone_leaves_the_screen(home: DeliveryFlow, counter: Counter) -> None:
    counter.is_here = False
    assert home.poll(State.SHARE, 5.0) is Event.DELIVERED
    assert home.outcome == "deleted" and not home.facts().may_erase


def test_signals_of_other_pages_do_nothing(home: DeliveryFlow, counter: Counter) -> None:
    assert home.handle(Signal("ask", "erase_yes"), State.COACH, 1.0) is None
    assert counter.erased == 0 and home.outcome == "kept"


def test_both_codes_are_on_the_page_and_joining_comes_first() -> None:
    scene = compose(pages()["share-full"], (1280, 720))
    codes = [item for item in scene.items if isinstance(item, Code)]
    names = [item.name for item in scene.items if getattr(item, "name", "") in ("join", "scan")]
    assert len(codes) == 2 and names == ["join", "scan"]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_what_the_booth_does_can_be_read_in_every_mode(locale: str) -> None:
    problems = []
    for modes in ({}, {"large_text": True}, {"low_controls": True, "large_text": True}):
        params = ScreenParams(locale=locale, **modes)  # type: ignore[arg-type]
        view = a_view(State.CONSENT, params=params, locale=locale, consent=ConsentFacts(EVERYTHING))
        for size in ((1024, 600), (1080, 1920)):
            problems += audit(view, size, ViewState(shows_about=True))
    assert problems == []


# -- what is told is what is set -------------------------------------------------------------------------------------

EVERY_WAY = DeliverParams(
    store=StoreParams(keep_original=True, original_days=7, portrait_days=14),
    page=PageParams(address="127.0.0.1"),
    print=PrintParams(printer="Photo"),
    mail=MailParams(server="mail.invalid"),
    hook=HookParams(command=("true",)),
)


def test_a_profile_that_sends_nothing_says_so_and_one_that_sends_does_not() -> None:
    plain = " ".join(seen_lines(privacy_terms_of(DeliverParams(), ReviewParams()), "en"))
    assert plain == "You, and whoever runs this booth. Nothing is sent to anyone: all of it stays on this machine."
    told = " ".join(seen_lines(privacy_terms_of(EVERY_WAY, ReviewParams()), "en"))
    assert "Nothing is sent" not in told
    assert all(word in told for word in ("phones", "print", "e-mail", "program"))
    kept = kept_words(privacy_terms_of(EVERY_WAY, ReviewParams(on_timeout="keep")), "en")
    assert "7 days" in kept and "14 days" in kept and "it is kept too" in kept


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_way_has_a_line_of_its_own_in_every_language(locale: str) -> None:
    lines = seen_lines(EVERYTHING, locale)
    assert len(set(lines)) == 6 and all(line.strip() for line in lines)
    assert len(about_words(EVERYTHING, locale)) == 4


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_record_of_a_consent_tells_apart_what_was_told(locale: str) -> None:
    told = [
        PrivacyTerms(),
        PrivacyTerms("keep"),
        PrivacyTerms(keep_days=3),
        PrivacyTerms(keep_days=4),
        PrivacyTerms(original_days=3),
        *(PrivacyTerms(ways=(way,)) for way in ("page", "print", "mail", "hook")),
        EVERYTHING,
    ]
    assert len({words_digest(ConsentFacts(promise), locale) for promise in told}) == len(told)


def test_the_page_shows_the_very_words_that_are_recorded() -> None:
    view: View = a_view(State.CONSENT, consent=ConsentFacts(EVERYTHING))
    scene = compose(view, (1280, 720))
    shown = " ".join(" ".join(i.setting.lines) for i in scene.items if hasattr(i, "setting"))
    assert all(line in shown for line in seen_lines(EVERYTHING, "en"))
