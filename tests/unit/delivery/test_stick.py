"""USB sticks: a copy where it is allowed, names that FAT takes, nothing left where a stick is full or pulled."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from booth.config.params.deliver import DeliverParams, ReviewParams, StickParams
from booth.config.privacy_terms import privacy_terms_of, seen_lines
from booth.config.words import locales, say
from booth.delivery import stick
from booth.delivery.stick import StickCopier, copy_to, fat_name, sticks

PICTURE = b"\xff\xd8" + bytes(range(256)) * 40
OPEN = open


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("portrait-2026-11-26-0001.jpg", "portrait-2026-11-26-0001.jpg"),
        ('a:b*c?"<d>|e.jpg', "a-b-c-d-e.jpg"),
        ("con.jpg", "_con.jpg"),
        ("COM1.png", "_COM1.png"),
        ("ends in points. . .jpg", "ends in points.jpg"),
        ("...", "portrait"),
        ("tab\there.jpg", "tab-here.jpg"),
        ("Ärzte-笑.jpg", "Ärzte-笑.jpg"),
    ],
)
def test_names_are_such_as_fat_and_exfat_take(name: str, wanted: str) -> None:
    assert fat_name(name) == wanted


def test_a_long_name_is_cut_by_utf16_units() -> None:
    made = fat_name("\U0001f600" * 300 + ".jpg")
    assert len(made.encode("utf-16-le")) // 2 <= 255 and made.endswith(".jpg")


def test_a_copy_lies_whole_on_the_stick_and_another_of_its_name_beside_it(tmp_path: Path) -> None:
    assert copy_to(tmp_path, "booth", "Portrait.JPG", PICTURE) == stick.DONE
    assert copy_to(tmp_path, "booth", "portrait.jpg", PICTURE) == stick.DONE
    assert files(tmp_path) == ["booth/Portrait.JPG", "booth/portrait-2.jpg"], "FAT knows no case"
    assert (tmp_path / "booth" / "Portrait.JPG").read_bytes() == PICTURE
    assert copy_to(tmp_path, "", "top.jpg", PICTURE) == stick.DONE and (tmp_path / "top.jpg").is_file()


@pytest.mark.parametrize(("number", "says"), [(errno.ENOSPC, stick.FULL), (errno.EIO, stick.FAILED)])
def test_a_stick_that_is_full_or_pulled_keeps_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, says: str
) -> None:
    def fail(handle: int) -> None:
        raise OSError(number, "no more")

    monkeypatch.setattr(stick.os, "fsync", fail)
    assert copy_to(tmp_path, "booth", "a.jpg", PICTURE) == says
    assert files(tmp_path) == []
    monkeypatch.undo()
    assert copy_to(tmp_path / "pulled", "booth", "a.jpg", PICTURE) == stick.FAILED
    assert not (tmp_path / "pulled").exists(), "no folder is made where a stick was mounted"


def until(done: object, limit_s: float = 5.0) -> None:
    ends_s = time.monotonic() + limit_s
    while not done():  # type: ignore[operator]
        assert time.monotonic() < ends_s, "did not happen"
        time.sleep(0.01)  # the copier's own thread works here


@pytest.fixture
def copier(tmp_path: Path) -> Iterator[StickCopier]:
    params = StickParams(on=True, places=(str(tmp_path / "one"), str(tmp_path / "two")))
    made = StickCopier(params, lambda number: PICTURE if number == "1" else None, look_s=0.01)
    yield made
    made.close()


def test_a_stick_that_is_put_in_gets_its_copy_and_once_more_after_it_was_pulled(
    copier: StickCopier, tmp_path: Path
) -> None:
    copier.offer("1", "a.jpg")
    assert copier.says("1") is None
    (tmp_path / "one").mkdir()
    until(lambda: copier.says("1") == stick.DONE)
    assert files(tmp_path) == ["one/booth/a.jpg"]
    (tmp_path / "one").rename(tmp_path / "in the pocket")
    until(lambda: sticks(StickParams(on=True, places=(str(tmp_path / "one"),))) == ())
    (tmp_path / "two").mkdir()
    until(lambda: (tmp_path / "two/booth/a.jpg").is_file())
    assert files(tmp_path / "in the pocket") == ["booth/a.jpg"]


def test_after_the_guest_has_left_no_stick_gets_anything(copier: StickCopier, tmp_path: Path) -> None:
    copier.offer("1", "a.jpg")
    copier.close()
    (tmp_path / "one").mkdir()
    assert copier.says("1") is None and files(tmp_path) == []


def test_a_portrait_that_is_gone_is_said_and_leaves_nothing(copier: StickCopier, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    copier.offer("2", "b.jpg")
    until(lambda: copier.says("2") == stick.FAILED)
    assert files(tmp_path) == []


def test_consent_tells_of_sticks_where_they_are_allowed() -> None:
    allowed = privacy_terms_of(msgspec.structs.replace(DeliverParams(), stick=StickParams(on=True)), ReviewParams())
    plain = privacy_terms_of(DeliverParams(), ReviewParams())
    for locale in locales():
        told = say("consent.seen_stick", locale)
        assert told in seen_lines(allowed, locale) and told not in seen_lines(plain, locale)
