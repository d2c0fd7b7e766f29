"""Options that several commands share, and how a command writes its JSON."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from booth.core.faults import Fault

Profile = Annotated[str | None, typer.Option("--profile", help="A profile: packaged name or TOML file.")]
LookName = Annotated[str | None, typer.Option("--look", help="A look by name; `booth looks` lists them.")]
LightName = Annotated[str | None, typer.Option("--light", help="A named light instead of the look's own.")]
JsonFile = Annotated[str | None, typer.Option("--json", help="Write JSON to a file, or - for standard output.")]


def write_json(target: str, facts: dict[str, Any]) -> None:
    """Write facts as JSON to a file, or to standard output for `-`."""
    text = json.dumps(facts, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    encoding = "utf-8" if target != "-" else sys.stdout.encoding or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:  # a code page, or a file name that is not UTF-8; escapes are JSON too
        text = json.dumps(facts, indent=1, allow_nan=False) + "\n"
    if target == "-":
        sys.stdout.write(text)
        return
    path = Path(target)
    ensure_folder(path.parent)
    path.write_text(text, encoding="utf-8")


def tell(line: str, json_target: str | None = None) -> None:
    """Say a line to the person at the terminal; standard output belongs to the JSON where that was asked for."""
    stream = sys.stderr if json_target == "-" else sys.stdout
    encoding = stream.encoding or "utf-8"
    stream.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")  # code pages lack letters


def ensure_folder(folder: Path) -> Path:
    """Make the folder and check that it can be written; Fault `folder.unwritable` otherwise."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".booth-write-test"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Fault("folder.unwritable", f"Nothing can be written to {folder}.", "Choose another folder.") from error
    return folder


def existing(path_text: str) -> Path:
    """Return the path of an existing file or folder; Fault `file.missing` otherwise."""
    path = Path(path_text).expanduser()
    if not path.exists():
        raise Fault("file.missing", f"There is no file {path_text}.", "Check the path.")
    return path


def existing_folder(path_text: str) -> Path:
    """Return the path of an existing folder; Fault `file.missing` or `file.no_folder` otherwise."""
    path = existing(path_text)
    if not path.is_dir():
        raise Fault("file.no_folder", f"{path_text} is no folder.", "Name a folder of photographs.")
    return path


def parse_size(text: str) -> tuple[int, int]:
    """Return width and height of a text such as 1280x720; Fault `size.unreadable` otherwise."""
    match = re.fullmatch(r"(\d{2,5})x(\d{2,5})", text)
    if match is None:
        raise Fault("size.unreadable", f"{text} is not a size.", "Write it as 1280x720.")
    return int(match[1]), int(match[2])
