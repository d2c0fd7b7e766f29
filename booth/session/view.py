"""What a page may show: one frozen View per drawn frame. Its pictures are unmirrored; only drawing mirrors them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np

from booth.config.params.kiosk import ScreenParams
from booth.config.privacy_terms import PrivacyTerms
from booth.core.types import FrameAnalysis, Guidance
from booth.guidance.soft_fill import FillLevel
from booth.session.state_machine import TOUCHED, State

if TYPE_CHECKING:
    from booth.looks.light_aim import Aim  # loads what reads panoramas

ASKS_S = 10.0  # a page that is about to end asks for so long whether somebody is still there


@dataclass(frozen=True, slots=True)
class Named:
    """Something to choose from: its key, and its title in the guest's language."""

    name: str
    title: str


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One look on the wall: the sitter in it, small; `picture` is None until it is ready."""

    name: str
    title: str
    picture: np.ndarray | None  # (h, w, 3) uint8 RGB


@dataclass(frozen=True, slots=True, eq=False)
class SessionFacts:
    """What the guest has so far."""

    thumbs: tuple[np.ndarray, ...] = ()  # (h, w, 3) uint8 each: the best frame first, then its alternatives
    chosen: int = 0  # index into thumbs
    retakes_left: int = 0
    measures: bool = True  # False: the guest wants just the camera


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was done to the portrait: a word key and what fills its {of}, or a plain sentence."""

    key: str
    of: str = ""  # word key
    says: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class PortraitFacts:
    """The developed portrait and its plain account."""

    before: np.ndarray  # (h, w, 3) uint8 RGB, the shot as the camera saw it, cropped alike
    after: np.ndarray  # (h, w, 3) uint8 RGB
    why: tuple[str, ...] = ()  # word keys: why the shutter fired
    changed: tuple[Change, ...] = ()  # what was done to it
    is_busy: bool = False  # another look or light is being developed just now
    doubt: str | None = None  # word key: what may be wrong with the frame on view


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """Facts of the profile that the consent page shows."""

    terms: PrivacyTerms = PrivacyTerms()
    folder: str = ""  # where a kept portrait goes

    @property
    def on_timeout(self) -> Literal["keep", "delete"]:
        """What becomes of a portrait that nobody decides about."""
        return self.terms.on_timeout


@dataclass(frozen=True, slots=True, eq=False)
class ShareFacts:
    """How the portrait is handed over."""

    name: str = ""  # file name
    where: str = ""  # folder as it was shown
    code: np.ndarray | None = None  # (n, n) bool: a QR code's dark modules
    receipt: str = ""  # with it the guest may have everything erased later
    join_code: np.ndarray | None = None  # (n, n) bool: joins the booth's own Wi-Fi
    join_name: str = ""  # of that Wi-Fi
    status: tuple[str, ...] = ()  # word keys: how each delivery goes
    ways: tuple[str, ...] = ()  # what may be asked for: print, mail
    open_ways: frozenset[str] = frozenset()  # of those, what may be asked for now
    copies: int = 1  # of the next print
    copies_most: int = 0  # that may be asked for now
    may_erase: bool = False  # a kept portrait is there to be erased
    page: Literal["main", "mail", "erase", "strip"] = "main"
    typed: str = ""  # the address so far
    may_strip: bool = False  # several shots may be put on one sheet
    picked: tuple[int, ...] = ()  # of the shots, those that go on it
    may_make: bool = False  # so many as a sheet takes
    is_making: bool = False
    sheet: np.ndarray | None = None  # (h, w, 3) uint8 RGB: what is handed over instead of the portrait


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """What the page of an office run shows: the people, and who has been chosen."""

    rows: tuple[tuple[str, str, bool], ...] = ()  # key, name, has a portrait; only those that match what is typed
    done: int = 0
    of: int = 0
    typed: str = ""
    chosen: str = ""  # a key of `rows`
    is_typing: bool = False  # the keyboard is on the page


@dataclass(frozen=True, slots=True)
class BrandGauge:
    """One measure of the mirror's frame against the brand's tolerance."""

    key: str  # word key of its name
    off: float  # signed, in tolerances: within -1..1 is inside


@dataclass(frozen=True, slots=True)
class PracticeFacts:
    """Where the guided practice is."""

    step: str = "lens"  # a key below `practice`
    number: int = 1
    of: int = 6
    held_frac: float = 0.0  # 0..1 of this step
    is_good: bool = False  # done right just now


@dataclass(frozen=True, slots=True)
class DressFacts:
    """What is tried on: for each kind its choices and which is on."""

    choices: tuple[tuple[str, tuple[str, ...], str], ...] = ()  # kind, names, the name that is on
    is_included: bool = False  # the guest wants it in the picture too
    pose_says: str = ""  # words key: what the pose chosen is good for, or a true reason for it


@dataclass(frozen=True, slots=True)
class FlashFacts:
    """The flashes that fit the light to a face: whether they are offered, how far they are, how bright each part is."""

    is_offered: bool = False
    stage: Literal["asking", "flashing", "done", "failed", "declined"] = "asking"
    levels: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)  # left, right, top, bottom; linear 0..1


@dataclass(frozen=True, slots=True)
class FaultFacts:
    """What went wrong, as a person can understand it."""

    code: str
    message: str
    hint: str
    left_to_retry_s: float | None = None


OperatorTab = Literal["state", "camera", "shot", "looks", "settings", "home", "kept"]


@dataclass(frozen=True, slots=True)
class OperatorSetting:
    """One thing the operator may set: its name, what it is now, and how many values it has."""

    name: str
    value: str  # words key, or text where there is none
    n_values: int = 2
    check: str = ""  # words key, or text: what trying it out has come to; empty where nothing is tried
    opens: str = ""  # what a touch on its value asks of the operator's page; empty where there is no more to write


