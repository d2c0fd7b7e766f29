"""Copies an office run out: portraits named by the profile, the list as CSV, the drift report; a folder or a zip."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from booth.config.params import Params
from booth.core.atomic_write import write_whole
from booth.core.faults import Fault
from booth.delivery.store import finished
from booth.delivery.store.portrait_store import Store, StoreEntry
from booth.looks.look import load_look
from booth.office.naming import file_names
from booth.office.office_session import crop_of, done_of, set_report
from booth.office.people_list import Person
from booth.office.roster import Sitting, sittings
from booth.still.drift import DriftReport, drift_json
from booth.still.drift_page import drift_html

LIST, PAGE, NUMBERS = "people.csv", "drift.html", "drift.json"
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"  # what a sheet would calculate, wide and small too
_UNSEEN = "\\s\\x00-\\x1f\\x7f-\\x9f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2064\\ufeff"  # what some sheets drop
_FORMULA = re.compile(f"[{_UNSEEN}]*[{_SIGNS}]|[\\t\\r]")
_INNER = re.compile(f"([;|\\t\\r\\n\\x0b\\x0c\\x85\\u2028\\u2029][{_UNSEEN}\"']*)(?=[{_SIGNS}])")  # these split
PERSON_COLUMNS, PORTRAIT_COLUMNS = ("name", "id", "email"), ("file", "taken_utc", "within_brand")


@dataclass(frozen=True, slots=True)
class Export:
    """What is copied out: file name -> its content or the file it is copied from, and the report of it."""

    files: dict[str, bytes | Path | StoreEntry]
    report: DriftReport
    missing: tuple[str, ...]  # people whose file is gone, or no longer what the booth wrote


def gather(store: Store, params: Params) -> Export:
    """Collect everything of the run; Fault `office.nothing` when nobody has a portrait."""
    found = sittings(store)
    if not found:
        raise Fault(
            "office.nothing", "Nobody of an office run has a portrait yet.", "Run `booth office LIST.csv` first."
        )
    names = file_names(params.office.name, found)
    crop = crop_of(store, params, load_look(params.kiosk.look))
    report = set_report(found, params, crop, names)
    there = [sitting for sitting in found if finished.file_state(sitting.entry.record) == "ours"]
    files: dict[str, bytes | Path | StoreEntry] = {names[s.entry.id]: s.entry for s in there}
    files[LIST] = people_csv(found, names, report)
    files[PAGE] = drift_html(done_of(there, names), report).encode()
    files[NUMBERS] = (json.dumps(drift_json(report), indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()
    return Export(files, report, tuple(s.person.name for s in found if s not in there))


def people_csv(found: Sequence[Sitting], names: dict[str, str], report: DriftReport) -> bytes:
    """Return the list with all its columns, files and dates as CSV in UTF-8 with its sign, which sheets read rightly.

    A cell that a sheet would take for a formula is led in by an apostrophe.
    """
    titles = extra_titles(found)
    inside = {drift.file: "yes" if drift.worst <= 1 else "no" for drift in report.portraits}
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow((*PERSON_COLUMNS, *(harmless(_free_title(title)) for title, _ in titles), *PORTRAIT_COLUMNS))
    for sitting in found:
        person, file = sitting.person, names[sitting.entry.id]
        own = numbered(person)
        extra = (own.get(place, "") for place in titles)
        made = sitting.entry.record.made_utc
        cells = (person.name, person.id, person.email, *extra, file, made, inside.get(file, ""))
        rows.writerow([harmless(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def numbered(person: Person) -> dict[tuple[str, int], str]:
    """Return a person's further cells by (title, which column of that title)."""
    found: dict[tuple[str, int], str] = {}
    for title, cell in person.extra:
        nth = next(n for n in range(len(person.extra)) if (title, n) not in found)
        found[(title, nth)] = cell
    return found


def extra_titles(found: Sequence[Sitting]) -> tuple[tuple[str, int], ...]:
    """Return the further columns of the lists that people came from, in the order in which they first stand."""
    return tuple(dict.fromkeys(place for sitting in found for place in numbered(sitting.person)))


def _free_title(title: str) -> str:
    """A title that is not one of the export's own."""
    return f"{title} (list)" if title.casefold() in (*PERSON_COLUMNS, *PORTRAIT_COLUMNS) else title


def harmless(cell: str) -> str:
    """Return a cell that no sheet calculates."""
    cell = _INNER.sub(r"\1'", cell)  # a sheet that splits at another sign than the comma begins a cell there
    return f"'{cell}" if _FORMULA.match(cell) else cell


def to_folder(export: Export, folder: Path) -> None:
    """Write everything into a folder that only the operator's account reads; files of earlier exports are replaced."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Fault("office.folder", f"Nothing can be written to {folder}.", "Choose another folder.") from error
    for name, content in export.files.items():
        write_whole(folder / name, _content(content), replace=True)


def to_zip(export: Export, path: Path) -> None:
    """Write everything into one zip, atomically."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:  # portraits do not shrink further
        for name, content in export.files.items():
            archive.writestr(name, _content(content))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, packed.getvalue(), replace=True)


def _content(content: bytes | Path | StoreEntry) -> bytes:
    """Return what is written; a portrait only as the very bytes that were kept of this person. Fault `office.gone`."""
    if not isinstance(content, StoreEntry):
        return content.read_bytes() if isinstance(content, Path) else content
    try:
        found = finished.read_ours(content.record)
    except finished.Away:
        found = None
    if found is None:
        raise Fault("office.gone", f"{content.path} is gone or was changed meanwhile.", "Export again.")
    return found
