"""The brand's logo and frame on portraits: their place, size and strength per crop, and never over the face."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from booth.config.brand_folder import brand_folder, marks_in, with_brand_marks
from booth.config.params import load_params
from booth.config.params.marks import CropLogoParams, MarkParams
from booth.core.faults import Fault
from booth.core.types import Box, Face, Pose
from booth.still.crop import CROPS
from booth.still.marks import SCALES, Marked, Room, head_box, logo_box, put_marks

SIZE = (400, 500)


def face_at(x: float, y: float, high: float) -> Face:
    """A face whose mesh is an ellipse, (x, y) its middle and `high` its height, shares of the picture."""
    angles = np.linspace(0, 2 * np.pi, 478)
    wide = high * 0.75 * SIZE[1] / SIZE[0]
    points = np.stack([x + wide / 2 * np.sin(angles), y + high / 2 * np.cos(angles), np.zeros(478)], 1).astype(
        np.float32
    )
    box = Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    return Face(points, np.zeros(52, np.float32), np.eye(4, dtype=np.float32), Pose(0, 0, 0), box)


@pytest.fixture
def brand(tmp_path: Path) -> Path:
    """A brand with a red logo and a green frame over everything."""
    folder = tmp_path / "harbour"
    (folder / "overlays").mkdir(parents=True)
    Image.new("RGBA", (200, 100), (255, 0, 0, 255)).save(folder / "logo.png")
    Image.new("RGBA", (80, 100), (0, 255, 0, 255)).save(folder / "overlays" / "headshot.png")
    return folder


def put(marks: MarkParams, crop: str = "headshot", face: Face | None = None) -> tuple[np.ndarray, Marked]:
    pixels = np.full((SIZE[1], SIZE[0], 3), 0.5, np.float32)
    matte = np.zeros(pixels.shape[:2], np.float32)
    done = put_marks(pixels, face or face_at(0.5, 0.45, 0.4), matte, CROPS[crop], marks)
    return pixels, done


def red(pixels: np.ndarray) -> tuple[int, int, int, int]:
    ys, xs = np.nonzero((pixels[..., 0] > 0.6) & (pixels[..., 1] < 0.45))
    return int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1


def test_a_logo_has_the_place_size_and_opacity_that_its_crop_asks_for(brand: Path) -> None:
    marks = MarkParams(
        logo=str(brand / "logo.png"), size_frac=0.2, crops={
            "square": CropLogoParams(place="top-left", size_frac=0.1, opacity=0.5), "badge": CropLogoParams(on=False)
        },
    )  # fmt: skip
    pixels, done = put(marks)
    x0, y0, x1, y1 = red(pixels)
    assert (x1 - x0, y1 - y0) == (80, 40) and x1 == 400 - 16 and y1 == 500 - 16, "a fifth of the shorter side"
    assert [stage.name for stage in done.stages] == ["brand.logo"] and done.notes == ()
    pixels, _ = put(marks, "square")
    x0, y0, x1, y1 = red(pixels)
    assert (x0, y0, x1 - x0) == (16, 16, 40) and pixels[y0, x0, 0] == pytest.approx(0.75)
    assert put(marks, "badge")[1].stages == ()


@pytest.mark.parametrize("place", ["top-left", "top", "top-right", "bottom-left", "bottom", "bottom-right"])
def test_a_logo_is_never_on_the_head_wherever_it_stands(brand: Path, place: str) -> None:
    rng = np.random.default_rng(3)
    for _ in range(40):
        face = face_at(rng.uniform(0.2, 0.8), rng.uniform(0.2, 0.8), rng.uniform(0.2, 0.8))
        marks = MarkParams(logo=str(brand / "logo.png"), size_frac=0.4, place=place)  # type: ignore[arg-type]
        pixels, done = put(marks, face=face)
        x0, y0, x1, y1 = head_box(face, SIZE)
        inside = pixels[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)]
        assert (inside == 0.5).all()
        assert done.stages or "left out" in done.notes[0]


def test_a_logo_keeps_off_high_hair_and_inside_a_round_portrait() -> None:
    face = face_at(0.5, 0.6, 0.4)
    matte = np.zeros((500, 400), np.float32)
    matte[:350, 120:280] = 1  # hair up to the upper edge
    box, place = logo_box((200, 100), 80, "top", Room(SIZE, face, matte)) or ((0, 0, 0, 0), "top")
    assert place != "top" and matte[box[1] : box[3], box[0] : box[2]].mean() == 0
    found = logo_box((200, 100), 80, "bottom-right", Room((500, 500), face_at(0.5, 0.4, 0.3), is_round=True))
    assert found is not None and found[1] == "bottom"
    assert logo_box((200, 100), 300, "top", Room(SIZE, face_at(0.5, 0.5, 0.95))) is None
    assert SCALES[0] == 1


def test_a_frame_covers_everything_but_the_face(brand: Path) -> None:
    face = face_at(0.5, 0.45, 0.4)
    pixels, done = put(MarkParams(overlays=str(brand / "overlays")), face=face)
    assert (pixels[5, 5] == (0, 1, 0)).all() and [stage.name for stage in done.stages] == ["brand.overlay"]
    for x, y in face.landmarks[:, :2] * SIZE:
        assert (pixels[int(y) - (y > 225), int(x) - (x > 200)] == 0.5).all(), "no pixel of the face"
    assert put(MarkParams(overlays=str(brand / "overlays")), "square")[1].stages == (), "there is none for that crop"


def test_an_official_portrait_carries_no_brand(brand: Path) -> None:
    pixels = np.full((500, 400, 3), 0.5, np.float32)
    official = replace(CROPS["headshot"], name="us-passport")
    marks = MarkParams(logo=str(brand / "logo.png"), overlays=str(brand / "overlays"))
    assert put_marks(pixels, face_at(0.5, 0.45, 0.4), pixels[..., 0], official, marks).alpha is None
    assert (pixels == 0.5).all()


def test_a_brands_folder_says_what_is_laid_on(brand: Path) -> None:
    assert marks_in(brand, None, MarkParams()).logo == "", "a logo is for the screen alone until [portrait] is there"
    made = marks_in(brand, {"place": "top", "crops": {"square": {"opacity": 0.5}}}, MarkParams())
    assert made.logo == str(brand / "logo.png") and made.place == "top" and made.crops["square"].opacity == 0.5
    assert made.overlays == str(brand / "overlays")
    for table in ({"plaice": "top"}, {"size_frac": 3}, {"logo": "gone.png"}):
        with pytest.raises(Fault) as met:
            marks_in(brand, table, MarkParams())
        assert met.value.code == "brand.portrait"
    (brand / "broken.png").write_text("no picture")
    with pytest.raises(Fault, match="not a picture"):
        put(MarkParams(logo=str(brand / "broken.png")))


def test_a_brand_is_found_by_its_name_or_a_hint_says_what_to_write(
    brand: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with pytest.raises(Fault, match='write brand = "harbour"') as met:
        brand_folder("harbour")
    own = tmp_path / "home/.config/booth/brands"
    own.mkdir(parents=True)
    brand.rename(own / "harbour")
    (own / "harbour" / "brand.toml").write_text('[portrait]\nplace = "top-left"\n')
    assert brand_folder("harbour") == own / "harbour" and brand_folder(str(own / "harbour")) == own / "harbour"
    for written, hint in (("harbor", 'brand = "harbour"'), ("zoo", "there are: harbour")):
        with pytest.raises(Fault) as met:
            brand_folder(written)
        assert met.value.code == "brand.missing" and hint in met.value.hint
    profile = tmp_path / "mine.toml"
    profile.write_text('extends = "event"\n[screen]\nbrand = "harbour"\n')
    assert with_brand_marks(load_params(profile)).finish.marks.place == "top-left"
