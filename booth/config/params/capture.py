"""What an operator may set about the camera."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

MIN_WIDTH_PX, MIN_HEIGHT_PX = 320, 240  # a face in a smaller picture cannot be measured


class CaptureParams(Struct, frozen=True, forbid_unknown_fields=True):
    """The camera, and how its pictures come in."""

    source: str = ""  # empty: the first working camera, else the demo sitter
    insecure: bool = False  # takes a stream from a server whose certificate is not good
    finder: str = ""  # beside a tethered camera without live view; empty: the first working webcam
    width_px: Annotated[int, Meta(ge=0, le=7680)] = 0  # 0: the camera's largest that holds 25 frames a second
    height_px: Annotated[int, Meta(ge=0, le=4320)] = 0  # 0: as the width asks for
    fps: Annotated[int, Meta(ge=5, le=120)] = 30  # asked of the camera; what it holds is measured
    rotate_deg: Literal["auto", 0, 90, 180, 270] = "auto"  # clockwise; wrong or auto: found out from the faces
    lens_deg: Annotated[float, Meta(ge=30, le=150)] = (
        78.0  # the lens' diagonal angle of view: most webcams have 65 to 90
    )
    lock_exposure: bool = True  # hold exposure and white balance once the light on the face is good
    picture_s: Annotated[float, Meta(ge=0.01, le=60)] = (
        3.0  # how long each photograph of a folder stands before the lens
    )
    mirror_width_px: Annotated[int, Meta(ge=320, le=1920)] = 1280  # frames are shrunk to this for the mirror

    def __post_init__(self) -> None:
        for name, value, least in (
            ("width_px", self.width_px, MIN_WIDTH_PX),
            ("height_px", self.height_px, MIN_HEIGHT_PX),
        ):
            if 0 < value < least:
                raise ValueError(f"`{name}` is 0, for the camera's best, or at least {least}")
        if self.height_px > 0 and self.width_px == 0:
            raise ValueError("`height_px` wants a `width_px` beside it")
