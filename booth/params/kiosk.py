"""What an operator may set about the screen and the life of a session."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct


class ScreenParams(Struct, frozen=True, forbid_unknown_fields=True):
    """The screen and where the lens sits beside it."""

    width_mm: Annotated[float, Meta(ge=80, le=3000)] = 345  # a 15.6 inch laptop panel
    lens_x: Annotated[float, Meta(ge=-0.5, le=1.5)] = 0.5  # 0..1 of the screen's width, as the sitter sees it
    lens_y: Annotated[float, Meta(ge=-0.5, le=1.5)] = -0.02  # 0..1 of the screen's height, 0 at the top
    locale: str = "en"
    large_text: bool = False
    high_contrast: bool = False
    reduced_motion: bool = False
    low_controls: bool = False  # everything to touch in the lower half, for a wheelchair
    fullscreen: bool = False
    sound: bool = True


class KioskParams(Struct, frozen=True, forbid_unknown_fields=True):
    """How long each part of a session may take."""

    session_limit_s: Annotated[float, Meta(ge=30, le=1800)] = 300
    idle_s: Annotated[float, Meta(ge=5, le=600)] = 45
    retakes: Annotated[int, Meta(ge=0, le=20)] = 3
    look: str = "studio-grey"
    orientation: Literal["auto", "landscape", "portrait"] = "auto"
