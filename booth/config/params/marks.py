"""What an operator may set about a brand's logo and frames on portraits."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Place = Literal["top-left", "top", "top-right", "bottom-left", "bottom", "bottom-right"]
SizeFrac = Annotated[float, Meta(ge=0.02, le=0.6)]
Opacity = Annotated[float, Meta(ge=0.05, le=1)]


class CropLogoParams(Struct, frozen=True, forbid_unknown_fields=True):
    """The logo on one crop, where it differs."""

    on: bool = True  # False: no logo on this crop
    place: Place | None = None  # None: as on the others
    size_frac: SizeFrac | None = None  # None: as on the others
    opacity: Opacity | None = None  # None: as on the others


class MarkParams(Struct, frozen=True, forbid_unknown_fields=True):
    """A logo and frames on finished portraits; never over the face, never on an official crop."""

    logo: str = ""  # a picture, PNG with alpha at best; empty: none
    place: Place = "bottom-right"  # another where the head is there
    size_frac: SizeFrac = 0.18  # the logo's longer side, share of the portrait's shorter one
    opacity: Opacity = 1.0  # of the logo
    crops: dict[str, CropLogoParams] = {}  # a crop's name -> what differs there
    overlays: str = ""  # folder of frames, CROP.png with alpha, laid over all of a portrait but the face
