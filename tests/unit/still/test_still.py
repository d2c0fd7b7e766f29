"""From one exposure to a portrait that says what was done to it."""

from __future__ import annotations

import io
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from finish_fakes import a_lab, as_u8, dab, painted_face
from PIL import Image

from booth.config.params.finish import CorrectParams, EncodeParams, FinishParams
from booth.core.faults import Fault
from booth.looks.backdrop.backdrop_spec import Paper, Transparent
from booth.looks.look import LightChoice, Look
from booth.still.develop_still import StillRequest, develop_still
from booth.still.encode import encode
from booth.still.single import BatchConfig, file_params, finish_bytes
from booth.still.strip import strip_of

SIZE = (960, 1200)
PAPER = Look(name="paper", title="Paper", purpose="A test.", backdrop=Paper(), light=LightChoice(name="loop"))
PLAIN = Look(name="plain", title="Plain", purpose="A test.")
PARAMS = FinishParams()


@pytest.fixture(scope="module")
def sitter():
    lab, alpha, face = painted_face("medium", SIZE, 420)
    dab(lab, face.points_px(*SIZE)[205], 7, (-2, 9, 1), edge_px=4)
    return as_u8(lab), alpha, face


def developed(sitter, look=PAPER, params=PARAMS, faces=1, **order):
    rgb, alpha, face = sitter
    return develop_still(rgb, look, a_lab(face, alpha, faces), params, StillRequest(**order))


def test_the_record_lists_what_was_done_in_order(sitter):
    record = developed(sitter, crop="headshot").record
    names = [stage.name for stage in record.stages]
    assert names[0] == "crop" and names.index("retouch.blemish") < names.index("look.backdrop") < names.index(
        "look.light"
    )
    assert record.source_type == "composite" and record.models[0].sha256 and record.crop == "headshot"
    assert all(line[0].isupper() for line in record.lines())
    assert msgspec.json.decode(msgspec.json.encode(record), type=type(record)) == record


def test_before_and_after_are_the_same_cut(sitter):
    finished = developed(sitter, crop="square")
    assert finished.before.shape == finished.rgb.shape == (*finished.plan.size_px[::-1], 3)
    x, y = (-finished.plan.matrix[:, 2]).astype(int)
    height, width = finished.before.shape[:2]
    assert np.array_equal(finished.before, sitter[0][y : y + height, x : x + width])


def test_with_everything_off_the_sitter_is_the_exposure_bit_for_bit(sitter):
    off = CorrectParams(white_balance_max=0, exposure_max_stops=0, sharpen=0, sharpen_output=0)
    calm = msgspec.structs.replace(PARAMS, correct=off)
    finished = developed(sitter, PLAIN, calm, crop="full", retouch=0.0)
    inside = sitter[1] > 0.99999
    assert np.array_equal(finished.rgb[inside], sitter[0][inside])
    assert finished.record.authenticity == {"changed_frac": 0.0, "mean_change": 0.0, "texture_kept": 1.0}


def test_more_strength_changes_more_but_within_the_limit(sitter):
    figures = [developed(sitter, retouch=s).authenticity.mean_change for s in (0, 0.3, 1.0)]
    assert figures == sorted(figures) and figures[0] == 0 < figures[1]
    assert developed(sitter, retouch=1.0).authenticity.over(PARAMS.retouch) <= 1


def test_no_face_and_a_tiny_one_are_refused(sitter):
    with pytest.raises(Fault) as refused:
        developed(sitter, faces=0)
    assert refused.value.code == "finish.no_face"
    lab, alpha, face = painted_face("medium", (240, 300), 30)
    with pytest.raises(Fault) as refused:
        develop_still(as_u8(lab), PLAIN, a_lab(face, alpha), PARAMS)
    assert refused.value.code == "finish.small_face"


@pytest.mark.parametrize("people", [1, 2])
def test_a_face_that_was_followed_to_the_shot_is_enough_where_a_fresh_search_finds_none(sitter, people):
    rgb, alpha, face = sitter
    order = StillRequest(crop="full", people=people, places=(face.box,) * (people - 1), seen=(face,))
    finished = develop_still(rgb, PLAIN, a_lab(face, alpha, 0), PARAMS, order)
    again = develop_still(rgb, PLAIN, a_lab(face, alpha), PARAMS, replace(order, seen=()))
    assert np.array_equal(finished.rgb, again.rgb)


def test_of_three_faces_the_largest_is_finished_and_it_is_said(sitter):
    finished = developed(sitter, faces=3)
    assert "3 faces" in finished.record.notes[0]
    assert finished.face.box.area > 0.05


