"""`booth store`: what is kept, and true deletion of the booth's own copies."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from booth.clock import utc_now
from booth.commands.options import JsonFile, Profile, ensure_folder, tell, write_json
from booth.delivery import Delivery
from booth.faults import Fault
from booth.params import load_params


def store(
    action: Annotated[str, typer.Argument(help="list, export or erase.")] = "list",
    names: Annotated[list[str] | None, typer.Argument(help="File names, or all.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Folder to export to.")] = None,
    profile: Profile = None,
    json: JsonFile = None,
) -> int:
    """List, copy out or erase the portraits the booth has kept."""
    folder = Delivery(load_params(profile).deliver).folder
    kept = sorted(p for p in folder.glob("*") if p.is_file() and not p.name.startswith(".")) if folder.is_dir() else []
    if action == "list":
        return _list(kept, folder, json)
    chosen = _chosen(kept, names or [])
    if action == "export":
        if to is None:
            raise Fault("store.where", "Nowhere to export to.", "Add --to FOLDER.")
        for path in chosen:
            shutil.copy2(path, ensure_folder(to) / path.name)
    elif action == "erase":
        for path in chosen:
            path.unlink()
    else:
        raise Fault("store.action", f"The store cannot {action}.", "It can list, export and erase.")
    tell(f"{action}: {len(chosen)} of {len(kept)} portraits", json)
    return 0


def _list(kept: list[Path], folder: Path, json: str | None) -> int:
    rows = [{"file": p.name, "bytes": p.stat().st_size, "until": None} for p in kept]
    for row in rows:
        tell(f"{row['file']}  {row['bytes']} bytes  until it is erased", json)
    tell(f"{len(kept)} portraits in {folder}", json)
    if json:
        write_json(json, {"version": 1, "asked_utc": utc_now().isoformat(timespec="seconds"), "kept": rows})
    return 0


def _chosen(kept: list[Path], names: list[str]) -> list[Path]:
    if names == ["all"]:
        return kept
    by_name = {p.name: p for p in kept}
    missing = [n for n in names if n not in by_name]
    if missing or not names:
        hint = "Name files as `booth store` lists them, or say all."
        raise Fault("store.missing", f"There is no kept portrait {', '.join(missing) or 'named'}.", hint)
    return [by_name[n] for n in names]
