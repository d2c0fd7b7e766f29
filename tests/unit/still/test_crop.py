"""One brand, many faces: the same eye line and head height, hair and chin whole, at the size asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from finish_fakes import a_face, painted_face

from booth.config.params.finish import BrandParams, CorrectParams
from booth.core.faults import Fault
from booth.still.crop import CROPS, crop_spec, geometry_of, plan_crop, tilt_to_undo
from booth.still.cut import TIGHTER_MAX_FRAC
from booth.still.size import Sizing
from booth.still.warp import warp_alpha, warp_face, warp_labels, warp_rgb

BRAND, CORRECT = BrandParams(), CorrectParams()
SIZE = (1200, 1500)


def a_matte(size=SIZE, hair_top=250, left=300, right=900) -> np.ndarray:
    alpha = np.zeros(size[::-1], np.float32)
    alpha[hair_top:, left:right] = 1
    return alpha


def planned(face, alpha, name="headshot", size=SIZE, **options):
    return plan_crop(geometry_of(face, size), crop_spec(name, BRAND), alpha, CORRECT, **options)


@pytest.mark.parametrize("face_h_px", [380, 430, 480])
@pytest.mark.parametrize("centre", [(0.5, 0.5), (0.46, 0.47), (0.55, 0.55)])
@pytest.mark.parametrize("roll_deg", [0, 2.5, -3.5])
def test_every_colleague_gets_the_same_eye_line_and_head_height(face_h_px, centre, roll_deg):
    face = a_face(SIZE, face_h_px, centre, roll_deg)
    plan = planned(face, a_matte(hair_top=420), may_extend=True)
    cut = warp_face(face, SIZE, plan)
    points = cut.points_px(*plan.size_px)
    eyes = points[[33, 133, 362, 263]].mean(0)
    assert eyes[1] / plan.size_px[1] == pytest.approx(BRAND.eye_line_frac, abs=0.002)
    assert cut.box.y1 - cut.box.y0 == pytest.approx(BRAND.head_height_frac, abs=0.004)
    line = points[[362, 263]].mean(0) - points[[33, 133]].mean(0)
    assert abs(np.degrees(np.arctan2(line[1], line[0]))) < 0.3
    assert plan.size_px[0] / plan.size_px[1] == pytest.approx(0.8, abs=0.002)


def test_levelling_has_a_floor_and_a_cap():
    assert tilt_to_undo(0.2, CORRECT) == 0
    assert tilt_to_undo(-1.5, CORRECT) == -1.5
    assert tilt_to_undo(9, CORRECT) == 4


def test_counter_clockwise_heads_are_turned_clockwise():
    leaning = a_face(SIZE, 420, roll_deg=3)
    plan = planned(leaning, a_matte(hair_top=420))
    assert plan.levelled_deg == pytest.approx(3, abs=0.1)
    assert warp_face(leaning, SIZE, plan).pose.roll_deg == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("name", [n for n in CROPS if n not in ("full", "banner")])
def test_no_crop_cuts_hair_or_chin(name):
    face = a_face(SIZE, 400, (0.5, 0.55))
    alpha = a_matte(hair_top=300)  # hair stands 1.3 face heights above the eyes
    plan = planned(face, alpha, name)
    top = plan.apply(np.array([[600.0, 300.0]]))[0, 1]
    chin = plan.apply(face.points_px(*SIZE))[:, 1].max()
    assert top >= -1 and chin <= plan.size_px[1]


@pytest.mark.parametrize("may_extend", [True, False])
def test_a_banner_of_an_upright_picture_holds_the_head_and_says_what_it_took(may_extend):
    face = a_face(SIZE, 400, (0.5, 0.55))
    plan = planned(face, a_matte(hair_top=300, left=0, right=1200), "banner", may_extend=may_extend)
    top = plan.apply(np.array([[600.0, 300.0]]))[0, 1]
    assert top >= -1 and plan.apply(face.points_px(*SIZE))[:, 1].max() <= plan.size_px[1]
    assert any("holds the whole head" in note for note in plan.notes)


def test_a_cut_is_extended_down_to_where_the_shoulders_reach_the_side():
    alpha = a_matte(hair_top=420, left=350, right=850)
    alpha[1100:, :] = 1
    plan = planned(a_face(SIZE, 420), alpha, "square", may_extend=True)
    low = plan.undo(np.array([[0.0, plan.size_px[1] - 1]]))[0, 1]
    assert plan.fit.zoom == pytest.approx(1) and low < 1101 or plan.needs_canvas[0] < 0.5


def test_a_turned_head_gets_room_to_look_into():
    face = a_face(SIZE, 420)
    ahead, turned = (
        planned(replace(face, pose=replace(face.pose, yaw_deg=yaw)), a_matte(hair_top=420)) for yaw in (0, 25)
    )
    eye_x = [plan.apply(face.points_px(*SIZE)).mean(0)[0] / plan.size_px[0] for plan in (ahead, turned)]
    assert eye_x[1] < eye_x[0] - 0.03  # the nose points right: the room is on the right


@pytest.mark.parametrize(("eyes_deg", "least", "most"), [(5, -0.002, 0.002), (-5, -0.002, 0.002), (20, -0.03, -0.015),
                                                         (-20, 0.015, 0.03), (80, -0.051, -0.049)])  # fmt: skip
def test_eyes_that_look_aside_get_room_too_and_never_too_much(eyes_deg, least, most):
    ahead = replace(geometry_of(a_face(SIZE, 420), SIZE), gaze_deg=0.0)
    at = [
        plan_crop(replace(ahead, gaze_deg=gaze), crop_spec("headshot", BRAND), a_matte(hair_top=420), CORRECT)
        for gaze in (0.0, eyes_deg)
    ]
    eye_x = [plan.apply(np.array([ahead.eyes_px]))[0, 0] / plan.size_px[0] for plan in at]
    assert least <= eye_x[1] - eye_x[0] <= most


def test_gaze_is_read_from_the_irises_and_only_where_they_are_large_enough():
    face = a_face(SIZE, 420)
    landmarks = face.landmarks.copy()
    landmarks[468:, 0] += 6 / SIZE[0]
    aside = replace(face, landmarks=landmarks)
    assert geometry_of(aside, SIZE).gaze_deg > geometry_of(face, SIZE).gaze_deg + 8
    small = SIZE[0] // 8, SIZE[1] // 8
    assert geometry_of(aside, small).gaze_deg == 0


@pytest.mark.parametrize(("high_px", "undone_deg"), [(1140, 4), (1180, 2), (1220, 0)])
def test_a_picture_is_left_leaning_rather_than_cut_tighter_than_asked(high_px, undone_deg):
    alpha = a_matte(hair_top=200)
    alpha[900:] = 1  # shoulders that reach both sides: the crop has to stay inside 1200 px
    spec = replace(crop_spec("square", BRAND), head_height_frac=500 / high_px)
    face = geometry_of(a_face(SIZE, 500, (0.5, 0.47), roll_deg=4), SIZE)
    plan = plan_crop(face, spec, alpha, CORRECT, may_extend=True)
    assert plan.levelled_deg == pytest.approx(undone_deg, abs=0.1)
    assert plan.fit.tighter_frac <= TIGHTER_MAX_FRAC + 1e-6


@pytest.mark.parametrize("name", [n for n in CROPS if n not in ("banner", "linkedin")])  # wider than this photograph
def test_without_leave_to_extend_a_crop_stays_inside(name):
    plan = planned(a_face(SIZE, 500, (0.35, 0.4), roll_deg=2), a_matte(hair_top=200, left=0), name)
    corners = np.array([[0, 0], [1, 0], [0, 1], [1, 1]]) * (np.array(plan.size_px) - 1)
    source = plan.undo(corners.astype(float))
    assert plan.stays_inside
    assert source.min() > -1 and source[:, 0].max() < SIZE[0] and source[:, 1].max() < SIZE[1]


def test_a_replaced_backdrop_may_be_extended_but_never_below_the_shoulders():
    face = a_face(SIZE, 520, (0.5, 0.32))
    inside = planned(face, a_matte(hair_top=60))
    wider = planned(face, a_matte(hair_top=60), may_extend=True)
    assert inside.stays_inside and not wider.stays_inside and wider.needs_canvas[1] > 1
    low = planned(a_face(SIZE, 520, (0.5, 0.75)), a_matte(hair_top=400), may_extend=True)
    assert low.undo(np.array([[0.0, low.size_px[1] - 1]]))[0, 1] < SIZE[1]


def test_a_sitter_at_the_edge_keeps_that_edge():
    face = a_face(SIZE, 520, (0.5, 0.32))
    cut_hair = a_matte(hair_top=0)
    assert planned(face, cut_hair, may_extend=True).needs_canvas[1] == 0


@pytest.mark.parametrize(("across_px", "is_open"), [(50, True), (110, False)])
def test_a_tip_of_hair_at_the_top_does_not_tie_the_cut_and_a_cut_head_does(across_px, is_open):
    """A round head, 420 px across, of which the picture's top cuts off a cap so wide."""
    face, alpha = a_face(SIZE, 520, (0.5, 0.32)), a_matte(hair_top=500)
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    centre = np.sqrt(210**2 - (across_px / 2) ** 2)
    alpha[(x - 600) ** 2 + (y - centre) ** 2 < 210**2] = 1
    plan = planned(face, alpha, may_extend=True)
    assert (plan.needs_canvas[1] > 1) == is_open
    assert plan.apply(np.array([[600.0, 0.0]]))[0, 1] >= -1


