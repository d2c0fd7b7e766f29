"""Names what grows in a process: lines of the program that hold more memory, types of which there are more objects."""

from __future__ import annotations

import gc
import os
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = f"{Path(__file__).resolve().parents[2]}{os.sep}"
OURS = (tracemalloc.Filter(False, tracemalloc.__file__), tracemalloc.Filter(False, __file__))


@dataclass(frozen=True)
class Held:
    """What was held at one moment; `lines` needs a running tracemalloc."""

    lines: dict[str, int]  # bytes, by file and line that asked for them
    types: dict[str, int]  # objects that the collector knows, by module and name of their type


def held() -> Held:
    """Collect what nobody holds, and count the rest."""
    gc.collect()
    lines: dict[str, int] = {}
    if tracemalloc.is_tracing():
        for found in tracemalloc.take_snapshot().filter_traces(OURS).statistics("lineno"):
            frame = found.traceback[0]
            lines[f"{_short(frame.filename)}:{frame.lineno}"] = found.size
    types: dict[str, int] = {}  # no Counter: what that takes would be laid at its own door
    for thing in gc.get_objects():
        name = f"{type(thing).__module__}.{type(thing).__qualname__}"
        types[name] = types.get(name, 0) + 1
    return Held(lines, types)


def grown(moments: Sequence[Held], *, line_bytes: int, objects: int = 1) -> list[str]:
    """Name every line that holds `line_bytes`, and every type of ours with `objects`, more at each moment than before.

    What has grown between some of the moments only was filled once, such as a cache or a table that had to be larger.
    """
    pairs = list(pairwise(moments))
    told = []
    for line in moments[-1].lines:
        least = min(after.lines.get(line, 0) - before.lines.get(line, 0) for before, after in pairs)
        if least >= line_bytes:
            told.append(f"{line} holds at least {least} bytes more each time")
    for name in moments[-1].types:
        least = min(after.types.get(name, 0) - before.types.get(name, 0) for before, after in pairs)
        if name.startswith("booth.") and least >= objects:
            told.append(f"at least {least} more objects of {name} each time")
    return sorted(told)


def _short(name: str) -> str:
    """Return a file's name from the project's or the packages' folder on."""
    return name.removeprefix(ROOT).rpartition("site-packages/")[2]
