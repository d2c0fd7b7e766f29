"""What a picture bears: dim faces are lifted, dark skin is not; a look's light stays soft and within limits."""

import numpy as np
import pytest
from sitters import SIZE_PX, a_face, a_picture, face_part, luma

from booth.looks.light.apply_light import DECODE
from booth.looks.light.cell_grid import grid_over
from booth.looks.light.change import Limits, foretell, limits_of, skin_cells
from booth.looks.light.correction import EVERY_S, Metering, measure
from booth.looks.light.engine import Relighter, apply
from booth.looks.light.head_fit import HeadFitter
from booth.looks.light.head_model import load_head
from booth.looks.light.light_spec import LIGHTS, named_light

GENTLE = limits_of("loop", 0.5)
DIM, GOOD = 0.05, 0.45  # linear light of the whites of the eyes


@pytest.fixture(scope="module")
def sitter():
    rgb, alpha = a_picture()
    return rgb, alpha, a_face()


def on_grid(rgb):
    """Return the linear picture on the mirror's grid, its skin cells and the grid."""
    face = a_face()
    grid = grid_over(HeadFitter(load_head(), still=True).place(face, SIZE_PX, 0.0, None), 160)
    return DECODE[grid.cut(rgb)], skin_cells(face, grid, SIZE_PX), grid


def darkened(rgb, stops):
    """Return the picture with that many stops less light."""
    linear = DECODE[rgb] * 2.0**-stops
    return np.round(255 * (1.055 * np.maximum(linear, 1e-6) ** (1 / 2.4) - 0.055).clip(0, 1)).astype(np.uint8)


def hard_side_light():
    """Return a sitter under one hard lamp from image left."""
    light = 0.01 + 0.5 * np.clip(load_head().normals @ np.array([-0.95, 0.1, 0.3]), 0, 1)
    return a_picture(light)


def test_a_dim_face_is_lifted_to_where_a_photographer_would_put_it(sitter):
    linear, skin, _ = on_grid(darkened(sitter[0], 2))
    found = measure(linear, skin, DIM)
    middle = np.median(linear.reshape(-1, 3)[skin.index] @ np.array([0.2126, 0.7152, 0.0722]))
    assert 1.0 < found.lift_stops <= 1.8
    assert 116 * (middle * 2**found.lift_stops) ** (1 / 3) - 16 == pytest.approx(53, abs=2)


def test_dark_skin_in_good_light_is_left_as_it_is(sitter):
    """The same pixels with bright whites of the eyes are dark skin, not a dim room."""
    linear, skin, _ = on_grid(darkened(sitter[0], 2))
    assert measure(linear, skin, GOOD).is_nothing


