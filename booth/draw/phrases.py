"""Where a phrase ends in Japanese and Chinese, which put no spaces between words: there a line may break.

BudouX (Apache-2.0) tells it from weights that travel with its package; nothing is fetched. Its Japanese weights find
phrases. Its Chinese ones find words, and split some: a line of Chinese ends only where jieba's dictionary (rjieba, MIT)
ends a word as well, and a particle never begins one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
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
_BY_WORD = frozenset({"zh"})  # languages whose phrases are held against a dictionary
_NEVER_FIRST: Mapping[str, str] = MappingProxyType({"zh": "的了着吗吧们地得"})  # particles


@cache
def _parser(locale: str) -> budoux.Parser:
    return PHRASED[locale]()


def _words(text: str) -> list[str]:
    """Cut a Chinese text into words; nothing is left out."""
    import rjieba  # its dictionary takes .17 s and 34 MB: only where Chinese is shown

    return list(rjieba.cut(text))


@lru_cache(maxsize=2048)
def phrase_ends(text: str, locale: str) -> frozenset[int] | None:
    """Return the indices after which a phrase of the text ends; None for a language with spaces between words."""
    if locale not in PHRASED:
        return None
    ends = set(accumulate(len(phrase) for phrase in _parser(locale).parse(text)))
    if locale in _BY_WORD:
        ends &= set(accumulate(len(word) for word in _words(text)))
    particles = _NEVER_FIRST.get(locale, "")
    return frozenset(at for at in ends if at >= len(text) or text[at] not in particles)
