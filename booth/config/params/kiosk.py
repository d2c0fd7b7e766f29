"""What an operator may set about the screen and the life of a session."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Locale = Literal["en", "de", "fr", "es", "pt", "it", "ar", "hi", "zh", "ja"]
Seconds = Annotated[float, Meta(ge=2, le=600)]


class ScreenParams(Struct, frozen=True, forbid_unknown_fields=True):
    """The screen, where the lens sits beside it, and who has to be able to use it."""

    width_mm: Annotated[float, Meta(ge=80, le=3000)] = 345  # a 15.6 inch laptop panel
    lens_x: Annotated[float, Meta(ge=-0.5, le=1.5)] = 0.5  # 0..1 of the screen's width, as the sitter sees it
    lens_y: Annotated[float, Meta(ge=-0.5, le=1.5)] = -0.02  # 0..1 of the screen's height, 0 at the top
    locale: Locale = "en"  # language of the first page
    accent: Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")] = "#f2a65a"  # the brand's one colour
    ground: Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")] = "#161413"  # of the page
    text: Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")] = "#faf6f0"  # on that ground
    logo: str = ""  # a picture shown on the first page
    background: str = ""  # a picture behind the first page, as strong as the words over it stay readable
    brand: str = ""  # folder of a brand: logo, colours, background, texts, sounds; see docs/branding.md
    large_text: bool = False  # texts a third larger
    high_contrast: bool = False  # black, white and one colour
    reduced_motion: bool = False  # nothing on the page moves by itself
    low_controls: bool = False  # everything to touch in the lower half, for a wheelchair
    fill: Literal["auto", "off"] = (
        "auto"  # a white border that lights the sitter, where the light lacks it and it helps
    )
    calibration: bool = False  # offers four gentle flashes of the screen, after a warning, to fit the light to a face
    fullscreen: bool = False  # fill the screen
    sound: bool = True  # short tones at hold, shutter and portrait
    bystanders: bool = False  # a second screen shows the mirror to those who stand by; told at consent
    dwell_s: Annotated[float, Meta(ge=0, le=10)] = 0  # the nose presses what it rests on this long; 0: it does not
    scan_s: Annotated[float, Meta(ge=0, le=10)] = 0  # a frame moves on after this; one key presses; 0: off
    hand_model: str = ""  # MediaPipe's hand_landmarker.task, which is not shipped: a thumb up presses the bright button
    spoken: bool = False  # the coach's sentences aloud, through the system's own speech


class KioskParams(Struct, frozen=True, forbid_unknown_fields=True):
    """How long each part of a session may take; nobody is ever left on a page without an end."""

    session_limit_s: Annotated[float, Meta(ge=30, le=1800)] = 300  # a whole visit lasts at most this long
    idle_s: Annotated[float, Meta(ge=5, le=600)] = 45  # nobody there this long: the session ends
    attract_s: Seconds = 120  # the attract loop starts over
    consent_s: Seconds = 60  # the consent page waits this long
    people_s: Seconds = 120  # an office run's list waits this long
    try_s: Seconds = 90  # the look wall waits this long
    dress_s: Seconds = 90  # the page of clothes waits this long
    practice_s: Seconds = 150  # the practice lasts at most this long
    coach_s: Seconds = 90  # coaching lasts at most this long
    calibrate_s: Seconds = 30  # the warning before the flashes, and they themselves
    hold_s: Seconds = 12  # the coach's own window and patience are shorter
    develop_s: Seconds = 45  # a develop may take this long
    undo_s: Seconds = 5  # what was deleted or left can be taken back this long
    share_s: Seconds = 30  # the hand-over waits this long after the last touch
    goodbye_s: Seconds = 8  # the goodbye stands this long
    wipe_s: Seconds = 10  # erasing may take this long
    fault_s: Seconds = 30  # a guest's session waits behind a fault this long
    staff_s: Seconds = 180  # the operator's page shuts this long after the last touch
    retakes: Annotated[int, Meta(ge=0, le=20)] = 3  # how often a guest may be taken again
    look: str = "your-room"  # the look a session begins with
    counts_looks: bool = False  # count how often each look is kept, to break ties of advice; counts only, no guests
    light: str = ""  # the light a session begins with; empty: the look's own
    together: Annotated[int, Meta(ge=1, le=4)] = 1  # how many may come "with someone"; 1: the first page asks only one
    poses: bool = True  # guests may choose a pose to be guided to, where they dress up
    locked: bool = False  # where a PIN is set, Ctrl+Q and closing the window ask for it and F11 does nothing
    looks_off: tuple[str, ...] = ()  # looks that are not offered: not on the wall, not by the arrow keys
    orientation: Literal["auto", "landscape", "portrait"] = "auto"  # how pages are laid out
