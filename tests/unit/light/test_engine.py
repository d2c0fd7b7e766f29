import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from sitters import SIZE_PX, a_face, a_picture, face_part, luma

from booth.core.types import Pose
from booth.looks.light.engine import Relighter, apply
from booth.looks.light.head_model import load_head
from booth.looks.light.light_sheet import sheet
from booth.looks.light.light_spec import LIGHTS, Lamp, ambient, named_light


@pytest.fixture(scope="module")
def sitter():
    rgb, alpha = a_picture()
    return rgb, alpha, a_face()


def lit(sitter, lamps, **more):
    rgb, alpha, face = sitter
    engine = Relighter(160, still=True)
    return apply(engine.field(rgb, alpha, face, lamps, seq=0, t_s=0.0, **more), rgb, alpha)


def halves(rgb, face):
    """Return mean luma of the image-left and image-right half of the face."""
    part, grey = face_part(face), luma(rgb)
    right = np.arange(SIZE_PX[0])[None] > SIZE_PX[0] / 2
    return grey[part & ~right].mean(), grey[part & right].mean()


def test_natural_is_the_picture_itself(sitter):
    rgb, alpha, face = sitter
    field = Relighter(160).field(rgb, alpha, face, named_light("natural"), seq=0, t_s=0.0)
    assert field is None
    assert apply(field, rgb, alpha) is rgb


def test_strength_nought_and_nobody_are_no_light(sitter):
    rgb, alpha, face = sitter
    engine = Relighter(160, still=True)
    assert engine.field(rgb, alpha, face, named_light("loop"), seq=0, t_s=0.0, strength=0) is None
    assert engine.field(rgb, alpha, None, named_light("loop"), seq=0, t_s=0.0) is None


def test_a_key_from_image_right_lights_the_image_right(sitter):
    left, right = halves(lit(sitter, named_light("split")), sitter[2])
    assert right > left * 1.5
    left, right = halves(lit(sitter, named_light("split", "right")), sitter[2])
    assert left > right * 1.5


def test_a_high_key_throws_the_nose_shadow_down_and_rembrandt_across(sitter):
    rgb, _, face = sitter
    points = face.points_px(*SIZE_PX).astype(int)
    lip, left_cheek = points[164], points[205]
    butterfly, fill = lit(sitter, named_light("butterfly")), lit(sitter, (ambient(1.0),))
    even = np.maximum(luma(fill), 1) ** 2.2
    frontal = luma(butterfly) ** 2.2 / even
    brow = points[151]
    assert frontal[lip[1], lip[0]] < 0.75 * frontal[brow[1], brow[0]], "under the nose against the brow"
    rembrandt = luma(lit(sitter, named_light("rembrandt"))) ** 2.2 / even
    right_cheek = points[425]
    assert rembrandt[left_cheek[1], left_cheek[0]] < 0.6 * rembrandt[right_cheek[1], right_cheek[0]]


def test_the_light_already_there_is_divided_out(sitter):
    """A face lit from image left, asked for a frontal light, comes back nearly even."""
    normals = load_head().normals
    window = 0.12 + 0.35 * np.clip(normals @ np.array([-0.9, 0.2, 0.4]), 0, 1)
    rgb, alpha = a_picture(window)
    face = a_face()
    before = halves(rgb, face)
    after = halves(lit((rgb, alpha, face), (ambient(0.6), Lamp(el_deg=5, strength=0.5))), face)
    assert before[0] / before[1] > 1.25
    assert 0.9 < after[0] / after[1] < (before[0] / before[1]) ** 0.5


def test_nothing_outside_the_matte_is_touched(sitter):
    rgb, alpha, _ = sitter
    out = lit(sitter, named_light("rim"))
    assert np.array_equal(out[alpha == 0], rgb[alpha == 0])


@pytest.mark.parametrize("name", LIGHTS)
def test_every_light_gives_a_sound_picture(sitter, name):
    out = lit(sitter, named_light(name))
    assert out.dtype == np.uint8
    assert out.shape == sitter[0].shape
    part = face_part(sitter[2])
    assert 5 < luma(out)[part].mean() < 250


