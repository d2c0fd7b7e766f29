"""One file a page, and the table of which state shows which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from booth.kiosk.machine import State
from booth.kiosk.page import Page
from booth.kiosk.screens.attract import compose_attract
from booth.kiosk.screens.calibrate import compose_calibrate
from booth.kiosk.screens.coach import compose_coach, compose_hold
from booth.kiosk.screens.consent import compose_consent
from booth.kiosk.screens.dress import compose_dress
from booth.kiosk.screens.people import compose_people
from booth.kiosk.screens.plain import compose_develop, compose_fault, compose_goodbye, compose_wipe
from booth.kiosk.screens.practice import compose_practice
from booth.kiosk.screens.review import compose_review
from booth.kiosk.screens.share import compose_share
from booth.kiosk.screens.staff import compose_staff
from booth.kiosk.screens.wall import compose_wall
from booth.kiosk.ui import Ui
from booth.kiosk.view import View
from booth.overlays.scene import Scene

Compose = Callable[[Page, View, Ui], Scene]

SCREENS: Mapping[State, Compose] = MappingProxyType(
    {
        State.ATTRACT: compose_attract,
        State.PEOPLE: compose_people,
        State.CONSENT: compose_consent,
        State.TRY: compose_wall,
        State.DRESS: compose_dress,
        State.PRACTICE: compose_practice,
        State.COACH: compose_coach,
        State.CALIBRATE: compose_calibrate,
        State.HOLD: compose_hold,
        State.DEVELOP: compose_develop,
        State.REVIEW: compose_review,
        State.SHARE: compose_share,
        State.GOODBYE: compose_goodbye,
        State.WIPE: compose_wipe,
        State.FAULT: compose_fault,
        State.STAFF: compose_staff,
    }
)
