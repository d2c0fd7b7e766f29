"""The phone's pages in the ten languages: whose language wins, and that what they tell is what is set."""

from __future__ import annotations

import re

import numpy as np
import pytest

from booth.config.params.finish import EncodeParams
from booth.config.privacy_terms import PrivacyTerms, seen_lines
from booth.config.words import locales
from booth.delivery.formats import size_of, square
from booth.delivery.phone import phone_page as page
from booth.delivery.phone.locale_choice import reader_locale
from booth.still.encode import encode
from tests.kiosk_views import EVERYTHING


@pytest.mark.parametrize(
    ("accepts", "own", "reads"),
    [
        ("", "de", "de"),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "de", "fr"),
        ("en;q=0.4, ja;q=0.9", "de", "ja"),
        ("sv-SE,sv;q=0.9,en;q=0.1", "de", "en"),
        ("sv, fi", "pt", "pt"),
        ("xx;q=1,../../etc/passwd,ar;q=nan,hi;q=١", "it", "it"),
        ("zh-Hant-TW", "en", "zh"),
        ("EN-us;q=2", "de", "en"),
        ("de;q=0", "en", "en"),
        ("," * 5000, "../x", "en"),
    ],
)
def test_the_phones_language_wins_and_the_booths_own_comes_next(accepts: str, own: str, reads: str) -> None:
    assert reader_locale(accepts, own) == reads


@pytest.mark.parametrize("locale", locales())
def test_every_page_is_whole_in_every_language(locale: str) -> None:
    facts = page.PortraitPage("/p/x", locale, True, True, True, ("Lit <b>well</b>",), 3, 600)
    whole = (
        page.portrait(facts), page.deleted(locale, "{}", file_stays=True), page.plain("gone", locale),
        page.guide(locale, "Booth", "smile please"), page.about(locale, EVERYTHING),
    )  # fmt: skip
    for html in whole:
        assert f'lang="{locale}"' in html and ('dir="rtl"' in html[:60]) == (locale == "ar")
        assert not re.search(r"{\w+}|[a-z]+\.[a-z]+_[a-z]+|None", html), "nothing was left to fill in"
        assert "<b>well" not in html and "http" not in html.replace('http-equiv="refresh"', "")
    assert "smile please" in whole[3]
    assert all(re.sub("'", "&#x27;", line) in whole[4] for line in seen_lines(EVERYTHING, locale))


def test_a_booth_that_sends_nothing_says_so_on_the_phone_too() -> None:
    assert "Nothing is sent to anyone" in page.about("en", PrivacyTerms())
    assert "Nothing is sent to anyone" not in page.about("en", PrivacyTerms(ways=("mail",)))


def test_the_page_names_the_size_that_each_download_really_has() -> None:
    sizes = {"full": (1600, 2000), "view": (1024, 1280), "square": (640, 640)}
    html = page.portrait(page.PortraitPage("/p/x", "en", True, True, False, (), 1, 60, sizes))
    assert all(f"{width} × {height}" in html for width, height in sizes.values())
    content = encode(np.zeros((50, 40, 3), np.uint8), EncodeParams())
    assert size_of(content) == (40, 50) and size_of(square(content)) == (40, 40)
    assert size_of(b"no picture") is None
