"""The operator's page behind the PIN: what it shows and what its touches do.

The operator's own picture is shown live and as a test shot, and what guests have kept in a gallery; all of it lives in
memory until the page is left.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

import numpy as np

from booth.app.operator.gallery import Gallery
from booth.app.operator.home_settings import HOME_SETTINGS, HomeChecks
from booth.app.operator.look_pictures import LookPictures
from booth.app.operator.mail_editor import MailEditor
from booth.app.operator.pin import PinPad
from booth.app.operator.printer_row import PrinterRow
from booth.app.operator.profile_file import ProfileFile
from booth.app.operator.settings import BY_NAME, SETTINGS, SettingsScope, Values, looks_off_after, title_of
from booth.core.faults import Fault
from booth.core.types import FrameAnalysis
from booth.delivery.printer import state_of
from booth.session.view import OperatorChoice, OperatorFacts, OperatorSetting, OperatorTab

SHOT_AFTER_S = 3.0  # from the touch to the test shot: time to step back and look into the lens
SHOT_GIVES_UP_S = 8.0
EYES_TOLERANCE = 0.06  # of the frame's height: nearer to the line than this is well placed
NEAR_FRAC, FAR_FRAC = 0.62, 0.16  # height of the face in the picture; beyond them the operator stands elsewhere
TABS: tuple[OperatorTab, ...] = get_args(OperatorTab)
HOME_BY_NAME = {setting.name: setting for setting in HOME_SETTINGS}
IRISES = (468, 473)  # middles of the irises in the face mesh

OperatorRequest = Literal["leave", "restart", "quit"]


class Cameras(Protocol):
    """What the page may do with the camera."""

    def listed(self) -> tuple[tuple[str, str], ...]:
        """Return (source, title) of everything that could be looked through."""

    def change(self, source: str) -> Future[None]:
        """Look through another source; the old one stays where that fails."""

    def resize(self, width_px: int, height_px: int) -> Future[None]:
        """Look through the same source at another size, 0 for its best; the old one stays where that fails."""


@dataclass(frozen=True, slots=True)
class Live:
    """What the engine passes to the page for one drawn frame."""

    rows: tuple[tuple[str, str], ...] = ()
    shot: np.ndarray | None = None
    is_developing: bool = False


@dataclass(frozen=True, slots=True)
class PageSources:
    """Where the page's further leaves get what they show; without a part its leaf is empty."""

    gallery: Gallery | None = None
    pictures: LookPictures | None = None
    checks: HomeChecks = field(default_factory=HomeChecks)
    mail: MailEditor | None = None


