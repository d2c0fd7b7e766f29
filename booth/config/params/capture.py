"""What an operator may set about the camera."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct


class CaptureParams(Struct, frozen=True, forbid_unknown_fields=True):
    """The camera, and how its pictures come in."""

    source: str = ""  # empty: the first working camera, else the demo sitter
    insecure: bool = False  # takes a stream from a server whose certificate is not good
    width_px: Annotated[int, Meta(ge=320, le=7680)] = 1280
    height_px: Annotated[int, Meta(ge=240, le=4320)] = 720
    fps: Annotated[int, Meta(ge=5, le=120)] = 30
    rotate_deg: Literal[0, 90, 180, 270] = 0
    lock_exposure: bool = True  # hold exposure and white balance once the light on the face is good
    picture_s: Annotated[float, Meta(ge=0.01, le=60)] = (
        3.0  # how long each photograph of a folder stands before the lens
    )
    mirror_width_px: Annotated[int, Meta(ge=320, le=1920)] = 1280  # frames are shrunk to this for the mirror
