"""The operator's desk: nothing without the PIN, settings written at once, only a camera that opens is kept."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from booth.app.operator.operator_page import SHOT_AFTER_S, SHOT_GIVES_UP_S, Live, OperatorPage, eyes_of, lens_hint
from booth.app.operator.pin import PinPad
from booth.app.operator.printer_row import ASKING, PrinterRow
from booth.app.operator.profile_file import ProfileFile
from booth.app.operator.settings import BY_NAME, SETTINGS, SettingsScope, looks_off_after
from booth.config.params import Params, load_params
from booth.config.params.deliver import PrintParams
from booth.config.words import sentences
from booth.core.faults import Fault
from booth.core.types import FrameAnalysis, Matte
from booth.delivery.printer import state_of
from booth.session.view import Named
from booth.ui.layout import compose
from tests.kiosk_views import an_analysis, pages

LOOKS = (Named("navy", "Navy"), Named("your-room", "Your room"), Named("our-wall", "Our wall"))


class Cameras:
    """Two cameras, of which the second does not open."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def listed(self) -> tuple[tuple[str, str], ...]:
        return ("", "staff.camera_first"), ("Bad", "1: Bad"), ("Good", "0: Good")

    def resize(self, width_px: int, height_px: int) -> Future[None]:
        return self.change("Bad" if width_px == 3840 else "Good")

    def change(self, source: str) -> Future[None]:
        self.asked.append(source)
        answer: Future[None] = Future()
        if source == "Bad":
            answer.set_exception(Fault("camera.busy", "It gives no picture.", "Close other programs."))
        else:
            answer.set_result(None)
        return answer


@pytest.fixture
def page(tmp_path: Path) -> OperatorPage:
    file = ProfileFile(tmp_path / "profile.toml", "event")
    place = SettingsScope(load_params("event"), looks=LOOKS)
    made = OperatorPage(PinPad(tmp_path / "pin.json"), file, place, Cameras())
    made.tmp = tmp_path  # type: ignore[attr-defined]
    return made


def opened(page: OperatorPage) -> OperatorPage:
    for digit in "271828" * 2:  # a new PIN is typed twice
        page.press(digit, 0.0)
    return page


def kept(page: OperatorPage) -> Params:
    return load_params(page.tmp / "profile.toml")  # type: ignore[attr-defined]


def matted() -> FrameAnalysis:
    analysis = an_analysis()
    alpha = np.zeros(analysis.frame.small.shape[:2], np.uint8)
    return replace(analysis, matte=Matte(alpha, analysis.frame.seq))


@pytest.mark.parametrize(
    "words", ["quit", "restart", "set:retakes:1", "look:navy", "camera:Good", "tab:camera", "shot"]
)
def test_nothing_happens_without_the_pin(page: OperatorPage, words: str) -> None:
    assert page.handle(words, 0.0) is None
    assert not (page.tmp / "profile.toml").exists()  # type: ignore[attr-defined]
    assert not page.looks
    assert not page.has_changed
    assert page.facts(0.0, Live(rows=(("staff.row_kept", "3"),))).rows == ()


def test_a_setting_is_written_at_once_and_said(page: OperatorPage) -> None:
    opened(page).handle("tab:settings", 1.0)
    page.handle("set:locale:1", 1.0)
    facts = page.facts(1.0, Live())
    assert kept(page).screen.locale != "en"
    assert (facts.said, facts.is_fault, page.has_changed) == ("staff.saved", False, True)
    assert next(row.value for row in facts.settings if row.name == "locale") == f"language.{kept(page).screen.locale}"


def test_every_setting_goes_round_and_comes_back(page: OperatorPage) -> None:
    opened(page)
    for setting in SETTINGS:
        n = setting.row(SettingsScope(load_params("event"), "event", LOOKS)).n_values
        if setting.name == "brand":
            continue
        first = desk_value(page, setting.name)
        seen = [first]
        for _ in range(n):
            page.handle(f"set:{setting.name}:1", 1.0)
            assert page.facts(1.0, Live()).said == "staff.saved", setting.name
            seen.append(desk_value(page, setting.name))
        assert len(set(seen)) == n, setting.name
        assert seen[-1] == first, setting.name


def desk_value(page: OperatorPage, name: str) -> str:
    page.handle("tab:settings", 1.0)
    value = next(row.value for row in page.facts(1.0, Live()).settings if row.name == name)
    page.handle("tab:state", 1.0)
    return value


def test_every_setting_and_value_has_words() -> None:
    place = SettingsScope(load_params("event"), "event", LOOKS)
    for setting in SETTINGS:
        assert f"staff.set_{setting.name}" in sentences("en")
        for step in setting.steps(place):
            assert step.title in sentences("en") or not step.title.startswith("staff."), step


