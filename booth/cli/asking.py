"""Asks the person at the terminal; where there is none, nothing is taken for agreed."""

from __future__ import annotations

import sys

from booth.core.faults import Fault


def is_terminal() -> bool:
    """True when somebody can be asked: both ends are a terminal."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def agreed(question: str, *, yes: bool) -> bool:
    """Ask a question that only a typed yes agrees to; `yes` is `--yes`. False without a terminal."""
    if yes:
        return True
    if not is_terminal():
        return False
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something is erased for good; Fault `store.unconfirmed` (exit code 2) where nobody agrees."""
    if not agreed(question, yes=yes):
        raise Fault("store.unconfirmed", "Nothing was erased.", "Answer yes, or add --yes.")
