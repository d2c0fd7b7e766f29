"""Every sentence a guest reads or hears, by dotted key. Falls back to English.

A language has six files: what the coach says in `en.toml`, what stands on the pages in `screens.en.toml`, what tells
of handing over in `share.en.toml`, the office run, the practice, dressing up and the reasons of the looks in
`studio.en.toml`, what the operator reads in `staff.en.toml`, and in `visit.en.toml` what takes back, asks and helps.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

DEFAULT = "en"


def locales() -> tuple[str, ...]:
    """Return the languages there are sentences for."""
    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted({name.removesuffix(".toml").split(".")[-1] for name in names if name.endswith(".toml")}))


@cache
def sentences(locale: str) -> dict[str, str]:
    """Return all sentences of one language by dotted key; empty for a language there is no file for."""
    found: dict[str, str] = {}
    for name in (
        f"{locale}.toml",
        *(f"{page}.{locale}.toml" for page in ("screens", "share", "studio", "staff", "visit")),
    ):
        source = files(__name__).joinpath(name)
        if source.is_file():
            found |= flat(tomllib.loads(source.read_text(encoding="utf-8")))
    return found


def flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Return a table's sentences by dotted key."""
    found: dict[str, str] = {}
    for name, value in table.items():
        key = f"{prefix}{name}"
        found |= flat(value, f"{key}.") if isinstance(value, dict) else {key: str(value)}
    return found


_own: dict[str, dict[str, str]] = {}


def speak_as(own: Mapping[str, Mapping[str, str]]) -> None:
    """Let a brand's own sentences (language -> key -> sentence) stand for the packaged ones; empty: none of them."""
    _own.clear()
    _own.update({locale: dict(words) for locale, words in own.items()})


def say(key: str, locale: str = DEFAULT, **values: object) -> str:
    """Return the sentence for a dotted key with `values` filled in; KeyError for a key English does not have.

    Advice keys as the coach gives them (`pose.turn_right`) are looked up under `advice.` too.
    """
    for table in _tables(locale):
        for name in (key, f"advice.{key}"):
            if name in table:
                return table[name].format(**values) if values else table[name]
    raise KeyError(f"no sentence for {key!r}")


def say_to(key: str, place: str, locale: str = DEFAULT) -> str:
    """Return an advice as it is said to the one of several people who stands at `place`, a words key; "": to all."""
    said = say(key, locale)
    return say("place.to", locale, place=say(place, locale), say=said) if place else said


def _tables(locale: str) -> Iterator[Mapping[str, str]]:
    """Yield where a sentence is looked for: the language, then English; in each the brand's own before the packaged."""
    for code in dict.fromkeys((locale, locale.split("-")[0].split("_")[0], DEFAULT)):
        if code in _own:
            yield _own[code]
        yield sentences(code)
