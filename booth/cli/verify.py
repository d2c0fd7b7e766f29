"""`booth verify`: what a portrait says was done to it, and whether that still holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from booth.cli.options import Profile, existing, tell
from booth.config.params import load_params
from booth.core.paths import config_folder
from booth.still.verify import verify_file


def verify(
    file: Annotated[str, typer.Argument(help="A portrait.")],
    trust: Annotated[Path | None, typer.Option("--trust", help="Root certificates of other booths, as PEM.")] = None,
    profile: Profile = None,
) -> int:
    """Show and check the edit record of a portrait. Exit 0 only where this booth, or a listed one, vouches for it."""
    load_params(profile)
    found = verify_file(existing(file), config_folder(), trust)
    for line in found.lines():
        tell(line)
    return 0 if found.holds else 1
