"""Says which photograph is whose: by ID or name, one to one. Nothing is guessed; what is left over is named.

Each file claims the people whose ID or name it bears in the strictest way in which it bears any. A file that claims
two people, or a person claimed by two files, is a doubt and pairs with nobody. The ways, strictest first, are `WAYS`;
every one after the first three is a second chance and is named in the table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from booth.capture.photo.folder import Found, LeftOut
from booth.core.faults import Fault
from booth.office.people_list import Person

IN_ORDER = "in order"
_APART = re.compile(r"[\s_\-\u2010-\u2015.,;+]+")  # between the words of a name, in lists and in file names
_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u02bb\u00b4\u0060\uff07"), "'")
_INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2060, 0xFEFF, 0x00AD]
)
_FOLDED = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "ə": "e", "ك": "ک", "ي": "ی", "ى": "ی", "ة": "ه", "ـ": None, "'": None,
})  # fmt: skip
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
_ACCENTS = ((0x0300, 0x036F), (0x0591, 0x05C7), (0x064B, 0x0655), (0x0670, 0x0670))  # Latin, Hebrew, Arabic marks


@dataclass(frozen=True, slots=True)
class Pair:
    """One person, their photograph, and by what the two were brought together, in words."""

    person: Person
    photograph: Path
    by: str


@dataclass(frozen=True, slots=True)
class Pairing:
    """Who got which photograph, and everything that is left over."""

    pairs: tuple[Pair, ...]
    without: tuple[Person, ...] = ()  # people of the list without a photograph
    left_out: tuple[LeftOut, ...] = ()  # files without a person, or that are not read

    @property
    def is_full(self) -> bool:
        """True when everyone has a photograph of their own by ID or name and no file is left out."""
        return not self.without and not self.left_out and all(pair.by != IN_ORDER for pair in self.pairs)


def paired(people: Sequence[Person], found: Found) -> Pairing:
    """Pair by ID or name alone; see the module for what counts. Never raises: what does not pair is left out."""
    claims = [claimed(path, people) for path in found.photographs]
    claimants: dict[str, list[Path]] = {}
    for path, (_, whose) in zip(found.photographs, claims, strict=True):
        for person in whose if len(whose) == 1 else ():
            claimants.setdefault(person.key, []).append(path)
    pairs, left_out = [], list(found.left_out)
    for path, (by, whose) in zip(found.photographs, claims, strict=True):
        if len(whose) == 1 and len(claimants[whose[0].key]) == 1:
            pairs.append(Pair(whose[0], path, by))
        else:
            left_out.append(LeftOut(path, _doubt(whose, claimants)))
    having = {pair.person.key for pair in pairs}
    place = {person.key: at for at, person in enumerate(people)}
    return Pairing(
        tuple(sorted(pairs, key=lambda pair: place[pair.person.key])),
        tuple(person for person in people if person.key not in having),
        tuple(left_out),
    )


def in_order(people: Sequence[Person], found: Found) -> Pairing:
    """Pair the list's order with the files' natural order. A file that is not read keeps its place in the order.

    Fault `office.contradiction` where a file's name says that it is somebody else's.
    """
    files = _with_places(found)
    unread = {left.path: left for left in found.left_out}
    pairs, left_out = [], []
    for person, path in zip(people, files, strict=False):
        if path in unread:
            left_out.append(unread[path])
            continue
        _, whose = claimed(path, people)
        if whose and person.key not in {other.key for other in whose}:
            hint = "Mend the order or the names; nothing was written."
            message = f"In order {path.name} goes to {person.name}, by its name to {whose[0].name}."
            raise Fault("office.contradiction", message, hint)
        pairs.append(Pair(person, path, IN_ORDER))
    having = {pair.person.key for pair in pairs}
    left_out += [unread.get(path) or LeftOut(path, "has no person left in the list") for path in files[len(people) :]]
    left_out += [left for left in found.left_out if left.path not in files]
    return Pairing(tuple(pairs), tuple(p for p in people if p.key not in having), tuple(left_out))


def _with_places(found: Found) -> list[Path]:
    """All files that were meant as photographs in natural order: a raw file that cannot be read still takes a place.

    A raw file beside a photograph of the same stem is that photograph once more and takes none.
    """
    from booth.capture.photo.folder import RAW_SUFFIXES, in_natural_order

    stems = {path.stem.casefold() for path in found.photographs}
    raw = [left.path for left in found.left_out if left.path.suffix.lower() in RAW_SUFFIXES]
    return in_natural_order([*found.photographs, *(path for path in raw if path.stem.casefold() not in stems)])


def claimed(path: Path, people: Sequence[Person]) -> tuple[str, tuple[Person, ...]]:
    """Return in which way a file bears an ID or a name, and of whom; empty where it bears none."""
    for way, of_file, of_person in WAYS:
        key = of_file(path.stem)
        whose = tuple(person for person in people if key and key in of_person(person))
        if whose:
            return way, whose
    return "", ()


def _doubt(whose: Sequence[Person], claimants: dict[str, list[Path]]) -> str:
    if not whose:
        return "bears nobody's ID or name"
    if len(whose) > 1:
        names = ", ".join(f"{person.name} {person.id}".strip() for person in whose[:3])
        return f"may be any of {names}"
    others = ", ".join(path.name for path in claimants[whose[0].key][:3])
    return f"is one of several of {whose[0].name}: {others}"


# -- what is compared ----------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """Composed letters, one kind of apostrophe, nothing invisible; marks are kept."""
    return unicodedata.normalize("NFC", text).translate(_APOSTROPHES).translate(_INVISIBLE).strip()


def _words(text: str) -> str:
    """The words of a name with one space between them, whatever stood there."""
    return " ".join(word for word in _APART.split(_plain(text)) if word)


def _caseless(text: str) -> str:
    """Words without case; a form that is written wide or as a ligature counts as the letters it stands for."""
    return _words(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()))


def _bare(text: str) -> str:
    """Words without case, accents and apostrophes; vowel signs of Indic scripts are letters and stay."""
    apart = unicodedata.normalize("NFD", _caseless(text))
    bare = "".join(sign for sign in apart if not any(low <= ord(sign) <= high for low, high in _ACCENTS))
    return unicodedata.normalize("NFC", bare.translate(_FOLDED))


def _written_out(text: str) -> str:
    """Words without case and accents, umlauts as two letters: Müller as mueller."""
    return _bare(_caseless(text).translate(_WRITTEN_OUT))


def _no_zeros(text: str) -> str:
    plain = _plain(text)
    return str(int(plain)) if plain.isdecimal() else ""


def _turned(words: str) -> set[str]:
    """The same words begun with another one of them: Bea Abt as Abt Bea, never in any other order."""
    each = words.split()
    return {" ".join([*each[at:], *each[:at]]) for at in range(1, len(each))}


def _ids(form: Callable[[str], str]) -> Callable[[Person], set[str]]:
    return lambda person: {form(person.id)} - {""} if person.id else set()


def _names(form: Callable[[str], str]) -> Callable[[Person], set[str]]:
    return lambda person: {form(person.name)} - {""}


def _last_first(form: Callable[[str], str]) -> Callable[[Person], set[str]]:
    return lambda person: _turned(form(person.name))


def _both(person: Person) -> set[str]:
    name, number = _caseless(person.name), _caseless(person.id)
    names = {name} | _turned(name)
    return {f"{number} {each}" for each in names} | {f"{each} {number}" for each in names} if number else set()


Way = tuple[str, Callable[[str], str], Callable[[Person], set[str]]]
WAYS: tuple[Way, ...] = (
    ("ID", _plain, _ids(_plain)),
    ("name", _words, _names(_words)),
    ("ID and name", _caseless, _both),
    ("ID in other case", _caseless, _ids(_caseless)),
    ("ID without leading zeros", _no_zeros, _ids(_no_zeros)),
    ("name in other case", _caseless, _names(_caseless)),
    ("name, last name first", _caseless, _last_first(_caseless)),
    ("name without accents", _bare, _names(_bare)),
    ("name without accents, last name first", _bare, _last_first(_bare)),
    ("name with umlauts written out", _written_out, _names(_written_out)),
    ("name with umlauts written out, last name first", _written_out, _last_first(_written_out)),
)
