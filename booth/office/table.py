"""Rows of cells from CSV text or a workbook, each with the line it began at. Refuses what would be misread."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from booth.core.faults import Fault

DELIMITERS = ",;\t|"
MAX_UNPACKED_BYTES = 300_000_000  # of a workbook: more than any list of people
_SEP = re.compile(r'^\ufeff?"?sep=(.)"?\r?\n?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line; `line` counts from 1 and is where it began."""

    line: int
    cells: tuple[str, ...]


def stated_delimiter(text: str) -> tuple[str | None, str]:
    """Return what a first line such as `sep=;` says, and the text with that line emptied."""
    found = _SEP.match(text)
    return (found.group(1), "\n" + text[found.end() :]) if found else (None, text.removeprefix("\ufeff"))


def rows_of(text: str, delimiter: str, name: str) -> list[Row]:
    """Split CSV text into rows. Fault `office.quote` names the line of a quote that is not closed or not alone."""
    return [row for row in _parsed(text, delimiter, name) if any(row.cells)]


def _parsed(text: str, delimiter: str, name: str) -> Iterator[Row]:
    at, line = 0, 1
    while at < len(text):
        cells, begun = [], line
        while True:
            cell, at, lines = _cell(text, at, delimiter, (name, line))
            cells.append(clean(cell))
            line += lines
            if at >= len(text) or text[at] != delimiter:
                break
            at += 1
        if text[at : at + 2] == "\r\n":
            at += 1
        at, line = at + 1, line + 1
        yield Row(begun, tuple(cells))


def _cell(text: str, at: int, delimiter: str, where: tuple[str, int]) -> tuple[str, int, int]:
    """Return one cell, the place after it, and the line breaks inside."""
    spaces = re.compile(r" *").match(text, at)
    quoted = spaces.end() if spaces else at
    if text[quoted : quoted + 1] != '"':
        end = _end(text, at, delimiter)
        return text[at:end], end, 0
    at = quoted
    parts, begun = [], at + 1
    at = begun
    while True:
        close = text.find('"', at)
        if close < 0:
            raise _unclosed(*where)
        parts.append(text[at:close])
        if text[close + 1 : close + 2] != '"':
            break
        parts.append('"')
        at = close + 2
    end = _end(text, close + 1, delimiter)
    if text[close + 1 : end].strip(" \t"):
        raise _unclosed(*where)
    return "".join(parts), end, _breaks(text[begun:close])


def _end(text: str, at: int, delimiter: str) -> int:
    found = re.compile(f"[{re.escape(delimiter)}\r\n]").search(text, at)
    return found.start() if found else len(text)


def _breaks(text: str) -> int:
    return text.count("\n") + text.replace("\r\n", "").count("\r")


def _unclosed(name: str, line: int) -> Fault:
    hint = "Close it, or save the sheet as CSV again."
    return Fault("office.quote", f"A quotation mark in line {line} of {name} is not closed.", hint)


def clean(cell: str) -> str:
    """One line of visible characters; what could command a terminal or a sheet's layout is dropped."""
    spaced = " ".join(unicodedata.normalize("NFC", cell).split())
    shown = "".join(s for s in spaced if unicodedata.category(s) not in ("Cc", "Cf", "Cs") or s in "\u200c\u200d")
    return " ".join(shown.split())


def is_workbook(raw: bytes) -> bool:
    """True for a spreadsheet file (.xlsx, .xlsb, .ods, .xls), by its first bytes."""
    return raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))


def sheets_of(raw: bytes, name: str) -> dict[str, list[Row]]:
    """Return the rows of each sheet of a workbook that has any. Fault `office.workbook` for one that cannot be read."""
    from python_calamine import CalamineWorkbook

    hint = "Open it in a spreadsheet and save it as .xlsx without a password, or as CSV in UTF-8."
    try:
        if raw.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(raw)) as packed:
                if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED_BYTES:
                    raise Fault("office.large", f"{name} is too large for a list of people.", "Keep one sheet of it.")
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        found = {sheet: book.get_sheet_by_name(sheet) for sheet in book.sheet_names}
        rows = {
            sheet: [
                Row(number, cells)
                for number, row in enumerate(content.iter_rows(), (content.start or (0, 0))[0] + 1)
                if any(cells := tuple(clean(_said(value)) for value in row))
            ]
            for sheet, content in found.items()
        }
    except Fault:
        raise
    except BaseException as error:  # the reader is native code: a damaged file may panic, which is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise Fault("office.workbook", f"{name} is no workbook that can be read.", hint) from error
    return {sheet: found_rows for sheet, found_rows in rows.items() if found_rows}


def _said(value: object) -> str:
    """A cell as its sheet shows it: whole numbers without a point, dates as year-month-day."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return "" if value is None else str(value)
