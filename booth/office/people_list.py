"""Reads the list of people for an office run: CSV of any usual encoding and delimiter, or a name that was typed."""

from __future__ import annotations

import contextlib
import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import charset_normalizer
import msgspec

from booth.core.faults import Fault

MAX_BYTES = 5_000_000  # some fifty thousand people; a larger file is something else
DELIMITERS = ",;\t|"
_JAPANESE = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"})
COLUMNS: Mapping[str, frozenset[str]] = {
    "name": frozenset({"name", "full name", "fullname", "display name", "person", "vollstandiger name", "nom complet",
                       "nombre", "nome", "nom", "nombre completo", "nome completo", "姓名", "名前", "氏名", "नाम",
                       "الاسم"}),
    "first": frozenset({"first name", "firstname", "given name", "vorname", "prenom"}),
    "last": frozenset({"last name", "lastname", "surname", "family name", "nachname", "apellido", "apellidos",
                       "cognome", "sobrenome"}),
    "id": frozenset({"id", "employee id", "staff id", "number", "no", "nr", "personalnummer", "matricule", "user id",
                     "编号", "番号"}),
    "email": frozenset({"email", "e-mail", "mail", "e mail", "email address", "e-mail address", "correo"}),
}  # fmt: skip


class Person(msgspec.Struct, frozen=True):
    """Somebody on the list. `key` tells people of one name apart; it never changes within a list."""

    key: str
    name: str
    id: str = ""
    email: str = ""


def read_people(path: Path) -> tuple[Person, ...]:
    """Read the people of a CSV file, in its order. Fault `office.*` for a file that is no such list."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Fault("office.missing", f"The list {path} cannot be read.", "Check the path.") from error
    if len(raw) > MAX_BYTES:
        raise Fault(
            "office.large", f"{path.name} is too large for a list of people.", "Give a CSV file with a name column."
        )
    rows = _rows(_decoded(raw, path.name))
    if not rows:
        raise Fault(
            "office.empty", f"{path.name} is empty.", "Its first line names the columns, such as name,id,email."
        )
    columns = _columns(rows[0], path.name)
    people = [_person(row, columns) for row in rows[1:]]
    named = [person for person in people if person.name]
    if not named:
        raise Fault("office.empty", f"{path.name} names nobody.", "Put one person on each line below the column names.")
    return told_apart(named)


def _decoded(raw: bytes, name: str) -> str:
    """Decode a list: UTF-8 and UTF-16 by their signs, else what its bytes most resemble."""
    for signs, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(signs):
            return _strict(raw, encoding, name)
    if b"\0" in raw:
        raise Fault("office.encoding", f"{name} is not a text file.", "Save the sheet as CSV.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(raw, name)


def _guessed(raw: bytes, name: str) -> str:
    """Decode as what the bytes most resemble; a short list tells little, so what makes words of letters goes first."""
    found = [str(match) for match in charset_normalizer.from_bytes(raw)]
    for at, encoding in ((0, "cp1252"), (2, "cp1250"), (3, "cp1251")):  # what sheets on Windows save in Europe
        with contextlib.suppress(UnicodeDecodeError):
            found.insert(at, raw.decode(encoding))
    if not found:
        raise Fault("office.encoding", f"The letters of {name} cannot be read.", "Save it as CSV in UTF-8.")
    return min(found, key=_odd_signs)


def _odd_signs(text: str) -> int:
    """Count what a wrong encoding leaves: signs that are no letters, scripts mixed in a word, accents everywhere."""
    scripts = [unicodedata.name(sign, "?").split()[0] if sign.isalpha() else "" for sign in text]
    strange = [sign for sign in text if ord(sign) > 127]
    odd = sum(not (sign.isalpha() or unicodedata.combining(sign) or sign in "\u2019\u00a0") for sign in strange)
    odd += sum(a != b and bool(a and b) and not {a, b} <= _JAPANESE for a, b in pairwise(scripts))
    accented = [sign for sign, script in zip(text, scripts, strict=True) if script == "LATIN" and ord(sign) > 127]
    words = [word for word in text.split() if any(sign in word for sign in set(accented))]
    return odd + sum(2 * sum(ord(sign) > 127 for sign in word) > len(word) + 2 for word in words)


def _strict(raw: bytes, encoding: str, name: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise Fault("office.encoding", f"The letters of {name} cannot be read.", "Save it as CSV in UTF-8.") from error


def _rows(text: str) -> list[list[str]]:
    """Return the cells of every line that has any, split at the delimiter that the first line uses most."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=head.count)
    cells = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [[_clean(cell) for cell in row] for row in cells if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Fault("office.broken", f"The list is not valid CSV: {error}.", "Save the sheet as CSV again.") from error


def _clean(cell: str) -> str:
    """One line of visible characters; what could command a terminal or a sheet's layout is dropped."""
    spaced = " ".join(unicodedata.normalize("NFC", cell).split())
    return "".join(sign for sign in spaced if unicodedata.category(sign) not in ("Cc", "Cf") or sign in "\u200c\u200d")


def _columns(head: Sequence[str], file_name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, title in enumerate(head):
        plain = _plain(title)
        for kind, titles in COLUMNS.items():
            if plain in titles:
                found.setdefault(kind, at)
    if "name" not in found and "first" in found and _plain("Nom") in [_plain(title) for title in head]:
        found["last"] = [_plain(title) for title in head].index("nom")
    if "name" not in found and not {"first", "last"} <= found.keys():
        hint = f"Its first line names the columns: one of them has to be name. It has {', '.join(head)[:120]}."
        raise Fault("office.column", f"{file_name} has no column of names.", hint)
    return found


def _plain(title: str) -> str:
    """A column's title without case, accents, underscores and dashes between words."""
    letters = unicodedata.normalize("NFKD", title.casefold())
    bare = "".join(sign for sign in letters if not unicodedata.combining(sign) or ord(sign) > 0x0900)
    return " ".join(bare.replace("_", " ").split())


def _person(row: Sequence[str], columns: Mapping[str, int]) -> Person:
    cell = {kind: row[at] if at < len(row) else "" for kind, at in columns.items()}
    both = " ".join(part for part in (cell.get("first", ""), cell.get("last", "")) if part)
    return Person("", cell.get("name") or both, cell.get("id", ""), cell.get("email", ""))


def told_apart(people: Sequence[Person]) -> tuple[Person, ...]:
    """Give everyone a key: the ID where it is theirs alone, else name and ID, numbered where both repeat."""
    ids = Counter(person.id for person in people if person.id)
    seen: Counter[str] = Counter()
    keyed = []
    for person in people:
        alone = bool(person.id) and ids[person.id] == 1
        base = f"id:{person.id}" if alone else f"name:{person.name.casefold()}|{person.id}"
        seen[base] += 1
        keyed.append(msgspec.structs.replace(person, key=base if seen[base] == 1 else f"{base}#{seen[base]}"))
    return tuple(keyed)


def typed(name: str, people: Sequence[Person]) -> Person:
    """Return somebody who was not on the list and has been typed in; Fault `office.name` for no name at all."""
    plain = _clean(name)
    if not plain:
        raise Fault("office.name", "There is no name to add.", "Type a name.")
    taken = {person.key for person in people}
    base = f"name:{plain.casefold()}|"
    keys = (base if number == 1 else f"{base}#{number}" for number in range(1, len(people) + 2))
    return Person(next(key for key in keys if key not in taken), plain)
