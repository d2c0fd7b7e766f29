"""Finds out in which encoding a list was saved: by a byte order mark, for certain, or a guess to be confirmed.

A guess tries what spreadsheets write and asks in which language all letters beyond ASCII would be at home.
"""

from __future__ import annotations

import codecs
import contextlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from booth.core.faults import Fault

_SIGNS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_LATIN = "cp1252"
# Encoding -> the languages written in it and their letters beyond ASCII, in lower case. The order is the order of the
# guesses where several fit equally well.
_ALPHABETS: dict[str, tuple[str, ...]] = {
    _LATIN: ("äöüß", "àâæçèéêëîïôœùûüÿ", "áéíñóúüïç", "àèéìíîòóùú", "ãáàâçéêíóôõúü", "åäöé", "æøåéèòôü", "áðéíóúýþæö",
             "éëïóöüèç", "àçèéíïòóúü·"),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîșțşţ", "äöüß"),
    "cp1254": ("çğıİöşüâîû", "äöüß"),
    "cp1257": ("āčēģīķļņšūž", "ąčęėįšųūž", "äõöüšž"),
    "cp1258": ("àáâãèéêìíòóôõùúýăđơư",),
    "cp1251": ("абвгдежзийклмнопрстуфхцчшщъыьэюяё", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
               "абвгдђежзијклљмнњопрстћуфхцчџш", "абвгдежзійклмнопрстуўфхцчшыьэюяё"),
    "koi8-r": ("абвгдежзийклмнопрстуфхцчшщъыьэюяё",),
    "cp1253": ("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",),
    "cp1255": ("אבגדהוזחטיךכלםמןנסעףפץצקרשת",),
    "cp1256": ("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگ",),
    "cp874": ("".join(chr(code) for code in range(0x0E01, 0x0E5B)),),
    "mac_roman": ("äöüß", "àâæçèéêëîïôœùûüÿ", "áéíñóúü", "àèéìòù", "åäöé", "æøå"),
    "cp850": ("äöüß", "àâæçèéêëîïôùûü", "áéíñóúü", "åäöé", "æøå"),
    "cp852": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áéíóöőúüű"),
}  # fmt: skip
_WIDE = ("cp932", "euc_jp", "gb18030", "big5", "cp949")  # two bytes a letter
_MARKS = frozenset("\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u00a0\u00ab\u00bb\u00b7\u2026\u2022\u20ac\u00b0")
_PUNCTUATION_COST, _STRANGER_COST, _UPPER_INSIDE_COST, _LOWER_BEGIN_COST = 0.5, 3.0, 2.0, 0.5
_RARE = {"mac_roman": 2.5, "cp850": 2.5, "cp852": 2.5, "koi8-r": 2.5}  # what few programs still write; cost of each
_UNUSUAL, _UNUSUAL_COST, _MIXED_COST = frozenset("þÞðÐ"), 0.5, 2.0
_NEAR_COST = 3.0  # a reading that is stranger by less is named beside the guess
_TWICE = "utf-8 read as cp1252"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A list's text, its encoding, and whether that is a guess."""

    text: str
    encoding: str
    is_guess: bool = False
    others: tuple[tuple[str, str], ...] = ()  # encoding and a word as it would read, where others fit nearly as well


def decoded(raw: bytes, name: str, encoding: str | None = None) -> Decoded:
    """Return the text of a list; `encoding` is the operator's word. Fault `office.encoding` where nothing reads it."""
    if encoding is not None:
        return Decoded(_decoded_as(raw, name, encoding), encoding)
    for sign, codec in _SIGNS:
        if raw.startswith(sign):
            return Decoded(_strict(raw, codec, name), codec)
    if (wide := _utf16_without_sign(raw)) is not None:
        return Decoded(_strict(raw, wide, name), wide, is_guess=True)
    if b"\0" in raw:
        raise Fault("office.encoding", f"{name} is not a text file.", "Save the sheet as CSV or as .xlsx.")
    if b"\x1b$" in raw or b"\x1b(" in raw:
        with contextlib.suppress(UnicodeDecodeError):
            return Decoded(raw.decode("iso2022_jp"), "iso2022_jp", is_guess=True)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(raw, name)
    once = _read_twice(text)
    return Decoded(text, "utf-8") if once is None else Decoded(once, _TWICE, is_guess=True)


