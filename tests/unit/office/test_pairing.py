"""A portrait under a wrong name never happens: one to one by ID or name, or somebody has to say so."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from booth.capture.photo.folder import Found, look_through, natural_key
from booth.cli.office_list import Answers, pairing_of
from booth.core.faults import Fault
from booth.office.pairing import in_order, paired
from booth.office.people_list import Person, with_keys


def people(*told: str) -> tuple[Person, ...]:
    """People as `Name` or `Name/ID`."""
    return with_keys([Person("", *text.partition("/")[::2]) for text in told])


def found(*files: str) -> Found:
    return Found(tuple(Path(name) for name in files))


def got(who: tuple[Person, ...], *files: str) -> dict[str, str]:
    return {pair.photograph.name: pair.person.name for pair in paired(who, found(*files)).pairs}


def ways(who: tuple[Person, ...], *files: str) -> list[str]:
    return [pair.by for pair in paired(who, found(*files)).pairs]


@pytest.mark.parametrize(
    ("who", "file", "way"),
    [
        ("Al Zorn/7", "7.jpg", "ID"),
        ("Al Zorn", "Al_Zorn.jpg", "name"),
        ("Seán O'Test", "Seán O\u2019Test.jpg", "name"),
        ("Al Zorn/7", "7-al zorn.jpg", "ID and name"),
        ("Al Zorn/7", "00007.jpg", "ID without leading zeros"),
        ("Al Zorn/0007", "7.jpg", "ID without leading zeros"),
        ("Al Zorn/ab-7", "AB-7.jpg", "ID in other case"),
        ("Al Zorn", "AL ZORN.jpg", "name in other case"),
        ("Al Zorn", "Zorn, Al.jpg", "name, last name first"),
        ("María Ejemplo Uno", "Ejemplo Uno María.jpg", "name, last name first"),
        ("Łukasz Żółć", "lukasz zolc.jpg", "name without accents"),
        ("Jörg Müller", "mueller_joerg.jpg", "name with umlauts written out, last name first"),
        ("محمّد", "محمد.jpg", "name without accents"),
        ("सीता", "सीता.jpg", "name"),
    ],
)
def test_each_way_is_called_by_its_name(who: str, file: str, way: str) -> None:
    assert ways(people(who, "Somebody Else/999"), file) == [way]
    assert ways(people(who, "Somebody Else/999"), unicodedata.normalize("NFD", file)) == [way]


def test_marks_tell_people_apart() -> None:
    assert got(people("सीता", "सुत"), "सुत.jpg", "सीता.jpg") == {"सीता.jpg": "सीता", "सुत.jpg": "सुत"}
    assert got(people("كَتَبَ", "كُتُب"), "كُتُب.jpg", "كَتَبَ.jpg") == {"كُتُب.jpg": "كُتُب", "كَتَبَ.jpg": "كَتَبَ"}
    assert got(people("José", "Jose"), "José.jpg", "Jose.jpg") == {"José.jpg": "José", "Jose.jpg": "Jose"}


@pytest.mark.parametrize(
    ("who", "files"),
    [
        (("A One/10012", "B Two/5"), ("1001-2.jpg",)),
        (("A One/1", "B Two/01"), ("001.jpg",)),
        (("Sam Hill/1", "Sam Hill/2"), ("Sam Hill.jpg",)),
        (("Jörg", "Jorg"), ("JÖRG.JPG", "jörg.png")),
        (("Al Bea", "Bea Al"), ("AL BEA.jpg", "al bea.jpg")),
        (("Al Zorn/7",), ("7.jpg", "Al Zorn.jpg")),
        (("Al Zorn/7",), ("7.jpg", "7.png")),
        (("Anna Test",), ("Anna.jpg",)),
        (("Anna Maria Test",), ("Maria Anna Test.jpg",)),
    ],
)
def test_what_could_be_two_is_nobodys(who: tuple[str, ...], files: tuple[str, ...]) -> None:
    pairing = paired(people(*who), found(*files))
    assert pairing.pairs == () and not pairing.is_full
    assert {left.path.name for left in pairing.left_out} == set(files)
    assert all(left.why for left in pairing.left_out)


def test_order_is_natural_and_a_raw_file_keeps_its_place(tmp_path: Path) -> None:
    assert sorted(["DSC10", "dsc2", "DSC1"], key=natural_key) == ["DSC1", "dsc2", "DSC10"]
    for name in ("IMG_1.jpg", "IMG_2.CR3", "IMG_10.jfif", "IMG_3.heic", "note.txt", "Thumbs.db", "IMG_1.xmp"):
        (tmp_path / name).touch()
    everyone = people("A", "B", "C", "D")
    pairing = in_order(everyone, look_through(tmp_path))
    assert [(p.person.name, p.photograph.name) for p in pairing.pairs] == [
        ("A", "IMG_1.jpg"), ("C", "IMG_3.heic"), ("D", "IMG_10.jfif"),
    ]  # fmt: skip
    assert [left.path.name for left in pairing.left_out] == ["IMG_2.CR3", "note.txt"]
    assert [person.name for person in pairing.without] == ["B"]


def test_order_never_goes_against_a_name() -> None:
    with pytest.raises(Fault) as caught:
        in_order(people("A/1", "B/2"), found("2.jpg", "3.jpg"))
    assert caught.value.code == "office.contradiction"


def ask(tmp_path, who, files, **answers):
    folder = tmp_path / "photographs"
    folder.mkdir(exist_ok=True)
    for name in files:
        (folder / name).touch()
    pairing = pairing_of(people(*who), folder, Answers(**answers), None)
    return [(pair.person.name, pair.photograph.name) for pair in pairing.pairs]


def test_only_a_full_match_goes_without_a_word(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setattr("booth.cli.asking.is_terminal", lambda: False)
    whole = [("Al Zorn", "00007.jpg"), ("Bea Abt", "12.jpg")]
    assert ask(tmp_path, ("Al Zorn/7", "Bea Abt/12"), ("00007.jpg", "12.jpg")) == whole
    assert "ID without leading zeros" in capsys.readouterr().out
    for who in (("Al Zorn/7",), ("Al Zorn/7", "Bea Abt/12", "Cy/13"), ("Al Zorn/7", "Bea Abt/13")):
        with pytest.raises(Fault) as caught:
            ask(tmp_path, who, ())
        assert caught.value.code == "office.photographs"
        assert "Al Zorn" in capsys.readouterr().out
    assert ask(tmp_path, ("Al Zorn/7", "Bea Abt/12", "Cy/13"), (), yes=True) == whole
    assert ask(tmp_path, ("Bea Abt/12", "Al Zorn/7"), (), in_order=True) == whole[::-1]


def test_order_is_only_ever_said_never_agreed_to_by_yes(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setattr("booth.cli.asking.is_terminal", lambda: False)
    who, files = ("A", "B"), ("DSC10.jpg", "DSC9.jpg")
    for answers in ({}, {"yes": True}):
        with pytest.raises(Fault, match="in order|In order"):
            ask(tmp_path, who, files, **answers)
        assert "DSC9.jpg" in capsys.readouterr().out
    assert ask(tmp_path, who, files, in_order=True) == [("A", "DSC9.jpg"), ("B", "DSC10.jpg")]
    monkeypatch.setattr("booth.cli.asking.is_terminal", lambda: True)
    for typed, goes in (("y\n", True), ("\n", False), ("no\n", False)):
        monkeypatch.setattr("sys.stdin.readline", lambda typed=typed: typed, raising=False)
        if goes:
            assert ask(tmp_path, who, files) == [("A", "DSC9.jpg"), ("B", "DSC10.jpg")]
        else:
            with pytest.raises(Fault):
                ask(tmp_path, who, files)
