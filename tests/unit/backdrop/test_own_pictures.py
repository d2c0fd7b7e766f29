"""Logos and the operator's own pictures: any shape fits, and what cannot be used is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from booth.core.faults import Fault
from booth.looks.backdrop.backdrop_spec import Backdrop, BrandBackdrop, Picture
from booth.looks.backdrop.brand_wall import logo_places
from booth.looks.backdrop.paint import notes, paint
from booth.looks.backdrop.plane import Plane


def ink_of(spec: BrandBackdrop, size: tuple[int, int] = (640, 360), **where: object) -> np.ndarray:
    """Return where the logo is: the difference to the same ground without one."""
    bare = paint(BrandBackdrop(colours=spec.colours, falloff=spec.falloff), size, **where)
    return np.abs(paint(spec, size, **where) - bare).max(-1) > 0.1


def test_a_logo_stands_beside_the_head_on_the_freer_side(logo: Path) -> None:
    ink = ink_of(BrandBackdrop(logo=str(logo)), face_centre=(0.35, 0.45))
    rows, columns = np.nonzero(ink)
    assert columns.min() > (0.35 * 640 + 0.6 * 120)
    assert columns.max() < 640 and rows.min() > 0
    aspect = (np.ptp(columns) + 1) / (np.ptp(rows) + 1)
    assert aspect == pytest.approx(5, rel=0.1)
    assert np.ptp(columns) == pytest.approx(1.2 * 120, abs=4)  # as wide as asked: transparent borders do not count


@pytest.mark.parametrize("aspect", [0.05, 0.3, 1.0, 4.0, 40.0])
@pytest.mark.parametrize("size", [(1280, 720), (800, 1000), (720, 1280)])
def test_any_shape_of_logo_stays_inside_the_picture(aspect: float, size: tuple[int, int]) -> None:
    plane = Plane.of(size, (0.5, 0.42), 0.35)
    half_w, half_h = plane.half
    ((x, y, wide),) = logo_places(BrandBackdrop(logo_width=4.0), plane, aspect)
    assert abs(x) + wide / 2 <= half_w + 1e-6
    assert abs(y) + wide / aspect / 2 <= half_h + 1e-6
    assert wide > 0.04


def test_a_press_wall_repeats_the_logo(logo: Path) -> None:
    ink = ink_of(BrandBackdrop(logo=str(logo), place="wall"))
    assert ink[:120].any() and ink[-120:].any() and ink[:, :200].any() and ink[:, -200:].any()


def test_a_picture_covers_without_stretching(photo: Path) -> None:
    tall = paint(Picture(str(photo)), (200, 400))
    assert tall.shape == (400, 200, 3)
    assert tall[:, :90, 0].min() > 0.8 and tall[:, 110:, 2].min() > 0.8


def test_a_blurred_picture_is_blurred_alike_at_every_size(photo: Path) -> None:
    widths = []
    for k in (1, 3):
        row = paint(Picture(str(photo), blur=0.3), (320 * k, 180 * k))[90 * k, :, 0]
        widths.append(((row > 0.1) & (row < 0.8)).sum() / k)
    assert widths[0] > 10
    assert widths[0] == pytest.approx(widths[1], rel=0.15)


def test_a_folder_gives_one_picture_by_the_seed(photo: Path) -> None:
    Image.new("RGB", (1600, 900), (0, 200, 0)).save(photo.parent / "a.jpg")
    folder = Picture(str(photo.parent))
    first, second = (paint(folder, (32, 18), seed=s).mean((0, 1)) for s in (0, 1))
    assert np.argmax(first) == 1
    assert second[1] < 0.1
    assert np.array_equal(first, paint(folder, (32, 18), seed=2).mean((0, 1)))


def test_a_picture_on_its_side_is_put_upright(tmp_path: Path) -> None:
    rgb = np.zeros((100, 200, 3), np.uint8)
    rgb[:, 100:] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to view
    Image.fromarray(rgb).save(tmp_path / "side.jpg", exif=exif)
    upright = paint(Picture(str(tmp_path / "side.jpg")), (100, 200), face_h_frac=0.1)
    assert upright[:60].mean() < 0.1 and upright[-60:].mean() > 0.9


def test_a_small_picture_is_said_to_be_small_and_used_blurred(tmp_path: Path) -> None:
    path = tmp_path / "stamp.png"
    Image.fromarray((np.indices((60, 80)).sum(0) % 2 * 255).astype(np.uint8)).save(path)
    (note,) = notes(Picture(str(path)), (1280, 720))
    assert str(path) in note and "80 x 60" in note and "blurred" in note
    picture = paint(Picture(str(path)), (1280, 720))
    assert picture[100:-100, 100:-100].std() < 0.05  # a checkerboard of single pixels is grey when out of focus


def test_a_picture_large_enough_needs_no_note(photo: Path) -> None:
    assert notes(Picture(str(photo)), (1280, 720)) == ()
    assert notes(BrandBackdrop(), (1280, 720)) == ()


def test_a_small_logo_is_said_to_be_small(tmp_path: Path) -> None:
    path = tmp_path / "tiny.png"
    Image.new("RGBA", (30, 10), (255, 255, 255, 255)).save(path)
    (note,) = notes(BrandBackdrop(logo=str(path)), (3000, 2000))
    assert str(path) in note


def broken(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "make", [lambda p: Picture(str(p)), lambda p: BrandBackdrop(logo=str(p))], ids=["picture", "logo"]
)
def test_what_cannot_be_used_is_named(make: object, tmp_path: Path, photo: Path) -> None:
    cases = [
        (tmp_path / "gone.png", "backdrop.missing"),
        (broken(tmp_path / "words.png", b"not a picture at all"), "backdrop.corrupt"),
        (broken(tmp_path / "half.png", photo.read_bytes()[:200]), "backdrop.corrupt"),
        (broken(tmp_path / "empty.jpg", b""), "backdrop.corrupt"),
        (broken(tmp_path / "drawing.svg", b"<svg/>"), "backdrop.corrupt"),
    ]
    for path, code in cases:
        spec: Backdrop = make(path)
        for use in (paint, notes):
            with pytest.raises(Fault) as caught:
                use(spec, (64, 36))
            assert caught.value.code == code
            assert str(path) in caught.value.message


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="no pictures") as caught:
        paint(Picture(str(tmp_path)), (64, 36))
    assert caught.value.code == "backdrop.missing"
