"""`booth check`: judges photographs with the booth's own measures."""

from __future__ import annotations

from typing import Annotated

import typer

from booth.cli.options import JsonFile, Profile, existing, tell, write_json
from booth.config.params import load_params
from booth.config.words import say
from booth.core.faults import Fault
from booth.still.open_picture import open_picture
from booth.still.photo_checker import PhotoChecker


def check(
    images: Annotated[list[str], typer.Argument(help="Photographs.")], profile: Profile = None, json: JsonFile = None
) -> int:
    """Judge photographs: pass, fail with reasons, or nobody there. Exit 1 where a file could not be judged."""
    params = load_params(profile)
    paths = [existing(name) for name in images]
    rows, faults = [], []
    with PhotoChecker(params) as judge:
        for path in paths:
            try:
                verdict = judge.judge(open_picture(path).rgb, str(path))
            except Fault as fault:
                faults.append(fault)
                continue
            rows.append(verdict.as_json())
            words = ", ".join(_reason(key) for key in verdict.reasons)
            tell(f"{path}: {verdict.verdict}{': ' + words if words else ''}", json)
    if json:
        write_json(json, {"version": 1, "photos": rows})
    if faults and not rows and len(faults) == len(paths):
        raise faults[0]
    for missed in faults:
        tell(f"not judged: {missed}", "-")
    return 1 if faults else 0


def _reason(key: str) -> str:
    try:
        return say(key)
    except KeyError:
        return key
