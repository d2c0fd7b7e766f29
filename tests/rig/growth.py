"""Names what grows in a process: lines of the program that hold more memory, types of which there are more objects."""

from __future__ import annotations

import gc
import tracemalloc
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = (tracemalloc.Filter(False, tracemalloc.__file__), tracemalloc.Filter(False, __file__))


@dataclass(frozen=True)
class Held:
    """What was held at one moment; `lines` needs a running tracemalloc."""

    lines: dict[str, int]  # bytes, by file and line that asked for them
    types: Counter[str]  # objects that the collector knows, by module and name of their type


def held() -> Held:
    """Collect what nobody holds, and count the rest."""
    gc.collect()
    lines: dict[str, int] = {}
    if tracemalloc.is_tracing():
        for found in tracemalloc.take_snapshot().filter_traces(OURS).statistics("lineno"):
            frame = found.traceback[0]
            lines[f"{_short(frame.filename)}:{frame.lineno}"] = found.size
    types = Counter(f"{type(thing).__module__}.{type(thing).__qualname__}" for thing in gc.get_objects())
    return Held(lines, types)


def grown(before: Held, after: Held, *, times: int, line_bytes: int, objects: int = 1) -> list[str]:
    """Name every line that holds `line_bytes`, and every type of ours with `objects`, more for each of so many times.

    What has grown less often than once a time was filled once, such as a cache, and is no growth.
    """
    found = [
        (size - before.lines.get(line, 0), f"{line} holds {size - before.lines.get(line, 0)} bytes more")
        for line, size in after.lines.items()
    ]
    told = [sentence for more, sentence in sorted(found, reverse=True) if more >= times * line_bytes]
    for name, count in sorted(after.types.items()):
        more = count - before.types[name]
        if name.startswith("booth.") and more >= times * objects:
            told.append(f"{more} more objects of {name}")
    return told


def _short(name: str) -> str:
    """Return a file's name from the project's or the packages' folder on."""
    path = Path(name)
    if path.is_relative_to(ROOT):
        return str(path.relative_to(ROOT))
    return name.rpartition("site-packages/")[2] or name
