"""One door to all painted backdrops: a spec and a size in, a picture out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from booth.looks.backdrop.backdrop_spec import (
    Backdrop,
    Bookshelf,
    BrandBackdrop,
    CanvasBackdrop,
    Gradient,
    HighKey,
    LowKey,
    Paper,
    Picture,
    PlaceBackdrop,
    Transparent,
)  # fmt: skip
from booth.looks.backdrop.bookshelf import paint_bookshelf
from booth.looks.backdrop.brand_wall import brand_notes, paint_brand
from booth.looks.backdrop.gradient import paint_gradient, paint_highkey, paint_lowkey
from booth.looks.backdrop.grain import dither_u8
from booth.looks.backdrop.harmony import edge_light
from booth.looks.backdrop.painted_canvas import paint_canvas
from booth.looks.backdrop.paper import paint_paper
from booth.looks.backdrop.picture import paint_picture, picture_notes
from booth.looks.backdrop.place import paint_place
from booth.looks.backdrop.plane import FACE_FRAC_DEFAULT, Plane

__all__ = ["MAX_SIDE_PX", "dither_u8", "edge_light", "is_painted", "notes", "paint"]

MAX_SIDE_PX = 6000


def _chequers(_spec: Transparent, plane: Plane, _seed: int) -> np.ndarray:
    x, y = plane.axes()
    odd = (np.floor(x * 6) + np.floor(y * 6)) % 2
    return np.repeat((0.62 + 0.14 * odd)[..., None], 3, 2).astype(np.float32)


Painter = Callable[[Any, Plane, int], np.ndarray]
_PLAIN: Mapping[type, Painter] = MappingProxyType(
    {
        Paper: paint_paper,
        CanvasBackdrop: paint_canvas,
        Gradient: paint_gradient,
        HighKey: paint_highkey,
        LowKey: paint_lowkey,
        BrandBackdrop: paint_brand,
        Picture: paint_picture,
        Transparent: _chequers,
    }
)
ScenePainter = Callable[[Any, Plane, int, str], np.ndarray]
_SCENES: Mapping[type, ScenePainter] = MappingProxyType(
    {
        Bookshelf: paint_bookshelf,
        PlaceBackdrop: paint_place,
    }
)


def is_painted(backdrop: Backdrop) -> bool:
    """Tell whether `paint` makes this backdrop; the real room, blurred or untouched, comes from the frame instead."""
    return type(backdrop) in _PLAIN or type(backdrop) in _SCENES


def paint(  # noqa: PLR0913 - one picture and how it stands, most of it by name
    backdrop: Backdrop,
    size: tuple[int, int],
    *,
    seed: int = 0,
    face_centre: tuple[float, float] | None = None,
    face_h_frac: float = FACE_FRAC_DEFAULT,
    quality: str = "mirror",
    margin_px: int = 0,
) -> np.ndarray:
    """Paint a backdrop as (H, W, 3) float32 sRGB-coded 0..1 for a picture of `size` (W, H), at most 6000 px a side.

    `face_centre` is in 0..1 of width and height, `face_h_frac` the face's share of the height: things keep their size
    beside the sitter. `margin_px` more are painted on every side. Any two sizes of one shape agree
    when shrunk. ValueError for the real room and for bad sizes;
    Fault where a picture or logo the spec names cannot be used.
    """
    if max(size) > MAX_SIDE_PX:
        raise ValueError(f"a backdrop is at most {MAX_SIDE_PX} px a side, got {size[0]} x {size[1]}")
    plane = Plane.of(size, face_centre, face_h_frac).wider(margin_px)
    kind = type(backdrop)
    if kind in _PLAIN:
        return _PLAIN[kind](backdrop, plane, seed)
    if kind in _SCENES:
        return _SCENES[kind](backdrop, plane, seed, quality)
    raise ValueError(f"{kind.__name__} comes from the frame and is not painted")


def notes(
    backdrop: Backdrop, size: tuple[int, int], *, seed: int = 0, face_h_frac: float = FACE_FRAC_DEFAULT
) -> tuple[str, ...]:
    """Return sentences an operator should read about using this backdrop at this size; Fault as `paint` raises."""
    plane = Plane.of(size, None, face_h_frac)
    if isinstance(backdrop, Picture):
        return picture_notes(backdrop, plane, seed)
    return brand_notes(backdrop, plane) if isinstance(backdrop, BrandBackdrop) else ()