def test_a_wisp_of_hair_at_the_edge_neither_stops_the_backdrop_nor_leaves_a_streak():
    face = a_face(SIZE, 520, (0.5, 0.32))
    alpha = a_matte(hair_top=60)
    alpha[:60, 600:602] = 0.6
    plan = planned(face, alpha, may_extend=True)
    rows = int(plan.apply(np.array([[600.0, 0.0]]))[0, 1])
    assert rows > 5 and warp_alpha(alpha, plan)[: rows - 3].max() == 0


@pytest.mark.parametrize("dtype", [np.float32, np.uint8])
def test_a_tip_of_hair_at_the_edge_leaves_no_streak_in_an_enlarged_cut_either(dtype):
    face, alpha = a_face(SIZE, 520, (0.5, 0.32)), a_matte(hair_top=60)
    for y in range(60):
        alpha[y, 580 - 4 * y : 620 + 4 * y] = 1
    alpha = (alpha * 255).astype(dtype) if dtype is np.uint8 else alpha
    plan = planned(face, alpha, may_extend=True, sizing=Sizing(want_px=(2400, 3000)))
    rows = int(plan.apply(np.array([[600.0, 0.0]]))[0, 1])
    beyond = warp_alpha(alpha, plan)[: rows - 3]
    assert plan.scale > 1.5 and len(beyond) > 5 and beyond.max() == 0


