"""Which of many alike cases run in `make test`; the others are `long` and run in `make test-long`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest

QUICK_LANGUAGES = ("en", "de", "ar", "ja")  # the source, long words, right to left, no spaces


def sampled(cases: Iterable[Any], quick: Collection[Any]) -> list[Any]:
    """Return the cases for `parametrize`, those that are not `quick` marked `long`."""
    return [case if case in quick else pytest.param(case, marks=pytest.mark.long) for case in cases]
