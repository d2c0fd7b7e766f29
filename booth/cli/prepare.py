"""`booth prepare`: compiles what this machine needs, once, so that no guest waits for it."""

from __future__ import annotations

from booth.app.preparing import prepare_in_terminal
from booth.cli.options import tell
from booth.core.kernel_cache import cache_place


def prepare() -> int:
    """Prepare this machine, once. Every other command does it by itself where it is needed."""
    is_done = prepare_in_terminal()
    tell(f"Prepared: {cache_place().folder}" if is_done else "Not all of it could be prepared.")
    return 0 if is_done else 1
