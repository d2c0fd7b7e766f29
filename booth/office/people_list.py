"""The people of an office run: read from a list, or a name that was typed. Guesses are reported.

`letters` finds the encoding, `table` the rows, `columns` what is in them.
"""

from __future__ import annotations

import errno
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from booth.core.bounded_read import read_bounded
from booth.core.faults import Fault
from booth.office.columns import Columns, find_columns, stated_columns
from booth.office.letters import decoded, lost_letters
from booth.office.table import DELIMITERS, Row, clean, is_workbook, rows_of, sheets_of, stated_delimiter

MAX_BYTES = 20_000_000  # some fifty thousand people, in a workbook too; a larger file is something else
SAMPLES = 3


class Person(msgspec.Struct, frozen=True):
    """Somebody on the list. `key` distinguishes people of one name; it never changes within a list."""

    key: str
    name: str
    id: str = ""
    email: str = ""
    extra: tuple[tuple[str, str], ...] = ()  # (title, cell) of every other column of the list, in its order


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something of a list that was guessed: a sentence, and the option by which a script says that it is right."""

    says: str
    option: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The people of a list in its order, how it was read, and what of that somebody has to agree to."""

    people: tuple[Person, ...]
    encoding: str
    columns: str
    doubts: tuple[Doubt, ...] = ()

    @property
    def samples(self) -> tuple[str, ...]:
        """Names to show with a question: those with letters beyond ASCII first, which a wrong guess would spoil."""
        names = list(dict.fromkeys(person.name for person in self.people))
        return tuple(sorted(names, key=str.isascii)[:SAMPLES])


def read_list(path: Path, encoding: str | None = None, columns: str | None = None) -> Listed:
    """Read the people of a CSV file or a workbook (.xlsx, .xlsb, .ods, .xls), in its order.

    `encoding` and `columns` are the operator's word instead of a guess. Fault `office.*` for a file that is no such
    list; where a line is at fault it is named.
    """
    try:
        raw = read_bounded(path, MAX_BYTES)
    except OSError as error:
        if error.errno == errno.EFBIG:
            hint = "Give a CSV file with a name column."
            raise Fault("office.large", f"{path.name} is too large for a list of people.", hint) from error
        raise Fault("office.missing", f"The list {path} cannot be read.", "Check the path.") from error
    if not raw.strip():
        hint = "Its first line names the columns, such as name,id,email."
        raise Fault("office.empty", f"{path.name} is empty.", hint)
    if is_workbook(raw):
        return _of_workbook(raw, path.name, columns)
    text = decoded(raw, path.name, encoding)
    doubts = []
    if text.is_guess:
        others = "".join(f"; {encoding} would give {word}" for encoding, word in text.others)
        doubts.append(Doubt(f"its letters were read as {text.encoding}{others}", f'--encoding "{text.encoding}"'))
    if (line := lost_letters(text.text)) is not None and encoding is None:
        doubts.append(Doubt(f"line {line} has letters that were lost when it was saved", "--yes"))
    rows, found = _split(text.text, path.name, columns)
    return _listed(rows, found, path.name, text.encoding, doubts)


def _of_workbook(raw: bytes, name: str, columns: str | None) -> Listed:
    """Read the sheet of a workbook that has a column of names; more than one such sheet is a doubt."""
    readable, refused = [], None
    for sheet, rows in sheets_of(raw, name).items():
        try:
            readable.append((sheet, rows, _found(rows, name, columns)))
        except Fault as fault:
            refused = refused or fault
    if not readable:
        raise refused or Fault("office.empty", f"{name} is empty.", "Put one person on each line below the titles.")
    sheet, rows, found = readable[0]
    doubts = [Doubt(f"of {len(readable)} sheets with names the first, {sheet}, was read", "--yes")]
    return _listed(rows, found, name, "workbook", doubts if len(readable) > 1 else [])


def _found(rows: Sequence[Row], name: str, columns: str | None) -> Columns:
    return find_columns(rows, name) if columns is None else stated_columns(columns, rows, name)