def test_a_folder_that_cannot_be_written_is_said_and_nothing_lost(
    page: OperatorPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError

    opened(page)
    monkeypatch.setattr(Path, "replace", refuse)
    page.handle("set:retakes:1", 1.0)
    facts = page.facts(1.0, Live())
    assert facts.is_fault
    assert "cannot be written" in facts.said
    assert not page.has_changed


def test_looks_are_turned_off_and_on_but_never_the_first(page: OperatorPage) -> None:
    opened(page).handle("look:navy", 1.0)
    assert kept(page).kiosk.looks_off == ("navy",)
    page.handle("look:your-room", 1.0)
    assert kept(page).kiosk.looks_off == ("navy",)
    page.handle("look:navy", 1.0)
    assert kept(page).kiosk.looks_off == ()
    page.handle("tab:looks", 1.0)
    choices = {choice.key: choice for choice in page.facts(1.0, Live()).choices}
    assert choices["your-room"].is_fixed
    assert choices["our-wall"].title == "Our wall"


def test_a_look_that_was_off_comes_back_when_it_becomes_the_first() -> None:
    params = load_params("event")
    assert looks_off_after(params, params.kiosk.look) == ()


def test_only_a_camera_that_opens_is_kept(page: OperatorPage) -> None:
    opened(page).handle("tab:camera", 1.0)
    page.handle("camera:Bad", 1.0)
    page.process(an_analysis(), 1.1)
    facts = page.facts(1.1, Live())
    assert facts.is_fault
    assert "no picture" in facts.said
    page.handle("camera:Good", 2.0)
    page.process(an_analysis(), 2.1)
    assert kept(page).capture.source == "Good"
    assert [c.key for c in page.facts(2.2, Live()).choices if c.is_on] == ["Good"]


def test_the_operator_is_seen_only_where_they_look_at_themselves(page: OperatorPage) -> None:
    opened(page)
    page.process(an_analysis(), 1.0)
    assert page.facts(1.0, Live()).live is None
    page.handle("tab:camera", 1.0)
    page.process(an_analysis(), 1.0)
    assert page.looks
    facts = page.facts(1.0, Live())
    assert facts.live is not None
    assert facts.eyes_frac is not None
    page.leave()
    assert not page.looks
    assert page.facts(2.0, Live()).live is None


def test_a_test_shot_counts_down_and_takes_the_first_frame_with_a_face(page: OperatorPage) -> None:
    opened(page).handle("tab:shot", 1.0)
    page.handle("shot", 1.0)
    assert page.process(matted(), 1.0 + SHOT_AFTER_S - 0.1) is None
    assert page.facts(2.0, Live()).shot_in_s == pytest.approx(SHOT_AFTER_S - 1)
    assert page.process(replace(matted(), faces=()), 1.0 + SHOT_AFTER_S) is None
    due = matted()
    assert page.process(due, 1.1 + SHOT_AFTER_S) is due
    assert page.process(due, 1.2 + SHOT_AFTER_S) is None, "one shot for one touch"


def test_a_test_shot_of_nobody_gives_up(page: OperatorPage) -> None:
    opened(page).handle("tab:shot", 1.0)
    page.handle("shot", 1.0)
    page.process(replace(matted(), faces=()), 1.1 + SHOT_AFTER_S + SHOT_GIVES_UP_S)
    assert page.facts(20.0, Live()).said == "staff.shot_nobody"


@pytest.mark.parametrize(("off", "hint"), [(0.0, "staff.lens_good"), (0.1, "staff.lens_up"), (-0.1, "staff.lens_down")])
def test_the_lens_is_sent_to_the_eyes(off: float, hint: str) -> None:
    eyes_frac = eyes_of(an_analysis())
    assert eyes_frac is not None
    assert lens_hint(an_analysis(), eyes_frac + off) == hint
    assert lens_hint(replace(an_analysis(), faces=()), 0.4) == "staff.lens_nobody"


def test_a_screens_diagonal_becomes_its_width() -> None:
    place = SettingsScope(load_params("event"), size_px=(1920, 1080))
    upright = replace(place, size_px=(1080, 1920))
    widths = {p.size_px: BY_NAME["inches"].steps(p)[8].values["screen.width_mm"] for p in (place, upright)}
    assert widths == {(1920, 1080): pytest.approx(531.3, abs=0.2), (1080, 1920): pytest.approx(298.9, abs=0.2)}


def test_the_printer_is_asked_beside_the_loop() -> None:
    may_answer = threading.Event()

    def ask() -> str:
        may_answer.wait(10)
        return "share.print_paper_out"

    row = PrinterRow(ask)
    assert row.row() == ("staff.row_printer", ASKING)
    may_answer.set()
    assert row._thread is not None
    row._thread.join(10)
    assert row.row() == ("staff.row_printer", "share.print_paper_out")
    row.reset()
    assert row.row()[1] in (ASKING, "share.print_paper_out")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((0, "printer Photo is idle.  enabled since now"), "staff.value.printer_ready"),
        ((0, "printer Photo is idle.\n\tAlerts: media-empty"), "share.print_paper_out"),
        ((1, ""), "share.print_gone"),
    ],
)
def test_the_printers_state_is_told_in_words(answer: tuple[int, str], says: str) -> None:
    assert state_of(PrintParams(printer="Photo"), lambda words, content: answer) == says
    assert state_of(PrintParams(), lambda words, content: answer) == "share.print_off"
    assert says in sentences("en")


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_digits_stand_as_on_a_telephone(locale: str) -> None:
    scene = compose(pages(locale)["staff-pin"], (1280, 720))
    x_of = {button.name: button.rect.x for button in scene.buttons}
    assert x_of["digit.1"] < x_of["digit.2"] < x_of["digit.3"]