def test_a_size_that_is_asked_for_is_the_size_that_comes():
    for want in ((4000, 5000), (400, 500), (1001, 999)):
        plan = planned(a_face(SIZE, 400), a_matte(hair_top=420), sizing=Sizing(want_px=want))
        assert plan.size_px == want and plan.is_enlarged == (want[1] > plan.native().size_px[1])


def test_a_portrait_is_never_lower_than_the_least_and_keeps_what_it_has_above():
    face, alpha = a_face(SIZE, 400), a_matte(hair_top=420)
    own = planned(face, alpha)
    assert planned(face, alpha, sizing=Sizing(min_height_px=2000)).size_px == (1600, 2000)
    assert planned(face, alpha, sizing=Sizing(min_height_px=500)).size_px == own.size_px
    assert planned(face, alpha, sizing=Sizing(min_height_px=500, is_set=True)).size_px == (400, 500)


def test_the_cut_as_the_camera_saw_it_shows_the_same_as_the_enlarged_one():
    face, alpha = a_face(SIZE, 400, roll_deg=2), a_matte(hair_top=420)
    large = planned(face, alpha, sizing=Sizing(min_height_px=2000))
    native = large.native()
    assert native.scale == 1 and not native.is_enlarged
    for plan in (large, native):
        eye = (warp_face(face, SIZE, plan).points_px(*plan.size_px)[468]) / plan.size_px
        assert eye == pytest.approx(warp_face(face, SIZE, large).landmarks[468, :2], abs=0.001)


