"""`booth check`: judges photographs with the booth's own measures."""

from __future__ import annotations

from typing import Annotated

import typer

from booth.capture.photo.reader import open_picture
from booth.cli.options import JsonFile, Profile, existing, tell, write_json
from booth.config.params import load_params
from booth.core.faults import Fault
from booth.core.turning import turned_note
from booth.still.batch import pictures_in
from booth.still.photo_checker import PhotoChecker


def check(
    images: Annotated[list[str], typer.Argument(help="Photographs or folders of them.")],
    profile: Profile = None,
    json: JsonFile = None,
) -> int:
    """Judge photographs: pass, doubt, fail with reasons, or nobody there. Exit 1 where a file could not be judged."""
    params = load_params(profile)
    paths = pictures_in([existing(name) for name in images])
    rows, faults = [], []
    with PhotoChecker(params) as judge:
        for path in paths:
            try:
                opened = open_picture(path)
                verdict = judge.judge(opened.rgb, str(path))
            except Fault as fault:
                faults.append(fault)
                continue
            notes = (*opened.notes, *turned_note(judge.turned_deg))
            rows.append({**verdict.as_json(), "notes": list(notes)})
            tell(" ".join((f"{path}: {verdict.verdict}", *verdict.sentences, *notes)), json)
    if json:
        write_json(json, {"version": 1, "photos": rows})
    if faults and not rows and len(faults) == len(paths):
        raise faults[0]
    for missed in faults:
        tell(f"not judged: {missed}", "-")
    return 1 if faults else 0
