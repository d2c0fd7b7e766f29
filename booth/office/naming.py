"""File names of an export: as the profile says, safe on every system, and no two alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from booth.core.faults import Fault
from booth.office.roster import Sitting

MAX_BYTES = 120  # of a name without its ending; file systems take 255
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_RESERVED = re.compile(r"^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d\u00b9\u00b2\u00b3])\s*(\..*)?$", re.IGNORECASE)


def file_names(pattern: str, found: Sequence[Sitting]) -> dict[str, str]:
    """Return the export's file name of each portrait by its number; of two alike the later is numbered."""
    taken: set[str] = set()
    names = {}
    for number, sitting in enumerate(found, 1):
        stem = safe(_filled(pattern, sitting, number)) or f"portrait-{number:04d}"
        ending = sitting.entry.path.suffix
        tries = (f"{stem}{ending}" if n == 1 else f"{stem}-{n}{ending}" for n in range(1, len(found) + 2))
        name = next(name for name in tries if name.casefold() not in taken)
        taken.add(name.casefold())
        names[sitting.entry.id] = name
    return names


def _filled(pattern: str, sitting: Sitting, number: int) -> str:
    person, made = sitting.person, sitting.entry.record.made_utc[:10]
    try:
        return pattern.format(name=person.name, id=person.id, email=person.email, number=number, date=made)
    except (KeyError, IndexError, ValueError) as error:
        hint = "It may use {name}, {id}, {email}, {number} and {date}, such as {id}-{name}."
        raise Fault("office.pattern", f"office.name = {pattern!r} cannot be filled in.", hint) from error


def safe(text: str) -> str:
    """Return a text as a file name that every system takes: no path, no device, no hidden file, not too long."""
    plain = _UNSAFE.sub(" ", unicodedata.normalize("NFC", text))
    plain = " ".join(plain.split()).lstrip("=+@").strip(". -")
    while len(plain.encode()) > MAX_BYTES:
        plain = plain[:-1].rstrip(". -")
    return f"_{plain}" if _RESERVED.match(plain) else plain
