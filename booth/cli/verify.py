"""`booth verify`: what a portrait says was done to it, and whether that still holds."""

from __future__ import annotations

from typing import Annotated

import typer

from booth.cli.options import Profile, existing, tell
from booth.config.params import load_params
from booth.core.paths import config_folder
from booth.still.verify import verify_file


def verify(file: Annotated[str, typer.Argument(help="A portrait.")], profile: Profile = None) -> int:
    """Show and check the edit record of a portrait. Exit 1 where nothing vouches for it or it was changed."""
    load_params(profile)
    found = verify_file(existing(file), config_folder())
    for line in found.lines():
        tell(line)
    return 0 if found.holds else 1
