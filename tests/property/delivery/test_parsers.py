"""Whatever is in a file that the booth reads: a Fault in a sentence, or it is whole. `make fuzz` tries far more."""

from __future__ import annotations

import io
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features

from booth.config.params import load_params
from booth.config.words import locales, say
from booth.core.assets import asset
from booth.core.faults import Fault
from booth.delivery.formats import open_picture, sheet, square, view
from booth.delivery.phone.links import TOKEN, Links
from booth.delivery.phone.locale_choice import reader_locale
from booth.delivery.phone.phone_page import change
from booth.delivery.printer import size_mm
from booth.delivery.store.receipt import plain_code
from booth.diagnostics.audit import read_manifest
from booth.looks.look import load_look
from booth.office.people_list import read_list
from booth.still.open_picture import open_bytes
from booth.still.record import EditRecord, from_xmp, to_xmp

IS_LONG = os.environ.get("BOOTH_FUZZ") == "long"
TRIES = 20_000 if IS_LONG else 150
_SIGNS = b"\"'[]{}=.,#\n\r\t\\/:-+0123456789eExXuU\x00\x7f\x80\xff nanifr tue"
_TOKENS = (
    b"= nan", b"= inf", b"= -1", b"= 1e999", b"= []", b"= {}", b'= ""', b"= true", b"[[", b"]]", b"\xef\xbb\xbf",
    b'extends = "../x"', b'extends = "\\u0000"', b'name = "\\u0000"', b"9" * 400, b'"' * 3, b"\xe2\x80\xae",
)  # fmt: skip


def mutants(whole: bytes, tries: int, seed: int, tokens: tuple[bytes, ...] = _TOKENS) -> Iterator[bytes]:
    """Yield damaged copies of a file: bits turned, parts cut out, doubled, swapped, odd values put in."""
    chance = random.Random(seed)
    for _ in range(tries):
        raw = bytearray(whole)
        for _ in range(chance.choice((1, 1, 1, 2, 4, 12))):
            at, n = chance.randrange(len(raw) + 1), chance.choice((1, 2, 4, 16, 64))
            match chance.randrange(6):
                case 0 if at < len(raw):
                    raw[at] ^= 1 << chance.randrange(8)
                case 1:
                    del raw[at : at + n]
                case 2:
                    raw[at:at] = raw[at : at + n]
                case 3:
                    raw[at:at] = bytes(chance.choice(_SIGNS) for _ in range(n % 9))
                case 4:
                    raw[at : at + n] = chance.choice(tokens)
                case _:
                    raw[at : at + n] = chance.randbytes(n)
        yield bytes(raw[: len(raw) if chance.random() < 0.9 else chance.randrange(len(raw) + 1)])


def only_faults(read: Callable[[Path], object], path: Path, content: bytes) -> bool:
    """Read a damaged file; True when it was refused. Anything but a Fault goes through and fails the test."""
    path.write_bytes(content)
    try:
        read(path)
    except Fault as fault:
        assert fault.message and fault.hint and "\n" not in fault.message.strip()
        return True
    return False


PROFILE = b"""name = "fair"
extends = "event"
[deliver]
folder = "~/x"
[deliver.page]
address = "127.0.0.1"
port = 8420
[review]
on_timeout = "keep"
limit_s = 60
[kiosk]
retakes = 3
[screen]
locale = "de"
accent = "#f2a65a"
"""
MANIFEST = b'{"files": [{"path": "a/b.jpg", "kind": "still", "labels": {"glasses": "yes"}}, {"path": "c.jpg"}]}'
PEOPLE = b"name,id,department\nAda,1,maths\nGrace,2,navy\n"


@pytest.mark.parametrize(
    ("name", "whole", "read"),
    [
        ("profile.toml", PROFILE, load_params),
        ("look.toml", None, lambda path: load_look(str(path))),
        ("manifest.json", MANIFEST, read_manifest),
        ("people.csv", PEOPLE, read_list),
    ],
    ids=["profile", "look", "manifest", "people"],
)
def test_a_damaged_text_is_refused_in_a_sentence(
    name: str, whole: bytes | None, read: Callable[[Path], object], tmp_path: Path
) -> None:
    whole = whole or asset("looks", "company-page.toml").read_bytes()
    assert not only_faults(read, tmp_path / name, whole), "the whole one is read"
    refused = sum(only_faults(read, tmp_path / name, raw) for raw in mutants(whole, TRIES, seed=5))
    assert refused > 0


def pictures() -> dict[str, bytes]:
    """A small picture in every format that is read."""
    rgb = np.random.default_rng(3).integers(0, 255, (96, 80, 3), np.uint8)
    found = {}
    for kind in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF" if features.check("avif") else "JPEG"):
        file = io.BytesIO()
        Image.fromarray(rgb).save(file, kind)
        found[kind] = file.getvalue()
    return found


@pytest.mark.parametrize("kind", pictures())
def test_a_damaged_picture_is_refused_or_opened_and_nothing_else(kind: str) -> None:
    whole = pictures()[kind]
    assert open_bytes(whole, "a.jpg").rgb.shape == (96, 80, 3)
    for raw in mutants(
        whole, TRIES // 3, seed=7, tokens=(b"\xff\xff\xff\xff", bytes(8), b"Exif\0\0", b"ICC_PROFILE\0")
    ):
        try:
            opened = open_bytes(raw, "a.jpg")
        except Fault as fault:
            assert fault.code.startswith("picture.")
        else:
            assert opened.rgb.dtype == np.uint8 and opened.rgb.ndim == 3 and opened.rgb.shape[2] == 3
        try:
            open_picture(raw)
        except ValueError:
            continue


def test_what_the_page_makes_of_a_picture_is_a_picture_or_a_value_error() -> None:
    for raw in mutants(pictures()["JPEG"], 40, seed=9):
        for make in (view, square, lambda content: sheet(content, (101.6, 152.4), "single")):
            try:
                made = make(raw)
            except ValueError:
                continue
            assert made.startswith(b"\xff\xd8")


def a_record() -> EditRecord:
    return EditRecord("company-page", "loop", (), (), "p" * 12, "s" * 64, "composite", "print", (600, 750))


def test_a_damaged_record_is_none_and_nothing_else() -> None:
    whole = to_xmp(a_record()).encode()
    assert from_xmp(whole) == a_record()
    for raw in mutants(whole, TRIES * 2, seed=11, tokens=(b"&lol;", b"<!ENTITY", b"&#0;", b"{}", b"[" * 200)):
        found = from_xmp(raw)
        assert found is None or isinstance(found, EditRecord)


@settings(max_examples=2000 if IS_LONG else 100, deadline=None)
@given(st.text(max_size=300))
def test_whatever_a_guest_or_a_phone_sends_as_text_is_taken_or_left(text: str) -> None:
    assert reader_locale(text, text) in locales()
    code = plain_code(text)
    assert code is None or len(code) == 12
    assert size_mm(text) is None or len(size_mm(text) or ()) == 2
    assert Links(lambda: 0.0, lambda link: None).visit(text, text) is None or TOKEN.fullmatch(text)
    assert "<" not in change(text, lambda key, **values: say(key, "en", **values))
