"""Views of every page for tests: the public-domain portrait as the mirror, one face in its middle, plain facts."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import cv2
import numpy as np
from PIL import Image

from booth.app.operator.home_settings import HOME_SETTINGS
from booth.app.operator.settings import SETTINGS, SettingsScope
from booth.config.params import Params
from booth.config.params.kiosk import ScreenParams
from booth.config.privacy_terms import PrivacyTerms
from booth.core.assets import asset
from booth.core.types import Box, Face, Frame, FrameAnalysis, Guidance, Pose, Reading
from booth.delivery.change_list import CHANGE_KEYS
from booth.looks.light_aim import Aim
from booth.looks.look import load_look, look_names
from booth.session.state_machine import State
from booth.session.view import (
    BrandGauge,
    Change,
    ConsentFacts,
    DressFacts,
    FaultFacts,
    FlashFacts,
    Named,
    OfficeFacts,
    OperatorChoice,
    OperatorFacts,
    OperatorKept,
    OperatorMail,
    PortraitFacts,
    PracticeFacts,
    SessionFacts,
    ShareFacts,
    Tile,
    View,
)

LOOKS = tuple(Named(name, title) for name, title in (
    ("studio-grey", "Studio grey"), ("navy", "Navy"), ("high-key", "High key"), ("low-key", "Low key"),
    ("warehouse", "Warehouse"), ("autumn-park", "Autumn park"), ("company-page", "Company page"),
))  # fmt: skip
LIGHTS = tuple(Named(name, name) for name in ("natural", "loop", "rembrandt", "clamshell"))

CHANGES = tuple(
    Change(key, {"change.light": "light_name.rembrandt", "change.grade": "look_name.company-page"}.get(key, ""))
    for key in CHANGE_KEYS.values()
)  # everything that can be done to one portrait

PEOPLE = tuple((f"id:{n}", name, n < 3) for n, name in enumerate(
    ("Ada Example", "Ben Beispiel", "Cleo Ejemplo", "Dan Sample", "Eve Esempio", "Fay Exemplo"), 1
))  # fmt: skip
RULER = (
    BrandGauge("reading.framing.centre_y", 0.3), BrandGauge("reading.framing.head_height", -1.8),
    BrandGauge("reading.light.ratio_stops", 0.0), BrandGauge("reading.pose.roll_deg", 5.0),
)  # fmt: skip
DRESS = DressFacts((
    ("clothes", ("none", "navy", "charcoal", "white"), "charcoal"), ("spectacles", ("none", "round"), "round"),
    ("pin", ("none", "badge"), "none"),
))  # fmt: skip


EVERYTHING = PrivacyTerms(
    "keep", 30, 30, ("page", "print", "mail", "hook"), remembers_room=True
)  # what a profile can ask most of a guest


def _full_share(code: np.ndarray) -> ShareFacts:
    """Everything that can stand on the page of the hand-over at once."""
    told = ("share.page_waiting", "share.print_paper_out", "share.mail_gave_up", "share.hook_later")
    return ShareFacts(
        "portrait-2026-06-01-0007.jpg", "~/Pictures/booth", code, "7K2M-Q0XD-94TB", code, "Booth", told,
        ("print", "mail"), frozenset({"mail"}), may_erase=True,
    )  # fmt: skip


@cache
def mirror_picture() -> np.ndarray:
    """A 1280 x 720 picture with the portrait in its middle."""
    rgb = np.asarray(Image.open(asset("portraits", "eileen_collins.png")).convert("RGB"))
    picture = np.full((720, 1280, 3), (70, 66, 64), np.uint8)
    picture[:, 230:1152] = cv2.resize(rgb[:400], (922, 720))
    return picture


@cache
def a_face() -> Face:
    """A face where the portrait's is; its points fill an oval."""
    angles = np.linspace(0, 2 * np.pi, 478)
    shape = np.stack([0.5 + 0.066 * np.sin(angles), 0.28 + 0.13 * np.cos(angles), np.zeros(478)], 1)
    points = shape.astype(np.float32)
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    box = Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return Face(points, np.zeros(52, np.float32), np.eye(4, dtype=np.float32), Pose(0, 0, 0), box)


