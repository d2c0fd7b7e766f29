"""Ten languages: the same keys, the same blanks to fill, and a glyph for every character."""

from __future__ import annotations

import string

import pytest

from booth.config.words import locales, say, sentences
from booth.draw.typeface import has_glyphs, runs_of, width_of, wrap
from booth.looks.look import look_names
from booth.ui.screens.attract import LANGUAGES

OTHERS = [locale for locale in LANGUAGES if locale != "en"]


def keys_of(locale: str) -> set[str]:
    return {key for key in sentences(locale) if not key.startswith("language.")}


def blanks(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def test_the_languages_on_the_first_page_are_those_there_are_words_for() -> None:
    assert set(locales()) == set(LANGUAGES)


@pytest.mark.parametrize("locale", OTHERS)
def test_no_language_lacks_a_sentence_or_has_one_too_many(locale: str) -> None:
    assert keys_of(locale) == keys_of("en")


@pytest.mark.parametrize("locale", OTHERS)
def test_every_translation_fills_the_same_blanks(locale: str) -> None:
    assert {k: blanks(sentences(locale)[k]) for k in keys_of("en")} == {
        k: blanks(sentences("en")[k]) for k in keys_of("en")
    }


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_character_has_a_glyph(locale: str) -> None:
    texts = [*sentences(locale).values(), *(say(f"language.{code}") for code in LANGUAGES), "0123456789 /%.:~-_…•–"]
    assert [text for text in texts if not has_glyphs(text, locale)] == []


def test_a_character_without_a_glyph_is_noticed() -> None:
    assert not has_glyphs("\u16a0", "en")


def test_every_packaged_look_has_a_title_in_every_language() -> None:
    assert set(look_names()) <= {key.removeprefix("look_name.") for key in sentences("ja")}


def test_a_number_and_a_bracket_inside_arabic_keep_their_order() -> None:
    runs = runs_of("إعادة (بقي 2)", "ar")
    assert runs[1] == ("Latn", "2")
    assert runs[2] == ("Arab", ")")


def test_a_latin_line_on_an_arabic_page_stays_whole() -> None:
    assert runs_of("The camera is gone.", "ar") == (("Latn", "The camera is gone."),)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_lines_are_no_wider_than_their_box(locale: str) -> None:
    text = say("consent.measured", locale)
    lines = wrap(text, 400, 24, False, locale)
    assert len(lines) > 1
    assert max(width_of(line, 24, False, locale) for line in lines) <= 400
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_no_chinese_line_begins_with_a_full_stop() -> None:
    for width_px in range(120, 400, 20):
        assert not any(
            line[0] in "，。：、" for line in wrap(say("consent.seen_nothing", "zh"), width_px, 24, False, "zh")
        )