@dataclass(frozen=True, slots=True, eq=False)
class OperatorChoice:
    """One of several things to tap: a camera, a look."""

    key: str
    title: str  # words key, or text where there is none
    is_on: bool = False
    is_fixed: bool = False  # cannot be turned off
    picture: np.ndarray | None = None  # (h, w, 3) uint8 RGB


@dataclass(frozen=True, slots=True, eq=False)
class OperatorKept:
    """One kept portrait as the operator sees it behind the PIN."""

    key: str
    name: str  # of its file
    until: str  # words key, or a date: how long it stays
    picture: np.ndarray | None = None  # (h, w, 3) uint8 RGB; None where the file is away
    may_print: bool = False
    asks: bool = False  # an erasure waits for its second touch
    said: str = ""  # words key: how its print goes


@dataclass(frozen=True, slots=True)
class OperatorMail:
    """The mail server as the operator writes it; of a password there are dots alone."""

    rows: tuple[tuple[str, str], ...] = ()  # field, and what stands there: words key or text, empty for nothing
    field: str = ""  # that is being typed; empty: all of them are shown
    typed: str = ""  # of it
    layer: Literal["letters", "capitals", "signs"] = "letters"  # of the keyboard
    check: str = ""  # words key: what trying the server has come to
    wrong: str = ""  # words key: why what was typed is not kept


@dataclass(frozen=True, slots=True, eq=False)
class OperatorFacts:
    """What the operator sees: counters, settings, pictures of themselves, and behind the PIN what guests have kept."""

    is_unlocked: bool = False
    digits: int = 0  # typed so far
    wait_s: float = 0.0  # after wrong PINs
    wants_new_pin: bool = False
    rows: tuple[tuple[str, str], ...] = ()  # word key or text, value
    advice: str | None = None  # what the operator could do for better pictures
    tab: OperatorTab = "state"
    page: int = 0  # of a list that is longer than its room, counted on without end
    said: str = ""  # words key, or text: what became of the last touch
    is_fault: bool = False  # `said` is about a failure
    settings: tuple[OperatorSetting, ...] = ()
    choices: tuple[OperatorChoice, ...] = ()  # cameras or looks
    live: np.ndarray | None = None  # (h, w, 3) uint8 RGB, unmirrored: the camera's picture
    eyes_frac: float | None = None  # height of the eyes in it, 0 at the top; None without a face
    hint: str = ""  # words key: how to move the lens
    shot: np.ndarray | None = None  # (h, w, 3) uint8 RGB: the test shot, developed
    shot_in_s: float | None = None  # countdown to it
    is_developing: bool = False
    is_again: bool = False  # a new PIN is typed the second time
    chosen: OperatorKept | None = None  # of the gallery
    mail: OperatorMail | None = None  # while the mail server is being written


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One drawn frame of the booth."""

    state: State
    params: ScreenParams = ScreenParams()
    picture: np.ndarray | None = None  # (H, W, 3) uint8 RGB, unmirrored: what the mirror shows
    analysis: FrameAnalysis | None = None
    guidance: Guidance | None = None
    look: Named = Named("", "")
    light: Named = Named("", "")
    looks: tuple[Named, ...] = ()
    lights: tuple[Named, ...] = ()
    wall: tuple[Tile, ...] = ()
    is_pair: bool = False  # the wall is two looks side by side
    locale: str = "en"
    may_come_together: bool = False  # the first page asks whether there are several
    now_s: float = 0.0  # for motion only
    in_state_s: float = 0.0
    left_s: float = 0.0  # of this state
    idle_s: float = 0.0  # how much of its time has passed: since it began or, where a touch counts, was touched
    countdown_s: float | None = None  # until the picture of who wants just the camera
    hold_frac: float = 0.0  # 0..1 of the hold
    session: SessionFacts = SessionFacts()
    portrait: PortraitFacts | None = None
    consent: ConsentFacts = ConsentFacts()
    share: ShareFacts = ShareFacts()
    suits: tuple[str, ...] = ()  # word keys: why the look on suits, and what would help; offered, never asked for
    office: OfficeFacts = OfficeFacts()
    ruler: tuple[BrandGauge, ...] = ()  # an office run: how the frame on the mirror stands to the brand
    practice: PracticeFacts = PracticeFacts()
    dress: DressFacts = DressFacts()
    outcome: Literal["kept", "deleted", "nothing"] = "nothing"
    fault: FaultFacts | None = None
    operator: OperatorFacts = OperatorFacts()
    notice: str | None = None  # a words key, such as "notice.slow": shown while coached and at the hand-over
    banner: str | None = None  # a words key that stands on every page, such as "notice.demo"
    brand: str = "booth"
    flash: FlashFacts = FlashFacts()
    fill: FillLevel = FillLevel()  # the white border round the mirror
    aim: Aim | None = None  # where the light in the guest's hand stands; None where there is none to move
    eye_line: float = 0.42  # of the frame's height, where the coach wants the eyes
    took_ms: Mapping[str, float] = field(default_factory=dict)  # stage -> milliseconds, for F2
    fps: float | None = None
    quality: str = ""  # how much of the mirror's effects the frame rate leaves room for, for F2

    @property
    def is_running_out(self) -> bool:
        """True in the last seconds of a page whose time a touch starts anew: it asks whether somebody is there."""
        return self.state in TOUCHED and 0 < self.left_s <= ASKS_S

    def __post_init__(self) -> None:
        object.__setattr__(self, "took_ms", MappingProxyType(dict(self.took_ms)))