def an_analysis() -> FrameAnalysis:
    """That face in that picture."""
    picture = mirror_picture()
    return FrameAnalysis(Frame(1, 0.0, picture, picture), (a_face(),), None)


def guided(advice: str | None, progress: float = 0.6, *, placed: bool = True) -> Guidance:
    """What the coach says, with the sitter in her place or not."""
    readings = {name: Reading(1.0, placed) for name in ("framing.head_height", "framing.centre_x")}
    return Guidance(1, 0.0, readings, advice, False, progress, 0.5)


def a_view(state: State, **facts: Any) -> View:
    """One view of a state; `facts` replace what stands by default."""
    plain: dict[str, Any] = {
        "look": LOOKS[0], "light": LIGHTS[1], "looks": LOOKS, "lights": LIGHTS, "now_s": 3.0, "in_state_s": 18.0,
        "left_s": 42.0, "idle_s": 18.0, "aim": Aim(30.0, 35.0, 0.8),
    }  # fmt: skip
    return View(state, **(plain | facts))


def _operator(rows: tuple[tuple[str, str], ...]) -> dict[str, tuple[State, dict[str, Any]]]:
    """The leaves behind the PIN, each as full as it gets."""
    place = SettingsScope(Params(), looks=tuple(Named(n, load_look(n).title) for n in look_names()))
    settings = tuple(setting.row(place) for setting in SETTINGS)
    cameras = (
        OperatorChoice("", "staff.camera_first", is_on=True),
        *(OperatorChoice(str(i), f"{i}: USB Video Camera 2.0 HD") for i in range(4)),
        OperatorChoice("demo", "staff.camera_demo"),
    )
    looks = tuple(
        OperatorChoice(look.name, f"look_name.{look.name}", is_on=i % 3 > 0, is_fixed=i == 4)
        for i, look in enumerate(place.looks)
    )
    thumb = cv2.resize(mirror_picture()[:600, 420:860], (88, 120))
    looks = tuple(replace(look, picture=thumb) for look in looks)
    home = SettingsScope(Params(), addresses=("192.168.104.123",), printers=("Canon_SELPHY_CP1500",))
    checks = (
        "http://192.168.104.123:8420", "staff.check.printer_paper_out", "staff.check.mail_unset",
        "staff.check.no_stick", "", "1920x1080, 30/s",
    )  # fmt: skip
    home_rows = tuple(replace(s.row(home), check=check) for s, check in zip(HOME_SETTINGS, checks, strict=True))
    home_rows = tuple(replace(row, opens="mail:open") if row.name == "mail" else row for row in home_rows)
    fields = ("server", "port", "security", "user", "password", "sender")
    mail = OperatorMail(
        tuple(zip(fields, ("smtp.fotohaus-am-markt.example", "587", "staff.value.mail_unprotected",
                           "booth@fotohaus-am-markt.example", "••••••", ""), strict=True)),
        check="staff.check.mail_tls",
    )  # fmt: skip
    kept = tuple(OperatorChoice(str(i), f"11-26 13:{i:02d}", picture=thumb) for i in range(60))
    one = OperatorKept(
        "1", "portrait-2026-11-26-0001.jpg", "2026-12-26 13:40", thumb, True, True, "share.print_paper_out"
    )
    lens = tuple(row for row in settings if row.name in ("lens", "rotate"))
    open_facts: dict[str, dict[str, Any]] = {
        "staff": {"rows": rows, "advice": "Add light: the camera has slowed to 9 frames a second"},
        "staff-camera": {
            "tab": "camera", "live": mirror_picture(), "eyes_frac": 0.28, "hint": "staff.lens_up",
            "choices": cameras, "settings": lens, "said": "staff.camera_opening",
        },
        "staff-camera-none": {"tab": "camera", "hint": "staff.lens_nobody", "choices": cameras[-1:], "settings": lens},
        "staff-shot": {"tab": "shot", "live": mirror_picture(), "shot_in_s": 2.2},
        "staff-shot-done": {"tab": "shot", "shot": mirror_picture(), "is_developing": True},
        "staff-looks": {"tab": "looks", "choices": looks, "page": 1, "said": "staff.saved"},
        "staff-settings": {"tab": "settings", "settings": settings, "said": "staff.saved"},
        "staff-home": {"tab": "home", "settings": home_rows, "said": "staff.saved"},
        "staff-mail": {"tab": "home", "mail": mail},
        "staff-mail-server": {
            "tab": "home",
            "mail": replace(mail, field="server", typed="smtp fotohaus", wrong="staff.mail_wrong_server"),
        },
        "staff-mail-password": {"tab": "home", "mail": replace(mail, field="password", typed="••••", layer="signs")},
        "staff-kept": {"tab": "kept", "choices": kept},
        "staff-kept-one": {"tab": "kept", "choices": kept, "chosen": one, "said": "share.print_sent"},
        "staff-kept-none": {"tab": "kept"},
        "staff-settings-2": {
            "tab": "settings", "settings": settings, "page": 1, "is_fault": True,
            "said": "/etc/booth/profile.toml cannot be written. Check its folder's rights.",
        },
    }  # fmt: skip
    return {
        name: (State.OPERATOR, {"operator": OperatorFacts(is_unlocked=True, **facts)})
        for name, facts in open_facts.items()
    }


