"""What a guest is told of changes and faults, in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import booth
from booth.config.words import sentences
from booth.delivery.change_list import CHANGE_KEYS, changes_of
from booth.draw.scene import Text
from booth.session.state_machine import State
from booth.session.view import FaultFacts, PortraitFacts
from booth.still.record import EditRecord, StageEntry
from booth.ui.layout import compose
from booth.ui.screens.attract import LANGUAGES
from booth.ui.screens.messages import fault_kind
from booth.ui.view_state import ViewState
from tests.kiosk_views import a_view, mirror_picture

SOURCE = Path(booth.__file__).parent
MET_BY_GUESTS = (
    "camera.lost", "camera.busy", "camera.missing", "stream.lost", "perception.died", "session.folder", "session.wipe",
    "deliver.folder", "deliver.disk", "store.disk", "store.write", "write.failed", "credentials.failed",
    "develop.nothing", "finish.no_face", "finish.small_face", "crop.no_room", "matte.plugin", "backdrop.missing",
)  # fmt: skip


def a_record(*stages: StageEntry) -> EditRecord:
    return EditRecord("navy", "loop", stages, (), "", "", "composite", "square", (600, 750))


def texts(view, ui: ViewState | None = None) -> str:
    return "\n".join(" ".join(i.setting.lines) for i in compose(view, (1280, 720), ui).items if isinstance(i, Text))


def test_every_stage_the_finish_can_record_has_words() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (SOURCE / "still").rglob("*.py"))
    named = set(re.findall(r'StageEntry\(\s*"([\w.]+)"', code))
    retouched = {f"retouch.{name}" for name in re.findall(r'\(params\.\w+, "(\w+)"', code)}
    assert len(named) > 8
    assert len(retouched) > 4
    assert named | retouched <= set(CHANGE_KEYS)


@pytest.mark.parametrize(("backdrop", "word"), [("paper", "replaced"), ("room", "blurred"), ("transparent", "away")])
def test_a_background_is_told_for_what_became_of_it(backdrop: str, word: str) -> None:
    (change,) = changes_of(a_record(StageEntry("look.backdrop", "in English")), backdrop)
    assert word in sentences("en")[change.key]


@pytest.mark.parametrize("locale", [locale for locale in LANGUAGES if locale != "en"])
def test_no_english_is_left_in_the_account(locale: str) -> None:
    stages = tuple(StageEntry(name, f"English sentence for {name}") for name in CHANGE_KEYS)
    facts = PortraitFacts(mirror_picture(), mirror_picture(), ("reason.level",), changes_of(a_record(*stages), "room"))
    read = texts(a_view(State.REVIEW, portrait=facts, locale=locale), ViewState(shown="account"))
    assert "English" not in read
    assert sentences(locale)["change.crop"] in read


def test_a_change_without_words_is_told_as_the_record_says_it() -> None:
    facts = PortraitFacts(
        mirror_picture(), mirror_picture(), (), changes_of(a_record(StageEntry("new", "It was newly done")), "paper")
    )
    assert "It was newly done" in texts(a_view(State.REVIEW, portrait=facts), ViewState(shown="account"))


@pytest.mark.parametrize("code", MET_BY_GUESTS)
def test_every_fault_a_guest_can_meet_is_told_in_their_language(code: str) -> None:
    for locale in LANGUAGES:
        read = texts(a_view(State.FAULT, fault=FaultFacts(code, "The message.", "The hint."), locale=locale))
        assert "The message." not in read
        assert sentences(locale)[f"fault_text.{fault_kind(code)}"].split()[0] in read
        assert code in read, "for the operator"


def test_an_operators_own_fault_keeps_its_words() -> None:
    assert "The message." in texts(a_view(State.FAULT, fault=FaultFacts("pin.unwritable", "The message.", "The hint.")))
