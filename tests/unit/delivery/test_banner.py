"""LinkedIn's sizes on the phone page: a square of 800 and a banner of 1584 x 396 with the face whole in it."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image

from booth.config.params.finish import EncodeParams
from booth.delivery.banner import BANNER_PX, FACE_FRAC, FACE_X_FRAC, banner
from booth.delivery.formats import size_of, square
from booth.still.encode import encode
from booth.still.record import EditRecord, to_xmp


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
