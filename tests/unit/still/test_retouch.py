"""A pimple goes, a mole stays: at full strength, on every skin, without moving or smoothing anything."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from finish_fakes import SKINS, contrast, dab, lab_to_rgb, painted_face

from booth.config.params.finish import RetouchParams
from booth.still.authenticity import UNTOUCHED, authenticity
from booth.still.retouch import retouch_face
from booth.still.retouch.regions import face_map

SIZE = (660, 800)
LOOSE = RetouchParams(max_changed_frac=0.5, max_mean_change=3, min_texture_kept=0.8)
CHEEKS = (205, 425, 50, 280, 151, 9, 199)  # cheeks, forehead, chin: landmarks with bare skin around them
# offsets in L*, a*, b* as such spots have on light skin; darker skin darkens less
MOLES = {"black mole": (-30, 2, -4), "brown mole": (-18, 4, 4), "soft mole": (-9, 3, 3)}
FRECKLES = {"strong": (-7, 3.5, 6), "pale": (-4, 2.0, 3.5)}
PIMPLES = {"fresh": (-2, 9, 1), "fading": (-1, 5, 0.5)}


def retouched(lab, face, strength=1.0, params=LOOSE):
    rgb = lab_to_rgb(lab)
    before = cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab)
    told = retouch_face(rgb, face, None, params, strength)
    return before, cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab), told


def spots_on(face, radius_px):
    points = face.points_px(*SIZE)
    return [points[i] for i in CHEEKS], radius_px


def kept(before, after, at, radius):
    first, then = contrast(before, at, radius), contrast(after, at, radius)
    return float(np.dot(first, then) / np.dot(first, first))


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("mole", MOLES)
@pytest.mark.parametrize("radius_px", [5, 9])
def test_moles_survive_full_strength_on_every_skin(skin, mole, radius_px):
    lab, _, face = painted_face(skin, SIZE)
    depth = SKINS[skin][0] / 78
    places, radius = spots_on(face, radius_px)
    for at in places:
        dab(lab, at, radius, np.array(MOLES[mole]) * depth)
    before, after, _ = retouched(lab, face)
    assert min(kept(before, after, at, radius) for at in places) >= 0.95


@pytest.mark.parametrize("skin", ["light", "medium"])
@pytest.mark.parametrize("freckle", FRECKLES)
def test_freckles_survive_full_strength(skin, freckle):
    lab, _, face = painted_face(skin, SIZE)
    points = face.points_px(*SIZE)
    rng = np.random.default_rng(5)
    places = [points[i] + rng.uniform(-35, 35, 2) for i in (205, 425, 50, 280) for _ in range(12)]
    for at in places:
        dab(lab, at, 4, FRECKLES[freckle])
    before, after, _ = retouched(lab, face)
    share = [kept(before, after, at, 4) for at in places]
    assert np.median(share) >= 0.95 and np.percentile(share, 10) >= 0.9


@pytest.mark.parametrize("offset", [(7, -3, -3), (4, 3, -2), (-5, 3, 2)])
def test_scars_survive_full_strength(offset):
    lab, _, face = painted_face("light", SIZE)
    start, end = face.points_px(*SIZE)[[425, 411]]
    line = np.zeros(lab.shape[:2], np.uint8)
    cv2.line(line, tuple(int(v) for v in start), tuple(int(v) for v in start + (70, 45)), 255, 7, cv2.LINE_AA)
    lab += (line / 255)[..., None].astype(np.float32) * np.array(offset, np.float32)
    before, after, _ = retouched(lab, face)
    on, beside = line > 200, (cv2.dilate(line, np.ones((31, 31))) > 0) & (cv2.dilate(line, np.ones((15, 15))) == 0)
    first, then = (p[on].mean(0) - p[beside].mean(0) for p in (before, after))
    assert np.dot(first, then) / np.dot(first, first) >= 0.95


@pytest.mark.parametrize("skin", ["light", "medium", "brown"])
@pytest.mark.parametrize("pimple", PIMPLES)
def test_pimples_fade_with_strength(skin, pimple):
    lab, _, face = painted_face(skin, SIZE)
    places, radius = spots_on(face, 9)
    for at in places:
        dab(lab, at, radius, PIMPLES[pimple], edge_px=5)
    left = []
    for strength in (0.3, 1.0):
        before, after, told = retouched(lab, face, strength)
        assert any(stage.name == "retouch.blemish" for stage in told.stages)
        left.append(np.median([kept(before, after, at, radius) for at in places]))
    assert left[0] < 0.75 and left[1] < 0.35 and left[1] < left[0]


def test_pores_stay_inside_a_faded_pimple():
    lab, _, face = painted_face("light", SIZE, pores=2.0)
    places, radius = spots_on(face, 12)
    for at in places:
        dab(lab, at, radius, PIMPLES["fresh"], edge_px=6)
    before, after, _ = retouched(lab, face)
    x, y = (int(v) for v in places[0])
    fine_before, fine_after = (
        p[y - 8 : y + 8, x - 8 : x + 8, 0] - cv2.GaussianBlur(p[..., 0], (0, 0), 3)[y - 8 : y + 8, x - 8 : x + 8]
        for p in (before, after)
    )
    assert fine_after.std() / fine_before.std() > 0.9


@pytest.mark.parametrize("skin", SKINS)
def test_the_skins_own_tone_does_not_move(skin):
    lab, _, face = painted_face(skin, SIZE)
    for at in face.points_px(*SIZE)[[205, 425]]:
        dab(lab, at, 45, (0, 5, 0), edge_px=40)  # flushed cheeks
    before, after, _ = retouched(lab, face)
    skin_mask = cv2.resize(face_map(face, SIZE, None).skin, (8, 8)).max() > 0
    hull = np.zeros(lab.shape[:2], np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(face.points_px(*SIZE).astype(np.int32)), 1)
    assert skin_mask
    assert np.abs(np.median(after[hull > 0], axis=0) - np.median(before[hull > 0], axis=0)).max() < 0.3


def test_flushed_cheeks_are_calmed_but_not_erased():
    lab, _, face = painted_face("light", SIZE)
    cheek = face.points_px(*SIZE)[205]
    dab(lab, cheek, 50, (0, 9, 0), edge_px=40)
    before, after, told = retouched(lab, face)
    left = kept(before, after, cheek, 40)
    assert 0.3 < left < 0.85 and any(s.name == "retouch.redness" for s in told.stages)


def test_shine_is_lowered_and_never_turned_grey():
    lab, _, face = painted_face("brown", SIZE)
    forehead = face.points_px(*SIZE)[151]
    dab(lab, forehead, 28, (24, -8, -12), edge_px=24)
    before, after, _ = retouched(lab, face)
    first, then = contrast(before, forehead, 26), contrast(after, forehead, 26)
    assert 0.4 * first[0] < then[0] < 0.85 * first[0]
    assert np.hypot(*then[1:]) < np.hypot(*first[1:])


def test_bags_are_at_most_halved():
    lab, _, face = painted_face("light", SIZE)
    points = face.points_px(*SIZE)
    shade = np.zeros(lab.shape[:2], np.float32)
    for fold, rim in ((23, 230), (253, 450)):
        middle = (points[fold] + points[rim]) / 2
        cv2.ellipse(shade, tuple(int(v) for v in middle), (42, 14), 0, 0, 360, 1.0, -1)
    shade = cv2.GaussianBlur(shade, (0, 0), 5)
    lab[..., 0] -= 10 * shade
    before, after, _ = retouched(lab, face)
    lifted = (after[..., 0] - before[..., 0])[shade > 0.8].mean()
    assert 1 < lifted <= 5.0


def test_zero_strength_is_bit_for_bit_untouched():
    lab, _, face = painted_face("light", SIZE)
    dab(lab, face.points_px(*SIZE)[205], 9, PIMPLES["fresh"])
    rgb = lab_to_rgb(lab)
    same = rgb.copy()
    assert retouch_face(rgb, face, None, LOOSE, 0.0) is None
    assert np.array_equal(rgb, same)


def test_outside_of_the_face_nothing_changes():
    lab, _, face = painted_face("light", SIZE)
    dab(lab, face.points_px(*SIZE)[205], 9, PIMPLES["fresh"])
    dab(lab, (25, 25), 9, PIMPLES["fresh"])
    rgb = lab_to_rgb(lab)
    before = rgb.copy()
    retouch_face(rgb, face, None, LOOSE, 1.0)
    changed = np.abs(rgb - before).max(2) > 1e-6
    hull = np.zeros(changed.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(face.points_px(*SIZE).astype(np.int32)), 1)
    assert changed.any() and not changed[cv2.dilate(hull, np.ones((25, 25))) == 0].any()


def test_a_part_turned_off_is_left_alone():
    lab, _, face = painted_face("light", SIZE)
    dab(lab, face.points_px(*SIZE)[205], 9, PIMPLES["fresh"], edge_px=5)
    _, _, told = retouched(lab, face, params=RetouchParams(blemish=False))
    assert told is None or all(s.name != "retouch.blemish" for s in told.stages)


def heavy_face():
    lab, _, face = painted_face("light", SIZE)
    rng = np.random.default_rng(1)
    points = face.points_px(*SIZE)
    for index in rng.choice([205, 425, 50, 280, 151, 9, 199, 101, 330, 187, 411, 108, 337], 60):
        dab(lab, points[index] + rng.uniform(-30, 30, 2), 8, PIMPLES["fresh"], edge_px=5)
    return lab, face


def test_the_limit_holds_the_strength_back_and_says_so():
    lab, face = heavy_face()
    strict = RetouchParams(max_changed_frac=0.02, max_mean_change=0.3)
    _, _, told = retouched(lab, face, 1.0, strict)
    assert told.strength < 1.0 and told.authenticity.over(strict) <= 1
    assert told.stages[-1].name == "retouch.held_back"


def test_a_limit_of_nothing_leaves_the_face_untouched():
    lab, face = heavy_face()
    rgb = lab_to_rgb(lab)
    before = rgb.copy()
    told = retouch_face(rgb, face, None, RetouchParams(max_changed_frac=0, max_mean_change=0), 1.0)
    assert np.array_equal(rgb, before) and told.strength == 0 and told.authenticity == UNTOUCHED


def test_the_figure_sees_smoothing_and_recolouring():
    lab, _, face = painted_face("light", SIZE, pores=2.0)
    rgb = lab_to_rgb(lab)
    inside = np.ones(rgb.shape[:2], bool)
    smooth = cv2.GaussianBlur(rgb, (0, 0), 4)
    assert authenticity(rgb, smooth, inside, 600).texture_kept < 0.5
    lab[..., 0] += 4
    lighter = authenticity(rgb, lab_to_rgb(lab), inside, 600)
    assert lighter.changed_frac > 0.9 and lighter.mean_change == pytest.approx(4, abs=0.3)
    assert authenticity(rgb, rgb.copy(), inside, 600) == UNTOUCHED
