"""Painted backdrops: one picture at any size, the same for the same seed, in range, without bands."""

from __future__ import annotations

import cv2
import msgspec
import numpy as np
import pytest

from booth.looks.backdrop.backdrop_spec import (
    Backdrop,
    Bookshelf,
    BrandBackdrop,
    CanvasBackdrop,
    Gradient,
    HighKey,
    LowKey,
    Paper,
    PaperColour,
    RoomBackdrop,
    Transparent,
    Untouched,
)  # fmt: skip
from booth.looks.backdrop.grain import dither_u8
from booth.looks.backdrop.lattice import hash01, noise
from booth.looks.backdrop.paint import is_painted, paint
from booth.looks.backdrop.paper import COLOURS
from booth.looks.backdrop.plane import Plane

FAMILIES = (
    Paper(), CanvasBackdrop(), Gradient(), HighKey(), LowKey(), Bookshelf(), BrandBackdrop(),
)  # fmt: skip
SEEDED = (CanvasBackdrop(), Bookshelf())


def name_of(spec: Backdrop) -> str:
    return type(spec).__name__.lower()


@pytest.mark.parametrize("spec", FAMILIES, ids=name_of)
def test_the_still_made_small_is_the_mirror(spec: Backdrop) -> None:
    mirror = paint(spec, (640, 360), seed=4)
    still = paint(spec, (1920, 1080), seed=4, quality="still")
    small = cv2.resize(still, (640, 360), interpolation=cv2.INTER_AREA)
    assert np.abs(small - mirror).mean() * 255 <= 1
    for picture in (mirror, still):
        assert picture.dtype == np.float32
        assert np.isfinite(picture).all()
        assert picture.min() >= 0 and picture.max() <= 1.001


@pytest.mark.parametrize("spec", SEEDED, ids=name_of)
def test_a_seed_is_one_place_and_another_seed_another(spec: Backdrop) -> None:
    first = paint(spec, (160, 90), seed=4)
    assert np.array_equal(first, paint(spec, (160, 90), seed=4))
    assert np.abs(first - paint(spec, (160, 90), seed=5)).mean() * 255 > 0.5


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (3, 200), (90, 160)])
def test_odd_sizes_are_painted_too(size: tuple[int, int]) -> None:
    for spec in (Paper(), CanvasBackdrop(), BrandBackdrop(), LowKey()):
        assert paint(spec, size, face_h_frac=0.4).shape == (size[1], size[0], 3)


def test_a_wider_frame_shows_more_of_the_same_wall() -> None:
    # The lens does not change when the frame does: what both frames hold is in the same place at the same size.
    wide = paint(Bookshelf(), (640, 360), seed=1)
    narrow = paint(Bookshelf(), (320, 360), seed=1)
    # Less light is lost in the corners of the narrow frame, so the means are compared without it.
    part = wide[:, 160:480]
    assert np.corrcoef(part.ravel(), narrow.ravel())[0, 1] > 0.97


def test_things_keep_their_size_beside_the_sitter() -> None:
    # A face twice as large in the frame is a camera twice as near: books are twice as large too.
    far = paint(Bookshelf(), (640, 360), seed=1, face_h_frac=0.25)
    near = paint(Bookshelf(), (640, 360), seed=1, face_h_frac=0.5)
    middle = cv2.resize(far[90:270, 160:480], (640, 360), interpolation=cv2.INTER_CUBIC)
    assert np.corrcoef(middle.ravel(), near.ravel())[0, 1] > 0.9


def test_the_pool_of_light_follows_the_head() -> None:
    left = paint(Paper(side=0.0), (320, 180), face_centre=(0.25, 0.45)).mean((0, 2))
    right = paint(Paper(side=0.0), (320, 180), face_centre=(0.75, 0.45)).mean((0, 2))
    assert np.argmax(left) < 130 < 190 < np.argmax(right)


def test_paper_falls_off_to_the_corners() -> None:
    paper = paint(Paper(falloff=0.8), (320, 180)).mean(-1)
    corners = max(paper[0, 0], paper[0, -1], paper[-1, 0], paper[-1, -1])
    assert corners < 0.85 * paper[60:100, 140:180].mean()


