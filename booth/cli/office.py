"""`booth office`: portraits of a list of people, named by the profile; export and erasure of the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress

from booth.app.office_photographs import SittingResult, sit_all
from booth.cli.asking import confirm
from booth.cli.office_list import Answers, pairing_of, pairs_json, people_of
from booth.cli.options import JsonFile, LookName, Profile, existing, existing_folder, parse_size, tell, write_json
from booth.cli.run import run_booth
from booth.config.brand_folder import with_brand_marks
from booth.config.params import Params, load_params
from booth.core.clock import utc_now
from booth.core.paths import data_folder
from booth.delivery.delivery_service import DeliveryService
from booth.delivery.store.portrait_store import Store
from booth.looks.look import load_look
from booth.office.brand_gate import within_brand
from booth.office.export import gather, to_folder, to_zip
from booth.office.office_session import OfficeSession, crop_of, set_report
from booth.office.people_list import Person
from booth.office.reasons import outside_words
from booth.office.roster import sittings
from booth.still.drift import DriftReport, drift_json

EXPORT_FOLDER = "office-export"  # where the command is given; the copies are the operator's own

What = Annotated[
    str, typer.Argument(help="LIST.csv or .xlsx, or export, or erase. Without: names are typed at the booth.")
]
Photographs = Annotated[
    str | None, typer.Option("--from", help="No window: a folder of photographs is the sitters, by ID or name.")
]


def office(
    what: What = "",
    profile: Profile = "office",
    look: LookName = None,
    photographs: Photographs = None,
    source: Annotated[str | None, typer.Option("--source", help="Camera, video, pictures, stream or demo.")] = None,
    window: Annotated[str | None, typer.Option("--window", help="Window size such as 1280x720.")] = None,
    fullscreen: Annotated[bool, typer.Option("--fullscreen", help="Fill the screen.")] = False,
    to: Annotated[Path | None, typer.Option("--to", help="Folder to export to.")] = None,
    zip_file: Annotated[Path | None, typer.Option("--zip", help="Export into this zip instead.")] = None,
    json: JsonFile = None,
    in_order: Annotated[bool, typer.Option("--in-order", help="The list's order is that of the photographs.")] = False,
    encoding: Annotated[str | None, typer.Option("--encoding", help="Of the list, such as utf-8 or cp1250.")] = None,
    columns: Annotated[str | None, typer.Option("--columns", help="Of the list, such as name=1,id=2.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Agree to what would be asked, but never to an order.")] = False,
) -> int:
    """Take the portraits of a list of people as one set; a retake replaces. `export` copies them out by name."""
    params = within_brand(load_params(profile))
    if photographs is not None:
        params = with_brand_marks(params)
    if what == "export":
        return _export(params, to, zip_file, json)
    if what == "erase":
        return _erase(params, json, yes=yes)
    answers = Answers(encoding, columns, in_order, yes)
    people = people_of(existing(what), answers, json) if what else ()
    if look is not None:
        params = msgspec.structs.replace(params, kiosk=msgspec.structs.replace(params.kiosk, look=look))
    load_look(params.kiosk.look)
    if photographs is not None:
        return _sit(params, people, existing_folder(photographs), (answers, json))
    size = parse_size(window) if window else None
    run_booth(params, source, size, fullscreen=fullscreen, people=people)
    with _opened(params) as store:
        tell_report(set_report(sittings(store), params, crop_of(store, params, load_look(params.kiosk.look))))
    return 0


def _sit(params: Params, people: tuple[Person, ...], folder: Path, told_by: tuple[Answers, str | None]) -> int:
    from booth.config.privacy_terms import privacy_terms_of
    from booth.session.runtime_facts import consent_record
    from booth.session.view import ConsentFacts

    answers, json = told_by
    look = load_look(params.kiosk.look)
    pairing = pairing_of(people, folder, answers, json)
    pairs = [(pair.person, pair.photograph) for pair in pairing.pairs]
    with (
        DeliveryService(params.deliver, data_folder()) as service,
        Progress(console=Console(stderr=True), transient=True) as bar,
    ):
        office_session = OfficeSession(params, look, people, service)
        task = bar.add_task("portraits", total=len(pairs))

        def show_progress(done: int, of: int, sat: SittingResult) -> None:
            bar.update(task, completed=done)

        terms = replace(privacy_terms_of(params.deliver, params.review), is_named=True)
        facts = ConsentFacts(terms, params.deliver.folder)
        sats = sit_all(
            office_session,
            pairs,
            params,
            look,
            lambda: consent_record(params, facts, params.screen.locale, measure=True),
            show_progress,
        )
        report, board = office_session.report(), office_session.board()
    for sat in sats:
        for note in sat.notes:
            tell(f"{sat.person.name}: {note}", json)
        if sat.file is None:
            tell(f"{sat.person.name}: {sat.why}", json)
    done = sum(place.is_done for place in board)
    tell(f"{done} of {len(board)} people have a portrait", json)
    tell_report(report, json)
    if json:
        rows = [
            {"id": s.person.id, "photograph": s.photograph.name, "file": s.file, "why": s.why, "notes": list(s.notes)}
            for s in sats
        ]
        said = {"version": 1, "people": len(board), "done": done, "sat": rows, "drift": drift_json(report)}
        write_json(json, said | pairs_json(pairing))
    return 0 if done == len(board) and not pairing.left_out else 1


def tell_report(report: DriftReport, json: str | None = None) -> None:
    """Say at the end of a run how well the set holds together."""
    out = [drift for drift in report.portraits if drift.worst > 1]
    tell(f"drift: {len(report.portraits)} portraits, {len(out)} outside the brand's tolerances", json)
    for drift in out:
        tell(f"  {drift.file}: {outside_words({key: off for key, off in drift.off.items() if off > 1})}", json)


def _export(params: Params, to: Path | None, zip_file: Path | None, json: str | None) -> int:
    with _opened(params) as store:
        export = gather(store, params)
        if zip_file is not None:
            to_zip(export, zip_file)
        else:
            to_folder(export, to or Path(EXPORT_FOLDER))
    portraits = len(export.files) - 3
    tell(f"{portraits} portraits, the list and the drift report in {zip_file or to or EXPORT_FOLDER}", json)
    for name in export.missing:
        tell(f"{name}: the file is gone or was changed since; take it again", json)
    tell_report(export.report, json)
    if json:
        write_json(json, {"version": 1, "files": sorted(export.files), "drift": drift_json(export.report)})
    return 1 if export.missing else 0


def _erase(params: Params, json: str | None, *, yes: bool) -> int:
    with _opened(params) as store:
        found = sittings(store)
        if found:
            confirm(f"Erase {len(found)} portraits of this run and the names with them for good?", yes=yes)
        receipts = [store.erase(sitting.entry.id, utc_now(), "operator") for sitting in found]
    changed = sum(receipt.file == "changed" for receipt in receipts)
    if changed:
        tell(f"{changed} files were changed after the booth wrote them and stay; remove them yourself.", json)
    tell(f"{len(receipts)} portraits and their names erased; exported copies are yours to delete", json)
    if json:
        facts: list[Any] = [msgspec.to_builtins(receipt) for receipt in receipts]
        write_json(json, {"version": 1, "receipts": facts})
    return 0


@contextmanager
def _opened(params: Params) -> Iterator[Store]:
    """The store for as long as a with-block lasts."""
    store = Store(params.deliver, data_folder() / "store", utc_now())
    try:
        yield store
    finally:
        store.close()