def _split(text: str, name: str, columns: str | None) -> tuple[list[Row], Columns]:
    """Split at the delimiter that the list names, else at the one that gives the most known columns."""
    stated, text = stated_delimiter(text)
    tried, refused = [], []
    for delimiter in (stated,) if stated else DELIMITERS:
        try:
            rows = rows_of(text, delimiter, name)
            if not rows:
                raise Fault("office.empty", f"{name} is empty.", "Its first line names the columns: name,id,email.")
            found = _found(rows, name, columns)
        except Fault as fault:
            refused.append(fault)
            continue
        is_even = all(len(row.cells) <= len(rows[0].cells) for row in rows)
        tried.append((len(found.at), is_even, sum(len(row.cells) for row in rows), rows, found))
    if tried:
        *_, rows, found = max(tried, key=lambda one: one[:3])
        return rows, found
    raise next((fault for fault in refused if fault.code == "office.quote"), refused[0])


def _listed(rows: Sequence[Row], found: Columns, name: str, encoding: str, doubts: list[Doubt]) -> Listed:
    head = rows[found.header].cells if found.header is not None else ()
    body = rows[found.header + 1 :] if found.header is not None else rows
    doubts = [*doubts, *_row_doubts(body, len(head) or len(rows[0].cells), name)]
    columns = found.described(head)
    if found.doubt:
        doubts.insert(0, Doubt(found.doubt, f'--columns "{columns}"'))
    titles = [title or f"column {at}" for at, title in enumerate(head or ("",) * len(rows[0].cells), 1)]
    people = [_person(row.cells, found, titles) for row in body]
    nameless = next((row.line for row, person in zip(body, people, strict=True) if not person.name), None)
    if nameless is not None and any(person.name for person in people):
        doubts.append(Doubt(f"line {nameless} has no name and was left out", "--yes"))
    named = [person for person in people if person.name]
    if not named:
        hint = "Put one person on each line below the column names."
        raise Fault("office.empty", f"{name} names nobody.", hint)
    return Listed(with_keys(named), encoding, columns, tuple(doubts))


def _row_doubts(rows: Sequence[Row], width: int, name: str) -> list[Doubt]:
    """Refuse rows with more cells than titles; rows with fewer, and cells that a spreadsheet spoilt, are doubts."""
    doubts = []
    for row in rows:
        if any(row.cells[width:]):
            hint = "A comma too many? Put quotation marks round a cell that holds one, or save the sheet as .xlsx."
            message = f"Line {row.line} of {name} has {len(row.cells)} cells, the column names are {width}."
            raise Fault("office.cells", message, hint)
        if len(row.cells) < width:
            doubts.append(Doubt(f"line {row.line} has {len(row.cells)} cells of {width}", "--yes"))
        if any(re.fullmatch(r"\d([.,]\d+)?E\+\d+", cell) for cell in row.cells):
            doubts.append(Doubt(f"line {row.line} has a number that a spreadsheet rounded", "--yes"))
    if width == 1 and (beside := _undivided(rows)) is not None:
        doubts.append(Doubt(f"line {beside} has a separator that the first line has not", "--yes"))
    return doubts[:SAMPLES]


def _undivided(rows: Sequence[Row]) -> int | None:
    return next((row.line for row in rows if re.search(r"[;\t|]|,\s*[\d@]", row.cells[0])), None)


def _person(cells: Sequence[str], columns: Columns, titles: Sequence[str]) -> Person:
    cell = {kind: cells[at] if at < len(cells) else "" for kind, at in columns.at.items()}
    family = [cell.get("last", ""), cell.get("last2", "")]
    given = [cell.get("first", ""), cell.get("middle", "")]
    parts = [*family, *given] if columns.is_family_first else [*given, *family]
    both = " ".join(part for part in parts if part)
    own = {at for kind, at in columns.at.items() if kind in ("name", "id", "email")}
    extra = tuple((title, cells[at] if at < len(cells) else "") for at, title in enumerate(titles) if at not in own)
    return Person("", cell.get("name") or both, cell.get("id", ""), cell.get("email", ""), extra)


def with_keys(people: Sequence[Person]) -> tuple[Person, ...]:
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
    plain = clean(name)
    if not plain:
        raise Fault("office.name", "There is no name to add.", "Type a name.")
    taken = {person.key for person in people}
    base = f"name:{plain.casefold()}|"
    keys = (base if number == 1 else f"{base}#{number}" for number in range(1, len(people) + 2))
    return Person(next(key for key in keys if key not in taken), plain)
