"""The light field of one picture, and laying it on: in linear light, through the matte, mirror and still alike."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import cv2
import numpy as np

from booth.core.color import linear_to_srgb, srgb_to_linear
from booth.core.compiled import read_only
from booth.core.types import Box, frozen
from booth.looks.light.apply_light import DECODE, DECODE_FINE, ENCODE, ENCODE_ROOT, STEPS, lay_bytes, lay_floats
from booth.looks.light.catchlight import Glint, draw_glint
from booth.looks.row_bands import in_bands

Spot = tuple[slice, slice, np.ndarray]  # rows, columns and (h, w, 3) linear light to add there


@dataclass(frozen=True, slots=True, eq=False)
class LightField:
    """What the light does to each part of the sitter, on a square grid over `roi`; linear light."""

    gain: np.ndarray  # (g, g, 3) float32, multiplies
    spec: np.ndarray  # (g, g, 3) float32, is added after
    roi: Box  # the square of the grid in 0..1 of the picture; may reach outside
    catchlights: tuple[Glint, ...]
    rim: np.ndarray | None  # (g, g, 3) float32 0..: light from behind on the matte's edge, already in gain and spec
    cover: np.ndarray  # (g, g) float32 0..1: where the sitter is when no matte says it
    level: float  # 0..1 of full strength
    of_seq: int
    packed: np.ndarray  # (g, g, 6): gain and spec side by side, as `apply` reads them


def as_field(packed: np.ndarray, roi: Box, level: float, seq: int, **parts) -> LightField:
    """Return the field of (g, g, 6) gain and gloss; `parts` are catchlights, rim and cover."""
    frozen(packed)
    return LightField(
        gain=packed[..., :3], spec=packed[..., 3:], roi=roi, level=level, of_seq=seq, packed=packed, **parts
    )


def apply(
    field: LightField | None, rgb: np.ndarray, alpha: np.ndarray | None, out: np.ndarray | None = None
) -> np.ndarray:
    """Return the picture in that light.

    rgb    (H, W, 3) uint8, or float32 0..1 sRGB-coded; the answer is of the same kind, written to `out` if given
    alpha  (H, W) of the same kind; None uses the head's own outline

    Without a field the answer is `rgb` itself, to the bit.
    """
    if field is None:
        return rgb
    height, width = rgb.shape[:2]
    out = np.empty_like(rgb) if out is None else out
    side = field.packed.shape[0]
    step = side / ((field.roi.x1 - field.roi.x0) * width)
    place = np.array([0.5 - field.roi.x0 * width, 0.5 - field.roi.y0 * height], np.float32) * step - 0.5
    place = np.array([*place, step], np.float32)
    alpha = _outline(field, rgb) if alpha is None else alpha
    if rgb.dtype == np.uint8:
        if out is not rgb:
            np.copyto(out, rgb)
        lay_bytes(read_only(rgb), read_only(alpha), read_only(field.packed), place, DECODE, ENCODE, out)
    else:
        _lay_still(rgb, np.ascontiguousarray(alpha, np.float32), field.packed, place, out)
    for glint in field.catchlights:
        _spark(out, glint, field.level)
    return out


def _lay_still(rgb: np.ndarray, alpha: np.ndarray, packed: np.ndarray, place: np.ndarray, out: np.ndarray) -> None:
    """Lay the field on a still, its upper and lower part side by side."""

    def band(top: int, end: int) -> None:
        start = place + np.array([0, top * place[2], 0], np.float32)
        pictures = read_only(rgb[top:end]), read_only(alpha[top:end]), read_only(packed)
        lay_floats(*pictures, start, (DECODE_FINE, ENCODE_ROOT), out[top:end])

    in_bands(len(rgb), band)


def _outline(field: LightField, rgb: np.ndarray) -> np.ndarray:
    """Return the head's own outline as a matte the size and kind of `rgb`."""
    height, width = rgb.shape[:2]
    side = field.cover.shape[0]
    across = (field.roi.x1 - field.roi.x0) * width / side
    to_pixels = np.array(
        [[across, 0, field.roi.x0 * width + across / 2 - 0.5], [0, across, field.roi.y0 * height + across / 2 - 0.5]]
    )
    mask = cv2.warpAffine(field.cover, to_pixels, (width, height), flags=cv2.INTER_LINEAR)
    return mask if rgb.dtype != np.uint8 else np.round(np.clip(mask, 0, 1) * 255).astype(np.uint8)


_DRAWN: WeakKeyDictionary[Glint, tuple[tuple[int, int], Spot | None]] = WeakKeyDictionary()  # gone with their field


def _drawn(glint: Glint, size_px: tuple[int, int]) -> Spot | None:
    """Draw a catchlight; one that lasts for some frames of the mirror is drawn once."""
    kept = _DRAWN.get(glint)
    if kept is None or kept[0] != size_px:
        kept = _DRAWN[glint] = (size_px, draw_glint(glint, size_px))
    return kept[1]


def _spark(out: np.ndarray, glint: Glint, level: float) -> None:
    """Add one catchlight to the picture in place."""
    drawn = _drawn(glint, (out.shape[1], out.shape[0]))
    if drawn is None:
        return
    rows, columns, light = drawn
    patch = out[rows, columns]
    if out.dtype == np.uint8:
        linear = DECODE[patch] + np.float32(level) * light
        out[rows, columns] = ENCODE[(np.minimum(linear, 1) * np.float32(STEPS) + np.float32(0.5)).astype(np.int32)]
    else:
        out[rows, columns] = linear_to_srgb(np.clip(srgb_to_linear(patch) + level * light, 0, 1))
