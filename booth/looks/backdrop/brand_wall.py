"""The organisation's colours with its logo, printed on the backdrop: beside the head, or repeated as a press wall."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from booth.looks.backdrop.backdrop_spec import BrandBackdrop
from booth.looks.backdrop.gradient import run
from booth.looks.backdrop.lattice import fbm, key_of
from booth.looks.backdrop.paper import pool, size_of
from booth.looks.backdrop.picture import read_picture
from booth.looks.backdrop.plane import Plane
from booth.looks.backdrop.tone import enlarged, photographed, to_coded, to_linear
from booth.looks.bokeh import disc_blur

_WORK_FACE_PX = 90.0
_HEAD_HALF_W, _HEAD_TOP = 0.68, 0.85  # faces from the face's centre that hair may take
_MARGIN = 0.16  # faces kept free to the picture's edge and to the head
_LEAST = 0.45  # faces along its longer side: a logo is no smaller, though hair may then come before it
_MAX_H = 1.3  # a tall logo is no higher than this, in faces
_WALL_SHARE, _WALL_GAP = 0.55, 1.75  # logos of a press wall: width against a single one, and pitch
_ENLARGED_MUCH = 1.5


def _logo(spec: BrandBackdrop) -> np.ndarray:
    """Return (h, w, 4) float32: the logo's linear light times its cover, and the cover; empty borders cut away."""
    picture = read_picture(Path(spec.logo or "").expanduser()).convert("RGBA")
    box = picture.getchannel("A").getbbox()
    coded = np.asarray(picture.crop(box) if box else picture, np.float32) / 255
    cover = coded[..., 3:]
    return np.concatenate([to_linear(coded[..., :3]) * cover, cover], 2).astype(np.float32)


def _fitted(aspect: float, wide: float, room_w: float, room_h: float) -> float:
    """Return the width in faces of a logo of that aspect (width / height) that fits the room."""
    return max(0.05, min(wide, room_w, min(room_h, _MAX_H) * aspect))


def logo_places(spec: BrandBackdrop, plane: Plane, aspect: float) -> list[tuple[float, float, float]]:
    """Return where logos go: (centre x, centre y, width) in faces, away from the head unless the wall repeats them."""
    half_w, half_h = plane.half
    if spec.place == "wall":
        wide = _fitted(aspect, spec.logo_width * _WALL_SHARE, 2 * half_w, 0.6)
        pitch_x, pitch_y = wide * _WALL_GAP, max(wide / aspect, 0.25) * 2.1
        rows, columns = int(half_h / pitch_y) + 2, int(half_w / pitch_x) + 2
        return [
            ((i + 0.5 * (j % 2)) * pitch_x, j * pitch_y, wide)
            for j in range(-rows, rows + 1)
            for i in range(-columns, columns + 1)
        ]
    return [_beside(spec, plane, aspect)]


def _beside(spec: BrandBackdrop, plane: Plane, aspect: float) -> tuple[float, float, float]:
    """Return the one place of a logo: beside the head, over it, or in a corner of a picture that has no room at all."""
    half_w, half_h = plane.half
    free = {"left": plane.head_x + half_w, "right": half_w - plane.head_x}
    side = spec.place if spec.place in free else max(("right", "left"), key=lambda s: free[s])
    room = free[side] - _HEAD_HALF_W - 2 * _MARGIN
    above = plane.head_y - _HEAD_TOP + half_h - 2 * _MARGIN
    sign = 1 if side == "right" else -1
    wide_beside = _fitted(aspect, spec.logo_width, room, half_h)
    wide_above = _fitted(aspect, spec.logo_width, 2 * (half_w - _MARGIN), above)
    longer = max(1.0, 1 / aspect)  # the longer side, in widths
    if max(wide_beside, wide_above) * longer < _LEAST:
        wide = min(_LEAST, half_w, half_h) / longer
        return sign * (half_w - _MARGIN / 2 - wide / 2), -half_h + _MARGIN / 2 + wide / aspect / 2, wide
    if wide_above > 1.5 * wide_beside and spec.place == "auto":
        return 0.0, -half_h + _MARGIN + above / 2, wide_above
    x = sign * (half_w - _MARGIN - room / 2)
    top = -half_h + _MARGIN + wide_beside / aspect / 2
    return x, max(top, plane.head_y - 0.45), wide_beside


def _print_logo(
    rgb: np.ndarray, plane: Plane, logo: np.ndarray, light: np.ndarray, place: tuple[float, float, float]
) -> None:
    """Lay the logo on the coded picture, in place, lit as the ground is."""
    x, y, wide = place
    w, h = max(1, round(wide * plane.x_px)), max(1, round(wide * logo.shape[0] / logo.shape[1] * plane.y_px))
    px, py = (float(v) for v in plane.px(x, y))
    x0, y0 = round(px - w / 2), round(py - h / 2)
    how = cv2.INTER_AREA if w < logo.shape[1] else cv2.INTER_CUBIC
    ink = np.clip(cv2.resize(logo, (w, h), interpolation=how), 0, None)
    a, b = max(0, -x0), max(0, -y0)
    c, d = min(w, rgb.shape[1] - x0), min(h, rgb.shape[0] - y0)
    if a >= c or b >= d:
        return
    ink = ink[b:d, a:c]
    at = light[min(max(round(py * light.shape[0] / plane.height_px), 0), light.shape[0] - 1)]
    lit = float(at[min(max(round(px * light.shape[1] / plane.width_px), 0), light.shape[1] - 1)])
    under = rgb[y0 + b : y0 + d, x0 + a : x0 + c]
    cover = np.minimum(ink[..., 3:], 1)
    colour = to_coded(ink[..., :3] / np.maximum(cover, 1e-4) * lit)
    under += cover * (colour - under)


def paint_brand(spec: BrandBackdrop, plane: Plane, seed: int) -> np.ndarray:
    """Return (H, W, 3) float32 sRGB-coded ground in the brand's colours, with its logo."""
    work = plane.at(_WORK_FACE_PX, 720)
    x, y = work.axes()
    half_w, half_h = work.half
    t = np.clip(0.5 + 0.5 * (0.45 * x / half_w + 0.55 * y / half_h), 0, 1).astype(np.float32)
    light = pool(work, spec.falloff, 0.0) * (1 + 0.008 * fbm(work, 1.3, key_of(seed, 1), 3))
    rgb = enlarged(photographed(run(spec.colours, t) * light[..., None]), size_of(plane))
    if spec.logo is None:
        return rgb
    logo = _logo(spec)
    for place in logo_places(spec, plane, logo.shape[1] / logo.shape[0]):
        _print_logo(rgb, plane, logo, light, place)
    if spec.soft * plane.face_px > 1:
        rgb = disc_blur(rgb, spec.soft * plane.face_px)
    wall: np.ndarray = np.clip(rgb, 0, 1)
    return wall


def brand_notes(spec: BrandBackdrop, plane: Plane) -> tuple[str, ...]:
    """Return what the operator should know: that the logo is too small for this size."""
    if spec.logo is None:
        return ()
    logo = _logo(spec)
    wide = max(place[2] for place in logo_places(spec, plane, logo.shape[1] / logo.shape[0])) * plane.x_px
    if wide <= logo.shape[1] * _ENLARGED_MUCH:
        return ()
    return (f"{spec.logo} is too small, {logo.shape[1]} px where {round(wide)} are printed: it will look soft.",)
