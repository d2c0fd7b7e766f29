"""Which of many alike cases run in `make test`; the others are `long` and run in `make test-long`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest

QUICK_LANGUAGES = ("en", "de", "ar", "ja")  # the source, long words, right to left, no spaces


def sampled(cases: Iterable[Any], quick: Collection[Any], *, spread: bool = False) -> list[Any]:
    """Return the cases for `parametrize`, those that are not `quick` marked `long`.

    `spread` where a case is a tuple of several arguments.
    """
    later = ((case, case if spread else (case,)) for case in cases)
    return [case if case in quick else pytest.param(*values, marks=pytest.mark.long) for case, values in later]
