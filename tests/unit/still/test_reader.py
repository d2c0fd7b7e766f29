"""What phones, cameras and printers write is read alike by every command; what has lost its end is judged and said."""

from __future__ import annotations

import io

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from booth.capture.photo.colour import _ADOBE_EXPONENT, _ADOBE_RGB, _SRGB_FROM_XYZ
from booth.capture.photo.folder import look_through
from booth.capture.photo.reader import open_bytes, open_picture
from booth.capture.pictures import Pictures
from booth.config.params.capture import CaptureParams
from booth.core.faults import Fault


@pytest.fixture
def scene() -> np.ndarray:
    """Muted skin tones, which lie inside every colour space, with some texture."""
    rng = np.random.default_rng(4)
    colours = np.array([[193, 139, 109], [120, 80, 60], [150, 160, 170], [90, 110, 80]])
    return np.clip(
        np.kron(colours.reshape(2, 2, 3), np.ones((80, 100, 1))) + rng.normal(0, 2, (160, 200, 3)), 0, 255
    ).astype(np.uint8)


def coded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def mean_off(rgb: np.ndarray, scene: np.ndarray) -> float:
    return float(np.abs(rgb.astype(float).mean((0, 1)) - scene.astype(float).mean((0, 1))).max())


def in_adobe_rgb(scene: np.ndarray) -> np.ndarray:
    codes = scene / 255
    linear = np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)
    mixed = np.clip(linear @ np.linalg.inv(_SRGB_FROM_XYZ @ _ADOBE_RGB).T, 0, 1)
    return (mixed ** (1 / _ADOBE_EXPONENT) * 255 + 0.5).astype(np.uint8)


def test_adobe_rgb_that_only_the_camera_tells(scene: np.ndarray) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({0xA001: 65535, 0xA005: {1: "R03"}})
    raw = coded(Image.fromarray(in_adobe_rgb(scene)), "JPEG", exif=exif, quality=97, subsampling=0)
    assert mean_off(open_bytes(raw, "a.jpg").rgb, scene) < 1.5
    plain = coded(Image.fromarray(in_adobe_rgb(scene)), "JPEG", quality=97, subsampling=0)
    assert mean_off(open_bytes(plain, "a.jpg").rgb, scene) > 4


def test_deep_grey_lab_and_linear_pictures(scene: np.ndarray) -> None:
    grey = Image.fromarray((scene[..., 0].astype(np.uint16) << 8) | scene[..., 0])
    assert np.array_equal(open_bytes(coded(grey, "TIFF"), "a.tif").rgb[..., 0], scene[..., 0])
    lab = ImageCms.profileToProfile(
        Image.fromarray(scene), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert mean_off(open_bytes(coded(lab, "TIFF"), "lab.tif").rgb, scene) < 3
    seen = np.array(
        [open_bytes(coded(Image.fromarray(scene).convert(mode), "PNG"), "a.png").rgb for mode in ("P", "L")]
    )
    assert seen.shape == (2, *scene.shape)


def test_a_phones_heic_is_read_upright_with_its_colours(scene: np.ndarray) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = Image.fromarray(np.rot90(scene))
    heif = pillow_heif.from_pillow(turned)
    out = io.BytesIO()
    heif.save(out, quality=95, exif=exif.tobytes())
    opened = open_bytes(out.getvalue(), "IMG_1.HEIC")
    assert opened.rgb.shape == scene.shape and mean_off(opened.rgb, scene) < 3
    assert np.abs(opened.rgb[20, 20].astype(int) - scene[20, 20]).max() < 15


@pytest.mark.parametrize("kind", ["JPEG", "MPO", "WEBP", "AVIF", "TIFF", "BMP", "GIF"])
def test_every_kind_opens(scene: np.ndarray, kind: str) -> None:
    assert mean_off(open_bytes(coded(Image.fromarray(scene), kind), "a").rgb, scene) < 6


def test_a_file_without_its_end_is_whole_and_says_so(scene: np.ndarray) -> None:
    raw = coded(Image.fromarray(scene), "JPEG", quality=90)
    opened = open_bytes(raw[:-2], "a.jpg")
    assert np.array_equal(opened.rgb, open_bytes(raw, "a.jpg").rgb)
    assert "end of the file is missing" in opened.notes[0]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_is_missing_is_cut_off_and_too_little_is_refused(scene: np.ndarray, kind: str) -> None:
    raw = coded(Image.fromarray(np.kron(scene, np.ones((3, 3, 1), np.uint8))), kind)
    opened = open_bytes(raw[: int(len(raw) * 0.85)], "a")
    assert 0.6 * 480 < opened.rgb.shape[0] < 480 and "cut off" in opened.notes[0]
    with pytest.raises(Fault) as caught:
        open_bytes(raw[: len(raw) // 3], "a")
    assert caught.value.code == "picture.broken"


def test_two_dot_five_times_too_many_megapixels_open_reduced(scene: np.ndarray) -> None:
    for times in (3, 5, 9):
        big = Image.fromarray(np.kron(scene, np.ones((times, times, 1), np.uint8)))
        for kind in ("JPEG", "PNG"):
            opened = open_bytes(coded(big, kind), "a", max_mpx=0.1)
            assert opened.rgb.shape[0] * opened.rgb.shape[1] <= 0.103e6 and opened.notes
            assert mean_off(opened.rgb, scene) < 3


def test_a_source_reads_what_finish_reads(tmp_path, scene: np.ndarray) -> None:
    alpha = np.full(scene.shape[:2], 255, np.uint8)
    alpha[:40] = 0
    Image.fromarray(np.dstack([scene, alpha])).save(tmp_path / "1.png")
    (tmp_path / "2.jpg").write_bytes(b"no picture")
    (tmp_path / "10.jfif").write_bytes(coded(Image.fromarray(scene), "JPEG"))
    (tmp_path / "raw.NEF").touch()
    source = Pictures(str(tmp_path), CaptureParams(picture_s=0.1, fps=10))
    first = source.read()
    assert first is not None and np.array_equal(first[0], open_picture(tmp_path / "1.png").rgb)
    assert tuple(first[0][5, 5]) == (255, 255, 255)
    second = source.read()
    assert second is not None and np.array_equal(second[0], open_picture(tmp_path / "10.jfif").rgb)
    assert source.read() is None
    assert source.left_out[0].startswith("raw.NEF") and "2.jpg" in source.left_out[1]


def test_a_folder_names_what_it_does_not_read(tmp_path) -> None:
    for name in (
        "b.JPE",
        "a10.heic",
        "a9.Jfif",
        "notes.txt",
        "raw.cr2",
        "film.mov",
        "Thumbs.db",
        ".hidden.jpg",
        "x.matte.png",
    ):
        (tmp_path / name).touch()
    (tmp_path / "no ending").write_bytes(b"\xff\xd8\xff\xe0 and so on")
    found = look_through(tmp_path)
    assert [path.name for path in found.photographs] == ["a9.Jfif", "a10.heic", "b.JPE", "no ending"]
    assert {left.path.name for left in found.left_out} == {"notes.txt", "raw.cr2", "film.mov"}
    assert all(left.why for left in found.left_out)