def pages(locale: str = "en", **modes: bool) -> dict[str, View]:
    """Every page of the booth with what makes it fullest, by name."""
    params = ScreenParams(locale=locale, **modes)  # type: ignore[arg-type]
    crop = np.ascontiguousarray(mirror_picture()[:600, 420:860])
    small = cv2.resize(mirror_picture(), (320, 180))
    seen = {"picture": mirror_picture(), "analysis": an_analysis()}
    done = PortraitFacts(crop, crop.copy(), ("reason.eyes_open", "reason.smiling", "reason.level", "reason.light"))
    full = PortraitFacts(crop, crop.copy(), done.why, CHANGES, is_busy=True)
    session = SessionFacts((crop, crop.copy(), crop.copy()), 0, 2)
    code = np.random.default_rng(1).random((29, 29)) > 0.5
    fault = FaultFacts(
        "camera.lost", "The camera does not answer.", "Check its cable, the booth goes on by itself.", 4.0
    )
    rows = (("Camera", "0 (1280 x 720)"), ("Frames a second", "29.8"), ("Portraits today", "12"))
    tiles = tuple(Tile(look.name, look.title, small) for look in LOOKS[:6])
    facts: dict[str, tuple[State, dict[str, Any]]] = {
        "attract": (State.ATTRACT, {}),
        "attract-presence": (State.ATTRACT, {"picture": mirror_picture()}),
        "consent": (State.CONSENT, {}),
        "consent-full": (State.CONSENT, {"consent": ConsentFacts(EVERYTHING)}),
        "try": (
            State.TRY,
            {
                "dress": DRESS,
                "suits": ("why.soft", "stance.chin"),
                "wall": tiles,
            },
        ),
        "try-pair": (
            State.TRY,
            {"dress": DRESS, "suits": ("why.soft", "stance.chin"), "wall": tiles[:2], "is_pair": True},
        ),
        "try-measuring": (State.TRY, {"dress": DRESS}),
        "coach": (State.COACH, {**seen, "guidance": guided("pose.turn_right"), "banner": "notice.demo"}),
        "coach-far": (State.COACH, {**seen, "guidance": guided("framing.step_left", 0.2, placed=False)}),
        "coach-lens": (State.COACH, {**seen, "guidance": guided("gaze.lens", 0.9)}),
        "coach-glare": (State.COACH, {**seen, "guidance": guided("cover.glare", 0.7)}),
        "coach-camera": (State.COACH, {"picture": mirror_picture(), "session": SessionFacts(measures=False)}),
        "camera-counts": (
            State.HOLD,
            {"picture": mirror_picture(), "session": SessionFacts(measures=False), "countdown_s": 2.2},
        ),
        "review-camera": (
            State.REVIEW,
            {
                "portrait": replace(done, why=("reason.by_hand",)),
                "session": SessionFacts((crop,), 0, 2, measures=False),
            },
        ),
        "people": (State.PEOPLE, {"office": OfficeFacts(PEOPLE, 2, 20, "", "id:3")}),
        "people-typing": (State.PEOPLE, {"office": OfficeFacts(PEOPLE, 2, 20, "Mar", "", is_typing=True)}),
        "coach-ruler": (State.COACH, {**seen, "guidance": guided("framing.back"), "ruler": RULER}),
        "people-new": (State.PEOPLE, {"office": OfficeFacts((), 2, 20, "Maria da Conceição")}),
        "practice": (State.PRACTICE, {**seen, "practice": PracticeFacts("turn", 2, 6, 0.4)}),
        "practice-light": (State.PRACTICE, {**seen, "practice": PracticeFacts("light", 6, 6, 0.4)}),
        "dress": (State.DRESS, {**seen, "dress": DRESS}),
        "coach-flashes": (State.COACH, {**seen, "guidance": guided("gaze.lens"), "flash": FlashFacts(is_offered=True)}),
        "calibrate": (State.CALIBRATE, {"flash": FlashFacts(is_offered=True)}),
        "calibrate-flash": (State.CALIBRATE, {"flash": FlashFacts(True, "flashing", (1.0, 0.0, 0.0, 0.0))}),
        "hold": (State.HOLD, {**seen, "guidance": guided("hold.still", 1.0), "hold_frac": 0.6}),
        "develop": (State.DEVELOP, {"picture": mirror_picture()}),
        "review": (State.REVIEW, {"portrait": done, "session": session}),
        "review-full": (State.REVIEW, {"portrait": full, "session": session}),
        "review-doubt": (
            State.REVIEW,
            {"portrait": replace(full, doubt="review.doubt.far"), "session": session},
        ),
        "share": (State.SHARE, {"portrait": done, "share": ShareFacts("portrait-0001.jpg", "~/Pictures/booth", code)}),
        "share-full": (State.SHARE, {"portrait": done, "share": _full_share(code)}),
        "share-mail": (State.SHARE, {"share": replace(_full_share(code), page="mail", typed="ada@example.org" * 4)}),
        "share-wrong": (State.SHARE, {"share": ShareFacts("p.jpg", page="mail", status=("share.mail_wrong",))}),
        "share-strip": (
            State.SHARE,
            {"session": session, "share": ShareFacts("p.jpg", page="strip", picked=(0, 2), may_make=True)},
        ),
        "share-strip-busy": (
            State.SHARE,
            {"session": session, "share": ShareFacts("p.jpg", page="strip", is_making=True)},
        ),
        "share-sheet": (
            State.SHARE,
            {
                "portrait": done,
                "share": ShareFacts(
                    "portrait-0001.jpg",
                    "~/Pictures/booth",
                    may_strip=True,
                    status=("share.stick_done",),
                    ways=("print", "mail"),
                    open_ways=frozenset(("print", "mail")),
                    may_erase=True,
                ),
            },
        ),
        "share-erase": (State.SHARE, {"share": ShareFacts("portrait-0001.jpg", page="erase")}),
        "goodbye": (State.GOODBYE, {"outcome": "kept", "share": ShareFacts("portrait-0001.jpg", may_erase=True)}),
        "undo": (State.UNDO, {"left_s": 3.0, "idle_s": 2.0}),
        "wipe": (State.WIPE, {}),
        "fault": (State.FAULT, {"fault": fault}),
        "staff-pin": (State.OPERATOR, {"operator": OperatorFacts(digits=3)}),
        **_operator(rows),
    }
    return {name: a_view(state, params=params, locale=locale, **more) for name, (state, more) in facts.items()}
