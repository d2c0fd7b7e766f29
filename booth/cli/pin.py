"""`booth pin`: sets the operator's PIN before the first guest can."""

from __future__ import annotations

import sys

import typer

from booth.app.operator.pin import PIN_FILE, PinPad
from booth.cli.options import tell
from booth.core.paths import config_folder


def pin() -> int:
    """Set the operator's PIN: six digits, typed twice or read as one line from standard input.

    From then on Ctrl+Q, F11 and closing the window need it, where the profile locks the booth (`kiosk.locked`).
    """
    if sys.stdin.isatty():
        typed = str(typer.prompt("New PIN, six digits", hide_input=True, confirmation_prompt=True))
    else:
        typed = sys.stdin.readline().strip()
    PinPad(config_folder() / PIN_FILE).choose(typed)
    tell("The operator's PIN is set.")
    return 0
