"""Where a phrase ends in Japanese and Chinese, which put no spaces between words: there a line may break.

BudouX (Apache-2.0) tells it from weights that travel with its package; nothing is fetched. Its Japanese weights find
phrases. Its Chinese ones find words, and split some: those of the booth's own sentences are listed here, and a particle
never begins a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate
from types import MappingProxyType

import budoux

PHRASED: Mapping[str, Callable[[], budoux.Parser]] = MappingProxyType(
    {
        "ja": budoux.load_default_japanese_parser,
        "zh": budoux.load_default_simplified_chinese_parser,
    }
)
"""Languages whose lines break by phrase, and what reads its weights."""
_NEVER_FIRST: Mapping[str, str] = MappingProxyType({"zh": "的了着吗吧们地得"})  # particles


@cache
def _whole_words(locale: str) -> tuple[str, ...]:
    """Return words within which no line breaks, from `whole_words.LOCALE.txt`; none where there is no such file."""
    file = files(__package__).joinpath(f"whole_words.{locale}.txt")
    return tuple(file.read_text(encoding="utf-8").split()) if file.is_file() else ()


@cache
def _parser(locale: str) -> budoux.Parser:
    return PHRASED[locale]()


@lru_cache(maxsize=2048)
def phrase_ends(text: str, locale: str) -> frozenset[int] | None:
    """Return the indices after which a phrase of the text ends; None for a language with spaces between words."""
    if locale not in PHRASED:
        return None
    ends = set(accumulate(len(phrase) for phrase in _parser(locale).parse(text)))
    found = [match.span() for word in _whole_words(locale) for match in re.finditer(re.escape(word), text)]
    ends |= {end for _, end in found}
    ends -= {at for start, end in found for at in range(start + 1, end)}
    particles = _NEVER_FIRST.get(locale, "")
    return frozenset(at for at in ends if at >= len(text) or text[at] not in particles)
