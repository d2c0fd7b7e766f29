"""Backdrops: what stands behind the sitter, painted at any size; and how sitter and backdrop are brought together."""

from booth.looks.backdrop.backdrop_spec import FAMILIES, Backdrop
from booth.looks.backdrop.grain import Grain, dither_u8, match_grain, measure_grain
from booth.looks.backdrop.harmony import edge_light, harmonise
from booth.looks.backdrop.paint import is_painted, notes, paint
from booth.looks.backdrop.real_room import RoomBlur

__all__ = [
    "FAMILIES",
    "Backdrop",
    "Grain",
    "RoomBlur",
    "dither_u8",
    "edge_light",
    "harmonise",
    "is_painted",
    "match_grain",
    "measure_grain",
    "notes",
    "paint",
]
