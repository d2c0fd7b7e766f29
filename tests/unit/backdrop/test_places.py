"""A place behind the sitter: the view is where the numbers say, points become discs, one's own pictures are looks."""

from __future__ import annotations

import logging
import math
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from PIL import Image, ImageCms

from booth.app.look_catalog import LookCatalog
from booth.config.params import load_params
from booth.core.faults import Fault
from booth.core.types import Box, Face, Pose
from booth.looks.backdrop.backdrop_spec import PlaceBackdrop
from booth.looks.backdrop.paint import paint
from booth.looks.backdrop.place_view import EYES_FACES, FAR_M, Sight, out_of_focus
from booth.looks.backdrop.plane import Plane, disc_faces
from booth.looks.canvas import ByFace, ByFrame, Canvas
from booth.looks.light.harmonics import on_normals
from booth.looks.light.lamp_lookup import toward
from booth.looks.light.light_spec import Lamp
from booth.looks.look import load_look, look_names
from booth.looks.parallax import MOST, Drift, ShiftedPlate, margin_px, shift_of
from booth.looks.places.panorama import cells_of, without_ringing
from booth.looks.places.place_file import packed, place_names, read_place, unpacked

SIZE = (320, 180)


def a_panorama(width: int = 512) -> np.ndarray:
    """Return a linear panorama: dark below the horizon, brighter above, a red wall round azimuth 90."""
    height = width // 2
    picture = np.full((height, width, 3), 0.4, np.float32)
    picture[height // 2 :] = 0.1
    quarter = width // 8
    picture[:, 3 * width // 4 - quarter : 3 * width // 4 + quarter] = (0.8, 0.05, 0.05)
    return picture


def seen(picture: np.ndarray, az_deg: float, el_deg: float = 0.0, f_number: float = 16.0) -> np.ndarray:
    plane = Plane.of(SIZE, None, 1 / 3)
    return out_of_focus(picture, Sight(az_deg, el_deg, 60.0), plane, f_number)


def test_the_view_looks_where_it_is_told_and_goes_on_round_the_back() -> None:
    assert seen(a_panorama(), 90.0)[40, :, 0].min() > 0.7
    assert seen(a_panorama(), 0.0)[40, :, 0].max() < 0.5
    round_the_back = seen(a_panorama(), 180.0)
    assert round_the_back[40, :10, 0].mean() == pytest.approx(0.4, abs=0.02)  # no seam where the picture ends
    assert seen(a_panorama(), 60.0)[40, -10:, 0].mean() > 0.7 > seen(a_panorama(), 60.0)[40, :10, 0].mean()


def test_the_horizon_is_at_the_sitters_eyes() -> None:
    for head_y in (0.3, 0.45, 0.6):
        plane = Plane.of(SIZE, (0.5, head_y), 1 / 3)
        view = out_of_focus(a_panorama(), Sight(0.0, 0.0, 60.0), plane, 16.0)[:, 160, 1]
        horizon = int(np.abs(view - 0.25).argmin())
        assert horizon == pytest.approx((head_y - EYES_FACES / 3) * SIZE[1], abs=4)


def test_a_view_upward_shows_less_ground() -> None:
    level, upward = (seen(a_panorama(), 0.0, el_deg)[..., 1] < 0.25 for el_deg in (0.0, 6.0))
    assert 0.1 < upward.mean() < level.mean() - 0.1


def test_a_small_source_becomes_a_disc_that_keeps_its_light() -> None:
    """A lamp of one pixel at f/2: as wide as the lens makes it, even inside, nothing of it lost."""
    panorama = np.full((256, 512, 3), 0.05, np.float32)
    panorama[126, 256] = 200.0
    plane = Plane.of((960, 540), None, 1 / 3)
    view = out_of_focus(panorama, Sight(0.0, 0.0, 60.0), plane, 2.0)[..., 1]
    bright = view > 0.5 * view.max()
    wide = disc_faces(FAR_M, 2.0) * plane.face_px
    assert math.sqrt(bright.sum() * 4 / math.pi) == pytest.approx(wide, rel=0.12)
    focal_px = Sight(0.0, 0.0, 60.0).focal_faces * plane.face_px
    expected = 200 * (2 * math.pi / 512) ** 2 * focal_px**2
    assert (view - 0.05).sum() == pytest.approx(expected, rel=0.15)


def test_any_two_sizes_of_a_place_agree_when_shrunk() -> None:
    spec = PlaceBackdrop("hotel", az_deg=-135)
    large = cv2.resize(paint(spec, (1280, 720)), SIZE, interpolation=cv2.INTER_AREA)
    assert np.abs(large - paint(spec, SIZE)).mean() < 0.02


def test_a_margin_shows_more_and_moves_nothing() -> None:
    spec = PlaceBackdrop("park")
    wide = paint(spec, SIZE, margin_px=20)
    assert np.abs(wide[20:-20, 20:-20] - paint(spec, SIZE)).mean() < 0.01


def test_packing_keeps_a_highlight_and_a_shadow_within_a_percent() -> None:
    rng = np.random.default_rng(3)
    light = np.exp(rng.uniform(-5, 5, (32, 64, 1))).astype(np.float32) * rng.uniform(0.5, 1, (32, 64, 3)).astype("f4")
    assert unpacked(packed(light)) == pytest.approx(light, rel=0.02)


def test_rings_of_a_sharp_resize_round_the_sun_are_not_seen() -> None:
    sky = np.full((64, 128, 3), 0.5, np.float32)
    sky[28:37, 60:69] = -300.0
    sky[31:34, 63:66] = 3000.0
    clean = without_ringing(sky)
    assert clean.min() > 0.2
    assert clean[32, 64, 0] == 3000.0
    assert cells_of(sky).min() >= 0


@pytest.mark.parametrize("name", place_names())
def test_every_packaged_place_is_small_and_whole(name: str) -> None:
    panorama = read_place(name).panorama
    height, width = panorama.picture.shape[:2]
    assert width == 2 * height and 512 <= width <= 768
    assert panorama.light.shape == (32, 64, 3)
    assert np.isfinite(panorama.picture).all() and panorama.picture.min() >= 0
    with pytest.raises(ValueError):
        panorama.picture[0, 0] = 1


# ---- a picture of one's own


def a_photograph(path: Path, size: tuple[int, int] = (640, 480), side: str = "left") -> Path:
    """Write a photograph with a bright window at one side."""
    picture = np.full((size[1], size[0], 3), 60, np.uint8)
    part = np.s_[:, : size[0] // 4] if side == "left" else np.s_[:, -size[0] // 4 :]
    picture[part] = 250
    Image.fromarray(picture).save(path)
    return path


def a_radiance_file(path: Path, size: tuple[int, int] = (512, 256)) -> Path:
    picture = np.full((size[1], size[0], 3), 0.3, np.float32)
    picture[100:120, : size[0] // 16] = 50.0
    assert cv2.imwrite(str(path), picture)
    return path


def test_a_picture_in_the_folder_of_looks_is_a_look(tmp_path: Path) -> None:
    a_photograph(tmp_path / "roof-terrace.jpg")
    a_radiance_file(tmp_path / "hall.hdr")
    assert look_names(tmp_path) == ["hall", "roof-terrace"]
    terrace = load_look("roof-terrace", (tmp_path,))
    assert terrace.title == "Roof terrace" and terrace.has_place and terrace.light.name == "place"
    assert paint(terrace.backdrop, SIZE).shape == (180, 320, 3)
    assert any(lamp.kind == "area" for lamp in load_look("hall", (tmp_path,)).light.lamps)


def test_a_photograph_twice_as_wide_as_high_shows_all_round(tmp_path: Path) -> None:
    assert read_place(str(a_photograph(tmp_path / "round.jpg", (1024, 512)))).is_round
    assert not read_place(str(a_photograph(tmp_path / "flat.jpg", (1024, 640)))).is_round


def test_a_phones_picture_is_read_with_its_colours(tmp_path: Path) -> None:
    """HEIC, and a JPEG whose profile says that its reds are wider than sRGB's."""
    grey = Image.new("RGB", (600, 400), (128, 128, 128))
    grey.save(tmp_path / "phone.heic", quality=90)
    picture = read_place(str(tmp_path / "phone.heic")).panorama.picture
    assert picture[512, 1024] == pytest.approx([0.216] * 3, abs=0.02)
    swapped = Image.new("RGB", (600, 400), (200, 90, 90))
    swapped.save(tmp_path / "plain.png")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped.save(tmp_path / "profiled.jpg", icc_profile=profile, quality=95)
    plain, profiled = (read_place(str(tmp_path / n)).panorama.picture[512, 1024] for n in ("plain.png", "profiled.jpg"))
    assert profiled == pytest.approx(plain, abs=0.02)


def test_an_exr_of_any_compression_is_read(tmp_path: Path) -> None:
    exr = pytest.importorskip("OpenEXR")
    light = np.full((256, 512, 3), 0.25, np.float32)
    light[100:110, 250:260] = 80.0
    for name, how in (("zip", exr.ZIP_COMPRESSION), ("dwab", exr.DWAB_COMPRESSION)):
        header = {"compression": how, "type": exr.scanlineimage}
        with exr.File(header, {"RGB": light}) as file:
            file.write(str(tmp_path / f"{name}.exr"))
        panorama = read_place(str(tmp_path / f"{name}.exr")).panorama
        assert panorama.picture[105, 255] == pytest.approx([80] * 3, rel=0.02)
        assert panorama.light.max() > 10


def test_a_toml_file_that_names_the_picture_takes_its_place_and_chooses_the_view(tmp_path: Path) -> None:
    a_photograph(tmp_path / "terrace.jpg")
    view = 'kind = "place"\nplace = "terrace.jpg"\naz_deg = 10\nwidth_deg = 40\n'
    (tmp_path / "evening.toml").write_text(f'title = "Evening"\npurpose = "x"\n[backdrop]\n{view}')
    assert look_names(tmp_path) == ["evening"]
    look = load_look("evening", (tmp_path,))
    assert isinstance(look.backdrop, PlaceBackdrop)
    assert look.backdrop.place == str(tmp_path / "terrace.jpg") and look.backdrop.az_deg == 10


def test_light_guessed_from_a_photograph_comes_from_its_bright_side_and_is_gentle(tmp_path: Path) -> None:
    sides = {}
    for side in ("left", "right"):
        lamps = load_look(str(a_photograph(tmp_path / f"{side}.png", side=side))).light.lamps
        sides[side] = light_on(lamps, (-0.7, 0, 0.7)), light_on(lamps, (0.7, 0, 0.7))
    assert 1.04 < sides["left"][0] / sides["left"][1] < 2
    assert sides["right"] == pytest.approx(sides["left"][::-1], rel=0.03)


def light_on(lamps: tuple[Lamp, ...], normal: tuple[float, float, float]) -> float:
    """Return the green light of lamps on a surface."""
    total = 0.0
    for lamp in lamps:
        if lamp.kind == "ambient":
            total += on_normals(np.array(lamp.sh, np.float32).reshape(-1, 3), np.array([normal]))[0, 1]
        else:
            total += lamp.strength * max(float(toward(lamp.az_deg, lamp.el_deg) @ np.array(normal)), 0)
    return total


def bad_files(folder: Path) -> dict[str, Path]:
    """Return files that no booth can use, by the fault that says so."""
    files = {
        "picture.unknown": folder / "text.jpg",
        "place.broken": folder / "noise.exr",
        "place.shape": a_radiance_file(folder / "flat.hdr", (640, 480)),
        "place.too_small": a_radiance_file(folder / "tiny.hdr", (256, 128)),
        "place.too_large": folder / "giant.hdr",
        "picture.too_small": a_photograph(folder / "stamp.png", (80, 80)),
    }
    files["picture.unknown"].write_text("no picture at all")
    files["place.broken"].write_bytes(b"v/1\x01" + bytes(range(256)))
    files["place.too_large"].write_bytes(b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 40000 +X 80000\n" + b"\x00" * 64)
    return files


def test_a_file_that_cannot_be_used_is_one_sentence_and_a_hint(tmp_path: Path) -> None:
    for code, path in bad_files(tmp_path).items():
        with pytest.raises(Fault) as caught:
            load_look(str(path))
        assert caught.value.code == code, path
        assert path.name in caught.value.message and caught.value.message.endswith(".") and caught.value.hint
    with pytest.raises(Fault) as caught:
        read_place("nowhere")
    assert caught.value.code == "place.unknown" and "hotel" in caught.value.hint


def test_the_booth_leaves_such_a_file_off_and_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    a_photograph(tmp_path / "good.jpg")
    (tmp_path / "bad.hdr").write_bytes(b"nothing")
    with caplog.at_level(logging.WARNING):
        catalog = LookCatalog(load_params(), (tmp_path,))
    names = [look.name for look in catalog.offered]
    assert "good" in names and "bad" not in names and "keynote" in names
    assert any("bad.hdr cannot be read as a panorama" in line for line in caplog.messages)


# ---- looks


def test_the_light_of_a_place_needs_a_place(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text('title = "x"\npurpose = "x"\n[backdrop]\nkind = "paper"\n[light]\nname = "place"\n')
    with pytest.raises(Fault) as caught:
        load_look(str(path))
    assert caught.value.code == "look.key"


def test_a_guest_may_go_to_another_light_and_come_back() -> None:
    look = load_look("courtyard")
    away = look.with_light("loop")
    assert away.light.lamps == () and away.has_place
    assert away.with_light("place").light.lamps == look.light.lamps


@pytest.mark.parametrize(("kind", "place"), [("office", "lobby"), ("brick", "warehouse"), ("skyline", "piazza")])
def test_a_painted_scene_that_is_gone_is_a_place_now(
    kind: str, place: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'title = "x"\npurpose = "x"\n[backdrop]\nkind = "{kind}"\nf_number = 4.0\n')
    backdrop = load_look(str(path)).backdrop
    assert isinstance(backdrop, PlaceBackdrop) and backdrop.place == place and backdrop.f_number == 4.0
    assert any(kind in line and place in line for line in caplog.messages)


def test_a_look_that_is_gone_is_followed_by_another(caplog: pytest.LogCaptureFixture) -> None:
    assert isinstance(load_look("brick-studio").backdrop, PlaceBackdrop)
    assert any("brick-studio is gone" in line for line in caplog.messages)


# ---- parallax


def a_face_at(x: float, y: float = 0.45) -> Face:
    points = np.tile(np.array([x, y, 0], np.float32), (478, 1))
    box = Box(x - 0.1, y - 0.15, x + 0.1, y + 0.15)
    return Face(points, np.zeros(52, np.float32), np.eye(4, dtype=np.float32), Pose(0, 0, 0), box)


def a_canvas(x: float, hung: ByFace | ByFrame | None = None) -> Canvas:
    return Canvas(np.zeros((180, 320, 3), np.uint8), None, a_face_at(x), hung=hung)


PLACE = PlaceBackdrop("park")


def test_a_place_follows_the_head_a_little_and_never_beyond_what_is_painted() -> None:
    assert shift_of(PLACE, a_canvas(0.5)) == pytest.approx((0, 0), abs=1e-6)
    right, left = shift_of(PLACE, a_canvas(0.6))[0], shift_of(PLACE, a_canvas(0.4))[0]
    assert 0 < right <= MOST and left == pytest.approx(-right)
    assert abs(shift_of(PLACE, a_canvas(1.0))[0]) <= MOST
    assert shift_of(PLACE, a_canvas(0.6, ByFace((0.5, 0.5), 0.3))) == (0, 0)


def test_a_cut_moves_as_the_frame_that_it_is_cut_from() -> None:
    """The middle quarter of a frame of twice the size: the head stands elsewhere in the cut, but not in the frame."""
    cut = Canvas(
        np.zeros((180, 320, 3), np.uint8), None, a_face_at(0.7), hung=ByFrame((640, 360), (1, 0, -160, 0, 1, -90))
    )
    in_frame = Canvas(np.zeros((360, 640, 3), np.uint8), None, a_face_at(0.6, (0.45 * 180 + 90) / 360))
    assert shift_of(PLACE, cut) == pytest.approx(shift_of(PLACE, in_frame), abs=1e-6)


def test_it_moves_slowly_and_by_whole_pixels() -> None:
    drift = Drift()
    assert drift.at((0.0, 0.0), 0.0) == (0.0, 0.0)
    path = [drift.at((0.02, 0.0), 0.1 * k)[0] for k in range(1, 30)]
    assert path[0] < 0.005 and path[-1] == pytest.approx(0.02, abs=0.001) and path == sorted(path)
    plate = np.arange(200 * 340 * 3, dtype=np.uint32).reshape(200, 340, 3).astype(np.uint8)
    shifted = ShiftedPlate()
    at_rest, _ = shifted.pieces((plate, plate), 10, (0.0, 0.0), 180)
    assert np.array_equal(at_rest, plate[10:190, 10:330])
    assert shifted.pieces((plate, plate), 10, (0.001, 0.0), 180)[0] is at_rest
    moved, _ = shifted.pieces((plate, plate), 10, (0.02, 0.0), 180)
    assert np.array_equal(moved, plate[10:190, 6:326])  # what was at a place is now 4 pixels to its right


def test_nothing_moves_under_reduced_motion() -> None:
    params = load_params()
    calm = msgspec.structs.replace(params, screen=msgspec.structs.replace(params.screen, reduced_motion=True))
    for each, moves in ((params, True), (calm, False)):
        look = LookCatalog(each).find("courtyard")
        assert (margin_px(look.backdrop, 720) > 0) is moves
        assert (shift_of(look.backdrop, a_canvas(0.7)) != (0, 0)) is moves
