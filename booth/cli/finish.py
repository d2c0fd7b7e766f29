"""`booth finish`: develops existing photographs with a look, one or thousands."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from booth.capture.photo.folder import LeftOut
from booth.cli.options import LightName, LookName, Profile, ensure_folder, existing, parse_size, tell
from booth.config.brand_folder import with_brand_marks
from booth.config.params import Params, load_params
from booth.core.assets import sha256_of
from booth.core.clock import utc_now
from booth.core.faults import Fault
from booth.core.paths import config_folder
from booth.looks.look import Look, load_look
from booth.still.batch import BatchJob, Done, LabFactory, left_out_of, pictures_in, plan_jobs, run_jobs
from booth.still.credentials import booth_identity
from booth.still.crop import CROPS, crop_spec
from booth.still.developer import make_still_models
from booth.still.drift import drift_report
from booth.still.drift_page import write_report
from booth.still.encode import write_whole
from booth.still.open_picture import open_picture
from booth.still.print_sheet import check_sheet, sheet_of
from booth.still.single import BatchConfig
from booth.still.size import check_size

FORMATS = ("jpeg", "png", "avif", "tiff")
OTHER_NAMES = {"jpg": "jpeg", "jpe": "jpeg", "tif": "tiff"}  # endings of files that people write for a format
REPORT_FROM = 3  # fewer portraits are no set


def finish(
    images: Annotated[list[str], typer.Argument(help="Photographs or folders of them.")],
    look: LookName = None,
    light: LightName = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for the portraits.")] = Path("finished"),
    matte: Annotated[bool, typer.Option("--matte", help="Also write STEM.matte.png at input size.")] = False,
    size: Annotated[str | None, typer.Option("--size", help="Size of the portrait, such as 1600x2000.")] = None,
    crop: Annotated[str | None, typer.Option("--crop", help=f"{', '.join(CROPS)}, or one of assets/crops.")] = None,
    sheet: Annotated[
        int, typer.Option("--sheet", min=0, help="Also write STEM.sheet.jpg: so many prints on a paper of 10x15 cm.")
    ] = 0,
    format: Annotated[str | None, typer.Option("--format", help="jpeg (or jpg), png, avif or tiff.")] = None,
    retouch: Annotated[
        float | None, typer.Option("--retouch", min=0.0, max=1.0, help="0 leaves all skin alone.")
    ] = None,
    plate: Annotated[
        str | None, typer.Option("--plate", help="A photograph of the same place without anybody, for cleaner edges.")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=0, help="Processes; 0 chooses.")] = 0,
    cluster: Annotated[str | None, typer.Option("--cluster", help="A Dask scheduler, tcp://host:8786.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    profile: Profile = None,
) -> int:
    """Develop photographs with a look: the still pipeline. Files that fail are named at the end; the rest are done."""
    params = with_brand_marks(load_params(profile))
    batch_config = _batch_config(params, _look(look, light, params), crop, size, format, retouch, matte)
    empty = None if plate is None else _empty_place(plate, batch_config, cluster)
    named = [existing(name) for name in images]
    sources = pictures_in(named)
    batch_config = msgspec.structs.replace(
        batch_config,
        is_set=len(sources) > 1 or any(Path(name).is_dir() for name in images),
        plate_digest="" if empty is None else sha256_of(empty),
    )
    spec = crop_spec(batch_config.crop_name, batch_config.params.brand)
    if sheet:
        check_sheet(spec, sheet)
    ensure_folder(out)
    if batch_config.params.encode.sign:
        booth_identity(config_folder(), utc_now())
    jobs = plan_jobs(sources, out, batch_config, force=force, config_folder=config_folder())
    done = _run(jobs, batch_config, partial(make_still_models, params.matte, empty), workers, cluster)
    if len(done) >= REPORT_FROM:
        page, _ = write_report(out, done, drift_report(done, batch_config.params.brand, batch_config.crop_name))
        tell(f"How alike they are: {page}")
    if sheet and spec.size_mm is not None:
        _write_sheets(done, spec.size_mm, sheet)
    return _account(done, left_out_of(named))


def _look(name: str | None, light: str | None, params: Params) -> Look:
    look = load_look(name or params.kiosk.look)
    return look.with_light(light) if light else look


def _batch_config(
    params: Params, look: Look, crop: str | None, size: str | None, fmt: str | None, retouch: float | None, matte: bool
) -> BatchConfig:
    wants = params.finish
    if crop is not None:
        crop_spec(crop, wants.brand)
    if fmt is not None:
        plain = fmt.casefold().removeprefix(".")
        fmt = OTHER_NAMES.get(plain, plain)
        if fmt not in FORMATS:
            raise Fault("format.unknown", f"There is no format {fmt}.", f"Formats: {', '.join(FORMATS)}.")
        encode = msgspec.structs.replace(wants.encode, format=fmt)  # type: ignore[arg-type]
        wants = msgspec.structs.replace(wants, encode=encode)
    return BatchConfig(
        look=look,
        params=wants,
        crop=crop or "",
        want_px=_wanted_size(size),
        min_height_px=params.deliver.min_height_px,
        retouch=retouch,
        people=params.guidance.people,
        with_matte=matte,
        made_utc=utc_now().isoformat(timespec="seconds"),
    )


def _wanted_size(text: str | None) -> tuple[int, int] | None:
    """Return the size asked for; Fault where it cannot be read or is too much."""
    if not text:
        return None
    size = parse_size(text)
    check_size(size)
    return size


def _run(
    jobs: list[BatchJob], batch_config: BatchConfig, models: LabFactory, workers: int, cluster: str | None
) -> list[Done]:
    console = Console(stderr=True)
    columns = (TextColumn("developing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=len(jobs) < 2) as bar:
        task = bar.add_task("", total=len(jobs))

        def progress(n_done: int, _n_all: int, _newest: Done) -> None:
            bar.update(task, completed=n_done)

        if cluster is not None:
            from booth.still.cluster import run_on_cluster

            return run_on_cluster(cluster, jobs, batch_config, make_still_models, progress=progress)
        n_workers = workers or (0 if len(jobs) < 4 else min(os.cpu_count() or 1, len(jobs)))
        return run_jobs(jobs, batch_config, models, workers=n_workers, progress=progress)


def _empty_place(plate: str, batch_config: BatchConfig, cluster: str | None) -> Path:
    """Return the photograph of the empty place; Fault where it cannot be opened, or be had where the work is done."""
    if cluster is not None:
        hint = "Leave out --plate or --cluster."
        raise Fault("plate.cluster", "A cluster cannot read the empty picture of this machine.", hint)
    path = existing(plate)
    open_picture(path, max_mpx=batch_config.params.max_mpx)
    return path


def _write_sheets(done: Sequence[Done], size_mm: tuple[float, float], copies: int) -> None:
    """Write the sheet beside every portrait that was made; an earlier sheet is replaced, as the portrait was."""
    for entry in done:
        if entry.fault is None:
            target = entry.target.with_name(f"{entry.target.stem}.sheet.jpg")
            write_whole(target, sheet_of(entry.target.read_bytes(), size_mm, copies), force=True)
            tell(str(target))


def _account(done: Sequence[Done], left_out: Sequence[LeftOut]) -> int:
    """Name what was left out, what was made and, last, what could not be; returns the exit code."""
    for left in left_out:
        tell(f"not finished: {left.path.name} {left.why}", "-")
    for entry in done:
        if entry.fault is None:
            notes = " ".join(entry.record.notes) if entry.record is not None else ""
            tell(f"{entry.target}{' (was there)' if entry.was_there else ''} {notes}".rstrip())
    failed = [entry for entry in done if entry.fault is not None]
    for entry in failed:
        tell(f"not finished: {entry.source.name}: {entry.fault}", "-")
    if not failed:
        return int(bool(left_out))
    return 2 if len(failed) == len(done) == 1 and failed[0].fault and failed[0].fault.exit_code == 2 else 1
