"""The commands of the booth; the tuple is the registry and the order of the help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from booth.commands.audit import audit
from booth.commands.bench import bench
from booth.commands.check import check
from booth.commands.doctor import doctor
from booth.commands.finish import finish
from booth.commands.looks import looks
from booth.commands.office import office
from booth.commands.practice import practice
from booth.commands.relight import relight
from booth.commands.replay import replay
from booth.commands.run import run
from booth.commands.store import store
from booth.commands.verify import verify

COMMANDS: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("run", run),
    ("replay", replay),
    ("finish", finish),
    ("relight", relight),
    ("check", check),
    ("looks", looks),
    ("bench", bench),
    ("doctor", doctor),
    ("audit", audit),
    ("verify", verify),
    ("store", store),
    ("office", office),
    ("practice", practice),
)
