"""`booth looks`: what there is to choose from, on paper, and edited live."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from booth.cli.options import Profile, existing, tell
from booth.config.params import load_params
from booth.looks.light.light_spec import LIGHTS
from booth.looks.look import load_look, look_names


def looks(
    profile: Profile = None,
    sheet: Annotated[Path | None, typer.Option("--sheet", help="Write a contact sheet of all looks here.")] = None,
    on: Annotated[str | None, typer.Option("--on", help="The picture the sheet is made of.")] = None,
    edit: Annotated[
        str | None, typer.Option("--edit", help="Open a live mirror that reloads this look on save.")
    ] = None,
) -> int:
    """List looks and lights, render them all on one picture, or edit one live."""
    params = load_params(profile)
    if edit is not None:
        from booth.app.look_editor import edit_look

        return edit_look(edit, params)
    if sheet is not None:
        from booth.diagnostics.contact_sheet import contact_sheet

        names = contact_sheet(existing(on) if on else None, sheet, params)
        tell(f"{len(names)} pictures on {sheet}")
        return 0
    for name in look_names():
        look = load_look(name)
        tell(f"{name:14} {look.title}: {look.purpose} Light: {look.light.name}.")
    tell(f"Lights: {', '.join(LIGHTS)}.")
    return 0