def test_a_round_avatar_has_a_disc_of_alpha(sitter):
    finished = developed(sitter, crop="avatar")
    alpha, side = finished.alpha, finished.plan.size_px[0]
    assert alpha[0, 0] == 0 and alpha[side // 2, side // 2] == 255
    assert (alpha > 127).mean() == pytest.approx(np.pi / 4, abs=0.01)


def test_a_transparent_look_keeps_its_matte(sitter):
    look = msgspec.structs.replace(PAPER, backdrop=Transparent())
    finished = developed(sitter, look, crop="headshot")
    assert finished.alpha.min() == 0 and finished.alpha.max() == 255
    assert file_params(BatchConfig(look, PARAMS)).format == "png"
    assert file_params(BatchConfig(PAPER, PARAMS, crop="avatar")).format == "png"
    assert file_params(BatchConfig(PAPER, PARAMS)).format == "jpeg"


def test_the_empty_corners_of_a_round_photograph_show_the_backdrop(sitter):
    shown = np.full(SIZE[::-1], 255, np.uint8)
    shown[-200:, :300] = 0
    assert developed(sitter, crop="full", source_alpha=shown).matte[-100:, :250].max() == 0
    assert developed(sitter, crop="full").matte[-100:, 230:260].max() == 255


def test_developing_twice_gives_the_same_pixels(sitter):
    assert np.array_equal(developed(sitter).rgb, developed(sitter).rgb)


def test_the_source_is_never_written_to(sitter):
    kept = sitter[0].copy()
    developed(sitter, crop="full", retouch=1.0)
    assert np.array_equal(sitter[0], kept)


def test_a_recipe_digest_follows_everything_that_changes_pixels():
    recipe = BatchConfig(PAPER, PARAMS)
    digests = {recipe.digest, BatchConfig(PLAIN, PARAMS).digest, BatchConfig(PAPER, PARAMS, crop="badge").digest}
    digests.add(BatchConfig(PAPER, PARAMS, retouch=0.5).digest)
    assert len(digests) == 4 and BatchConfig(PAPER, PARAMS, made_utc="2026").digest == recipe.digest


def test_bytes_in_bytes_out(sitter):
    rgb, alpha, face = sitter
    raw = encode(rgb, EncodeParams(format="png"))
    portrait = finish_bytes(raw, "a.png", BatchConfig(PAPER, PARAMS, with_matte=True), a_lab(face, alpha))
    assert portrait.mime == "image/jpeg" and portrait.matte_png.startswith(b"\x89PNG")
    assert {"eye_line_frac", "backdrop_l", "light_ratio_stops"} <= set(portrait.record.measures)


def test_a_strip_holds_three_pictures_and_enlarges_none(sitter):
    large = strip_of([np.full((700, 700, 3), shade, np.uint8) for shade in (10, 90, 170)])
    assert large.shape == (1800, 600, 3) and [large[y, 300, 0] for y in (300, 880, 1450)] == [10, 90, 170]
    small = strip_of([np.zeros((185, 185, 3), np.uint8)])
    assert small.shape == (600, 200, 3)
    rgb, alpha, face = sitter
    raw = encode(rgb, EncodeParams(format="png"))
    portrait = finish_bytes(raw, "a.png", BatchConfig(PAPER, PARAMS, crop="strip"), a_lab(face, alpha))
    with Image.open(io.BytesIO(portrait.content)) as image:
        assert image.width / image.height == pytest.approx(1 / 3, abs=0.01)


def test_no_place_or_serial_number_reaches_the_portrait(sitter):
    rgb, alpha, face = sitter
    exif = Image.Exif()
    exif[0x0110] = "Camera 7"
    exif.get_ifd(0x8769).update({0x9003: "2025:05:01 10:00:00", 0xA431: "SN-4711"})
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0), 29: "2025:05:01"})
    raw = io.BytesIO()
    Image.fromarray(rgb).save(
        raw, "JPEG", exif=exif, xmp=b"<x:xmpmeta><exif:GPSLatitude>51</exif:GPSLatitude></x:xmpmeta>"
    )
    for fmt in ("jpeg", "png", "avif", "tiff"):
        params = msgspec.structs.replace(PARAMS, encode=EncodeParams(format=fmt))
        content = finish_bytes(raw.getvalue(), "a.jpg", BatchConfig(PAPER, params), a_lab(face, alpha)).content
        with Image.open(io.BytesIO(content)) as image:
            kept = image.getexif()
            assert not kept.get_ifd(0x8825) and 0xA431 not in kept.get_ifd(0x8769)
        assert b"SN-4711" not in content and b"GPSLatitude" not in content