class OperatorPage:
    """Not thread-safe: used on the engine's thread; time is an argument."""

    def __init__(self, pin: PinPad, file: ProfileFile, place: SettingsScope, cameras: Cameras,
                 sources: PageSources | None = None) -> None:  # fmt: skip
        sources = sources or PageSources()
        self._gallery, self._pictures, self._checks = sources.gallery, sources.pictures, sources.checks
        self._pin, self._file, self._place, self._cameras = pin, file, replace(place, base=file.base()), cameras
        self._mail = sources.mail
        self._printer = PrinterRow(lambda: state_of(place.params.deliver.print))
        self._brand = ("staff.row_brand", "staff.value.no_brand")
        self.has_changed = False  # settings were written that a fresh start will use
        self._listed: tuple[tuple[str, str], ...] = ()
        self.leave()

    def write_to(self, file: ProfileFile) -> None:
        """Let settings go to another file from now on."""
        self._file, self._place = file, replace(self._place, base=file.base())

    def note_brand(self, folder: str, troubles: tuple[Fault, ...]) -> None:
        """Remember the brand that is shown, and what was wrong with the one that should be."""
        name = Path(folder).name if folder else "staff.value.no_brand"
        self._brand = ("staff.row_brand", name if not troubles else f"{name}: {troubles[0].message}")

    def leave(self) -> bool:
        """Close the page and release every picture; True where a fresh start has to take over what was changed."""
        self._pin.lock()
        self._printer.reset()
        if self._gallery is not None:
            self._gallery.close()
        if self._mail is not None:
            self._mail.close()
        self._tab: OperatorTab = "state"
        self._page, self._said, self._is_fault = 0, "", False
        self._analysis: FrameAnalysis | None = None
        self._shot_s: float | None = None
        self._asked: tuple[str, Future[None]] | None = None
        self._asked_size: tuple[Values, Future[None]] | None = None
        return self.has_changed

    @property
    def looks(self) -> bool:
        """True while the operator wants to be seen: by the camera's page and for a test shot."""
        return self._pin.is_unlocked and self._tab in ("camera", "shot")

    @property
    def has_pin(self) -> bool:
        """True once a PIN was set: before that nothing can be locked behind it."""
        return not self._pin.wants_new_pin

    @property
    def is_open(self) -> bool:
        """True once the PIN was typed."""
        return self._pin.is_unlocked

    # -- touches ----------------------------------------------------------------------------------------------------

    def press(self, digit: str, now_s: float) -> None:
        """Take a key of the PIN pad; a PIN file that is broken or cannot be written is said on the page."""
        try:
            self._pin.press(digit, now_s)
        except Fault as fault:
            self._tell(fault)

    def handle(self, words: str, now_s: float) -> OperatorRequest | None:
        """Do what a touch asks, `verb` or `verb:what`; nothing while locked. Returns what the loop has to do."""
        if not self._pin.is_unlocked:
            return None
        verb, _, what = words.partition(":")
        if verb in ("leave", "restart", "quit"):
            return verb  # type: ignore[return-value]
        acts: dict[str, Callable[[], None]] = {
            "tab": lambda: self._turn_to(what),
            "page": lambda: self._leaf(int(what)),
            "set": lambda: self._step(what),
            "look": lambda: self._write({"kiosk.looks_off": looks_off_after(self._place.params, what)}),
            "camera": lambda: self._change_camera(what),
            "shot": lambda: self._request_shot(now_s),
            "kept": lambda: self._look_through(what),
            "mail": lambda: self._write_mail(what),
        }
        if verb in acts:
            self._say("")
            try:
                acts[verb]()
            except Fault as fault:
                self._tell(fault)
        return None

    def _turn_to(self, tab: str) -> None:
        if tab in TABS:
            self._tab, self._page, self._shot_s = tab, 0, None  # type: ignore[assignment]
            if self._mail is not None:
                self._mail.close()
            if tab == "camera":
                self._listed = self._cameras.listed()
            elif tab == "home":
                self._checks.begin(self._place.params)
            if self._gallery is not None:
                (self._gallery.open if tab == "kept" else self._gallery.close)()

    def _leaf(self, by: int) -> None:
        self._page += by

    def _step(self, what: str) -> None:
        name, _, by = what.rpartition(":")
        setting = BY_NAME.get(name) or HOME_BY_NAME[name]
        values = setting.stepped(self._scope(), int(by))
        if name == "camera_size":  # written once the camera has opened so
            size = values["capture.width_px"], values["capture.height_px"]
            self._asked_size = (values, self._cameras.resize(*size))
            self._say("staff.camera_opening")
            return
        self._write(values)
        self._checks.again(name, self._place.params)

    def _scope(self) -> SettingsScope:
        """What settings are read from, with the printers and addresses that have been found by now."""
        return replace(self._place, printers=self._checks.printers, addresses=self._checks.addresses)

    def _look_through(self, what: str) -> None:
        if self._gallery is not None:
            self._say(self._gallery.handle(what))

    def _write_mail(self, what: str) -> None:
        """Do what a touch asks of the mail server's fields; what changes is written and tried at once."""
        if self._mail is None or self._tab != "home":
            return
        values = self._mail.handle(what, self._place.params.deliver.mail)
        if values:
            self._write(values)
        if values or what in ("try", "open"):
            self._checks.again("mail", self._place.params)

    def _write(self, values: Values) -> None:
        params = self._file.change(values)
        self._place = replace(self._place, params=params, base=self._file.base())
        self.has_changed = True
        self._say("staff.saved")

    def _change_camera(self, source: str) -> None:
        self._asked = (source, self._cameras.change(source))
        self._say("staff.camera_opening")

    def _request_shot(self, now_s: float) -> None:
        self._shot_s = now_s + SHOT_AFTER_S

    def _say(self, words: str, *, is_fault: bool = False) -> None:
        self._said, self._is_fault = words, is_fault

    def _tell(self, fault: Fault) -> None:
        self._say(str(fault), is_fault=True)

    # -- what is seen -----------------------------------------------------------------------------------------------

    def process(self, analysis: FrameAnalysis, now_s: float) -> FrameAnalysis | None:
        """Look at a FrameAnalysis while the page wants it; returns the one to develop once a test shot is due."""
        self._note_camera()
        if not self.looks:
            self._analysis = None
            return None
        self._analysis = analysis
        if self._shot_s is None or now_s < self._shot_s:
            return None
        if analysis.sitter is not None and analysis.matte is not None:
            self._shot_s = None
            return analysis
        if now_s > self._shot_s + SHOT_GIVES_UP_S:
            self._shot_s = None
            self._say("staff.shot_nobody", is_fault=True)
        return None

    def _note_camera(self) -> None:
        """Take over what became of the camera that was asked for: only one that opens goes into the profile."""
        if self._asked_size is not None and self._asked_size[1].done():
            (values, opened), self._asked_size = self._asked_size, None
            self._take_over(opened, values)
        if self._asked is None or not self._asked[1].done():
            return
        (source, future), self._asked = self._asked, None
        self._take_over(future, {"capture.source": source})

    def _take_over(self, opened: Future[None], values: Values) -> None:
        """Write what a camera was opened with; a Fault is said, and nothing is written."""
        self.has_changed = True  # even where the old one is back, the loop starts afresh with it
        try:
            opened.result()
            self._write(values)
        except Fault as fault:
            self._tell(fault)

    def facts(self, now_s: float, live: Live) -> OperatorFacts:
        """Return what the page shows; before the PIN that is the pad alone."""
        rows = (*live.rows, self._brand, self._printer.row()) if self._pin.is_unlocked else ()
        plain = self._pin.facts(now_s, rows)
        if not plain.is_unlocked:
            return replace(plain, said=self._said, is_fault=self._is_fault)
        extra: dict[str, Any] = {"tab": self._tab, "page": self._page, "said": self._said, "is_fault": self._is_fault}
        if self._tab == "settings":
            extra["settings"] = tuple(setting.row(self._place) for setting in SETTINGS)
        elif self._tab == "home":
            extra["settings"] = self._home_rows(rows)
            if self._mail is not None:
                extra["mail"] = self._mail.facts(self._place.params.deliver.mail, self._checks.says("mail"))
        elif self._tab == "kept" and self._gallery is not None:
            extra |= {"choices": self._gallery.choices(), "chosen": self._gallery.chosen()}
        elif self._tab == "looks":
            extra["choices"] = self._looks()
        elif self._tab == "camera":
            extra |= self._camera()
        elif self._tab == "shot":
            left_s = None if self._shot_s is None else max(0.0, self._shot_s - now_s)
            extra |= {"shot": live.shot, "is_developing": live.is_developing, "shot_in_s": left_s}
            extra["live"] = self._picture()
        return replace(plain, **extra)

    def _home_rows(self, rows: tuple[tuple[str, str], ...]) -> tuple[OperatorSetting, ...]:
        """The settings of handing over, each with what trying it has come to; the camera's is what it gives now."""
        scope, camera = self._scope(), next((value for key, value in rows if key == "staff.row_camera"), "")
        checks = {setting.name: self._checks.says(setting.name) for setting in HOME_SETTINGS}
        checks["camera_size"] = ", ".join(camera.split(", ")[-2:])  # its size and rate, without its name
        opens = {"mail": "mail:open"} if self._mail is not None else {}
        return tuple(
            replace(setting.row(scope), check=checks[setting.name], opens=opens.get(setting.name, ""))
            for setting in HOME_SETTINGS
        )

    def _looks(self) -> tuple[OperatorChoice, ...]:
        kiosk = self._place.params.kiosk
        names = tuple(look.name for look in self._place.looks)
        pictures = self._pictures.of(names) if self._pictures is not None else {}
        return tuple(
            OperatorChoice(
                look.name,
                title_of(look),
                is_on=look.name not in kiosk.looks_off or look.name == kiosk.look,
                is_fixed=look.name == kiosk.look,
                picture=pictures.get(look.name),
            )
            for look in self._place.looks
        )

    def _camera(self) -> dict[str, Any]:
        now = self._asked[0] if self._asked is not None else self._place.params.capture.source
        eyes_frac = eyes_of(self._analysis)
        return {
            "choices": tuple(OperatorChoice(source, title, is_on=source == now) for source, title in self._listed),
            "live": self._picture(),
            "eyes_frac": eyes_frac,
            "hint": lens_hint(self._analysis, self._place.params.guidance.eye_line),
            "settings": (BY_NAME["lens"].row(self._place), BY_NAME["rotate"].row(self._place)),
        }

    def _picture(self) -> np.ndarray | None:
        return None if self._analysis is None else self._analysis.frame.small


def eyes_of(analysis: FrameAnalysis | None) -> float | None:
    """Return the height of the eyes in the picture, 0 at the top to 1; None without a face."""
    if analysis is None or analysis.sitter is None:
        return None
    return float(analysis.sitter.landmarks[list(IRISES), 1].mean())


def lens_hint(analysis: FrameAnalysis | None, eye_line: float) -> str:
    """Return the words key of what to do about the lens: to the eyes' height first, then where to stand."""
    eyes_frac = eyes_of(analysis)
    if eyes_frac is None or analysis is None or analysis.sitter is None:
        return "staff.lens_nobody"
    if abs(eyes_frac - eye_line) > EYES_TOLERANCE:
        return "staff.lens_up" if eyes_frac < eye_line else "staff.lens_down"
    height = analysis.sitter.box.y1 - analysis.sitter.box.y0
    if not FAR_FRAC <= height <= NEAR_FRAC:
        return "staff.lens_back" if height > NEAR_FRAC else "staff.lens_closer"
    return "staff.lens_good"