def _decoded_as(raw: bytes, name: str, encoding: str) -> str:
    if encoding == _TWICE:
        return _read_twice(_strict(raw, "utf-8", name)) or _strict(raw, "utf-8", name)
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        hint = "Such as utf-8, cp1252, cp1250, cp1251, mac_roman or shift_jis."
        raise Fault("office.encoding", f"There is no encoding {encoding}.", hint) from error
    text = _strict(raw, "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding, name)
    return text.removeprefix("\ufeff")


def _strict(raw: bytes, encoding: str, name: str) -> str:
    try:
        return raw.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        line = f" at line {raw[: error.start].count(10) + 1}" if isinstance(error, UnicodeDecodeError) else ""
        message = f"{name} is not {encoding}{line}."
        raise Fault("office.encoding", message, "Save it as CSV in UTF-8, or name its --encoding.") from error


def _utf16_without_sign(raw: bytes) -> str | None:
    """UTF-16 is detected by its zeros: in Latin lists every other byte is one."""
    head = raw[:2000]
    if len(head) < 8 or len(raw) % 2:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < 0.3 * len(head) / 2 or min(even, odd) > 0.05 * len(head) / 2:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _read_twice(text: str) -> str | None:
    """What a UTF-8 list said before a program took it for cp1252 and saved it again; None where that was not so."""
    strange = [word for word in re.split(r"[\s,;|]+", text) if not word.isascii()]
    if not strange:
        return None
    try:
        again = [word.encode(_LATIN).decode("utf-8") for word in strange]
    except (UnicodeEncodeError, UnicodeDecodeError):
        return None
    return text.encode(_LATIN).decode("utf-8") if sum(map(len, again)) < sum(map(len, strange)) else None


def _guessed(raw: bytes, name: str) -> Decoded:
    """The reading whose letters are most at home; the order of the alphabets decides among equals."""
    readings = sorted((cost, order, one, text) for order, (one, text, cost) in enumerate(_readings(raw)))
    if not readings:
        raise Fault("office.encoding", f"The letters of {name} cannot be read.", "Save it as CSV in UTF-8.")
    least, _, encoding, text = readings[0]
    others: dict[str, str] = {}
    for cost, _, other, reading in readings[1:]:
        word = next((word for word in re.split(r"[\t,;|\r\n]+", reading) if not word.isascii()), "")
        if cost < least + _NEAR_COST and reading != text and word not in others.values():
            others[other] = word
    return Decoded(text, encoding, is_guess=True, others=tuple(others.items())[:2])


def _readings(raw: bytes) -> Iterator[tuple[str, str, float]]:
    for encoding, languages in _ALPHABETS.items():
        with contextlib.suppress(UnicodeDecodeError):
            text = raw.decode(encoding)
            alphabets = [frozenset(letters) for letters in languages]
            strange = [line for line in text.splitlines() if not line.isascii()]
            cost = sum(min(_cost(line, letters) for letters in alphabets) for line in strange)
            yield encoding, text, cost + _RARE.get(encoding, 0.0)
    for encoding in _WIDE:
        with contextlib.suppress(UnicodeDecodeError):
            text = raw.decode(encoding)
            yield encoding, text, _wide_cost(text, raw, encoding)


def _cost(text: str, letters: frozenset[str]) -> float:
    """How strange a text is in a language: letters of others, and capitals where a wrong reading puts them."""
    cost, before = 0.0, " "
    for sign in text:
        if sign in _MARKS:
            cost += _PUNCTUATION_COST
        elif ord(sign) > 127 and sign.lower() not in letters and sign not in letters:
            cost += _STRANGER_COST
        elif not (sign + before).isascii() and sign.isupper() and before.islower():
            cost += _UPPER_INSIDE_COST
        elif ord(sign) > 127 and sign.islower() and not before.isalpha():
            cost += _LOWER_BEGIN_COST
        cost += (sign in _UNUSUAL) * _UNUSUAL_COST + _mixed(before, sign) * _MIXED_COST
        before = sign
    return cost


def _mixed(before: str, sign: str) -> bool:
    """True where a Latin letter stands beside one of another script in a word."""
    if not before.isalpha() or not sign.isalpha() or (before + sign).isascii():
        return False
    return unicodedata.name(before, "").startswith("LATIN") != unicodedata.name(sign, "").startswith("LATIN")


def _wide_cost(text: str, raw: bytes, encoding: str) -> float:
    """East Asian text is common ideographs, kana or hangul; a wrong reading gives rare ones and signs."""
    strange = [sign for sign in text if ord(sign) > 127]
    cost = sum(0.0 if _is_common(sign) else _STRANGER_COST for sign in strange)
    cost += _MIXED_COST * sum(_mixed(before, sign) for before, sign in pairwise(text))
    import charset_normalizer  # late: a tenth of a second, and only lists of unknown letters need it

    best = charset_normalizer.from_bytes(raw).best()
    agrees = best is not None and codecs.lookup(best.encoding).name == codecs.lookup(encoding).name
    return cost + len(strange) * (0.2 if agrees else 0.4)


def _is_common(sign: str) -> bool:
    code = ord(sign)
    if 0x3041 <= code <= 0x30FF or 0xAC00 <= code <= 0xD7A3 or 0xFF01 <= code <= 0xFF5E or code == 0x3000:
        return True
    if not 0x4E00 <= code <= 0x9FA5:
        return False
    with contextlib.suppress(UnicodeEncodeError):  # the first level of JIS and of GB 2312 hold what names are made of
        lead = sign.encode("gb2312")[0]
        return lead <= 0xD7
    with contextlib.suppress(UnicodeEncodeError):
        return sign.encode("shift_jis")[0] <= 0x98
    with contextlib.suppress(UnicodeEncodeError):
        return sign.encode("big5")[0] <= 0xC6
    return False


def lost_letters(text: str) -> int | None:
    """Return the number of the first line with letters that were lost when it was saved, such as J?rgen; else None."""
    for number, line in enumerate(text.split("\n"), 1):
        if "\ufffd" in line or re.search(r"[^\W\d_]\?[^\W\d_]", line):
            return number
        if any(unicodedata.category(sign) in ("Co", "Cn") or 0x80 <= ord(sign) < 0xA0 for sign in line):
            return number
    return None
