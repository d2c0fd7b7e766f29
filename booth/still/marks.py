"""The brand's frame and logo on a finished portrait, in place; both keep off the face.

A frame is laid over the whole cut and cleared where the face is. A logo goes to its place; where the head is there, it
is made smaller, then goes to another corner, and where there is no room at all it is left out and the record says so.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from booth.capture.photo.reader import FORMATS, MAX_FILE_BYTES
from booth.config.params.marks import CropLogoParams, MarkParams, Place
from booth.core.bounded_read import read_bounded
from booth.core.faults import Fault
from booth.core.types import Face, frozen
from booth.still.crop import CropSpec
from booth.still.official import official_crops
from booth.still.record import StageEntry

HAIR_FRAC, CHIN_FRAC, SIDE_FRAC = 0.25, 0.06, 0.15  # of the mesh's height and width: what a head is beyond its face
HEAD_SHARE = 0.005  # of a logo's box may be hair by the matte: its edge is soft
MARGIN_FRAC = 0.04  # of the portrait's shorter side, between a logo and the edge
SCALES = (1.0, 0.8, 0.6)  # a logo is made no smaller than this to keep off the head
PLACES: tuple[Place, ...] = ("bottom-right", "bottom-left", "top-right", "top-left", "bottom", "top")
FEATHER_FRAC = 0.03  # of the portrait's height: how softly a frame ends round the face
MAX_PX = 6000  # of a mark's longer side

Box = tuple[int, int, int, int]  # x0, y0, x1, y1 in pixels


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """What was laid on: stages for the record, notes, and (h, w) float32 how much of each pixel is the brand's."""

    stages: tuple[StageEntry, ...] = ()
    notes: tuple[str, ...] = ()
    alpha: np.ndarray | None = None


def put_marks(pixels: np.ndarray, face: Face, matte: np.ndarray, spec: CropSpec, params: MarkParams) -> Marked:
    """Lay frame and logo on an (h, w, 3) float32 portrait, sRGB-coded 0..1, in place. Fault `brand.portrait`.

    `matte` (h, w) float32 0..1 is how much of each pixel is the sitter: it knows how high their hair is.
    """
    if not (params.logo or params.overlays) or spec.name in official_crops():
        return Marked()
    alpha = np.zeros(pixels.shape[:2], np.float32)
    stages = _put_frame(pixels, face, spec.name, params, alpha)
    room = Room(pixels.shape[1::-1], face, matte, is_round=spec.is_round)
    put, notes = _put_logo(pixels, room, spec.name, params, alpha)
    return Marked((*stages, *put), notes, alpha)


def head_box(face: Face, size_px: tuple[int, int]) -> Box:
    """Return the box of the whole head, hair and chin, in a picture of (width, height) pixels."""
    box, (width, height) = face.box, size_px
    wide, high = box.x1 - box.x0, box.y1 - box.y0
    return (
        round((box.x0 - SIDE_FRAC * wide) * width), round((box.y0 - HAIR_FRAC * high) * height),
        round((box.x1 + SIDE_FRAC * wide) * width), round((box.y1 + CHIN_FRAC * high) * height),
    )  # fmt: skip


def _put_frame(
    pixels: np.ndarray, face: Face, crop: str, params: MarkParams, alpha: np.ndarray
) -> tuple[StageEntry, ...]:
    file = Path(params.overlays).expanduser() / f"{crop}.png" if params.overlays else None
    if file is None or not file.is_file():
        return ()
    height, width = pixels.shape[:2]
    rgba = cv2.resize(_opened(str(file), file.stat().st_mtime_ns), (width, height), interpolation=cv2.INTER_AREA)
    share = rgba[..., 3] * (1 - _face_mask(face, (width, height)))
    pixels += share[..., None] * (rgba[..., :3] - pixels)
    np.maximum(alpha, share, out=alpha)
    return (StageEntry("brand.overlay", "The brand's frame was laid on", {}),)


def _face_mask(face: Face, size_px: tuple[int, int]) -> np.ndarray:
    """(h, w) float32: 1 on the face, softly 0 beside it."""
    width, height = size_px
    points = np.rint(face.landmarks[:, :2] * (width, height)).astype(np.int32)
    mask = np.zeros((height, width), np.float32)
    cv2.fillConvexPoly(mask, cv2.convexHull(points), 1.0)
    mask = cv2.dilate(mask, np.ones((5, 5), np.uint8))  # the mesh's outline is whole pixels here
    feather = max(1, round(FEATHER_FRAC * height))
    grown = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * feather + 1, 2 * feather + 1)))
    return np.maximum(mask, cv2.GaussianBlur(grown, (0, 0), feather / 2))