def test_one_bright_thing_on_the_face_is_enough_to_leave_it_alone(sitter):
    linear, skin, _ = on_grid(darkened(sitter[0], 2))
    shining = linear.copy().reshape(-1, 3)
    shining[skin.hull[:: len(skin.hull) // 60]] = 0.6
    assert measure(shining.reshape(linear.shape), skin, DIM).is_nothing
    assert measure(shining.reshape(linear.shape), skin, None).is_nothing


def test_a_red_lamp_is_taken_back_to_what_skin_can_be_and_no_further(sitter):
    linear, skin, _ = on_grid(sitter[0])
    assert measure(linear, skin, GOOD).cast_stops is None
    red = linear * np.array([1.9, 0.5, 0.4], np.float32)
    cast = measure(red, skin, GOOD).cast_stops
    assert cast is not None
    assert (cast[:, 0] < -0.1).all()
    after = np.median((red.reshape(-1, 3)[skin.index]) * 2 ** cast.mean(0), 0)
    assert 1.2 < np.log2(after[0] / after[1]) < 1.6


def test_the_correction_does_not_pump(sitter):
    """A lamp goes out for good: the lift comes over a second, and never in a step that could be seen."""
    metering, seen = Metering(still=False), []
    light, skin, _ = on_grid(sitter[0])
    dark, _, _ = on_grid(darkened(sitter[0], 2))
    for frame in range(90):
        t_s = frame / 30
        if metering.due(t_s):
            metering.look(light if frame < 30 else dark, skin, GOOD if frame < 30 else DIM, t_s)
        seen.append(metering.correction(t_s).lift_stops)
    assert seen[29] == 0
    assert seen[-1] > 1.0
    assert np.diff(seen).max() < 0.12
    assert EVERY_S < 0.2


@pytest.mark.parametrize("name", [n for n in LIGHTS if n != "natural"])
def test_no_light_goes_past_its_limits_or_darkens_the_lit_side(sitter, name):
    rgb, alpha, face = sitter
    limits = limits_of(name, 0.6)
    field = Relighter(160, still=True).field(
        rgb, alpha, face, named_light(name), seq=0, t_s=0.0, strength=0.6, limits=limits
    )
    linear, skin, _ = on_grid(rgb)
    told = foretell(linear, field.packed, skin)
    assert told.contrast_stops <= limits.contrast_stops + 0.02
    assert told.edge_stops <= limits.edge_stops + 0.5
    out = apply(field, rgb, alpha)
    part = face_part(face)
    assert np.percentile(luma(out)[part], 80) >= np.percentile(luma(rgb)[part], 80) - 1


def test_below_full_strength_a_lamp_is_large_and_soft(sitter):
    rgb, alpha, face = sitter
    linear, skin, _ = on_grid(rgb)
    engine, lamps = Relighter(160, still=True), named_light("loop")
    as_it_is = engine.field(rgb, alpha, face, lamps, seq=0, t_s=0.0, strength=0.5)
    soft = engine.field(rgb, alpha, face, lamps, seq=1, t_s=0.0, strength=0.5, limits=GENTLE)
    edges = [foretell(linear, field.packed, skin).edge_stops for field in (as_it_is, soft)]
    assert edges[1] < 0.6 * edges[0]


def test_a_loop_from_the_other_side_ends_in_a_gentle_fill():
    rgb, alpha = hard_side_light()
    face, engine = a_face(), Relighter(160, still=True)
    field = engine.field(rgb, alpha, face, named_light("loop", "left"), seq=0, t_s=0.0, strength=0.5, limits=GENTLE)
    assert engine.applied.is_held
    assert engine.applied.fill_stops > 0.2
    linear, skin, _ = on_grid(rgb)
    assert foretell(linear, field.packed, skin).contrast_stops < 0
    out, part = apply(field, rgb, alpha), face_part(face)
    bright = part & (luma(rgb) > np.percentile(luma(rgb)[part], 80))
    assert luma(out)[bright].mean() >= luma(rgb)[bright].mean() - 2


def test_limits_that_nothing_can_hold_end_in_natural(sitter):
    rgb, alpha, face = sitter
    engine = Relighter(160, still=True)
    engine.field(rgb, alpha, face, named_light("split"), seq=0, t_s=0.0, strength=0.6, limits=Limits(0.001, 0.01))
    assert engine.applied.applied < 0.01
    assert engine.applied.asked == 0.6


def test_shade_keeps_the_colour_of_skin(sitter):
    rgb, alpha, face = sitter
    field = Relighter(160, still=True).field(
        rgb, alpha, face, named_light("rembrandt"), seq=0, t_s=0.0, strength=0.6, limits=limits_of("rembrandt", 0.6)
    )
    linear, skin, _ = on_grid(rgb)
    after = np.clip(linear * field.packed[..., :3] + field.packed[..., 3:], 1e-4, 1).reshape(-1, 3)[skin.index]
    before = linear.reshape(-1, 3)[skin.index]
    gone = after.sum(1) / before.sum(1)
    shade = gone < np.quantile(gone, 0.3)
    saturation = [1 - x.min(1) / x.max(1) for x in (before[shade], after[shade])]
    assert np.median(saturation[1] / saturation[0]) > 0.98


@pytest.mark.shared
@pytest.mark.model
def test_no_studio_portrait_of_dark_skin_is_lifted_at_all(shared):
    from booth.looks.light.face_parts import eye_white
    from booth.perception.face_tracker import FaceTracker
    from booth.still.open_picture import open_picture

    fitter, lifted = HeadFitter(load_head(), still=True), []
    with FaceTracker(video=False) as tracker:
        for name in ("042_neutral", "042_smiling", "096_neutral", "096_smiling", "099_neutral", "137_neutral"):
            rgb = open_picture(shared / "media/stills" / f"london_{name}.jpg").rgb
            size, face = rgb.shape[1::-1], tracker.find(rgb)[0]
            grid = grid_over(fitter.place(face, size, 0.0, None), 160)
            found = measure(DECODE[grid.cut(rgb)], skin_cells(face, grid, size), eye_white(rgb, face))
            lifted += [] if found.is_nothing else [name]
    assert lifted == []


@pytest.mark.shared
@pytest.mark.model
def test_on_photographs_the_dim_are_lifted_and_the_dark_are_not(shared):
    from booth.perception.face_tracker import FaceTracker
    from booth.still.open_picture import open_picture
    from booth.still.poor_light import is_poorly_lit

    well_lit = ("london_042_neutral.jpg", "london_096_neutral.jpg", "london_099_neutral.jpg", "london_137_neutral.jpg",
                "pif_2014_timothy-jones-headshot.png", "pif_2024_pranava-raparla-headshot.jpg")  # fmt: skip
    poor = ("18f_clinton-troxel.jpg", "18f_muerdter.jpeg", "pif_2013_kin-lane-headshot.png",
            "pif_2016_patrick-koppula-headshot.jpg", "pif_2022_jim-rymarcsuk-headshot.jpg")  # fmt: skip
    with FaceTracker(video=False) as tracker:
        found = {}
        for name in (*well_lit, *poor):
            rgb = open_picture(shared / "media/stills" / name).rgb
            found[name] = is_poorly_lit(rgb, max(tracker.find(rgb), key=lambda face: face.box.area))
    assert [name for name in well_lit if found[name]] == []
    assert [name for name in poor if not found[name]] == []
