"""The commands of the booth; the tuple is the registry and the order of the help.

Each lives in the module of its name and is imported when it is called for: a still waits for no screen's packages.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

COMMANDS: tuple[str, ...] = (
    "run", "replay", "finish", "relight", "check", "looks", "bench", "doctor", "audit", "verify", "store", "office",
    "practice", "prepare", "pin",
)  # fmt: skip


def command(name: str) -> Callable[..., Any]:
    """Import and return the function of one of COMMANDS."""
    found: Callable[..., Any] = getattr(import_module(f"booth.cli.{name}"), name)
    return found
