"""What an operator may set about judging and coaching: bands, holds, hard limits and times.

Starting values were measured on the shared pictures; every length is in faces or shares of the frame, never pixels,
but for the eye distance, which says whether there is enough picture to judge eyes at all.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Share = Annotated[float, Meta(ge=0, le=1)]
Degrees = Annotated[float, Meta(ge=0, le=90)]
Seconds = Annotated[float, Meta(ge=0, le=60)]


class Band(Struct, frozen=True, forbid_unknown_fields=True):
    """Good once past `enter`, bad again only past `leave`; `enter` above `leave` means that more is better."""

    enter: float  # good at this or better
    leave: float  # bad again past this
    pass_s: Annotated[float, Meta(ge=0, le=5)] = 0.2  # good this long before the gate opens
    fault_s: Annotated[float, Meta(ge=0, le=5)] = 0.3  # bad this long before it shuts

    @property
    def more_is_better(self) -> bool:
        """True where the value has to stay above the limits."""
        return self.enter > self.leave


class Bands(Struct, frozen=True, forbid_unknown_fields=True):
    """The gate, in the order in which it is coached."""

    others: Band = Band(0.15, 0.25)  # face area of the largest other person over the sitter's
    too_small: Band = Band(0.25, 0.22)  # head height of the frame
    too_large: Band = Band(0.60, 0.66)  # head height of the frame
    eye_distance_px: Band = Band(42, 38)  # between the irises, in the source; blink is noise below 38
    off_centre: Band = Band(1.3, 1.7)  # eye distances from the middle, sideways; the crop does the rest
    off_height: Band = Band(0.20, 0.26)  # eye line from its place, share of the frame's height
    edge: Band = Band(0.02, 0.0)  # how far the landmarks' box stays inside the frame, share of its own size
    clipped_frac: Band = Band(0.02, 0.04)  # share of the face that is burnt out
    crushed_frac: Band = Band(0.10, 0.15)  # share of the face that is black
    ratio_stops: Band = Band(2.0, 2.5)  # cheek to cheek, either way
    backlight_stops: Band = Band(3.0, 3.5)  # background over face
    side_deg: Band = Band(72, 88)  # azimuth of a hard light, beyond which half the face goes dark
    mixed_stops: Band = Band(0.5, 0.65)  # one side of the face warmer than the other, log2 red over blue
    hidden: Band = Band(0.5, 0.4)  # visibility score of eyes and of mouth
    glare_frac: Band = Band(0.12, 0.2)  # share of the glasses that reflects
    clutter_frac: Band = Band(0.02, 0.04)  # edges in the background that is kept
    yaw_deg: Band = Band(7, 10)  # head turned from where the look wants it
    pitch_deg: Band = Band(7, 10)  # chin up or down from the sitter's own level
    roll_deg: Band = Band(5, 7)  # the crop levels 4
    gaze_deg: Band = Band(7.5, 9)  # before the own zero is learned, lens-lookers spread over 6
    lids: Band = Band(0.72, 0.70, 0.1, 0.7)  # openness 0..1, see guidance/eyelids; below `leave` never the portrait
    brow_rise: Band = Band(0.20, 0.30)  # brows raised over rest
    jaw_open: Band = Band(0.20, 0.30)  # jaw score of the tracker
    smile_rise: Band = Band(0.35, 0.25)  # smile over rest, where a look wants one
    grimace: Band = Band(0.9, 1.0)  # of the limits of a mouth that is no expression
    sharpness: Band = Band(0.85, 0.75)  # of the eyes, over the sharpest of the session


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """Beyond these a frame is never the portrait."""

    yaw_deg: Degrees = 15  # no frame turned further than this past the front, or past what the look wants, is taken
    pitch_deg: Degrees = 14  # no frame nodding further is taken
    pitch_up_deg: Degrees = 12  # the chin up shows nostrils sooner than the chin down hides eyes
    roll_deg: Degrees = 10  # no frame tilted further is taken
    gaze_deg: Degrees = 9.5  # no frame that looks further aside is taken
    blink_floor: Share = 0.28  # the personal limit stays between floor and ceiling
    blink_ceiling: Share = 0.45  # narrow eyes wide open reach .43
    blink_rise: Share = 0.20  # blink score over the sitter's own open eyes
    lids_of_own: Share = 0.68  # lid gap against the sitter's own open eyes
    jaw_open: Share = 0.45  # of 62 posed smiles the widest has .34; a mouth held open while speaking .5 to .9
    lip_gap: Share = 0.05  # lips apart this far, in face heights, without a smile and not held
    lip_gap_smiling: Share = 0.18  # however they smile; the widest of 62 posed smiles has .16
    mouth_motion: Share = 0.012  # lip movement over .3 s, root mean square in face heights
    clipped_frac: Share = 0.06  # share of the face burnt out
    crushed_frac: Share = 0.25  # share of the face black
    sharpness: Share = 0.70  # of the session's best


class GroupBands(Struct, frozen=True, forbid_unknown_fields=True):
    """What is judged of several people together; everything else is judged of each of them as of a single sitter."""

    smaller: Annotated[float, Meta(ge=0.2, le=1)] = 0.7  # least head height of each, over that of a single sitter
    off_centre: Band = Band(0.18, 0.24)  # middle of all heads from the frame's middle, share of its width
    off_height: Band = Band(0.24, 0.30)  # mean eye line from its place, share of the frame's height
    apart: Band = Band(2.2, 2.6)  # widest gap between neighbouring heads, in face heights: a wish, never forbidden


class Times(Struct, frozen=True, forbid_unknown_fields=True):
    """When things are said, held and taken."""

    smoothing_s: Seconds = 0.25  # measures are averaged over this, but for blink, jaw and sharpness
    hold_s: Seconds = 0.3  # nothing speaks against a frame this long before the shutter's window opens
    lapse_s: Seconds = 0.3  # a turned head, a look away or the like ends the hold once it lasts this long
    fault_s: Seconds = 0.3  # a fault lasts this long before it is spoken
    show_s: Annotated[float, Meta(ge=0, le=1)] = 0.8  # a sentence stays at least this long, unless it was praise
    say_s: Seconds = 3.0  # of older profiles: read, and without effect
    repeat_s: Seconds = 6.0  # of older profiles: read, and without effect
    tries: Annotated[int, Meta(ge=1, le=10)] = 2  # of older profiles: read, and without effect
    yield_s: Seconds = 4.0  # what only ought to be better is asked for this long in all, then done without
    before_s: Annotated[float, Meta(ge=0.1, le=3)] = 0.5  # the ring's reach round the hold
    after_s: Annotated[float, Meta(ge=0.1, le=3)] = 1.5  # the shutter waits this long after the hold for a better frame
    patience_s: Seconds = 2.5  # waits this long beyond the window for a better expression
    willing_s: Annotated[float, Meta(ge=2, le=60)] = 8  # a sitter who does what is asked: then the best frame so far
    timeout_s: Annotated[float, Meta(ge=5, le=300)] = 20  # whatever the sitter does: then the best frame so far
    takes_doubtful: bool = True  # at the end even a frame that something speaks against; the review then says so
    forget_s: Seconds = 2.0  # nobody there this long: the next face is someone new


class GuidanceParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Bands, limits and times of the coach."""

    people: Annotated[int, Meta(ge=1, le=4)] = 1  # how many may be in the picture
    expression: Literal["warm", "neutral", "serious", "any"] = "warm"  # where the look names none
    pose: str = ""  # asked of everybody whose look names none, a file of assets/poses; empty: none
    eye_line: Share = 0.42  # of the frame's height from the top
    eye_model: str = ""  # an open/closed eye classifier (OCEC, ONNX), not shipped: asked where the lids are in doubt
    judge_background: bool = False  # only where the real background is kept
    bands: Bands = Bands()  # when a measure is good, see Bands
    group: GroupBands = GroupBands()  # of several people together, see GroupBands
    limits: Limits = Limits()  # what no portrait may have, see Limits
    times: Times = Times()  # how long things last, see Times
