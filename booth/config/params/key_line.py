"""Where in a profile's text a wrong key stands, and which key was meant."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from booth.core.near import did_you_mean

SEE = "See docs/profile.md for every key."
_HEADER = re.compile(r"\s*\[+([^\]]*)\]+")
_KEY = re.compile(r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_UNKNOWN = re.compile(r"unknown field `([^`]+)`")
_NAMED = re.compile(r"`(\w+)`")  # a message of the schema itself begins with the key
_PLACE = re.compile(r"at `\$\.?([^`]*)`")


def wrong_key(message: str) -> tuple[str, ...]:
    """Return the path of the key that a validation error of msgspec is about, such as ("deliver", "page", "port")."""
    place, named = _PLACE.search(message), _UNKNOWN.search(message) or _NAMED.match(message)
    path = tuple(re.findall(r"[\w-]+", re.sub(r"\[[^\]]*\]", "", place.group(1)))) if place else ()
    return (*path, named.group(1)) if named else path


def line_of(message: str, texts: Mapping[Path, str]) -> tuple[Path, int] | None:
    """Return file and line, from 1, of the key that a validation error names; None where no text holds it.

    `texts` are the profile and then what it extends. Of a key with no line of its own, such as one inside `{...}`,
    that is the line of what holds it.
    """
    wanted = wrong_key(message)
    lines = {path: _key_lines(text) for path, text in texts.items()}
    for length in range(len(wanted), 0, -1):
        for path, keys in lines.items():
            if wanted[:length] in keys:
                return path, keys[wanted[:length]]
    return None


def _key_lines(text: str) -> dict[tuple[str, ...], int]:
    """Return the line of every key and every table header; a key goes before a header of the same path."""
    section: tuple[str, ...] = ()
    found: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if (header := _HEADER.match(line)) is not None and not _KEY.match(line):
            section = _parts(header.group(1))
            found.setdefault(section, number)
        elif (key := _KEY.match(line)) is not None:
            path = (*section, *_parts(key.group(1)))
            for length in range(len(section) + 1, len(path) + 1):
                found.setdefault(path[:length], number)
    return found


def _parts(dotted: str) -> tuple[str, ...]:
    """Split a TOML key such as `deliver."page".port`."""
    try:
        table = tomllib.loads(f"{dotted} = 0")
    except tomllib.TOMLDecodeError:
        return (dotted.strip(),)
    parts: list[str] = []
    inner: object = table
    while isinstance(inner, dict):
        ((name, inner),) = inner.items()
        parts.append(name)
    return tuple(parts)


def meant_key(message: str, root: type[msgspec.Struct]) -> str:
    """Return the hint for a validation error: the table that has that very key, or a near key."""
    if _UNKNOWN.search(message) is None:
        return SEE
    *path, name = wrong_key(message)
    table: object = root
    for part in path:
        table = _fields(table).get(part)
    elsewhere = [".".join(place) for place in _places(root, name)]
    if elsewhere:
        return f"The key of that name is {' or '.join(elsewhere[:2])}."
    return did_you_mean(name, _fields(table), SEE)


def _fields(table: object) -> dict[str, object]:
    if not (isinstance(table, type) and issubclass(table, msgspec.Struct)):
        return {}
    return {field.name: field.type for field in msgspec.structs.fields(table)}


def _places(root: type[msgspec.Struct], name: str, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the paths of all keys of that name."""
    found = []
    for field, kind in _fields(root).items():
        found += [(*above, field)] * (field == name)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            found += _places(kind, name, (*above, field))
    return found
