"""A small reflection on glasses goes; a fold, a scar, a lash, a beard and an eye are the person's own."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from finish_fakes import SKINS, dab, lab_to_rgb, painted_face

from booth.config.params.finish import RetouchParams
from booth.still.retouch import retouch_sitter

SIZE = (760, 920)
FACE_PX = 640
ONLY_SMALL = RetouchParams(
    blemish=False, redness=False, shine=False, under_eye=False, teeth=False, eye_white=False, max_changed_frac=0.5
)
HAIRS = {"black": (12, 1, 1), "brown": (26, 7, 10)}
FOREHEAD, TEMPLE, LEFT_CHEEK, RIGHT_CHEEK = 151, 54, 425, 205


def sitter(skin="light", hair="black", **more):
    """A painted face with hair above its forehead; Lab picture, labels and face."""
    lab, alpha, face = painted_face(skin, SIZE, FACE_PX, **more)
    points = face.points_px(*SIZE)
    parsing = np.where(alpha > 0.5, 3, 0).astype(np.uint8)
    line = int(points[10][1] + 0.012 * FACE_PX)
    parsing[:line][parsing[:line] == 3] = 1
    lab[parsing == 1] = HAIRS[hair]
    return lab, parsing, face, line


def strand(lab, points, colour, thick=2):
    """Paint a curved line of one colour, as thick as a hair."""
    return strands(lab, [points], colour, thick)


def strands(lab, lines, colour, thick=2):
    """Paint many such lines at once."""
    mask = np.zeros(lab.shape[:2], np.uint8)
    for points in lines:
        cv2.polylines(mask, [np.round(np.array(points) * 8).astype(np.int32)], False, 255, thick, cv2.LINE_AA, 3)
    share = cv2.GaussianBlur(mask.astype(np.float32) / 255, (0, 0), 0.6)[..., None]
    lab[:] = lab * (1 - share) + np.array(colour, np.float32) * share
    return mask > 128


def retouched(lab, parsing, face, strength=1.0, params=ONLY_SMALL):
    rgb = lab_to_rgb(lab)
    before = rgb.copy()
    told = retouch_sitter(rgb, face, parsing, params, strength)
    return before, rgb, told


def names(told):
    return [] if told is None else [s.name for s in told.stages]


def soft_line(lab, points, offset, sigma, thick=3):
    mask = np.zeros(lab.shape[:2], np.uint8)
    cv2.polylines(mask, [np.round(np.array(points)).astype(np.int32)], False, 255, thick, cv2.LINE_AA)
    share = cv2.GaussianBlur(mask.astype(np.float32) / 255, (0, 0), sigma)
    lab += (share / max(share.max(), 1e-3))[..., None] * np.array(offset, np.float32)


def wrinkles(lab, face, top):
    points = face.points_px(*SIZE)
    for dy in (-30, -12, 8):
        x, y = points[FOREHEAD]
        soft_line(lab, [(x - 110, y + dy - 8), (x, y + dy), (x + 110, y + dy - 8)], (-9, 2, 2), 3)


def a_fold_from_the_hairline(lab, face, top):
    x, y = face.points_px(*SIZE)[FOREHEAD]
    soft_line(lab, [(x - 50, top - 5), (x - 46, y + 12)], (-12, 3, 3), 3)


def a_scar(lab, face, top):
    x, y = face.points_px(*SIZE)[FOREHEAD]
    strand(lab, [(x - 60, y - 25), (x + 10, y + 10)], (86, 8, 10), 3)


def a_red_scar_from_the_hairline(lab, face, top):
    x, y = face.points_px(*SIZE)[FOREHEAD]
    strand(lab, [(x - 40, top - 6), (x - 28, y + 12)], (62, 30, 18), 3)


def a_dark_scratch_on_the_cheek(lab, face, top):
    x, y = face.points_px(*SIZE)[LEFT_CHEEK]
    strand(lab, [(x - 30, y), (x + 40, y + 20)], (40, 20, 14), 2)


def lashes_and_brows(lab, face, top):
    points = face.points_px(*SIZE)
    for index in (159, 158, 160, 386, 385, 387):
        x, y = points[index]
        strand(lab, [(x, y), (x - 6, y - 16)], (12, 1, 1), 2)
    for index in (105, 66, 334, 296):
        x, y = points[index]
        for dx in range(-24, 24, 5):
            strand(lab, [(x + dx, y + 6), (x + dx + 8, y - 10)], (14, 1, 1), 2)


def a_beard(lab, face, top):
    rng = np.random.default_rng(6)
    jaw = face.points_px(*SIZE)[[199, 175, 32, 262, 208, 428, 171, 396]]
    roots = np.concatenate([p + rng.uniform(-30, 30, (60, 2)) for p in jaw])
    hairs = [[(x, y), (x + rng.uniform(-8, 8), y + rng.uniform(8, 30))] for x, y in roots]
    strands(lab, hairs, (15, 1, 1), 2)


def a_fringe(lab, face, top):
    x, y = face.points_px(*SIZE)[FOREHEAD]
    strands(lab, [[(x + dx, top - 8), (x + dx + 6, y + 10)] for dx in range(-90, 90, 9)], (14, 1, 1), 2)


def a_nose_stud_and_a_ring(lab, face, top):
    points = face.points_px(*SIZE)
    dab(lab, points[48], 4, (18, -12, -14))
    cv2.ellipse(lab, tuple(int(v) for v in points[278]), (9, 12), 0, 0, 360, (85.0, 0.0, 2.0), 2, cv2.LINE_AA)


KEPT = (
    wrinkles, a_fold_from_the_hairline, a_scar, a_red_scar_from_the_hairline, a_dark_scratch_on_the_cheek,
    lashes_and_brows, a_beard, a_fringe, a_nose_stud_and_a_ring,
)  # fmt: skip


@pytest.mark.parametrize("mark", KEPT, ids=lambda m: m.__name__)
@pytest.mark.parametrize("skin", ["light", "brown"])
def test_what_is_the_persons_own_stays_to_the_bit(mark, skin):
    lab, parsing, face, top = sitter(skin)
    if skin == "brown" and mark in (a_scar, a_red_scar_from_the_hairline):
        lab[parsing == 3] = np.clip(lab[parsing == 3], (0, -99, -99), (60, 99, 99))
    mark(lab, face, top)
    before, after, told = retouched(lab, parsing, face)
    assert names(told) == [] and np.array_equal(before, after)


@pytest.mark.parametrize("skin", SKINS)
def test_a_bare_painted_face_is_left_as_it_is(skin):
    lab, parsing, face, _ = sitter(skin)
    assert retouched(lab, parsing, face)[2] is None


def with_glasses(skin="medium"):
    lab, parsing, face, _ = sitter(skin)
    points = face.points_px(*SIZE)
    frames = np.zeros(parsing.shape, np.uint8)
    for ring in ((33, 133, 159, 145), (362, 263, 386, 374)):
        middle = points[list(ring)].mean(0)
        cv2.ellipse(frames, tuple(int(v) for v in middle), (72, 50), 0, 0, 360, 5, 6)
    parsing[frames == 5] = 5
    lab[frames == 5] = (15, 0, 0)
    return lab, parsing, face, points


def test_a_small_reflection_beside_the_eye_is_softened():
    lab, parsing, face, points = with_glasses()
    clean = lab_to_rgb(lab)
    at = points[145] + (0, 22)
    dab(lab, at, 5, (60, -16, -22))
    before, after, told = retouched(lab, parsing, face)
    spot = np.s_[int(at[1]) - 4 : int(at[1]) + 5, int(at[0]) - 4 : int(at[0]) + 5]
    assert names(told) == ["retouch.glare"]
    assert np.abs(after - clean)[spot].mean() < 0.3 * np.abs(before - clean)[spot].mean()


def test_a_reflection_across_the_eye_stays_and_is_named():
    lab, parsing, face, points = with_glasses()
    dab(lab, (points[145] + points[159]) / 2 + (14, 10), 24, (60, -16, -22))
    before, after, told = retouched(lab, parsing, face)
    assert names(told) == ["retouch.glare_left"] and np.array_equal(before, after)


def test_catchlights_and_shine_without_glasses_stay():
    lab, parsing, face, points = with_glasses()
    dab(lab, points[468], 3, (60, -16, -22))
    before, after, told = retouched(lab, parsing, face)
    assert told is None and np.array_equal(before, after)
    lab, parsing, face, _ = sitter("medium")
    dab(lab, face.points_px(*SIZE)[145] + (0, 22), 5, (60, -16, -22))
    before, after, told = retouched(lab, parsing, face)
    assert told is None and np.array_equal(before, after)
