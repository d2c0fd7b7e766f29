"""LinkedIn's sizes on the phone page: a square of 800 and a banner of 1584 x 396 with the face whole in it."""

from __future__ import annotations

import io
from concurrent.futures import Future
from dataclasses import replace

import cv2
import numpy as np
from PIL import Image

from booth.config.params import Params
from booth.config.params.finish import EncodeParams, FinishParams
from booth.delivery.banner import BANNER_PX, FACE_FRAC, FACE_X_FRAC, banner, wide_jpeg
from booth.delivery.formats import size_of, square
from booth.looks.look import load_look
from booth.still.crop import LINKEDIN, LINKEDIN_PX
from booth.still.develop_still import StillRequest, develop_still
from booth.still.developer import Developed, RendererCache
from booth.still.encode import encode
from booth.still.record import EditRecord, from_xmp, to_xmp
from booth.still.size import Sizing
from tests.unit.still.finish_fakes import a_lab, lab_to_rgb, painted_face


def portrait(eyes: float, face: float) -> bytes:
    """Grey wall, blue shoulders, a red ellipse for the face; its record says where the eyes are."""
    rgb = np.full((2000, 1600, 3), 150, np.uint8)
    cv2.rectangle(rgb, (0, 1500), (1600, 2000), (30, 40, 160), -1)
    middle = round((eyes + 0.06 * face) * 2000)
    cv2.ellipse(rgb, (800, middle), (round(0.36 * face * 2000), round(face * 1000)), 0, 0, 360, (220, 40, 40), -1)
    measures = {"eye_line_frac": eyes, "head_height_frac": face}
    record = EditRecord("navy", "loop", (), (), "d", "s", "composite", "headshot", (1600, 2000), measures=measures)
    return encode(rgb, EncodeParams(sign=False), xmp=to_xmp(record))


def test_the_banner_has_linkedins_size_and_the_whole_face_where_the_profile_picture_does_not_cover_it() -> None:
    for eyes, face in ((0.46, 0.5), (0.4, 0.4)):
        made = banner(portrait(eyes, face))
        assert size_of(made) == BANNER_PX == (1584, 396)
        rgb = np.asarray(Image.open(io.BytesIO(made)).convert("RGB")).astype(int)
        red = (rgb[..., 0] > 150) & (rgb[..., 1] < 90)
        ys, xs = np.nonzero(red)
        assert abs(xs.mean() / 1584 - FACE_X_FRAC) < 0.02
        assert 0.9 * FACE_FRAC * 396 < np.ptp(ys) < 1.1 * FACE_FRAC * 396 and ys.min() > 0
        left = rgb[:100, :400].reshape(-1, 3)
        assert np.abs(left - 150).max() < 12, "the wall is carried on without a seam"


def test_a_square_is_800_and_a_broken_file_is_none() -> None:
    assert size_of(square(portrait(0.46, 0.5))) == (800, 800)
    for bad in (b"", b"\xff\xd8\xff not a picture"):
        try:
            banner(bad)
        except ValueError:
            continue
        raise AssertionError("a broken file gave a banner")


def developed(look: str) -> np.ndarray:
    """LinkedIn's background picture of the painted sitter, who stands to the left in a wide photograph."""
    lab, alpha, face = painted_face(size_px=(1280, 720), face_h_px=240, centre=(0.4, 0.45))
    rgb = (lab_to_rgb(lab) * 255).astype(np.uint8)
    models = replace(a_lab(face, alpha, 1), renderer=RendererCache())
    order = StillRequest(crop=LINKEDIN, sizing=Sizing(LINKEDIN_PX))
    done = develop_still(rgb, load_look(look), models, FinishParams(), order)
    box = done.face.box
    assert abs((box.x0 + box.x1) / 2 - FACE_X_FRAC) < 0.07 and 0.5 < box.y1 - box.y0 < 0.68, (
        "the face is where it belongs"
    )
    assert box.y0 > 0.05, "and whole"
    return done.rgb


def test_a_developed_banner_has_the_looks_backdrop_to_both_ends() -> None:
    made = developed("hotel-lobby")
    assert made.shape == (396, 1584, 3)
    for columns in (slice(0, 200), slice(200, 400), slice(1400, 1584)):
        assert made[:, columns].reshape(-1, 3).std(0).max() > 8, "a place is seen there, no plain colour"
    half = made[:, :700].astype(int)
    assert np.abs(half - half[:, ::-1]).mean() > 8, "and not its own mirror image"


def test_a_plain_wall_has_no_seam() -> None:
    grey = developed("studio-grey")[:120].astype(float).mean((0, 2))[:700]
    assert np.abs(np.diff(grey)).max() < 2.5


def test_the_page_takes_the_developed_banner_and_else_the_portraits_own() -> None:
    flat = np.full((396, 1584, 3), (10, 200, 30), np.uint8)
    record = EditRecord("navy", "loop", (), (), "d", "s", "composite", "linkedin", (1584, 396))
    wide: Future[Developed] = Future()
    wide.set_result(Developed(flat, flat, None, record, Params()))
    jpeg = wide_jpeg(wide)
    assert jpeg is not None and size_of(jpeg) == BANNER_PX and from_xmp(jpeg) == record
    left, failed = Future[Developed](), Future[Developed]()
    left.cancel()
    failed.set_exception(RuntimeError("no"))
    assert [wide_jpeg(one) for one in (None, left, failed)] == [None] * 3
