"""The wide picture that LinkedIn hangs behind a profile, made of nothing but the finished portrait.

Where the photograph is still at hand it is developed in the crop `linkedin` instead, with the look's backdrop painted
at that size. This stands in where it is not: the portrait's own background is carried on as plain colour.
"""

from __future__ import annotations

import io
import logging
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

from booth.config.params.finish import EncodeParams
from booth.delivery.formats import flat, open_picture
from booth.still.crop import LINKEDIN_PX
from booth.still.record import from_xmp, to_xmp

if TYPE_CHECKING:
    from booth.still.developer import Developed

log = logging.getLogger(__name__)

BANNER_PX = LINKEDIN_PX
FACE_FRAC = 0.62  # of the banner's height: the landmarks' box, so that hair and chin have room
EYES_FRAC = 0.45  # of its height from the top
FACE_X_FRAC = 0.68  # of its width: the profile picture itself lies over the left
FADE_FRAC = 0.22  # of the portrait's width on each side, in which it goes over into what carries on
EDGE_FRAC = 0.03  # of the portrait's width: the strip at each side whose colours are carried on
PLAIN_EYES, PLAIN_FACE = 0.46, 0.5  # shares of a headshot's height, where the record has no measures
QUALITY = 90
WIDE_WAIT_S = 20.0  # a page waits so long for its widest picture: ten times what two cores take


def banner(content: bytes) -> bytes:
    """Return a JPEG of BANNER_PX of a finished portrait; ValueError for anything else."""
    picture = open_picture(content)
    rgb = np.asarray(flat(picture)).astype(np.float32)
    measures = _measures(content)
    eyes, face = measures.get("eye_line_frac", PLAIN_EYES), measures.get("head_height_frac", PLAIN_FACE)
    width, height = BANNER_PX
    scale = FACE_FRAC * height / max(face * rgb.shape[0], 1.0)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=how)
    top = round(eyes * small.shape[0] - EYES_FRAC * height)
    rows = np.clip(np.arange(top, top + height), 0, small.shape[0] - 1)
    cut = small[rows]
    made = _carried_on(cut, width, round(FACE_X_FRAC * width - cut.shape[1] / 2))
    out = io.BytesIO()
    carried = {name: picture.info[name] for name in ("icc_profile", "xmp") if picture.info.get(name)}
    Image.fromarray(made).save(out, "JPEG", quality=QUALITY, **carried)
    return out.getvalue()


def wide_jpeg(wide: Future[Developed] | None) -> bytes | None:
    """Return LinkedIn's background picture as it was developed; None where it was not, or not in time."""
    if wide is None:
        return None
    from booth.still.encode import encode  # loads what signs: not before the first page

    try:
        made = wide.result(WIDE_WAIT_S)
    except (Exception, CancelledError) as error:  # its guest has left, or the develop failed: the portrait has one too
        log.info("wide picture: %s", type(error).__name__)
        return None
    return encode(made.after, EncodeParams(sign=False), xmp=to_xmp(made.record))


def _measures(content: bytes) -> dict[str, float]:
    record = from_xmp(content)
    return dict(record.measures) if record is not None else {}


def _carried_on(cut: np.ndarray, width: int, left: int) -> np.ndarray:
    """Put an (h, w, 3) float32 cut at `left` of a page (h, `width`, 3) whose colours are those of its upper edges."""
    height, cut_w = cut.shape[:2]
    left = int(np.clip(left, 0, max(0, width - cut_w)))
    strip = max(1, round(EDGE_FRAC * cut_w))
    upper = slice(0, max(1, height // 3))  # above the shoulders there is background alone
    sides = [cut[upper, :strip].reshape(-1, 3), cut[upper, -strip:].reshape(-1, 3)]
    colours = [np.median(side, axis=0) for side in sides]
    share = np.linspace(0, 1, width, dtype=np.float32)[None, :, None]
    page = np.repeat((1 - share) * colours[0] + share * colours[1], height, axis=0).astype(np.float32)
    seen = cut[:, : min(cut_w, width)]
    fade = max(1, round(FADE_FRAC * seen.shape[1]))
    ramp = np.ones(seen.shape[1], np.float32)
    ramp[:fade] = (1 - np.cos(np.linspace(0, np.pi, fade))) / 2
    ramp[-fade:] = ramp[:fade][::-1]
    page[:, left : left + seen.shape[1]] += ramp[None, :, None] * (seen - page[:, left : left + seen.shape[1]])
    return np.ascontiguousarray(np.clip(np.rint(page), 0, 255).astype(np.uint8))
