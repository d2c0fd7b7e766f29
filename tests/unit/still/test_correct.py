"""Corrections are measured, capped, and blind to how bright or dark a face is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from finish_fakes import SKINS, as_u8, painted_face

from booth.config.params.finish import CorrectParams
from booth.core.landmarks import EYES
from booth.still.correct import (
    Correction,
    correction_table,
    denoise,
    measure_correction,
    noise_sigma,
)
from booth.still.sharpen import capture_amount, sharpen_capture, sharpen_output, to_eight_bit

PARAMS = CorrectParams()


def a_room(skin="medium", light=1.0, cast=(1.0, 1.0, 1.0), wall=True):
    """A sitter with eye whites before a grey wall, under light of some strength and colour."""
    lab, alpha, face = painted_face(skin)
    points = face.points_px(1200, 1500)
    for ring in EYES:
        mask = np.zeros(lab.shape[:2], np.uint8)
        cv2.fillPoly(mask, [np.round(points[list(ring)]).astype(np.int32)], 1)
        lab[mask > 0] = (76, 0, 0)
    if not wall:
        lab[alpha < 0.5] = (40, 30, -50)
    linear = (as_u8(lab) / 255.0) ** 2.2 * np.array(cast) * light
    return (np.clip(linear, 0, 1) ** (1 / 2.2) * 255 + 0.5).astype(np.uint8), alpha, face


def test_a_good_exposure_is_left_alone_code_for_code():
    correction = measure_correction(*a_room(), PARAMS)
    assert correction.is_nothing
    codes = correction_table(correction)
    assert np.array_equal(np.round(codes * 255), np.arange(256)[:, None].repeat(3, 1))


@pytest.mark.parametrize("cast", [(1.03, 1, 0.97), (0.97, 1, 1.03)])
def test_a_small_cast_that_wall_and_eyes_agree_on_is_taken_out(cast):
    rgb, alpha, face = a_room(cast=cast)
    red, green, blue = measure_correction(rgb, alpha, face, PARAMS).gains
    assert red / green == pytest.approx(1 / cast[0], abs=0.012) and blue / green == pytest.approx(
        1 / cast[2], abs=0.012
    )


def test_a_strong_cast_is_only_taken_out_to_the_cap():
    red, green, blue = measure_correction(*a_room(cast=(1.15, 1, 0.87)), PARAMS).gains
    assert red / green >= 1 / 1.045 and blue / green <= 1.045 and red / green < 0.97


def test_a_coloured_wall_is_no_evidence_of_a_cast():
    red, green, blue = measure_correction(*a_room(wall=False), PARAMS).gains
    assert abs(red / green - 1) < 0.01 and abs(blue / green - 1) < 0.01


def test_a_dark_exposure_is_lifted_within_the_cap():
    dim = measure_correction(*a_room(light=0.5), PARAMS)
    assert 0.1 < dim.exposure_stops <= PARAMS.exposure_max_stops
    assert measure_correction(*a_room(light=0.1), PARAMS).exposure_stops == PARAMS.exposure_max_stops


@pytest.mark.parametrize("light", [1.0, 0.6, 0.35])
def test_the_same_room_gets_the_same_correction_whoever_sits_in_it(light):
    """The same wall, eyes and lamp with four skins: no correction may follow the skin."""
    found = [measure_correction(*a_room(skin, light), PARAMS) for skin in SKINS]
    assert np.ptp([c.exposure_stops for c in found]) < 0.02
    assert np.ptp([c.gains for c in found], axis=0).max() < 0.01


@pytest.mark.long
@pytest.mark.shared
@pytest.mark.model
def test_over_real_portraits_the_correction_does_not_follow_the_skin(shared):
    from booth.perception.face_tracker import FaceTracker

    tones, stops, red = [], [], []
    with FaceTracker(video=False) as tracker:
        for path in sorted((shared / "media/stills").glob("london_*_neutral.jpg")):
            rgb = np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])
            if not (shared / "media/groundtruth" / f"{path.stem}_trimap.png").is_file():
                continue  # only some of the photographs have a ground truth
            trimap = cv2.imread(str(shared / "media/groundtruth" / f"{path.stem}_trimap.png"), 0)
            alpha = cv2.resize(trimap, rgb.shape[1::-1]).astype(np.float32) / 255
            face = tracker.find(rgb)[0]
            points = face.points_px(*rgb.shape[1::-1])[[50, 280, 205, 425]].astype(int)
            lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab)
            tones.append(np.median([lab[y - 15 : y + 15, x - 15 : x + 15, 0] for x, y in points]) / 2.55)
            correction = measure_correction(rgb, alpha, face, PARAMS)
            stops.append(correction.exposure_stops)
            red.append(correction.gains[0] / correction.gains[2])
    for what, least in ((stops, 0.03), (red, 0.01)):
        slope = np.polyfit(tones, what, 1)[0] * np.ptp(tones)  # from the darkest to the lightest sitter
        assert abs(slope) < least


def test_noise_is_measured_where_the_picture_is_quiet():
    rng = np.random.default_rng(0)
    smooth = np.full((600, 800, 3), 128, np.float32)
    smooth[200:400, 200:600] += 60 * (np.indices((200, 400)).sum(0) % 2)[..., None]  # busy cloth
    for sigma in (0, 3, 8):
        noisy = np.clip(smooth + rng.normal(0, sigma, smooth.shape), 0, 255).astype(np.uint8)
        assert noise_sigma(noisy) == pytest.approx(sigma, abs=0.6)


def test_noise_is_lowered_and_an_edge_kept():
    rng = np.random.default_rng(0)
    clean = np.full((1100, 300, 3), 0.3, np.float32)
    clean[:, 150:] = 0.7
    noisy = np.clip(clean + rng.normal(0, 6 / 255, clean.shape), 0, 1).astype(np.float32)
    quiet = noisy.copy()
    assert denoise(quiet, 6.0, PARAMS) == PARAMS.denoise
    flat = np.s_[:, 20:130]
    assert np.std(quiet[flat] - clean[flat]) < 0.75 * np.std(noisy[flat] - clean[flat])
    assert np.abs(quiet[:, 150].mean() - quiet[:, 149].mean()) > 0.3
    seam = np.abs(np.diff(quiet[500:524, 20:130].mean((1, 2))))
    assert seam.max() < 4 * np.median(seam) + 2e-3  # bands meet without a line


def test_a_clean_picture_is_not_denoised():
    rgb = np.random.default_rng(0).random((64, 64, 3)).astype(np.float32)
    kept = rgb.copy()
    assert denoise(rgb, 0.8, PARAMS) == 0 and np.array_equal(rgb, kept)


def test_capture_sharpening_touches_eyes_and_hair_only():
    lab, alpha, face = painted_face("light")
    rgb = as_u8(lab).astype(np.float32) / 255
    before = rgb.copy()
    points = face.points_px(1200, 1500)
    top = int(points[:, 1].min())
    parsing = np.zeros((150, 120), np.uint8)
    parsing[top // 10 - 12 : top // 10 - 3] = 1
    sharpen_capture(rgb, face, parsing, alpha, 0.5)
    changed = np.abs(rgb - before).max(2)
    cheek = points[205].astype(int)
    assert changed[top - 80 : top - 50, 500:700].mean() > 1e-3
    assert changed[cheek[1] - 20 : cheek[1] + 20, cheek[0] - 20 : cheek[0] + 20].max() == 0
    assert changed[:, :60].max() == 0


def test_output_sharpening_has_no_seams_and_grows_with_shrinking():
    rgb = np.random.default_rng(0).random((1100, 64, 3)).astype(np.float32)
    whole, little = rgb.copy(), rgb.copy()
    assert sharpen_output(whole, 0.4, 0.3) > sharpen_output(little, 1.0, 0.3) > 0
    part = rgb[400:700].copy()
    sharpen_output(part, 0.4, 0.3)
    assert np.abs(part[50:-50] - whole[450:650]).max() < 1e-6


def test_noisy_pictures_are_sharpened_less():
    assert (
        capture_amount(PARAMS, 0)
        == capture_amount(PARAMS, 2)
        > capture_amount(PARAMS, 5)
        > capture_amount(PARAMS, 9)
        == 0
    )


def test_eight_bits_keep_every_code_and_dither_what_lies_between():
    codes = np.arange(256, dtype=np.float32)[None, :, None].repeat(3, 2).repeat(300, 0) / 255
    assert np.array_equal(to_eight_bit(codes), np.arange(256)[None, :, None].repeat(3, 2).repeat(300, 0))
    between = np.full((256, 256, 3), 100.3 / 255, np.float32)
    out = to_eight_bit(between)
    assert set(np.unique(out)) == {100, 101} and out.mean() == pytest.approx(100.3, abs=0.03)


def test_a_correction_is_applied_in_linear_light():
    lifted = correction_table(Correction(exposure_stops=0.33))
    assert lifted[128, 0] == pytest.approx(((128 / 255) ** 2.2 * 2**0.33) ** (1 / 2.2), abs=0.01)
