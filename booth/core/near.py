"""Near words: what somebody who wrote a name wrongly may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

NEAR_RATIO = 0.75  # of letters in common, difflib's ratio: one slip in four letters, two in eight; farther is a guess


def near(word: str, known: Iterable[str], n: int = 2) -> list[str]:
    """Return up to `n` of the known words that differ from `word` by a slip or two, the nearest first."""
    plain = {name.casefold(): name for name in known}
    return [plain[found] for found in difflib.get_close_matches(word.casefold(), plain, n=n, cutoff=NEAR_RATIO)]


def did_you_mean(word: str, known: Iterable[str], otherwise: str, n: int = 2) -> str:
    """Return the hint that names near words, or `otherwise` where none is near."""
    found = near(word, known, n)
    return f"Did you mean {' or '.join(found)}?" if found else otherwise
