"""What an operator may set about the finished portrait."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Share = Annotated[float, Meta(ge=0, le=1)]


class RetouchParams(Struct, frozen=True, forbid_unknown_fields=True):
    """How much of what is temporary may go, and how far a face may be changed at all.

    The three limits are the authenticity figure's: the develop lowers the strength until the face is inside them. What
    is permanent (moles, freckles, scars, wrinkles), the shape of the face and the tone of the skin have no setting.
    """

    strength: Share = 0.3
    blemish: bool = True
    redness: bool = True
    shine: bool = True
    under_eye: bool = True
    teeth: bool = True
    eye_white: bool = True
    lint: bool = True  # specks and bits of thread on clothes
    glare: bool = True  # small reflections on glasses, beside the eyes only
    max_changed_frac: Annotated[float, Meta(ge=0, le=0.5)] = 0.35  # share of face pixels that differ visibly
    max_mean_change: Annotated[float, Meta(ge=0, le=3)] = 1.2  # mean dE76 over the face skin
    min_texture_kept: Annotated[float, Meta(ge=0.8, le=1)] = 0.9  # fine contrast after / before


class CorrectParams(Struct, frozen=True, forbid_unknown_fields=True):
    """How far a photograph may be corrected before the look; every one is a cap, not an amount."""

    level_from_deg: Annotated[float, Meta(ge=0, le=4)] = 0.3  # a smaller tilt is left alone
    level_max_deg: Annotated[float, Meta(ge=0, le=4)] = 4.0
    denoise: Share = 0.7  # of the measured noise
    denoise_from: Annotated[float, Meta(ge=0.5, le=20)] = 2.0  # standard deviation in 1/255 from which it counts
    white_balance_max: Annotated[float, Meta(ge=0, le=0.15)] = 0.04  # gain of red or blue against green
    exposure_max_stops: Annotated[float, Meta(ge=0, le=1)] = 0.33
    sharpen: Share = 0.35  # eyes and hair
    sharpen_output: Share = 0.3  # all of it, by how far it was shrunk


class BrandParams(Struct, frozen=True, forbid_unknown_fields=True):
    """What makes many portraits one set."""

    crop: str = ""  # empty: the look's own
    eye_line_frac: Annotated[float, Meta(ge=0.2, le=0.7)] = 0.5  # of the picture's height, from the top; headshot
    head_height_frac: Annotated[float, Meta(ge=0.15, le=0.8)] = 0.46  # landmarks' box / picture height; headshot
    eye_line_tolerance_frac: Annotated[float, Meta(gt=0, le=0.2)] = 0.01
    head_height_tolerance_frac: Annotated[float, Meta(gt=0, le=0.2)] = 0.02
    roll_tolerance_deg: Annotated[float, Meta(gt=0, le=10)] = 1.0
    backdrop_tolerance_de: Annotated[float, Meta(gt=0, le=20)] = 1.0  # from the set's median
    light_ratio_stops: Annotated[float, Meta(ge=-4, le=4)] | None = None  # None: the set's median
    light_ratio_tolerance_stops: Annotated[float, Meta(gt=0, le=4)] = 0.5
    clipped_max_frac: Share = 0.01


class EncodeParams(Struct, frozen=True, forbid_unknown_fields=True):
    """The file that is handed over."""

    format: Literal["jpeg", "png", "avif", "tiff"] = "jpeg"
    quality: Annotated[int, Meta(ge=40, le=100)] = 93
    max_kb: Annotated[int, Meta(ge=20)] | None = None  # JPEG and AVIF: quality is lowered until it fits
    colour: Literal["srgb", "display-p3"] = "srgb"
    sign: bool = True


class FinishParams(Struct, frozen=True, forbid_unknown_fields=True):
    """The still: corrections, retouch, the set and the file."""

    max_mpx: Annotated[float, Meta(ge=1, le=60)] = 24.0  # larger pictures are shrunk to this, and it is said
    retouch: RetouchParams = RetouchParams()
    correct: CorrectParams = CorrectParams()
    brand: BrandParams = BrandParams()
    encode: EncodeParams = EncodeParams()
