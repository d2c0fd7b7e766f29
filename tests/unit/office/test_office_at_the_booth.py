"""An office run at the screen: who is still to come first, the keyboard, the ruler, one size, every column kept."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from booth.config.params import load_params
from booth.config.privacy_terms import PrivacyTerms, kept_words
from booth.config.words import locales, say
from booth.core.types import Matte, Pose, frozen
from booth.draw.scene import Button, Signal
from booth.looks.look import load_look
from booth.office.brand_gate import HEAD_HEIGHT, TILT, BrandGate
from booth.office.export import people_csv
from booth.office.naming import file_names
from booth.office.people_list import read_list
from booth.office.reasons import not_taken_words, outside_words
from booth.office.reception import Reception
from booth.office.roster import Roster, sittings
from booth.session.state_machine import State
from booth.session.view import BrandGauge, OfficeFacts
from booth.still.developer import Developed
from booth.still.drift import DriftReport
from booth.still.record import EditRecord
from booth.still.set_size import in_set_size
from booth.still.size import SET_HEIGHT_PX, Sizing, output_size
from booth.ui.layout import compose
from tests.kiosk_views import a_view, an_analysis, guided, pages
from tests.unit.office.test_office import kept, people_of


class _Service:
    """The part of the delivery service that an office run reads."""

    def __init__(self, store: object) -> None:
        self.store = store


def test_whoever_is_still_to_come_stands_first(shop, tmp_path: Path) -> None:
    people = people_of(tmp_path, b"name\nAda\nBo\nCem\n")
    store = shop.open()
    Roster(people, store).seal(people[0], kept(store, shop.portraits, "a.jpg", shop), shop.now)
    params = load_params("office")
    reception = Reception(params, load_look(params.kiosk.look), people, _Service(store))  # type: ignore[arg-type]
    assert [row[1:] for row in reception.facts.rows] == [("Bo", False), ("Cem", False), ("Ada", True)]


def test_a_touch_of_the_name_field_brings_the_keyboard_and_letters_find_the_name(shop, tmp_path: Path) -> None:
    people = people_of(tmp_path, "name\nÁda Vértesy\nBo Li\n".encode())
    params = load_params("office")
    store = shop.open()
    reception = Reception(params, load_look(params.kiosk.look), people, _Service(store))  # type: ignore[arg-type]
    field = _button(compose(a_view(State.PEOPLE, office=reception.facts), (1280, 720)).buttons, "typed")
    reception.handle(field.signals[0])
    assert reception.facts.is_typing
    for letter in "Vér":
        keys = compose(a_view(State.PEOPLE, office=reception.facts), (1280, 720)).buttons
        hit = [
            key
            for key in keys
            if key.label is not None and " ".join(key.label.setting.lines).casefold() == letter.casefold()
        ]
        reception.handle(hit[0].signals[0])
    assert reception.facts.typed == "Vér", "capitals begin a word, and only there"
    assert [row[1] for row in reception.facts.rows] == ["Áda Vértesy"]
    reception.handle(Signal("person", reception.facts.rows[0][0]))
    assert not reception.facts.is_typing and reception.name == "Áda Vértesy"
    reception.reset()
    assert reception.facts == OfficeFacts(reception.facts.rows, 0, 2)


@pytest.mark.parametrize("locale", ["en", "de", "fr", "es", "pt", "it", "ar", "hi", "zh", "ja"])
def test_every_key_types_what_it_shows(locale: str) -> None:
    view = pages(locale)["people-typing"]
    keys = [b for b in compose(view, (1280, 720)).buttons if b.name.startswith("key.") and b.label and b.signals]
    assert len(keys) >= 40
    letters = [key for key in keys if key.name[4].isdigit()]
    assert all(key.signals[0].value == key.label.setting.lines[0] for key in letters)  # type: ignore[union-attr]
    assert len({key.signals[0].value for key in letters}) == 40


def _button(buttons: tuple[Button, ...], name: str) -> Button:
    return next(button for button in buttons if button.name == name)


def test_consent_says_that_the_name_is_kept_in_every_language() -> None:
    for locale in locales():
        named = kept_words(PrivacyTerms(is_named=True), locale)
        assert say("consent.kept_name", locale) in named
        assert say("consent.kept_name", locale) not in kept_words(PrivacyTerms(), locale)


def test_every_column_of_the_list_is_kept_with_the_person_and_exported(shop, tmp_path: Path) -> None:
    text = "Vorname;Nachname;Personalnr;Abteilung;Abteilung;file\nAda;Beispiel;7;=Werk;Süd;x\n"
    (tmp_path / "l.csv").write_text(text, encoding="utf-8-sig")
    people = read_list(tmp_path / "l.csv").people
    assert people[0].name == "Ada Beispiel" and people[0].id == "7"
    store = shop.open()
    Roster(people, store).seal(people[0], kept(store, shop.portraits, "a.jpg", shop), shop.now)
    shop.close()
    found = sittings(shop.open())
    raw = people_csv(found, file_names("{name}", found), DriftReport((), (), {}, ()))
    head, row = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert head == ["name", "id", "email", "Vorname", "Nachname", "Abteilung", "Abteilung", "file (list)", "file",
                    "taken_utc", "within_brand"]  # fmt: skip
    assert row[3:8] == ["Ada", "Beispiel", "'=Werk", "Süd", "x"] and row[8] == "Ada Beispiel.jpg"


def test_people_of_lists_with_other_columns_share_one_table(shop, tmp_path: Path) -> None:
    first = people_of(tmp_path, b"name,floor\nAda,3\n")
    second = people_of(tmp_path, b"name,team\nBo,red\n")
    store = shop.open()
    roster = Roster((*first, *second), store)
    for number, person in enumerate((*first, *second)):
        roster.seal(person, kept(store, shop.portraits, f"{number}.jpg", shop), shop.later(seconds=1))
    found = sittings(store)
    raw = people_csv(found, file_names("{name}", found), DriftReport((), (), {}, ()))
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [row[3:5] for row in rows] == [["floor", "team"], ["3", ""], ["", "red"]]


def test_reasons_are_sentences() -> None:
    told = not_taken_words(("eyes", "brand"), None)
    assert told == "eyes shut or half shut; nothing within the brand can be cut from it"
    assert not_taken_words(("nobody",), None) == "there is nobody in the picture"
    assert not_taken_words((), "pose.chin_up") == "the coach would ask: Lift your chin a little"
    assert outside_words({"roll_deg": 1.2, "eye_line_frac": 2.0}).startswith("the eyes are 2.0 times as far")


def test_a_set_has_one_size_whatever_the_camera_and_the_way_it_was_taken() -> None:
    for min_height_px, wanted in ((0, (1600, SET_HEIGHT_PX)), (2500, (2000, 2500))):
        for cut in ((400.0, 500.0), (2400.0, 3000.0)):
            assert output_size(cut, 4 / 5, Sizing(None, min_height_px, is_set=True))[0] == wanted
    record = EditRecord("as-you-are", "natural", (), (), "d", "s", "digitalCapture", "none", (1280, 720))
    picture = frozen(np.tile(np.arange(1280, dtype=np.uint8), (720, 1))[..., None].repeat(3, 2))
    plain = Developed(picture, picture, None, record, load_params("office"))
    fitted = in_set_size(plain, (1600, 2000))
    assert fitted.after.shape == (2000, 1600, 3) and fitted.record.size == (1600, 2000)
    assert [stage.name for stage in fitted.record.stages] == ["crop", "size.enlarge"]
    assert in_set_size(fitted, (1600, 2000)) is fitted
    small = in_set_size(replace(plain, after=frozen(np.zeros((4000, 6000, 3), np.uint8))), (1600, 2000))
    assert [stage.name for stage in small.record.stages] == ["crop", "size.shrink"]


def test_the_gate_shows_where_a_frame_stands_and_forgets_who_left() -> None:
    seen = an_analysis()
    alpha = np.zeros(seen.frame.small.shape[:2], np.uint8)
    high, wide = alpha.shape
    alpha[round(0.13 * high) : round(0.45 * high), round(0.43 * wide) : round(0.57 * wide)] = 255  # the head
    alpha[round(0.45 * high) :, round(0.25 * wide) : round(0.75 * wide)] = 255
    analysis = replace(seen, matte=Matte(alpha, seen.frame.seq))
    params = load_params("office")
    gate = BrandGate(params.finish)
    look = load_look(params.kiosk.look)
    guidance = guided("hold.still", 1.0)
    gate(analysis, guidance, look)
    offs = {gauge.key: gauge.off for gauge in gate.gauges}
    assert abs(offs[HEAD_HEIGHT]) <= 1 and offs[TILT] == 0
    near = replace(analysis.faces[0], pose=Pose(0, 0, 15))
    tilted = replace(analysis, faces=(near,))
    gate(tilted, guidance, look)
    assert {gauge.key: gauge.off for gauge in gate.gauges}[TILT] > 1
    gate(replace(analysis, faces=()), guidance, look)
    assert gate.gauges == ()


def test_the_ruler_is_on_the_mirror_of_an_office_run_alone() -> None:
    ruler = (BrandGauge(HEAD_HEIGHT, 0.2),)
    names = {
        item.name for item in compose(a_view(State.COACH, ruler=ruler), (1280, 720)).items if hasattr(item, "name")
    }
    plain = {item.name for item in compose(a_view(State.COACH), (1280, 720)).items if hasattr(item, "name")}
    assert HEAD_HEIGHT in names and HEAD_HEIGHT not in plain
