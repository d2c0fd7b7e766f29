"""What an operator may set about the finished portrait."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from booth.config.params.marks import MarkParams

Share = Annotated[float, Meta(ge=0, le=1)]


class RetouchParams(Struct, frozen=True, forbid_unknown_fields=True):
    """How much of what is temporary may go, and how far a face may be changed at all.

    The three limits are the authenticity figure's: the develop lowers the strength until the face is inside them. What
    is permanent (moles, freckles, scars, wrinkles), the shape of the face and the tone of the skin have no setting.
    """

    strength: Share = 0.3  # 0 leaves all skin alone, 1 is the most that is ever done
    blemish: bool = True  # pimples
    redness: bool = True  # red patches
    shine: bool = True  # gloss on skin
    under_eye: bool = True  # shadows under the eyes
    teeth: bool = True  # yellow of teeth
    eye_white: bool = True  # red of the whites of the eyes
    lint: bool = True  # specks and bits of thread on clothes
    glare: bool = True  # small reflections on glasses, beside the eyes only
    max_changed_frac: Annotated[float, Meta(ge=0, le=0.5)] = 0.35  # share of face pixels that differ visibly
    max_mean_change: Annotated[float, Meta(ge=0, le=3)] = 1.2  # mean dE76 over the face skin
    min_texture_kept: Annotated[float, Meta(ge=0.8, le=1)] = 0.9  # fine contrast after / before


class CorrectParams(Struct, frozen=True, forbid_unknown_fields=True):
    """How far a photograph may be corrected before the look; every one is a cap, not an amount."""

    level_from_deg: Annotated[float, Meta(ge=0, le=4)] = 0.3  # a smaller tilt is left alone
    level_max_deg: Annotated[float, Meta(ge=0, le=4)] = 4.0  # a tilted head is levelled by at most this
    denoise: Share = 0.7  # of the measured noise
    denoise_from: Annotated[float, Meta(ge=0.5, le=20)] = 2.0  # standard deviation in 1/255 from which it counts
    white_balance_max: Annotated[float, Meta(ge=0, le=0.15)] = 0.04  # gain of red or blue against green
    exposure_max_stops: Annotated[float, Meta(ge=0, le=1)] = (
        0.33  # exposure of the whole picture is corrected by at most this
    )
    sharpen: Share = 0.35  # eyes and hair
    sharpen_output: Share = 0.3  # all of it, by how far it was shrunk


class BrandParams(Struct, frozen=True, forbid_unknown_fields=True):
    """What makes many portraits one set."""

    crop: str = ""  # empty: the look's own
    eye_line_frac: Annotated[float, Meta(ge=0.2, le=0.7)] = 0.5  # of the picture's height, from the top; headshot
    head_height_frac: Annotated[float, Meta(ge=0.15, le=0.8)] = 0.46  # landmarks' box / picture height; headshot
    eye_line_tolerance_frac: Annotated[float, Meta(gt=0, le=0.2)] = 0.01  # eye line from its place, share of the height
    head_height_tolerance_frac: Annotated[float, Meta(gt=0, le=0.2)] = (
        0.02  # head height from its size, share of the height
    )
    roll_tolerance_deg: Annotated[float, Meta(gt=0, le=10)] = 1.0  # tilt of the eyes
    backdrop_tolerance_de: Annotated[float, Meta(gt=0, le=20)] = 1.0  # from the set's median
    light_ratio_stops: Annotated[float, Meta(ge=-4, le=4)] | None = None  # None: the set's median
    light_ratio_tolerance_stops: Annotated[float, Meta(gt=0, le=4)] = 0.5  # cheek to cheek from what is wanted
    clipped_max_frac: Share = 0.01  # share of the face burnt out


class EncodeParams(Struct, frozen=True, forbid_unknown_fields=True):
    """The file that is handed over."""

    format: Literal["jpeg", "png", "avif", "tiff"] = "jpeg"  # of the file
    quality: Annotated[int, Meta(ge=40, le=100)] = 93  # of JPEG and AVIF
    max_kb: Annotated[int, Meta(ge=20)] | None = None  # JPEG and AVIF: quality is lowered until it fits
    colour: Literal["srgb", "display-p3"] = "srgb"  # profile of the file
    sign: bool = True  # Content Credentials in the file


class FinishParams(Struct, frozen=True, forbid_unknown_fields=True):
    """The still: corrections, retouch, the set and the file."""

    max_mpx: Annotated[float, Meta(ge=1, le=60)] = 24.0  # larger pictures are shrunk to this, and it is said
    retouch: RetouchParams = RetouchParams()  # see RetouchParams
    correct: CorrectParams = CorrectParams()  # see CorrectParams
    brand: BrandParams = BrandParams()  # see BrandParams
    encode: EncodeParams = EncodeParams()  # see EncodeParams
    marks: MarkParams = MarkParams()  # see MarkParams
