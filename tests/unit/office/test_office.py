"""An office run: lists as they are really saved, sealed names, retakes that replace, safe exports."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import msgspec
import pytest

from booth.config.params import load_params
from booth.core.faults import Fault
from booth.delivery.store.portrait_store import Consent, Store
from booth.office.brand_gate import BrandGate, outside, within_brand
from booth.office.export import Export as Exported
from booth.office.export import people_csv, to_zip
from booth.office.naming import file_names, safe
from booth.office.people_list import read_list, typed
from booth.office.roster import Roster, sittings
from booth.still.drift import DriftReport
from booth.still.record import EditRecord

CONSENT = Consent("c" * 32, "2026-06-01T12:00:00+00:00", "en", "0123456789ab", True, "delete")


def people_of(tmp_path: Path, content: bytes):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    return read_list(path).people


def test_two_people_of_one_name_stay_two(tmp_path: Path) -> None:
    people = people_of(tmp_path, b"name,id\nSam Hill,1\nSam Hill,2\nSam Hill,\nSam Hill,\n")
    assert len({person.key for person in people}) == 4
    assert typed("sam  hill", people).key not in {person.key for person in people}


def kept(store: Store, folder: Path, name: str, shop) -> str:
    entry, _ = store.keep(folder / name, b"\xff\xd8 a portrait", CONSENT, shop.now)
    return entry.id


def test_a_retake_replaces_and_the_name_goes_with_the_portrait(shop, tmp_path: Path) -> None:
    people = people_of(tmp_path, "name,id\nÁda Vértesy,7\nBo Li,8\n".encode())
    (tmp_path / "list.csv").unlink()
    store = shop.open()
    roster = Roster(people, store)
    first = kept(store, shop.portraits, "a.jpg", shop)
    assert roster.seal(people[0], first, shop.now) == 0
    assert [place.is_done for place in roster.board()] == [True, False]
    second = kept(store, shop.portraits, "b.jpg", shop)
    assert roster.seal(people[0], second, shop.now) == 1
    assert [path.name for path in shop.portraits.iterdir()] == ["b.jpg"]
    assert [s.person.name for s in sittings(store)] == ["Áda Vértesy"]
    assert "Vértesy".encode() not in shop.everything()
    store.erase(second, shop.now)
    assert sittings(store) == ()
    assert not any(shop.portraits.iterdir())


def test_after_a_restart_the_store_says_who_has_been(shop, tmp_path: Path) -> None:
    people = people_of(tmp_path, b"name\nAda\nBo\n")
    store = shop.open()
    roster = Roster(people, store)
    roster.seal(roster.add("Typed In"), kept(store, shop.portraits, "a.jpg", shop), shop.now)
    shop.close()
    again = Roster(people, shop.open())
    assert [(place.person.name, place.is_done) for place in again.board()] == [
        ("Ada", False), ("Bo", False), ("Typed In", True),
    ]  # fmt: skip


def test_an_export_names_files_safely_and_calculates_nothing(shop, tmp_path: Path) -> None:
    text = 'name,id,email\n"=SUM(A1)",1,@x\nSam Hill,2,\nSAM HILL,3,+1\n../../etc/passwd,4,-2\nCON,5,\n'
    people = people_of(tmp_path, text.encode())
    store = shop.open()
    roster = Roster(people, store)
    for number, person in enumerate(people):
        roster.seal(person, kept(store, shop.portraits, f"{number}.jpg", shop), shop.later(seconds=1))
    found = sittings(store)
    names = list(file_names("{name}", found).values())
    assert names == ["SUM(A1).jpg", "Sam Hill.jpg", "SAM HILL-2.jpg", "etc passwd.jpg", "_CON.jpg"]
    report = DriftReport((), (), {}, ())
    raw = people_csv(found, file_names("{name}", found), report)
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert rows[1][0] == "'=SUM(A1)"
    to_zip(Exported({"people.csv": raw, "0.jpg": shop.portraits / "0.jpg"}, report, ()), tmp_path / "run.zip")
    assert (tmp_path / "run.zip").stat().st_size > len(raw)
    with pytest.raises(Fault, match="cannot be filled in"):
        file_names("{nick}", found)


def test_a_name_of_nothing_but_signs_still_gets_a_file() -> None:
    assert safe("...///") == ""
    assert len(safe("ä" * 400).encode()) <= 120


BRAND = load_params("office").finish.brand


def record(**measures: float) -> EditRecord:
    inside = {
        "eye_line_frac": BRAND.eye_line_frac, "head_height_frac": BRAND.head_height_frac, "roll_deg": 0.1,
        "light_ratio_stops": 0.1, "clipped_frac": 0.0,
        "backdrop_l": 80.0, "backdrop_a": 0.0, "backdrop_b": 0.0,
    }  # fmt: skip
    return EditRecord("look", "loop", (), (), "d", "s", "composite", "headshot", (4, 5), measures=inside | measures)


def test_a_portrait_outside_the_brand_is_not_kept() -> None:
    brand = BRAND
    assert outside(record(), [record()], brand, "headshot") == {}
    assert list(outside(record(head_height_frac=BRAND.head_height_frac + 0.04), [], brand, "headshot")) == [
        "head_height_frac"
    ]
    assert list(outside(record(light_ratio_stops=0.8), [], brand, "headshot")) == ["light_ratio_stops"]


def test_the_coach_asks_for_no_less_than_the_brand_does() -> None:
    params = within_brand(load_params("office"))
    assert params.guidance.limits.clipped_frac <= params.finish.brand.clipped_max_frac
    assert params.guidance.bands.clipped_frac.enter < params.guidance.bands.clipped_frac.leave
    strict = msgspec.structs.replace(params.finish.brand, roll_tolerance_deg=0.1)
    finish = msgspec.structs.replace(
        params.finish, brand=strict, correct=msgspec.structs.replace(params.finish.correct, level_max_deg=0.0)
    )
    narrowed = within_brand(msgspec.structs.replace(params, finish=finish))
    assert narrowed.guidance.limits.roll_deg == pytest.approx(0.1)
    assert BrandGate(finish) is not None
