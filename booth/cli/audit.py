"""`booth audit`: pass rates and distributions by labelled group over a folder of photographs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from booth.cli.options import JsonFile, Profile, ensure_folder, existing, tell, write_json
from booth.config.params import load_params
from booth.diagnostics.audit import audit as audit_manifest
from booth.diagnostics.audit_page import page


def audit(
    manifest: Annotated[str, typer.Argument(help="MANIFEST.json: photographs with labels.")],
    profile: Profile = None,
    json: JsonFile = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write the page with plots here.")] = None,
) -> int:
    """Judge labelled photographs and compare groups, with 95 % intervals. Groups are the labels given."""
    params = load_params(profile)
    path = existing(manifest)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("judging", total=None)
        report = audit_manifest(path, params, lambda done, of: bar.update(task, completed=done, total=of))
    if html is not None:
        ensure_folder(html.parent)
        html.write_text(page(report), encoding="utf-8")
        tell(f"page: {html}", json)
    if json:
        write_json(json, report)
    for label, parity in report["worst_over_best"].items():
        found = "groups too small to compare" if parity is None else f"worst group / best group pass rate {parity:.2f}"
        tell(f"{label}: {found}", json)
    tell(f"{len(report['failed'])} files could not be judged", json)
    return 1 if report["failed"] else 0
