"""Every sentence there is a key for, in plain and kind English."""

from __future__ import annotations

import re

import pytest

from booth.config.words import locales, say, sentences
from booth.guidance.rules import RULES
from tests.unit.guidance import test_coach_stories as stories
from tests.unit.guidance.sitters import Sitter, play, smiling

ABOUT_LOOKS = r"\b(ugly|pretty|beautiful|fat|thin|old|young|skin|wrinkle|body|nose|hair|weight)\b"


def test_every_advice_of_every_story_has_words():
    said = {"light.lens_covered", "light.room_dark", "presence.come_in", "hold.still", "praise.good"}
    said |= {"expression.relax", "focus.still"}
    said |= set(play((Sitter(yaw_deg=13), 2.2), (smiling(), 2.0)).said())
    said |= {mark.args[1][i][1] for mark in [stories_mark()] for i in range(len(mark.args[1]))}
    for key in said:
        assert say(key)


def stories_mark():
    test = stories.test_each_fault_has_its_own_sentence_naming_the_sitters_own_side
    return next(m for m in test.pytestmark if m.name == "parametrize")


def test_every_reading_has_a_name():
    for rule in RULES:
        if rule.reading != "framing.head_height_most":
            assert say(f"reading.{rule.reading}")


def test_every_reject_has_words_and_a_sentence_for_the_review():
    for rule in RULES:
        if rule.reject:
            assert say(f"reject.{rule.reject}")
        if rule.limit is not None and rule.reject != "others":  # nobody is taken with someone else in front
            assert say(f"review.doubt.{rule.reject}")


@pytest.mark.parametrize("key", sorted(k for k in sentences("en") if k.startswith("advice.")))
def test_advice_is_short_and_not_about_looks(key):
    sentence = say(key)
    assert len(sentence) <= 90
    assert not re.search(ABOUT_LOOKS, sentence, re.I)


def test_an_unknown_language_falls_back_to_english_and_an_unknown_key_is_an_error():
    assert say("pose.turn_right", "tlh") == "Turn a little to your right"
    assert "en" in locales()
    with pytest.raises(KeyError):
        say("no.such.sentence")