def test_a_rim_light_brightens_the_edge_and_not_the_middle(sitter):
    rgb, alpha, face = sitter
    hair = named_light("natural") + (Lamp(az_deg=180, el_deg=50, strength=1.0), ambient(0.3))
    out = luma(lit(sitter, hair)).astype(float) / np.maximum(luma(rgb), 1)
    rows = np.flatnonzero(alpha[:, SIZE_PX[0] // 2] > 250)
    crown, brow = rows[3], int(face.points_px(*SIZE_PX)[10][1])
    assert out[crown, SIZE_PX[0] // 2] > 1.4 * out[brow + 20, SIZE_PX[0] // 2]


def test_half_strength_is_half_the_stops(sitter):
    rgb, alpha, face = sitter
    engine = Relighter(160, still=True)
    full = engine.field(rgb, alpha, face, named_light("loop"), seq=0, t_s=0.0)
    half = engine.field(rgb, alpha, face, named_light("loop"), seq=1, t_s=0.0, strength=0.5)
    assert np.allclose(2 * np.log(half.gain), np.log(full.gain), atol=1e-3)


def test_bytes_and_floats_agree(sitter):
    rgb, alpha, face = sitter
    field = Relighter(160, still=True).field(rgb, alpha, face, named_light("short", "left"), seq=0, t_s=0.0)
    in_bytes = apply(field, rgb, alpha).astype(np.float32)
    in_floats = apply(field, rgb.astype(np.float32) / 255, alpha.astype(np.float32) / 255) * 255
    assert np.abs(in_bytes - in_floats).max() <= 1.0


def test_mirror_and_still_are_one_light(sitter):
    rgb, alpha, face = sitter
    mirror = lit(sitter, named_light("rembrandt")).astype(np.float32)
    engine = Relighter(512, still=True)
    still = apply(engine.field(rgb, alpha, face, named_light("rembrandt"), seq=0, t_s=0.0), rgb, alpha).astype(
        np.float32
    )
    apart = np.abs(mirror - still)
    assert apart.mean() <= 1.0
    assert np.percentile(apart, 99) <= 6.0
    assert apart[face_part(face)].mean() <= 2.0


def test_eyes_get_a_catchlight_on_the_keys_side(sitter):
    rgb, alpha, face = sitter
    field = Relighter(160, still=True).field(rgb, alpha, face, named_light("loop"), seq=0, t_s=0.0)
    assert len(field.catchlights) == 2
    for glint, iris in zip(field.catchlights, (468, 473), strict=True):
        x, y = face.landmarks[iris, :2]
        assert glint.x > x
        assert glint.y < y
    behind = Relighter(160, still=True).field(rgb, alpha, face, (Lamp(az_deg=150),), seq=0, t_s=0.0)
    assert behind.catchlights == ()


def test_light_comes_and_goes_without_a_pop(sitter):
    """Two seconds at 30 fps: somebody sits down, turns to profile, turns back, leaves."""
    rgb, alpha, face = sitter
    profile = replace(face, pose=Pose(80.0, 0.0, 0.0))
    cast = [face] * 20 + [profile] * 15 + [face] * 15 + [None] * 20
    engine, before, steps, levels = Relighter(160), luma(rgb), [], []
    for seq, who in enumerate(cast):
        field = engine.field(rgb, alpha, who, named_light("lowkey"), seq=seq, t_s=seq / 30)
        now = luma(apply(field, rgb, alpha))
        steps.append(np.abs(now - before)[face_part(face)].mean())
        levels.append(0 if field is None else field.level)
        before = now
    assert max(steps) < 16, "no frame changes by more than a small step"
    assert levels[19] > 0.9
    assert levels[34] < 0.1
    assert levels[-1] < 0.02


def test_half_a_face_gets_no_light():
    rgb, alpha = a_picture()
    outside = a_face(shift_px=(330, 0))
    assert Relighter(160, still=True).field(rgb, alpha, outside, named_light("loop"), seq=0, t_s=0.0) is None


def test_the_light_does_not_tremble_with_the_landmarks(sitter):
    rgb, alpha, face = sitter
    rng, engine, seen = np.random.default_rng(4), Relighter(160), []
    for seq in range(50):
        noisy = a_face(noise_px=rng.normal(0, 0.5, (478, 3)).astype(np.float32))
        out = luma(apply(engine.field(rgb, alpha, noisy, named_light("split"), seq=seq, t_s=seq / 30), rgb, alpha))
        if seq >= 30:
            seen.append(out)
    assert np.std(seen, 0)[face_part(face)].mean() <= 1.2


def test_two_keys_add_up(sitter):
    """A key from each side lights both halves; one alone lights its own."""
    left, right = Lamp(az_deg=-60, el_deg=15, strength=0.6), Lamp(az_deg=60, el_deg=15, strength=0.6)
    one = halves(lit(sitter, (right, ambient(0.05))), sitter[2])
    both = halves(lit(sitter, (left, right, ambient(0.05))), sitter[2])
    assert one[1] > 1.4 * one[0]
    assert 0.9 < both[0] / both[1] < 1.1


def test_the_lit_side_stays_as_bright_as_the_face_was(sitter):
    rgb, _, face = sitter
    part = face_part(face)
    for name in ("loop", "rembrandt", "split"):
        before, after = (np.percentile(luma(picture)[part], 90) for picture in (rgb, lit(sitter, named_light(name))))
        assert 0.9 < after / before < 1.2, name


@pytest.mark.long
def test_minutes_of_light_hold_no_more_memory_than_seconds(sitter):
    rgb, alpha, face = sitter
    engine, out = Relighter(160), np.empty_like(rgb)

    def run(first, count):
        for seq in range(first, first + count):
            name = ("loop", "clamshell", "rim")[seq % 3]
            apply(engine.field(rgb, alpha, face, named_light(name), seq=seq, t_s=seq / 30), rgb, alpha, out)

    tracemalloc.start()
    run(0, 30)
    settled = tracemalloc.get_traced_memory()[0]
    run(30, 90)
    grown = tracemalloc.get_traced_memory()[0] - settled
    tracemalloc.stop()
    assert grown < 100_000, "bytes; one field is 600 000"


def test_shadows_keep_up_with_a_turning_head():
    """At 30 degrees a second the light of the moving engine is nearer to now than to the frame before."""
    rgb, alpha = a_picture()
    moving = Relighter(160)
    for seq in range(31):
        yaw = -15 + seq
        field = moving.field(rgb, alpha, a_face(yaw), named_light("rembrandt"), seq=seq, t_s=seq / 30)
    still = Relighter(160, still=True)

    def apart(other_yaw):
        other = still.field(rgb, alpha, a_face(other_yaw), named_light("rembrandt"), seq=0, t_s=0.0)
        ratio = np.log(field.gain[40:110, 50:110, 1] / other.gain[40:110, 50:110, 1])
        return np.std(ratio)

    assert apart(15) < apart(14)


def test_a_contact_sheet_has_a_tile_for_every_light(sitter):
    rgb, alpha, face = sitter
    tiles = sheet(rgb, alpha, face, lights=("natural", "loop", "rim"), columns=2, width_px=64)
    assert tiles.shape == (2 * (48 + 22), 128, 3)
