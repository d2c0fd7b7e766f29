"""The backdrops a look may name: one Struct a family, told apart by `kind`. The union is the registry.

Lengths are in faces (heights of the sitter's face), colours `#rrggbb`, angles in degrees.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Unit = Annotated[float, Meta(ge=0, le=1)]
Signed = Annotated[float, Meta(ge=-1, le=1)]
Faces = Annotated[float, Meta(ge=0, le=1)]
FNumber = Annotated[float, Meta(ge=1.2, le=16)]
Colour = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
Colours = Annotated[tuple[Colour, ...], Meta(min_length=1, max_length=4)]
Seed = Annotated[int, Meta(ge=0, le=2**31)]

PaperColour = Literal[
    "white", "bone", "dove", "pebble", "slate", "charcoal", "black", "sky", "navy", "sage", "forest",
    "blush", "burgundy", "ochre", "cocoa",
]  # fmt: skip
CanvasColour = Literal["grey", "brown", "olive", "blue", "burgundy", "charcoal", "sand"]


class Paper(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="paper"):
    """Seamless paper with a pool of light behind the head, darker to the corners."""

    colour: PaperColour = "pebble"
    falloff: Unit = 0.55  # 0 is evenly lit, 1 a tight pool
    side: Signed = 0.25  # which side the pool leans to: 1 is image right
    tooth: Unit = 0.5  # grain of the paper and waves of the roll


class CanvasBackdrop(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="canvas"):
    """Painted canvas: mottled by hand with broad brushes, in the manner of portrait painters' cloths."""

    colour: CanvasColour = "grey"
    mottle: Unit = 0.55  # contrast of the brushwork
    falloff: Unit = 0.6
    side: Signed = 0.2


class Gradient(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="gradient"):
    """A smooth run of two to four colours."""

    colours: Colours = ("#7d8894", "#2b3138")
    shape: Literal["linear", "radial"] = "linear"
    angle_deg: Annotated[float, Meta(ge=-180, le=180)] = 90.0  # 0 runs to image right, 90 downwards


class HighKey(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="highkey"):
    """White lit from behind: nearly 255 everywhere, a breath of shade at the edges."""

    shade: Unit = 0.3
    warmth: Signed = 0.0


class LowKey(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="lowkey"):
    """Black, with a soft glow that lifts the head and shoulders off it."""

    glow: Unit = 0.45
    colour: Colour = "#8d97a6"
    side: Signed = 0.35


class Bookshelf(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="bookshelf"):
    """Shelves of books two metres behind the sitter."""

    f_number: FNumber = 2.0
    wood: Literal["oak", "walnut", "white"] = "oak"


class BrandBackdrop(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="brand"):
    """The organisation's colours with its logo beside the head, or repeated as a press wall."""

    colours: Colours = ("#1d3557", "#457b9d")
    logo: str | None = None
    logo_width: Annotated[float, Meta(ge=0.1, le=4)] = 1.2  # faces
    place: Literal["auto", "left", "right", "wall"] = "auto"
    falloff: Unit = 0.4
    soft: Faces = 0.0  # blur disc of the print, in faces


class Picture(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="picture"):
    """The operator's own picture, or one of a folder chosen by the seed."""

    path: str
    blur: Faces = 0.0  # blur disc in faces


class PlaceBackdrop(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="place"):
    """A real place from a panorama or one's own photograph; with `light.name = "place"` its light as well."""

    place: str  # a packaged place, or a file beside the look: .hdr .exr .jpg .png .heic
    az_deg: Annotated[float, Meta(ge=-180, le=180)] = 0.0  # where the camera looks: 0 is the picture's middle
    el_deg: Annotated[float, Meta(ge=-30, le=30)] = 0.0  # upward; 0 has the horizon at the sitter's eyes
    width_deg: Annotated[float, Meta(ge=15, le=100)] = 60.0  # field of view across a 16:9 frame
    f_number: FNumber = 2.0
    exposure_stops: Annotated[float, Meta(ge=-4, le=4)] = 0.0  # of the place against what its light asks for
    white: Literal["place", "skin"] = "place"  # the camera is set for the place as it is, or for the light on the face
    parallax: Unit = 1.0  # how far the place follows the head; 0 not at all


class RoomBackdrop(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="room"):
    """The real room, blurred as by a fast lens."""

    blur: Faces = 0.18  # blur disc in faces; 0.24 is the far distance at f/2


class Transparent(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="transparent"):
    """Nothing: the still keeps its alpha, the mirror shows a chequerboard."""


class Untouched(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="none"):
    """The real background as it is."""


Backdrop = (
    Paper | CanvasBackdrop | Gradient | HighKey | LowKey | Bookshelf | BrandBackdrop | Picture | PlaceBackdrop
    | RoomBackdrop | Transparent | Untouched
)  # fmt: skip
FAMILIES: tuple[type[Struct], ...] = Backdrop.__args__
