"""What the phone page says and how a hand-over goes, by dotted key; English where a language has no sentence."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

DEFAULT = "en"
RIGHT_TO_LEFT = frozenset({"ar"})


def locales() -> tuple[str, ...]:
    """Return the languages there are sentences for."""
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in files(__package__).joinpath("words").iterdir()))


@cache
def sentences(locale: str) -> dict[str, str]:
    """Return all sentences of one language by dotted key; empty for a language there is no file for."""
    if not locale.isalpha():
        return {}
    source = files(__package__).joinpath("words", f"{locale}.toml")
    if not source.is_file():
        return {}
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    return {f"{part}.{name}": str(text) for part, texts in table.items() for name, text in texts.items()}


def say(key: str, locale: str = DEFAULT, **values: object) -> str:
    """Return the sentence for a key; KeyError for one that English does not have."""
    short = locale.split("-")[0].split("_")[0].lower()
    text = sentences(short).get(key) or sentences(DEFAULT)[key]
    return text.format(**values) if values else text
