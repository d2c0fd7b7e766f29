"""Lint goes from clothes; whatever the cloth itself has, many times over or sewn on, stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from finish_fakes import a_face, dab, lab_to_rgb

from booth.config.params.finish import RetouchParams
from booth.still.retouch import retouch_sitter

SIZE = (800, 1000)
CLOTH = {"navy": (22, 2, -14), "white": (90, 0, 2), "grey": (55, 0, 0)}
ONLY_LINT = RetouchParams(blemish=False, redness=False, shine=False, under_eye=False, teeth=False, eye_white=False)


def dressed(cloth="navy", weave=1.0):
    """A Lab picture whose lower part is a jacket with some weave, its labels and the face above it."""
    face = a_face(SIZE, 480, (0.5, 0.34))
    lab = np.empty((SIZE[1], SIZE[0], 3), np.float32)
    lab[:] = (70, 12, 14)
    lab[600:] = CLOTH[cloth]
    lab[600:, :, 0] += np.random.default_rng(2).normal(0, weave, (400, SIZE[0])).astype(np.float32)
    parsing = np.full((250, 200), 3, np.uint8)
    parsing[150:] = 4
    return lab, parsing, face


def cleaned(lab, parsing, face, strength=1.0):
    rgb = lab_to_rgb(lab)
    before = rgb.copy()
    told = retouch_sitter(rgb, face, parsing, ONLY_LINT, strength)
    return before, rgb, told


@pytest.mark.parametrize(("cloth", "offset"), [("navy", (45, 0, 8)), ("white", (-40, 0, 0)), ("grey", (28, 0, 0))])
def test_single_specks_go_and_the_record_says_so(cloth, offset):
    lab, parsing, face = dressed(cloth)
    clean = lab_to_rgb(lab)
    for at in ((200, 760), (560, 850)):
        dab(lab, at, 2.2, offset)
    before, after, told = cleaned(lab, parsing, face)
    assert [s.name for s in told.stages] == ["retouch.lint"] and told.stages[0].amounts["count"] == 2
    for x, y in ((200, 760), (560, 850)):
        spot = np.s_[y - 5 : y + 6, x - 5 : x + 6]
        assert np.abs(after[spot] - clean[spot]).max() < 0.25 * np.abs(before[spot] - clean[spot]).max()


def test_a_thread_goes_and_the_weave_under_it_stays():
    lab, parsing, face = dressed("navy", weave=1.5)
    line = np.zeros(lab.shape[:2], np.uint8)
    cv2.line(line, (380, 780), (398, 789), 255, 1, cv2.LINE_AA)
    lab[..., 0] += 40 * (line / 255).astype(np.float32)
    before, after, told = cleaned(lab, parsing, face)
    was, now = (cv2.cvtColor(p, cv2.COLOR_RGB2Lab)[..., 0] for p in (before, after))
    on, cloth = line > 200, now[700:740, 100:140]
    assert told is not None and was[on].mean() > 50 and now[on].mean() < 26
    assert now[on].std() > 0.4 * cloth.std()


def test_a_third_of_the_strength_takes_half_of_it_and_zero_is_untouched_to_the_bit():
    lab, parsing, face = dressed()
    dab(lab, (200, 760), 2.2, (45, 0, 0))
    before, untouched, told = cleaned(lab, parsing, face, 0.0)
    assert told is None and np.array_equal(before, untouched)
    _, whole, _ = cleaned(lab, parsing, face, 1.0)
    _, some, _ = cleaned(lab, parsing, face, 0.3)
    spot = np.s_[756:765, 196:205]
    assert np.allclose(some[spot] - before[spot], 0.51 * (whole[spot] - before[spot]), atol=0.004)


def pinstripes(lab):
    lab[600:, ::24, 0] += 25


def polka_dots(lab):
    for y in range(620, 1000, 28):
        for x in range(14 * ((y // 28) % 2), 800, 28):
            dab(lab, (x, y), 2.5, (45, 0, 0))


def wide_pin_dots(lab):
    for y in range(630, 1000, 44):
        for x in range(10, 800, 44):
            dab(lab, (x, y), 2, (45, 0, 0))


def shirt_buttons(lab):
    for y in range(660, 1000, 90):
        dab(lab, (400, y), 13, (35, 0, 0))
        for dx, dy in ((-3, -3), (3, -3), (-3, 3), (3, 3)):
            dab(lab, (400 + dx, y + dy), 1.2, (-30, 0, 0))


def lettering(lab):
    text = np.zeros(lab.shape[:2], np.uint8)
    cv2.putText(text, "i. j: team", (480, 760), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 255, 2, cv2.LINE_AA)
    lab[..., 0] += 40 * (text / 255).astype(np.float32)


def tweed(lab):
    rng = np.random.default_rng(4)
    for x, y in rng.uniform((0, 610), (800, 1000), (600, 2)):
        dab(lab, (x, y), 1.5, (rng.uniform(-25, 35), 0, 0))


def a_brooch(lab):
    dab(lab, (260, 720), 10, (50, 4, 30))


@pytest.mark.parametrize(
    "pattern",
    [pinstripes, polka_dots, wide_pin_dots, shirt_buttons, lettering, tweed, a_brooch],
    ids=lambda p: p.__name__,
)
def test_what_belongs_to_the_cloth_stays_to_the_bit(pattern):
    lab, parsing, face = dressed()
    pattern(lab)
    before, after, told = cleaned(lab, parsing, face)
    assert told is None and np.array_equal(before, after)


def test_specks_on_skin_and_without_a_parsing_are_not_lint():
    lab, parsing, face = dressed()
    dab(lab, (400, 570), 2.2, (-30, 0, 0))
    before, after, told = cleaned(lab, parsing, face)
    assert told is None and np.array_equal(before, after)
    dab(lab, (200, 760), 2.2, (45, 0, 0))
    assert cleaned(lab, None, face)[2] is None
