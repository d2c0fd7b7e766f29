"""What a guest is told about storage and delivery: sentences derived from the operator's settings alone.

The consent page, its record, the phone page and "What this booth does" all use these words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from booth.config.params.deliver import DeliverParams, ReviewParams
from booth.config.words import say

Way = Literal["page", "print", "mail", "stick", "hook"]


@dataclass(frozen=True, slots=True)
class PrivacyTerms:
    """What the settings come to, as far as a guest has to know."""

    on_timeout: Literal["keep", "delete"] = "delete"
    keep_days: int | None = None  # of the finished portrait; None: until the operator deletes it
    original_days: int | None = None  # None: the photograph as the camera saw it is not kept
    ways: tuple[Way, ...] = ()  # how a kept portrait may leave the machine
    together: bool = False  # several people may be in the picture: all of them have to agree
    bystanders: bool = False  # a second screen shows the mirror to those who stand by
    prints_later: bool = False  # the printer is out just now
    is_named: bool = False  # an office run: the guest's name is kept with the portrait
    remembers_room: bool = False  # a picture of the empty place is held in memory


def privacy_terms_of(deliver: DeliverParams, review: ReviewParams) -> PrivacyTerms:
    """Return the privacy terms that follow from the settings."""
    store = deliver.store
    return PrivacyTerms(
        review.on_timeout,
        None if store.portrait_days is None else _days(store.portrait_days),
        _days(store.original_days) if store.keep_original else None,
        ways_of(deliver),
    )


def ways_of(deliver: DeliverParams) -> tuple[Way, ...]:
    """Return the ways a kept portrait may leave the machine, as the operator filled them in."""
    filled: dict[Way, object] = {
        "page": deliver.page.is_on,
        "print": deliver.print.printer,
        "mail": deliver.mail.is_on,
        "stick": deliver.stick.on,
        "hook": deliver.hook.command or deliver.hook.plugin,
    }
    return tuple(way for way, is_filled in filled.items() if is_filled)


def _days(days: float) -> int:
    return max(1, round(days))


def kept_words(terms: PrivacyTerms, locale: str) -> str:
    """Return what is kept and for how long."""
    sentences = [say("consent.kept_keep" if terms.on_timeout == "keep" else "consent.kept_delete", locale)]
    if terms.keep_days is not None:
        sentences.append(say("consent.kept_days", locale, days=terms.keep_days))
    if terms.original_days is not None:
        sentences.append(say("consent.kept_original", locale, days=terms.original_days))
    if terms.is_named:
        sentences.append(say("consent.kept_name", locale))
    if terms.remembers_room:
        sentences.append(say("consent.kept_room", locale))
    return joined(sentences, locale)


def seen_lines(terms: PrivacyTerms, locale: str) -> tuple[str, ...]:
    """Return who gets a kept portrait, a line each; the last says that nobody else does."""
    ways = [f"consent.seen_{way}" for way in terms.ways]
    ways += ["consent.print_later"] if terms.prints_later and "print" in terms.ways else []
    last = "consent.seen_else" if ways else "consent.seen_nothing"
    near = ("consent.seen_bystanders",) if terms.bystanders else ()
    return tuple(say(key, locale) for key in ("consent.seen_who", *near, *ways, last))


def joined(sentences: Iterable[str], locale: str) -> str:
    """Return sentences after each other; Chinese and Japanese put no space between them."""
    return ("" if locale in ("zh", "ja") else " ").join(sentences)


def consent_words(terms: PrivacyTerms, locale: str) -> tuple[tuple[str, str, str], ...]:
    """Return (icon, title, text) of each fact shown before consent."""
    everybody = ("consent.together",) if terms.together else ()
    measured = joined((say(key, locale) for key in (*everybody, "consent.measured", "consent.changed")), locale)
    return (
        ("ruler", say("consent.measured_title", locale), measured),
        ("lock", say("consent.kept_title", locale), kept_words(terms, locale)),
        ("eye", say("consent.seen_title", locale), joined(seen_lines(terms, locale), locale)),
    )


def about_words(terms: PrivacyTerms, locale: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return (title, lines) of each part of "What this booth does"."""
    copies = (say("about.copies", locale),) if "page" in terms.ways else ()
    return (
        (say("about.measured_title", locale), (say("about.measured", locale),)),
        (say("about.changed_title", locale), (say("about.changed", locale),)),
        (say("about.kept_title", locale), (kept_words(terms, locale), *copies)),
        (say("about.who_title", locale), (say("about.who", locale), *seen_lines(terms, locale))),
    )