def test_every_paper_has_its_colour() -> None:
    assert set(COLOURS) == set(PaperColour.__args__)
    assert len(COLOURS) >= 12
    means = [paint(Paper(colour=colour), (32, 18)).mean((0, 1)) for colour in COLOURS]
    apart = [np.abs(a - b).max() for k, a in enumerate(means) for b in means[:k]]
    assert min(apart) * 255 > 5


def test_high_key_is_white_and_low_key_black_with_a_glow() -> None:
    white = paint(HighKey(), (320, 180))
    assert white[80:100, 150:170].min() > 254 / 255
    assert white.min() > 0.9
    black = paint(LowKey(), (320, 180)).mean(-1)
    assert black[[0, 0, -1, -1], [0, -1, 0, -1]].max() < 0.2
    assert black.max() > black[0, 0] + 0.05


@pytest.mark.parametrize("spec", [Paper(), Gradient(), LowKey(), HighKey()], ids=name_of)
def test_smooth_grounds_do_not_band(spec: Backdrop) -> None:
    # Undithered, a soft gradient has runs of equal bytes that end in one straight edge; dithered it has none.
    picture = paint(spec, (1280, 720), seed=1)
    levels = dither_u8(picture, 3).astype(np.float32)
    means = [p.mean((0, 1), dtype=np.float64) for p in (levels, picture)]
    assert np.abs(means[0] - means[1] * 255).max() < 0.05
    smooth = cv2.GaussianBlur(levels, (0, 0), 6) / 255
    assert np.abs(smooth - cv2.GaussianBlur(picture, (0, 0), 6)).max() * 255 < 0.25


def test_dither_is_repeatable_and_keeps_black_and_white() -> None:
    grey = np.full((20, 30, 3), 0.3, np.float32)
    assert np.array_equal(dither_u8(grey, 1), dither_u8(grey, 1))
    assert not np.array_equal(dither_u8(grey, 1), dither_u8(grey, 2))
    assert dither_u8(np.zeros((600, 600, 3), np.float32), 1).max() == 0
    assert dither_u8(np.ones((600, 600, 3), np.float32), 1).min() == 255


def test_the_real_room_is_not_painted() -> None:
    assert is_painted(Paper()) and is_painted(Transparent())
    for spec in (RoomBackdrop(), Untouched()):
        assert not is_painted(spec)
        with pytest.raises(ValueError, match="from the frame"):
            paint(spec, (16, 9))


@pytest.mark.parametrize("size", [(6001, 10), (0, 10), (10, -1)])
def test_impossible_sizes_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="backdrop"):
        paint(Paper(), size)


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ({"kind": "paper", "color": "grey"}, "color"),
        ({"kind": "paper", "colour": "grue"}, "grue"),
        ({"kind": "hologram"}, "hologram"),
        ({"kind": "gradient", "colours": ["#12345"]}, "colours"),
        ({"kind": "lowkey", "glow": 1.5}, "glow"),
        ({"kind": "bookshelf", "f_number": 0.5}, "f_number"),
    ],
)
def test_a_slip_in_a_look_names_itself(table: dict[str, object], what: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=what):
        msgspec.convert(table, Backdrop)


def test_every_family_reads_from_its_kind_alone() -> None:
    for kind in ("paper", "canvas", "gradient", "highkey", "lowkey", "bookshelf"):
        assert is_painted(msgspec.convert({"kind": kind}, Backdrop))
    assert isinstance(msgspec.convert({"kind": "none"}, Backdrop), Untouched)


def test_lattice_numbers_belong_to_places() -> None:
    i, j = np.meshgrid(np.arange(-200, 200), np.arange(-200, 200))
    numbers = hash01(i, j, 9)
    assert numbers.min() >= 0 and numbers.max() < 1
    assert abs(numbers.mean() - 0.5) < 0.005
    assert abs(np.corrcoef(numbers[:, :-1].ravel(), numbers[:, 1:].ravel())[0, 1]) < 0.01
    assert np.array_equal(hash01(i[10:20], j[10:20], 9), numbers[10:20])
    field = noise(Plane.of((2000, 1200), None, 1 / 8), 0.2, 3)
    assert abs(field.mean()) < 0.1 and abs(field.std() - 1) < 0.1