def _put_logo(
    pixels: np.ndarray, room: Room, crop: str, params: MarkParams, alpha: np.ndarray
) -> tuple[tuple[StageEntry, ...], tuple[str, ...]]:
    own = params.crops.get(crop, CropLogoParams())
    if not params.logo or not own.on:
        return (), ()
    height, width = pixels.shape[:2]
    file = Path(params.logo).expanduser()
    try:
        rgba = _opened(str(file), file.stat().st_mtime_ns)
    except OSError as error:
        raise Fault("brand.portrait", f"The logo {file} cannot be read.", "Check its path.") from error
    longer = (own.size_frac or params.size_frac) * min(width, height)
    wanted = own.place or params.place
    found = logo_box(rgba.shape[1::-1], longer, wanted, room)
    if found is None:
        return (), ("The brand's logo was left out: the head leaves no room for it.",)
    (x0, y0, x1, y1), place = found
    how = cv2.INTER_AREA if x1 - x0 < rgba.shape[1] else cv2.INTER_CUBIC
    small = np.clip(cv2.resize(rgba, (x1 - x0, y1 - y0), interpolation=how), 0, 1)
    share = small[..., 3] * np.float32(own.opacity or params.opacity)
    under = pixels[y0:y1, x0:x1]
    under += share[..., None] * (small[..., :3] - under)
    np.maximum(alpha[y0:y1, x0:x1], share, out=alpha[y0:y1, x0:x1])
    notes = (
        ()
        if place == wanted
        else (f"The brand's logo stands at {place}: at {wanted} it would lie on the head or beyond the edge.",)
    )
    amounts = {"width_frac": round((x1 - x0) / width, 3), "opacity": round(own.opacity or params.opacity, 2)}
    return (StageEntry("brand.logo", f"The brand's logo was laid on, {place}", amounts),), notes


class Room:
    """Where in a portrait of (width, height) pixels a logo may stand: off the head, and within a round one's disc."""

    def __init__(
        self, size_px: tuple[int, int], face: Face, matte: np.ndarray | None = None, *, is_round: bool = False
    ):
        self.size_px, self._head, self._is_round = size_px, head_box(face, size_px), is_round
        self._hair = None if matte is None else matte[: max(0, self._head[3])] > 0.5

    def holds(self, box: Box) -> bool:
        """True where a box is inside the portrait and covers nothing of the head."""
        (width, height), (x0, y0, x1, y1) = self.size_px, box
        if x0 < 0 or y0 < 0 or x1 > width or y1 > height or _overlap(box, self._head):
            return False
        if self._hair is not None and y0 < len(self._hair) and self._hair[y0:y1, x0:x1].mean() > HEAD_SHARE:
            return False
        radius = min(width, height) / 2
        corners = ((x, y) for x in (x0, x1) for y in (y0, y1))
        return not self._is_round or all(np.hypot(x - width / 2, y - height / 2) <= radius for x, y in corners)


def logo_box(logo_px: tuple[int, int], longer_px: float, wanted: Place, room: Room) -> tuple[Box, Place] | None:
    """Return where a logo of (width, height) goes and at which place; None where the head leaves no room."""
    width, height = room.size_px
    margin = round(MARGIN_FRAC * min(room.size_px))
    for place in dict.fromkeys((wanted, *PLACES)):
        for scale in SCALES:
            by = longer_px * scale / max(logo_px)
            w, h = max(1, round(logo_px[0] * by)), max(1, round(logo_px[1] * by))
            x = {"left": margin, "right": width - margin - w}.get(place.rpartition("-")[2], (width - w) // 2)
            y = margin if place.startswith("top") else height - margin - h
            if room.holds((x, y, x + w, y + h)):
                return (x, y, x + w, y + h), place
    return None


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@lru_cache(maxsize=8)
def _opened(file: str, changed_ns: int) -> np.ndarray:
    """Return a picture as (h, w, 4) float32 0..1, kept until its file changes. Fault `brand.portrait`."""
    try:
        content = read_bounded(Path(file), MAX_FILE_BYTES)
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            opened.thumbnail((MAX_PX, MAX_PX))
            rgba = np.asarray(opened.convert("RGBA"), np.float32) / 255
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise Fault("brand.portrait", f"{file} is not a picture.", "Save it as PNG with transparency.") from error
    return frozen(rgba)