def test_a_portrait_that_would_not_fit_into_memory_is_named():
    with pytest.raises(Fault, match="too many"):
        planned(a_face(SIZE, 400), a_matte(), sizing=Sizing(want_px=(20_000, 20_000)))


def test_an_upright_full_size_cut_is_a_copy_of_the_pixels():
    rgb = np.random.default_rng(0).integers(0, 256, (*SIZE[::-1], 3), np.uint8)
    plan = planned(a_face(SIZE, 420), a_matte(hair_top=420))
    x, y = (-plan.matrix[:, 2]).astype(int)
    width, height = plan.size_px
    assert np.array_equal(warp_rgb(rgb, plan), rgb[y : y + height, x : x + width])


def test_picture_matte_labels_and_landmarks_move_together():
    face = a_face(SIZE, 420, roll_deg=3)
    eye = face.points_px(*SIZE)[468]
    rgb = np.zeros((*SIZE[::-1], 3), np.uint8)
    at = tuple(np.round(eye).astype(int))
    rgb[at[1] - 6 : at[1] + 6, at[0] - 6 : at[0] + 6] = 255
    alpha = (rgb[..., 0] / 255).astype(np.float32)
    labels = np.ascontiguousarray(rgb[::2, ::2, 0] // 255 * 3)
    plan = planned(face, a_matte(hair_top=420), sizing=Sizing(want_px=(480, 600)))
    there = warp_face(face, SIZE, plan).points_px(480, 600)[468]
    moved = ((warp_rgb(rgb, plan)[..., 0], 0.6), (warp_alpha(alpha, plan), 0.6), (warp_labels(labels, SIZE, plan), 1.3))
    for picture, within_px in moved:
        rows, columns = np.nonzero(picture > picture.max() / 2)
        assert np.hypot(columns.mean() + 0.5 - there[0], rows.mean() + 0.5 - there[1]) < within_px


def test_shrinking_does_not_alias():
    stripes = np.zeros((1500, 1200, 3), np.uint8)
    stripes[:, ::2] = 255
    plan = planned(a_face(SIZE, 420), a_matte(hair_top=420), sizing=Sizing(want_px=(160, 200)))
    assert np.ptp(warp_rgb(stripes, plan)[5:-5, 5:-5].astype(int)) < 40


def test_passport_says_that_it_is_no_official_check():
    plan = planned(a_face(SIZE, 420), a_matte(hair_top=420), "passport")
    assert any("not an official check" in note for note in plan.notes)


def test_banner_leaves_room_beside_the_face():
    size = (2400, 1350)
    face = a_face(size, 420)
    alpha = np.zeros(size[::-1], np.float32)
    alpha[400:, 900:1500] = 1
    plan = planned(face, alpha, "banner", size)
    centre = plan.apply(face.points_px(*size)).mean(0)[0] / plan.size_px[0]
    assert centre == pytest.approx(0.3, abs=0.03) and plan.size_px[0] / plan.size_px[1] == pytest.approx(
        16 / 9, abs=0.01
    )


def test_an_unknown_crop_names_the_known_ones():
    with pytest.raises(Fault, match="headshot"):
        crop_spec("mugshot", BRAND)


def test_full_keeps_all_of_an_upright_picture():
    lab, alpha, face = painted_face(size_px=(600, 750), face_h_px=250)
    assert plan_crop(geometry_of(face, (600, 750)), CROPS["full"], alpha, CORRECT).size_px == (600, 750)
