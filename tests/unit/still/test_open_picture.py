"""What a colleague may bring: any photograph opens upright in sRGB, and what is none is refused in one sentence."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from booth.core.faults import Fault
from booth.still.icc import profile_of, to_display_p3
from booth.still.open_picture import open_picture


@pytest.fixture
def scene() -> np.ndarray:
    """Red at the upper left, green right, blue below: which way is up shows."""
    rgb = np.zeros((120, 160, 3), np.uint8)
    rgb[:60, :80], rgb[:60, 80:], rgb[60:] = (200, 40, 40), (40, 180, 40), (40, 40, 190)
    return rgb


def written(folder, name, image, **options):
    path = folder / name
    image.save(path, **options)
    return path


def near(rgb, at, colour, by=12):
    return np.abs(rgb[at].astype(int) - colour).max() <= by


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_rotation_comes_out_upright(tmp_path, scene, orientation):
    turns = {1: None, 2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE",
             6: "ROTATE_90", 7: "TRANSVERSE", 8: "ROTATE_270"}  # fmt: skip
    image = Image.fromarray(scene)
    if turns[orientation]:
        image = image.transpose(Image.Transpose[turns[orientation]])
    exif = Image.Exif()
    exif[0x0112] = orientation
    opened = open_picture(written(tmp_path, "a.jpg", image, exif=exif, quality=95, subsampling=0))
    assert opened.rgb.shape == scene.shape and opened.source_px == (160, 120)
    assert near(opened.rgb, (20, 20), (200, 40, 40)) and near(opened.rgb, (20, 140), (40, 180, 40))


def test_sixteen_bits_grey_cmyk_and_palette(tmp_path, scene):
    grey16 = Image.fromarray((np.linspace(0, 65535, 160)[None].repeat(120, 0)).astype(np.uint16))
    opened = open_picture(written(tmp_path, "deep.png", grey16))
    assert opened.rgb.dtype == np.uint8 and opened.rgb[0, 0, 0] == 0 and opened.rgb[0, -1, 2] == 255
    grey = open_picture(written(tmp_path, "grey.jpg", Image.fromarray(scene).convert("L")))
    assert grey.rgb.shape == scene.shape
    cmyk = open_picture(written(tmp_path, "print.jpg", Image.fromarray(scene).convert("CMYK"), quality=95))
    assert near(cmyk.rgb, (20, 20), (200, 40, 40), by=20) and "CMYK" in cmyk.notes[0]
    palette = open_picture(written(tmp_path, "few.png", Image.fromarray(scene).quantize(8)))
    assert near(palette.rgb, (100, 20), (40, 40, 190))


def test_transparent_corners_lie_over_white(tmp_path, scene):
    alpha = np.full(scene.shape[:2], 255, np.uint8)
    alpha[:10, :10] = 0
    opened = open_picture(written(tmp_path, "round.png", Image.fromarray(np.dstack([scene, alpha]))))
    assert tuple(opened.rgb[2, 2]) == (255, 255, 255) and near(opened.rgb, (20, 20), (200, 40, 40))
    assert "white" in opened.notes[0]
    assert opened.alpha[2, 2] == 0 and opened.alpha[20, 20] == 255
    assert open_picture(written(tmp_path, "square.png", Image.fromarray(scene))).alpha is None


def test_a_wide_gamut_profile_is_turned_into_srgb(tmp_path, scene):
    wide = Image.fromarray(to_display_p3(scene))
    opened = open_picture(written(tmp_path, "p3.png", wide, icc_profile=profile_of("display-p3")))
    assert np.abs(opened.rgb.astype(int) - scene).max() <= 2


def test_a_broken_profile_is_said_and_ignored(tmp_path, scene):
    opened = open_picture(written(tmp_path, "odd.png", Image.fromarray(scene), icc_profile=b"no profile"))
    assert np.array_equal(opened.rgb, scene) and "profile" in opened.notes[0]


def test_larger_than_asked_is_shrunk_and_said(tmp_path):
    opened = open_picture(written(tmp_path, "big.png", Image.new("RGB", (2000, 1500), "grey")), max_mpx=1.0)
    assert abs(opened.rgb.shape[0] * opened.rgb.shape[1] - 1e6) < 3000
    assert opened.source_px == (2000, 1500) and "Shrunk" in opened.notes[0]


def test_a_giant_jpeg_opens_reduced_and_what_memory_does_not_hold_is_refused(tmp_path, monkeypatch):
    giant = Image.new("L", (16000, 12500), 128)
    opened = open_picture(written(tmp_path, "giant.jpg", giant, quality=30))
    assert opened.rgb.shape[0] * opened.rgb.shape[1] <= 24.6e6 and "of 16000x12500" in opened.notes[0]
    big = Image.new("L", (2000, 1500), 128)
    monkeypatch.setattr("booth.capture.photo.reader.MAX_DECODE_BYTES", 2_000_000)
    assert open_picture(written(tmp_path, "big.jpg", big), max_mpx=0.5).notes
    with pytest.raises(Fault) as refused:
        open_picture(written(tmp_path, "big.png", big, compress_level=1))
    assert refused.value.code == "picture.too_large"


def refusal(path) -> Fault:
    with pytest.raises(Fault) as refused:
        open_picture(path)
    told = refused.value.message.replace(str(path), "").replace(path.name, "")  # a path may hold any dots
    assert told.count(". ") == 0 and refused.value.hint, "one sentence and a hint"
    return refused.value


def test_what_is_no_photograph_is_refused_in_one_sentence(tmp_path, scene):
    assert refusal(written(tmp_path, "dot.png", Image.new("RGB", (1, 1)))).code == "picture.too_small"
    text = tmp_path / "letter.jpg"
    text.write_text("Dear colleague, my portrait is attached. " * 20)
    assert refusal(text).code == "picture.unknown"
    whole = io.BytesIO()
    Image.fromarray(scene).save(whole, "JPEG")
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    assert refusal(cut).code == "picture.broken"
    empty = tmp_path / "empty.jpg"
    empty.touch()
    assert refusal(empty).code == "picture.broken"
    assert refusal(tmp_path / "nowhere.jpg").code == "picture.unreadable"
    assert refusal(tmp_path).code == "picture.unreadable"


def test_place_and_serial_numbers_never_come_in(tmp_path, scene):
    exif = Image.Exif()
    exif[0x010F] = "ACME"
    exif.get_ifd(0x8769).update({0x9003: "2025:05:01 10:00:00", 0xA431: "SN-4711", 0x927C: b"maker notes"})
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0)})
    opened = open_picture(written(tmp_path, "placed.jpg", Image.fromarray(scene), exif=exif))
    assert dict(opened.exif) == {"Make": "ACME", "DateTimeOriginal": "2025:05:01 10:00:00"}


@pytest.mark.parametrize("colour", ["srgb", "display-p3"])
def test_our_profiles_are_read_by_others(colour):
    profile = ImageCms.ImageCmsProfile(io.BytesIO(profile_of(colour)))
    assert profile.profile.xcolor_space.strip() == "RGB"
    assert ImageCms.getProfileDescription(profile).strip() == {"srgb": "sRGB", "display-p3": "Display P3"}[colour]
