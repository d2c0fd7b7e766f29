"""One file a page, and the table of which state shows which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from booth.draw.scene import Scene
from booth.session.state_machine import State
from booth.session.view import View
from booth.ui.page_builder import Page
from booth.ui.screens.attract import compose_attract
from booth.ui.screens.calibrate import compose_calibrate
from booth.ui.screens.coach import compose_coach, compose_hold
from booth.ui.screens.consent import compose_consent
from booth.ui.screens.dress import compose_dress
from booth.ui.screens.look_grid import compose_wall
from booth.ui.screens.messages import compose_develop, compose_fault, compose_goodbye, compose_wipe
from booth.ui.screens.operator import compose_operator
from booth.ui.screens.people import compose_people
from booth.ui.screens.practice import compose_practice
from booth.ui.screens.review import compose_review
from booth.ui.screens.share import compose_share
from booth.ui.screens.undo import compose_undo
from booth.ui.view_state import ViewState

Compose = Callable[[Page, View, ViewState], Scene]

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
        State.UNDO: compose_undo,
        State.SHARE: compose_share,
        State.GOODBYE: compose_goodbye,
        State.WIPE: compose_wipe,
        State.FAULT: compose_fault,
        State.OPERATOR: compose_operator,
    }
)
