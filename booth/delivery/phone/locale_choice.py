"""Which of the booth's languages a phone's owner reads."""

from __future__ import annotations

from booth.config.words import DEFAULT, locales

_READ_SIGNS = 200  # of the header; browsers send a fifth of it


def reader_locale(accepts: str, own: str = DEFAULT) -> str:
    """Return the language a phone asks for most (its Accept-Language), or `own` when the booth has none of them."""
    known, best, best_weight = locales(), own if own in locales() else DEFAULT, 0.0
    for part in accepts[:_READ_SIGNS].split(","):
        tag, _, rest = part.strip().partition(";")
        locale = tag.partition("-")[0].strip().lower()
        weight = _weight(rest)
        if locale in known and weight > best_weight:
            best, best_weight = locale, weight
    return best


def _weight(rest: str) -> float:
    """Return the weight 0..1 that stands behind a language, 1 without one."""
    name, _, number = rest.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    digits = number.strip()
    return min(1.0, float(digits)) if digits.replace(".", "", 1).isdecimal() and digits.isascii() else 0.0
